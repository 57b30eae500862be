#include "scope/view/column_cache.h"

#include <stdlib.h>
#include <string.h>

void column_cache_init(struct column_cache *cache)
{
  *cache = (struct column_cache){0};
}

void column_cache_destroy(struct column_cache *cache)
{
  free(cache->column);
  column_cache_init(cache);
}

void column_cache_clear(struct column_cache *cache)
{
  cache->begin = cache->end = 0;
}

/* Place of column k in the ring, and how many columns of [k, end) follow it there without a break. */
static size_t slots(const struct column_cache *cache, int64_t k, int64_t end, size_t *n)
{
  int64_t capacity = (int64_t)cache->capacity;
  int64_t place = k % capacity;
  place = place < 0 ? place + capacity : place;
  *n = (size_t)(end - k < capacity - place ? end - k : capacity - place);
  return (size_t)place;
}

static void load(const struct column_cache *cache, int64_t from, int64_t to, struct column *out)
{
  for (size_t n; from < to; from += (int64_t)n, out += n) {
    size_t place = slots(cache, from, to, &n);
    memcpy(out, cache->column + place, n * sizeof *out);
  }
}

static void store(struct column_cache *cache, int64_t from, int64_t to, const struct column *in)
{
  for (size_t n; from < to; from += (int64_t)n, in += n) {
    size_t place = slots(cache, from, to, &n);
    memcpy(cache->column + place, in, n * sizeof *in);
  }
}

bool column_cache_get(struct column_cache *cache, const struct history *h, size_t channel,
                      const struct column_rule *rule, int64_t first, size_t n, struct column *out)
{
  if (n > cache->capacity) {
    struct column *grown = realloc(cache->column, (n + n / 8) * sizeof *grown);
    if (!grown)
      return false;
    cache->column = grown;
    cache->capacity = n + n / 8;
    column_cache_clear(cache);
  }
  int64_t last = first + (int64_t)n;
  int64_t final = columns_final_before(h, channel, rule);
  if (final < cache->end)
    cache->end = final > cache->begin ? final : cache->begin; /* the edge was moved back */
  if (!time_axis_same_columns(&cache->time, &rule->time) || cache->style != rule->style || first >= cache->end ||
      last <= cache->begin)
    cache->begin = cache->end = first;
  cache->time = rule->time;
  cache->style = rule->style;

  /* What is kept lies in the middle; what is computed on either side of it is kept as far as it is final. */
  int64_t from = first > cache->begin ? first : cache->begin;
  int64_t to = last < cache->end ? last : cache->end;
  load(cache, from, to, out + (from - first));
  if (first < from) {
    columns_compute(h, channel, rule, first, (size_t)(from - first), out);
    store(cache, first, from < final ? from : final, out);
  }
  if (to < last) {
    columns_compute(h, channel, rule, to, (size_t)(last - to), out + (to - first));
    store(cache, to, last < final ? last : final, out + (to - first));
  }

  /* What is kept has no hole, and is no more than the ring holds: the side just asked for wins. */
  int64_t capacity = (int64_t)cache->capacity;
  cache->end = last > cache->end ? last : cache->end;
  int64_t lowest = first < cache->begin ? first : cache->begin;
  final = final < lowest ? lowest : final; /* as low as there are columns: it is INT64_MIN when nothing is final yet */
  cache->end = final < cache->end ? final : cache->end;
  if (first < cache->begin) {
    cache->begin = first;
    cache->end = first + capacity < cache->end ? first + capacity : cache->end;
  } else if (cache->end - capacity > cache->begin) {
    cache->begin = cache->end - capacity;
  }
  if (cache->end < cache->begin)
    cache->end = cache->begin;
  return true;
}
