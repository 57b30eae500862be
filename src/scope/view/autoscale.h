/*
 * A value axis that follows the data, calmly: it grows at once, shrinks late, and ends on round numbers. Pure; the
 * moment is an argument.
 */
#ifndef SCOPE_AUTOSCALE_H
#define SCOPE_AUTOSCALE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/view/value_axis.h"

struct autoscale {
  bool on;
  bool fitted;            /* it has seen data since it was switched on */
  int64_t roomy_since_ns; /* the moment since when the range is too wide; 0: it is not */
};

/* Switches it on, to fit at the next step, or off. */
void autoscale_switch(struct autoscale *a, bool on);

/*
 * Tells the extent of what is in view (low > high: nothing is) at a moment on the monotonic clock, and moves the axis if
 * autoscale is on. It grows at once; it shrinks when less than half of the range has been used for three seconds, or at
 * once when `final` (no more data come, there is no need to be calm). True when the range changed.
 */
bool autoscale_step(struct autoscale *a, struct value_axis *axis, double low, double high, bool final,
                    int64_t moment_ns);

#endif
