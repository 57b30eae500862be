/*
 * For each pixel column the span of values that the trace covers there. This is where correctness is tested as numbers.
 *
 * Column k covers the times [k * width, (k + 1) * width): columns are anchored to time, not to the window, so that
 * when the plot scrolls, columns that stay in view keep their numbers. Every sample lies in exactly one column, and a
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

enum column_style {
  COLUMN_STEP,   /* a value holds until the next sample */
  COLUMN_LINE,   /* straight lines between samples; ends at the last one */
  COLUMN_POINTS, /* samples alone */
};

/* Lowest and highest value of the trace within the column; both NaN where it is not. */
struct column {
  double low, high;
};

/* The time base: how wide columns are, and where the past ends. */
struct column_grid {
  int64_t width; /* ticks, > 0 */
  int64_t edge;  /* nothing at or after this time is drawn; steps hold until here */
  enum column_style style;
};

/* Column that contains time t. */
int64_t column_of(int64_t t, int64_t width);

/* Columns [first, first + n) of a channel. */
void columns_compute(const struct history *h, size_t channel, const struct column_grid *grid, int64_t first, size_t n,
                     struct column *out);

/*
 * The first column that later samples may still change, given that no sample older than grid->edge will come: columns
 * before it are final.
 */
int64_t columns_final_before(const struct history *h, size_t channel, const struct column_grid *grid);

/*
 * Columns kept between frames: a scrolling plot computes only what is new at its right edge.
 */
struct column_cache {
  struct column *column; /* ring: column k at k mod capacity */
  size_t capacity;
  int64_t width;
  enum column_style style;
  int64_t begin, end; /* columns kept */
};

void column_cache_init(struct column_cache *cache);
void column_cache_destroy(struct column_cache *cache);

/* Forgets everything. */
void column_cache_clear(struct column_cache *cache);

/*
 * Columns [first, first + n) into out, from the cache as far as it goes. The columns that are not final are computed
 * each time. False: no memory.
 */
bool column_cache_get(struct column_cache *cache, const struct history *h, size_t channel,
                      const struct column_grid *grid, int64_t first, size_t n, struct column *out);

#endif
