/*
 * The value axis of a pane: which row a value lies at, and which value a row stands for. Every conversion between the
 * two is made here. Rows are counted from the top of the pane, as doubles: row r of the pixels covers [r, r + 1). Pure.
 */
#ifndef SCOPE_VALUE_AXIS_H
#define SCOPE_VALUE_AXIS_H

#include <math.h>

enum value_scale { VALUE_LINEAR };

struct value_axis {
  double low, high; /* at the bottom and the top edge; low < high, within +-VALUE_AXIS_MAX */
  enum value_scale scale;
  int rows; /* pixels from the top to the bottom edge, >= 1 */
};

/* Widest range of values: beyond it the width of the range would overflow. */
#define VALUE_AXIS_MAX 8e307

/* The row of a value, a fraction of a pixel exact; below 0 or beyond `rows` where it is off scale. NaN of NaN. */
static inline double value_axis_row(const struct value_axis *axis, double value)
{
  /* Scaled down before it is multiplied by the rows: the range may be as wide as doubles go. Or as narrow. */
  const double rows_each = axis->rows / (axis->high - axis->low);
  return isfinite(rows_each) ? (axis->high - value) * rows_each
                             : (axis->high - value) / (axis->high - axis->low) * axis->rows;
}

/* The pixel row that a value lies in; one off scale lies in the row at the edge. */
int value_axis_pixel(const struct value_axis *axis, double value);

/* The value at a row: the way back from value_axis_row. */
double value_axis_value(const struct value_axis *axis, double row);

#endif
