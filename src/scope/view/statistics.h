/* What a stretch of a channel amounts to: the numbers of the legend. Pure functions of the history; main thread. */
#ifndef SCOPE_STATISTICS_H
#define SCOPE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

#include "scope/store/history.h"
#include "scope/view/columns.h"

/* NaN: nothing to say. */
struct statistics {
  double last, min, max, mean;
};

/*
 * Of the times [from, to): mean over the samples, min and max and last with the value that a step trace holds when the
 * stretch begins. Exact where samples are kept, up to one bucket a side more where only these are left.
 */
struct statistics statistics_between(const struct history *h, size_t channel, enum column_style style, int64_t from,
                                     int64_t to);

#endif
