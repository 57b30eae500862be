/*
 * What a channel does between two cursors, as numbers: the statistics of its samples, and what the drawn trace amounts to.
 *
 * Where samples are kept all of it is exact but for the last bits. Where only buckets are left, the samples of at most a
 * bucket a side are counted in; integral and slope then take each bucket for its mean; and there are no crossings. Pure
 * functions of the history; main thread.
 */
#ifndef SCOPE_MEASURE_H
#define SCOPE_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/store/history.h"
#include "scope/view/columns.h"

struct measure_rule {
  int64_t from, to; /* ticks, both ends included; from <= to */
  int64_t edge;     /* nothing at or after this time is drawn; steps hold until here */
  int64_t unit;     /* ticks in what the time axis counts: a second, or a sample */
  enum column_style style;
};

/* NaN: nothing to say. */
struct measure {
  uint64_t count; /* finite samples */
  double min, max, mean, rms, sd, peak_to_peak;
  double integral;                /* of the trace, in its unit times that of the axis; gaps count nothing */
  double slope;                   /* by least squares, in its unit for each of the axis */
  double frequency, period, duty; /* by crossings of the middle; duty: of 1 */
  bool coarse;                    /* some of it comes from buckets */
  bool whole;                     /* nothing was left out */
};

/*
 * O(log n) up to the peak to peak; the rest looks at every sample, and is left out where these are more than `most`.
 */
void measure_between(const struct history *h, size_t channel, const struct measure_rule *rule, uint64_t most,
                     struct measure *out);

/* The trace's value at a time: a step holds it, others are straight lines. NaN where there is no trace. */
double measure_value_at(const struct history *h, size_t channel, const struct measure_rule *rule, int64_t t);

#endif
