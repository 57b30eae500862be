#include "scope/view/value_axis.h"

#include <math.h>

/* As a share of the larger end: what is narrower has no ticks that a double could tell apart. */
static const double NARROWEST = 1e-12;
static const double NARROWEST_ZERO = 1e-300;

int value_axis_pixel(const struct value_axis *axis, double value)
{
  double row = floor(value_axis_row(axis, value));
  return row >= axis->rows ? axis->rows - 1 : row >= 0 ? (int)row : 0;
}

double value_axis_value(const struct value_axis *axis, double row)
{
  double share = row / axis->rows;
  return axis->high * (1 - share) + axis->low * share;
}

static double within_reach(double value)
{
  return fmax(fmin(value, VALUE_AXIS_MAX), -VALUE_AXIS_MAX);
}

bool value_axis_show(struct value_axis *axis, double low, double high)
{
  low = within_reach(low);
  high = within_reach(high);
  const double least = fmax(fmax(fabs(low), fabs(high)) * NARROWEST, NARROWEST_ZERO);
  if (!(high / 2 - low / 2 >= least / 2)) /* halves: the whole could overflow */
    return false;
  axis->low = low;
  axis->high = high;
  return true;
}

bool value_axis_zoom(struct value_axis *axis, double row, double factor)
{
  const double about = value_axis_value(axis, row);
  return value_axis_show(axis, about - (about / 2 - axis->low / 2) * factor * 2,
                         about + (axis->high / 2 - about / 2) * factor * 2);
}

bool value_axis_pan(struct value_axis *axis, double rows)
{
  const double half = (axis->high / 2 - axis->low / 2) * (rows / axis->rows);
  const double low = axis->low + half + half;
  const double high = axis->high + half + half;
  return fabs(low) <= VALUE_AXIS_MAX && fabs(high) <= VALUE_AXIS_MAX && value_axis_show(axis, low, high);
}
