#include "scope/view/value_axis.h"

#include <math.h>

int value_axis_pixel(const struct value_axis *axis, double value)
{
  double row = floor((axis->high - value) / (axis->high - axis->low) * axis->rows);
  return row >= axis->rows ? axis->rows - 1 : row >= 0 ? (int)row : 0;
}

double value_axis_value(const struct value_axis *axis, double row)
{
  double share = row / axis->rows;
  return axis->high * (1 - share) + axis->low * share;
}
