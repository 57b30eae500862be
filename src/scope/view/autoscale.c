#include "scope/view/autoscale.h"

#include <math.h>

#include "scope/view/log_ticks.h"
#include "scope/view/ticks.h"

static const int64_t SHRINK_AFTER_NS = 3000000000;
static const double SHRINK_BELOW = 0.5; /* share of the range in use */
static const double MARGIN = 0.05;      /* of the data's extent, above and below */
static const double ROUNDING = 1e-15;   /* of a value: so close to a tick it stands on it */

void autoscale_switch(struct autoscale *a, bool on)
{
  *a = (struct autoscale){.on = on};
}

void autoscale_fit_once(struct autoscale *a)
{
  a->once = true;
}

bool autoscale_waits(const struct autoscale *a)
{
  return a->on || a->once;
}

/* Half of a range: the whole could overflow. */
static double half(double low, double high)
{
  return high / 2 - low / 2;
}

static double within_reach(double value)
{
  return fmax(fmin(value, VALUE_AXIS_MAX), -VALUE_AXIS_MAX);
}

/* The tick at or below, and at or above a value. */
static double tick_below(double value, double step)
{
  const double nearest = round(value / step) * step;
  if (fabs(nearest - value) <= fabs(value) * ROUNDING)
    return within_reach(nearest);
  const double below = floor(value / step) * step;
  return within_reach(below > value ? below - step : below); /* a tiny value's quotient may be 0 */
}

static double tick_above(double value, double step)
{
  return -tick_below(-value, step);
}

static bool on_ticks(const struct value_axis *axis, int ticks)
{
  const double step = value_ticks_step(axis->low, axis->high, ticks);
  return tick_below(axis->low, step) == tick_above(axis->low, step) &&
         tick_below(axis->high, step) == tick_above(axis->high, step);
}

/* One step more on the side where the data are nearer to the end; not across zero. */
static void add_step(double from, double to, double step, struct value_axis *axis)
{
  if (axis->high == 0 || (axis->low != 0 && from - axis->low < axis->high - to))
    axis->low = within_reach(axis->low - step);
  else
    axis->high = within_reach(axis->high + step);
}

/*
 * A small range around [from, to] that has ticks at both ends. Moved out to ticks it may get wider steps, and is moved on
 * to these; then it may be so narrow that it would get the steps before, at which it does not end.
 */
static void round_out(double from, double to, int ticks, struct value_axis *axis)
{
  double step = value_ticks_step(from, to, ticks);
  for (;;) {
    axis->low = tick_below(from, step);
    axis->high = tick_above(to, step);
    const double wider = value_ticks_step(axis->low, axis->high, ticks);
    if (!isfinite(wider) || axis->low == -VALUE_AXIS_MAX || axis->high == VALUE_AXIS_MAX)
      return;
    if (!(wider > step))
      break;
    step = wider;
  }
  for (int i = 0; i < ticks && !on_ticks(axis, ticks); i++)
    add_step(from, to, step, axis);
}

/* A margin does not cross zero: most things that are never negative look wrong there. */
static double margin_below(double low, double margin)
{
  return low >= 0 && low < margin ? 0 : within_reach(low - margin);
}

static double margin_above(double high, double margin)
{
  return high <= 0 && -high < margin ? 0 : within_reach(high + margin);
}

/* ---- Logarithmic axes: magnitudes are rounded out to decades, or where there are few of these to 1, 2 or 5 times one ---- */

static const double LOG_FEW = 3; /* decades */

/* Of data on one side of zero, as magnitudes. */
static void fit_magnitudes(double least, double largest, double *from, double *to)
{
  const bool decades = log10(largest) - log10(least) >= LOG_FEW;
  *from = log_round_below(least, decades);
  *to = log_round_above(largest, decades);
  if (*from == *to) { /* a constant that is round itself */
    *from = log_round_below(*from * 0.9 > 0 ? *from * 0.9 : *from, decades);
    *to = log_round_above(within_reach(*to * 1.1), decades);
  }
  if (!(*from < *to)) /* at either end of what doubles hold */
    *from = *to == VALUE_AXIS_MAX ? *to / 10 : *from;
  if (!(*from < *to))
    *to = *from * 10;
}

