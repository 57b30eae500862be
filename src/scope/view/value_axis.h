/*
 * The value axis of a pane: which row a value lies at, and which value a row stands for. Every conversion between the
 * two is made here. Rows are counted from the top of the pane, as doubles: row r of the pixels covers [r, r + 1). Pure.
 */
#ifndef SCOPE_VALUE_AXIS_H
#define SCOPE_VALUE_AXIS_H

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum value_scale { VALUE_LINEAR, VALUE_LOG };

/*
 * A logarithmic axis whose range holds zero is symmetric about it: magnitudes beyond `around_zero` are logarithmic, on
 * both sides, and what lies between is linear and as high as one decade. One that lies on one side of zero is a plain
 * logarithm (around_zero is 0); zero and what is beyond it are then infinitely far.
 */
struct value_axis {
  double low, high; /* at the bottom and the top edge; low < high, within +-VALUE_AXIS_MAX */
  enum value_scale scale;
  double around_zero; /* VALUE_LOG; value_axis_set chooses it */
  int rows;           /* pixels from the top to the bottom edge, >= 1 */
};

/* As far as doubles go: the width of a range may be more than a double holds, and half of it is not. */
#define VALUE_AXIS_MAX DBL_MAX

/* Decades that a symmetric axis has on each side of what is linear, at least. */
enum { VALUE_AXIS_DECADES = 6 };

/* Where a value stands on a logarithmic axis, in decades: values of equal positions apart are equal rows apart. */
double value_axis_log(const struct value_axis *axis, double value);

static inline double value_axis_position(const struct value_axis *axis, double value)
{
  return axis->scale == VALUE_LINEAR ? value : value_axis_log(axis, value);
}

/* The value at a position: the way back. */
double value_axis_at(const struct value_axis *axis, double position);

/* The linear axis of the positions: for who asks for many rows, and has the positions. */
struct value_axis value_axis_straight(const struct value_axis *axis);

/* The row of a position on a linear axis. */
static inline double value_axis_linear_row(const struct value_axis *axis, double value)
{
  /* Halves where the whole overflows. Scaled down before it is multiplied by the rows, where the range is too narrow. */
  const double extent = axis->high - axis->low;
  if (!isfinite(extent))
    return (axis->high / 2 - value / 2) * (axis->rows / (axis->high / 2 - axis->low / 2));
  const double rows_each = axis->rows / extent;
  return isfinite(rows_each) ? (axis->high - value) * rows_each : (axis->high - value) / extent * axis->rows;
}

/* The row of a value, a fraction of a pixel exact; below 0 or beyond `rows` where it is off scale. NaN of NaN. */
static inline double value_axis_row(const struct value_axis *axis, double value)
{
  if (axis->scale == VALUE_LINEAR)
    return value_axis_linear_row(axis, value);
  const struct value_axis straight = value_axis_straight(axis);
  return value_axis_linear_row(&straight, value_axis_log(axis, value));
}

/* The pixel row that a value lies in; one off scale lies in the row at the edge. */
int value_axis_pixel(const struct value_axis *axis, double value);

/* The value at a row: the way back from value_axis_row. */
double value_axis_value(const struct value_axis *axis, double row);

/*
 * A range that has nothing to do with the one before: low < high, within reach. It chooses where a logarithmic axis is
 * linear.
 */
void value_axis_set(struct value_axis *axis, double low, double high);

/*
 * Another range: [low, high], ends beyond VALUE_AXIS_MAX brought there; a range `factor` times as wide, the value at
 * `row` staying there; the range moved up by so many rows. False, and the axis as it was, where the range would be so
 * narrow that doubles hardly tell its values apart, or would leave them.
 */
bool value_axis_show(struct value_axis *axis, double low, double high);
bool value_axis_zoom(struct value_axis *axis, double row, double factor);
bool value_axis_pan(struct value_axis *axis, double rows);

#endif
