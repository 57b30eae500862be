#include "scope/view/value_axis.h"

/* As a share of the larger end: what is narrower has no ticks that a double could tell apart. */
static const double NARROWEST = 1e-12;
static const double NARROWEST_ZERO = 1e-300;
static const double NARROWEST_DECADES = 1e-9;

/* ---- Logarithms ---- */

static double log_of_ratio(double value, double unit)
{
  const double ratio = value / unit;
  return isfinite(ratio) ? log10(ratio) : log10(value) - log10(unit);
}

double value_axis_log(const struct value_axis *axis, double value)
{
  const double zero = axis->around_zero;
  if (value != value)
    return value;
  if (zero > 0) {
    const double magnitude = fabs(value);
    return magnitude <= zero ? value / zero : copysign(1 + log_of_ratio(magnitude, zero), value);
  }
  if (axis->low > 0)
    return value > 0 ? log10(value) : -(double)INFINITY;
  return value < 0 ? -log10(-value) : (double)INFINITY;
}

static double within_reach(double value)
{
  return fmax(fmin(value, VALUE_AXIS_MAX), -VALUE_AXIS_MAX);
}

/* 10^power, or the smallest or largest double instead of none. */
static double power_of_ten(double power)
{
  return fmin(fmax(pow(10, power), DBL_TRUE_MIN), VALUE_AXIS_MAX);
}

double value_axis_at(const struct value_axis *axis, double position)
{
  const double zero = axis->around_zero;
  if (axis->scale == VALUE_LINEAR)
    return position;
  if (zero > 0 && fabs(position) <= 1)
    return position * zero;
  if (zero > 0) {
    const double decades = fabs(position) - 1;
    /* The power may be beyond a double where its product with a tiny number is not. */
    const double magnitude = decades < 300 ? pow(10, decades) * zero : power_of_ten(decades + log10(zero));
    return copysign(within_reach(magnitude), position);
  }
  return axis->low > 0 ? power_of_ten(position) : -power_of_ten(-position);
}

struct value_axis value_axis_straight(const struct value_axis *axis)
{
  return (struct value_axis){.low = value_axis_position(axis, axis->low),
                             .high = value_axis_position(axis, axis->high),
                             .scale = VALUE_LINEAR,
                             .rows = axis->rows};
}

/* ---- Rows ---- */

int value_axis_pixel(const struct value_axis *axis, double value)
{
  double row = floor(value_axis_row(axis, value));
  return row >= axis->rows ? axis->rows - 1 : row >= 0 ? (int)row : 0;
}

static double value_at_share(const struct value_axis *axis, double share)
{
  return axis->high * (1 - share) + axis->low * share;
}

double value_axis_value(const struct value_axis *axis, double row)
{
  const double share = row / axis->rows;
  if (axis->scale == VALUE_LINEAR || share == 0 || share == 1) /* the ends are exact */
    return value_at_share(axis, share);
  const struct value_axis straight = value_axis_straight(axis);
  return value_axis_at(axis, value_at_share(&straight, share));
}

/* ---- Other ranges ---- */

void value_axis_set(struct value_axis *axis, double low, double high)
{
  axis->low = low;
  axis->high = high;
  axis->around_zero = 0;
  if (axis->scale == VALUE_LINEAR || low > 0 || high < 0)
    return;
  const double largest = floor(log10(fmax(-low, high)) + 1e-9);
  axis->around_zero = fmax(pow(10, largest - VALUE_AXIS_DECADES), DBL_MIN);
}

/* A plain logarithm stays on its side of zero. */
static bool log_can_show(const struct value_axis *axis, double low, double high)
{
  if (axis->around_zero == 0 && (axis->low > 0 ? !(low > 0) : !(high < 0)))
    return false;
  return value_axis_log(axis, high) - value_axis_log(axis, low) >= NARROWEST_DECADES;
}

bool value_axis_show(struct value_axis *axis, double low, double high)
{
  low = within_reach(low);
  high = within_reach(high);
  const double least = fmax(fmax(fabs(low), fabs(high)) * NARROWEST, NARROWEST_ZERO);
  const bool can = axis->scale == VALUE_LINEAR ? high / 2 - low / 2 >= least / 2 /* the whole could overflow */
                                               : log_can_show(axis, low, high);
  if (!can)
    return false;
  axis->low = low;
  axis->high = high;
  return true;
}

bool value_axis_zoom(struct value_axis *axis, double row, double factor)
{
  if (axis->scale != VALUE_LINEAR) {
    const struct value_axis straight = value_axis_straight(axis);
    const double at = value_at_share(&straight, row / axis->rows);
    return value_axis_show(axis, value_axis_at(axis, at - (at - straight.low) * factor),
                           value_axis_at(axis, at + (straight.high - at) * factor));
  }
  const double about = value_axis_value(axis, row);
  return value_axis_show(axis, about - (about / 2 - axis->low / 2) * factor * 2,
                         about + (axis->high / 2 - about / 2) * factor * 2);
}

bool value_axis_pan(struct value_axis *axis, double rows)
{
  if (axis->scale != VALUE_LINEAR) {
    const struct value_axis straight = value_axis_straight(axis);
    const double by = (straight.high - straight.low) * (rows / axis->rows);
    const double bottom = value_axis_at(axis, straight.low + by);
    const double top = value_axis_at(axis, straight.high + by);
    /* At the ends of what doubles hold it stops, and gets no narrower. */
    const bool stopped = fabs(bottom) == VALUE_AXIS_MAX || fabs(top) == VALUE_AXIS_MAX ||
                         fabs(bottom) == DBL_TRUE_MIN || fabs(top) == DBL_TRUE_MIN;
    return !stopped && value_axis_show(axis, bottom, top);
  }
  const double half = (axis->high / 2 - axis->low / 2) * (rows / axis->rows);
  const double low = axis->low + half + half;
  const double high = axis->high + half + half;
  return fabs(low) <= VALUE_AXIS_MAX && fabs(high) <= VALUE_AXIS_MAX && value_axis_show(axis, low, high);
}