static void fit_log(struct value_axis *axis, double low, double high)
{
  double from = 0;
  double to = 0;
  if (low > 0) {
    fit_magnitudes(low, high, &from, &to);
  } else if (high < 0) {
    fit_magnitudes(-high, -low, &to, &from);
    from = -from;
    to = -to;
  } else {
    from = low < 0 ? -log_round_above(-low, true) : 0;
    to = high > 0 ? log_round_above(high, true) : 0;
  }
  if (!(from < to)) /* nothing but zeros */
    to = 1;
  value_axis_set(axis, from, to);
}

/* How much of an axis another one would take, as rows are. */
static double share_of(const struct value_axis *of, const struct value_axis *axis)
{
  const struct value_axis straight = value_axis_straight(of);
  const double low = value_axis_position(of, axis->low);
  const double high = value_axis_position(of, axis->high);
  return half(low, high) / half(straight.low, straight.high);
}

/* ---- All axes ---- */

/* The smallest round range around the data with its margin. */
static void fit(struct value_axis *axis, double low, double high, int ticks)
{
  if (axis->scale == VALUE_LOG) {
    fit_log(axis, low, high);
    return;
  }
  const double magnitude = fmax(fabs(low), fabs(high));
  const double least = magnitude > 0 ? fmax(magnitude * 1e-12, 1e-300) : 1;
  double margin = half(low, high) * (2 * MARGIN);
  if (magnitude == 0) { /* of nothing but zeros 0 to 1 is shown */
    axis->low = 0;
    axis->high = 1;
    return;
  }
  if (half(low, high) < least / 2) /* a constant */
    margin = fmax(magnitude * 0.05, least);
  round_out(margin_below(low, margin), margin_above(high, margin), ticks, axis);
}

/* Moves out only the sides that the data has outgrown, and the other one if that takes it off its tick. */
static void grow(struct value_axis *axis, double low, double high, int ticks)
{
  if (axis->scale == VALUE_LOG) {
    struct value_axis fitting = *axis;
    fit_log(&fitting, fmin(low, axis->low), fmax(high, axis->high));
    value_axis_set(axis, low < axis->low ? fitting.low : axis->low, high > axis->high ? fitting.high : axis->high);
    return;
  }
  const double margin = half(fmin(low, axis->low), fmax(high, axis->high)) * (2 * MARGIN);
  const double from = low < axis->low ? margin_below(low, margin) : axis->low;
  const double to = high > axis->high ? margin_above(high, margin) : axis->high;
  round_out(from, to, ticks, axis);
}

bool autoscale_step(struct autoscale *a, struct value_axis *axis, const struct autoscale_sight *sight)
{
  const double low = sight->low;
  const double high = sight->high;
  if (!autoscale_waits(a) || !(low <= high))
    return false;
  const struct value_axis before = *axis;
  struct value_axis fitting = *axis;
  fit(&fitting, low, high, sight->ticks);
  const bool roomy = share_of(axis, &fitting) < SHRINK_BELOW;
  const bool long_roomy = roomy && a->roomy_since_ns != 0 && sight->moment_ns - a->roomy_since_ns >= SHRINK_AFTER_NS;
  const bool other_ticks = axis->scale == VALUE_LINEAR && a->ticks != sight->ticks && !on_ticks(axis, sight->ticks);
  if (sight->final || a->once || !a->fitted || long_roomy || other_ticks) {
    *axis = fitting;
    a->fitted = true;
    a->roomy_since_ns = 0;
  } else if (low < axis->low || high > axis->high) {
    grow(axis, low, high, sight->ticks);
    a->roomy_since_ns = 0;
  } else if (!roomy) {
    a->roomy_since_ns = 0;
  } else if (a->roomy_since_ns == 0) {
    a->roomy_since_ns = sight->moment_ns;
  }
  a->once = false;
  a->ticks = sight->ticks;
  return axis->low != before.low || axis->high != before.high;
}
