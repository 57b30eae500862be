/*
 * The value axis of a pane: which row a value lies at, and which value a row stands for. Every conversion between the
 * two is made here. Rows are counted from the top of the pane, as doubles: row r of the pixels covers [r, r + 1). Pure.
 */
#ifndef SCOPE_VALUE_AXIS_H
#define SCOPE_VALUE_AXIS_H

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum value_scale { VALUE_LINEAR };

struct value_axis {
  double low, high; /* at the bottom and the top edge; low < high, within +-VALUE_AXIS_MAX */
  enum value_scale scale;
  int rows; /* pixels from the top to the bottom edge, >= 1 */
};

/* As far as doubles go: the width of a range may be more than a double holds, and half of it is not. */
#define VALUE_AXIS_MAX DBL_MAX

/* The row of a value, a fraction of a pixel exact; below 0 or beyond `rows` where it is off scale. NaN of NaN. */
static inline double value_axis_row(const struct value_axis *axis, double value)
{
  /* Halves where the whole overflows. Scaled down before it is multiplied by the rows, where the range is too narrow. */
  const double extent = axis->high - axis->low;
  if (!isfinite(extent))
    return (axis->high / 2 - value / 2) * (axis->rows / (axis->high / 2 - axis->low / 2));
  const double rows_each = axis->rows / extent;
  return isfinite(rows_each) ? (axis->high - value) * rows_each : (axis->high - value) / extent * axis->rows;
}

/* The pixel row that a value lies in; one off scale lies in the row at the edge. */
int value_axis_pixel(const struct value_axis *axis, double value);

/* The value at a row: the way back from value_axis_row. */
double value_axis_value(const struct value_axis *axis, double row);

/*
 * Another range: [low, high], ends beyond VALUE_AXIS_MAX brought there; a range `factor` times as wide, the value at
 * `row` staying there; the range moved up by so many rows. False, and the axis as it was, where the range would be so
 * narrow that doubles hardly tell its values apart, or would leave them.
 */
bool value_axis_show(struct value_axis *axis, double low, double high);
bool value_axis_zoom(struct value_axis *axis, double row, double factor);
bool value_axis_pan(struct value_axis *axis, double rows);

#endif
