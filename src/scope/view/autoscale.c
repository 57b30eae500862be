#include "scope/view/autoscale.h"

#include <math.h>

#include "scope/view/ticks.h"

static const int64_t SHRINK_AFTER_NS = 3000000000;
static const double SHRINK_BELOW = 0.5; /* share of the range in use */
static const double MARGIN = 0.05;      /* of the data's extent, above and below */

void autoscale_switch(struct autoscale *a, bool on)
{
  *a = (struct autoscale){.on = on};
}

/* The smallest round range around the data with its margin. */
static void round_range(double low, double high, double *out_low, double *out_high)
{
  double extent = high / 2 - low / 2; /* halves: the whole could overflow */
  double magnitude = fmax(fabs(low), fabs(high));
  double least = magnitude > 0 ? fmax(magnitude * 1e-12, 1e-300) : 1;
  if (extent < least / 2)
    extent = magnitude > 0 ? fmax(magnitude * 0.05, least) : 1;
  double margin = extent * 2 * MARGIN;
  double middle = low / 2 + high / 2;
  double from = fmax(fmin(low - margin, middle - extent), -VALUE_AXIS_MAX);
  double to = fmin(fmax(high + margin, middle + extent), VALUE_AXIS_MAX);
  if (low >= 0 &&
      from < 0) /* the margin alone does not cross zero: most things that are never negative look wrong there */
    from = 0;
  if (high <= 0 && low < 0 && to > 0) /* of nothing but zeros 0 to 1 is shown */
    to = 0;
  double step = ticks_round_step((to / 2 - from / 2) / 5);
  *out_low = fmax(floor(from / step) * step, -VALUE_AXIS_MAX);
  *out_high = fmin(ceil(to / step) * step, VALUE_AXIS_MAX);
}

/* Moves out only the sides that the data has outgrown, to round numbers. */
static void grow(struct value_axis *axis, double low, double high)
{
  double from = fmin(low, axis->low);
  double to = fmax(high, axis->high);
  double step = ticks_round_step((to / 2 - from / 2) / 5);
  double margin = (to / 2 - from / 2) * 2 * MARGIN;
  /* As in round_range, a margin does not cross zero. */
  if (low < axis->low)
    axis->low = low >= 0 ? fmax(floor((low - margin) / step) * step, 0)
                         : fmax(floor((low - margin) / step) * step, -VALUE_AXIS_MAX);
  if (high > axis->high)
    axis->high = high <= 0 ? fmin(ceil((high + margin) / step) * step, 0)
                           : fmin(ceil((high + margin) / step) * step, VALUE_AXIS_MAX);
}

bool autoscale_step(struct autoscale *a, struct value_axis *axis, double low, double high, bool final,
                    int64_t moment_ns)
{
  if (!a->on || !(low <= high))
    return false;
  low = fmax(low, -VALUE_AXIS_MAX);
  high = fmin(high, VALUE_AXIS_MAX);
  const struct value_axis before = *axis;
  double fit_low;
  double fit_high;
  round_range(low, high, &fit_low, &fit_high);
  const bool roomy = fit_high - fit_low < (axis->high - axis->low) * SHRINK_BELOW;
  const bool long_roomy = roomy && a->roomy_since_ns != 0 && moment_ns - a->roomy_since_ns >= SHRINK_AFTER_NS;
  if (final || !a->fitted || long_roomy) {
    axis->low = fit_low;
    axis->high = fit_high;
    a->fitted = true;
    a->roomy_since_ns = 0;
  } else if (low < axis->low || high > axis->high) {
    grow(axis, low, high);
    a->roomy_since_ns = 0;
  } else if (!roomy) {
    a->roomy_since_ns = 0;
  } else if (a->roomy_since_ns == 0) {
    a->roomy_since_ns = moment_ns;
  }
  return axis->low != before.low || axis->high != before.high;
}
