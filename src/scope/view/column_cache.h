/*
 * Columns kept between frames: a scrolling plot computes only what is new at its right edge. One for each channel; main
 * thread.
 */
#ifndef SCOPE_COLUMN_CACHE_H
#define SCOPE_COLUMN_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/store/history.h"
#include "scope/view/columns.h"

struct column_cache {
  struct column *column; /* ring: column k at k mod capacity */
  size_t capacity;
  struct time_axis time;
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
                      const struct column_rule *rule, int64_t first, size_t n, struct column *out);

#endif
