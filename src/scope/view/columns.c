#include "scope/view/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOTHING = (double)NAN;

int64_t column_of(int64_t t, int64_t width)
{
  int64_t k = t / width;
  return t % width < 0 ? k - 1 : k;
}

static void cover(struct column *c, double v)
{
  if (v != v)
    return;
  c->low = c->low <= v ? c->low : v; /* NaN compares false: the first value is taken */
  c->high = c->high >= v ? c->high : v;
}

/* Value at t on the straight line between two samples, a.time < t < b.time; NaN beside a gap. Cannot overflow. */
static double interpolate(struct history_sample a, struct history_sample b, int64_t t)
{
  double f = (double)((uint64_t)t - (uint64_t)a.time) / (double)((uint64_t)b.time - (uint64_t)a.time);
  double v = a.value * (1 - f) + b.value * f;
  double low = a.value < b.value ? a.value : b.value;
  double high = a.value < b.value ? b.value : a.value;
  return v < low ? low : v > high ? high : v; /* roundings never leave the span of the two */
}

/*
 * Where the trace crosses the edge between two columns; NaN where it does not. Each edge is asked for on both sides of
 * it, or in different frames, and gives the same number: so neighbours connect, and scrolling changes none.
 */
static double trace_at(const struct history *h, size_t channel, enum column_style style,
                       const struct history_place *place)
{
  struct history_sample before;
  struct history_sample after;
  if (style == COLUMN_POINTS || !history_before_place(h, channel, place, &before))
    before.value = NOTHING;
  if (style != COLUMN_LINE)
    return before.value;
  if (!history_from_place(h, channel, place, &after))
    return NOTHING;
  if (after.time == place->time)
    return after.value;
  return before.value == before.value ? interpolate(before, after, place->time) : NOTHING;
}

void columns_compute(const struct history *h, size_t channel, const struct column_grid *grid, int64_t first, size_t n,
                     struct column *out)
{
  struct history_place begin = history_find(h, channel, first * grid->width);
  double left = trace_at(h, channel, grid->style, &begin);
  for (size_t i = 0; i < n; i++) {
    struct column *c = &out[i];
    *c = (struct column){NOTHING, NOTHING};
    if (begin.time >= grid->edge)
      continue;
    int64_t end_time = begin.time + grid->width;
    struct history_place end = history_find(h, channel, end_time < grid->edge ? end_time : grid->edge);
    double right = trace_at(h, channel, grid->style, &end);

    struct history_summary s;
    history_between(h, channel, &begin, &end, &s);
    c->low = s.min;
    c->high = s.max;
    cover(c, left);
    cover(c, right);
    begin = end;
    left = right;
  }
}

int64_t columns_final_before(const struct history *h, size_t channel, const struct column_grid *grid)
{
  int64_t known = grid->edge;
  if (grid->style == COLUMN_LINE) {
    /* The line between the last sample and the next is not known yet. */
    struct history_sample last;
    if (!history_before(h, channel, INT64_MAX, &last))
      return INT64_MIN;
    known = last.time < known ? last.time : known;
  }
  return column_of(known, grid->width);
}

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
                      const struct column_grid *grid, int64_t first, size_t n, struct column *out)
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
  int64_t final = columns_final_before(h, channel, grid);
  if (final < cache->end)
    cache->end = final > cache->begin ? final : cache->begin; /* the edge was moved back */
  if (cache->width != grid->width || cache->style != grid->style || first >= cache->end || last <= cache->begin)
    cache->begin = cache->end = first;
  cache->width = grid->width;
  cache->style = grid->style;

  /* What is kept lies in the middle; what is computed on either side of it is kept as far as it is final. */
  int64_t from = first > cache->begin ? first : cache->begin;
  int64_t to = last < cache->end ? last : cache->end;
  load(cache, from, to, out + (from - first));
  if (first < from) {
    columns_compute(h, channel, grid, first, (size_t)(from - first), out);
    store(cache, first, from < final ? from : final, out);
  }
  if (to < last) {
    columns_compute(h, channel, grid, to, (size_t)(last - to), out + (to - first));
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
