/*
 * For each pixel column the span of values that the trace covers there. This is where correctness is tested as numbers.
 *
 * Columns are those of a time axis, anchored to time and not to the window: when the plot scrolls, columns that stay in
 * view keep their numbers. Every sample lies in exactly one column, and a
 * column covers all of its samples, at any zoom (in old, coarse history: up to one bucket more a side).
 *
 * Pure functions of the history; single-threaded.
 */
#ifndef SCOPE_COLUMNS_H
#define SCOPE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/store/history.h"
#include "scope/view/time_axis.h"

enum column_style {
  COLUMN_STEP,   /* a value holds until the next sample */
  COLUMN_LINE,   /* straight lines between samples; ends at the last one */
  COLUMN_POINTS, /* samples alone */
};

/* Lowest and highest value of the trace within the column; both NaN where it is not. */
struct column {
  double low, high;
};

/* How a trace becomes columns. */
struct column_rule {
  struct time_axis time; /* which times a column covers; the part in view does not matter */
  int64_t edge;          /* nothing at or after this time is drawn; steps hold until here */
  enum column_style style;
};

/* Columns [first, first + n) of a channel. */
void columns_compute(const struct history *h, size_t channel, const struct column_rule *rule, int64_t first, size_t n,
                     struct column *out);

/*
 * The first column that later samples may still change, given that no sample older than rule->edge will come: columns
 * before it are final.
 */
int64_t columns_final_before(const struct history *h, size_t channel, const struct column_rule *rule);

#endif
