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

/* What the trace does within a column. */
struct column {
  double low, high; /* lowest and highest value; both NaN where there is no trace */
  double enter;     /* at the left edge, coming from the column before; NaN where the trace does not come from there */
  double leave;     /* at the right edge, or at the rule's edge; NaN where the trace does not go on */
  double mean, sd;  /* of its finite samples (sd of the population); NaN where it has none */
  uint32_t count;   /* finite samples; UINT32_MAX stands for that many or more */
  float at;         /* where its only sample lies, 0 to 1 of its width; of no meaning unless count is 1 */
};

/* How a trace becomes columns. */
struct column_rule {
  struct time_axis time; /* which times a column covers; the part in view does not matter */
  int64_t edge;          /* nothing at or after this time is drawn; steps hold until here */
  enum column_style style;
  bool again; /* a sample may come again at the time just before the edge */
};

/* Columns [first, first + n) of a channel. */
void columns_compute(const struct history *h, size_t channel, const struct column_rule *rule, int64_t first, size_t n,
                     struct column *out);

/*
 * The first column that later samples may still change, given that no sample older than rule->edge will come, or with `again`
 * none older than a tick before that: columns before it are final.
 */
int64_t columns_final_before(const struct history *h, size_t channel, const struct column_rule *rule);

#endif
