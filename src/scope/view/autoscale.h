/*
 * A value axis that follows the data, calmly: it grows at once, shrinks late, and ends on ticks. Pure; the moment is an
 * argument.
 */
#ifndef SCOPE_AUTOSCALE_H
#define SCOPE_AUTOSCALE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/view/value_axis.h"

struct autoscale {
  bool on;
  bool once;              /* off, but asked to fit a single time */
  bool fitted;            /* it has seen data since it was switched on */
  int ticks;              /* the axis had at most so many at the last fit */
  int64_t roomy_since_ns; /* the moment since when the range is too wide; 0: it is not */
};

/* Switches it on, to fit at the next step, or off. */
void autoscale_switch(struct autoscale *a, bool on);

/* Asks for a fit at the next step that sees data, be it on or off, which it stays. */
void autoscale_fit_once(struct autoscale *a);

/* A step would do something. */
bool autoscale_waits(const struct autoscale *a);

/* What is in view, at a moment on the monotonic clock. */
struct autoscale_sight {
  double low, high; /* the extent of the data; low > high: there are none */
  int ticks;        /* that the axis has at most, VALUE_TICKS_LEAST or more */
  bool final;       /* no more data come: there is no need to be calm */
  int64_t moment_ns;
};

/*
 * Moves the axis, if autoscale is on, so that it holds what is in view and has ticks at both ends. It grows at once; it
 * shrinks when less than half of the range has been used for three seconds, or at once when the sight is final. True
 * when the range changed.
 */
bool autoscale_step(struct autoscale *a, struct value_axis *axis, const struct autoscale_sight *sight);

#endif
