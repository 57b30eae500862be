#include <math.h>

#include "scope/store/history.h"
#include "scope/store/history_levels.h"

static const double NOTHING = (double)NAN;

/* ---- From times to items ---- */

static int64_t item_last_time(const struct level *level, size_t l, uint64_t i)
{
  return l == 0 ? sample_time(level, i) : bucket_at(level, i)->last_time;
}

/* The first of items [low, high) of a level that ends at or after t; high when none does. */
static uint64_t search(const struct level *level, size_t l, uint64_t low, uint64_t high, int64_t t)
{
  while (low < high) {
    uint64_t middle = low + (high - low) / 2;
    if (item_last_time(level, l, middle) >= t)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/*
 * As search over the samples that level 0 keeps, where these are evenly spaced: one division, and a look whether it is right,
 * as the samples may have become faster or slower since. A search looks at a dozen places of a large memory instead.
 * False: it is not there, or that is not known.
 */
static bool find_evenly(const struct level *samples, int64_t t, uint64_t *index)
{
  const uint64_t begin = level_begin(samples, 0);
  if (begin >= samples->count)
    return false;
  const struct chunk *oldest = chunk_at(samples, begin / CHUNK_SAMPLES);
  if (oldest->half[1] || oldest->step <= 0 || t <= oldest->first)
    return false;
  const uint64_t behind = ((uint64_t)t - (uint64_t)oldest->first - 1) / (uint64_t)oldest->step;
  if (behind + 1 >= samples->count - begin)
    return false;
  *index = begin + behind + 1;
  return sample_time(samples, *index) >= t && sample_time(samples, *index - 1) < t;
}

struct history_place history_find(const struct history *h, size_t channel, int64_t t)
{
  const struct history_channel *c = &h->channel[channel];
  uint64_t index;
  if (find_evenly(&c->level[0], t, &index))
    return (struct history_place){.time = t, .index = index};
  size_t l = LEVELS - 1;
  while (l > 0 && c->level[l].count == 0)
    l--;
  uint64_t low = level_begin(&c->level[l], l);
  uint64_t high = c->level[l].count;
  for (;; l--) {
    const struct level *level = &c->level[l];
    uint64_t i = search(level, l, low, high, t);
    if (l == 0)
      return (struct history_place){.time = t, .index = i};
    /* The children of item i; or, when no complete item ends late enough, those that wait for completion. */
    uint64_t child = i * level_parts(l);
    if (i < level->count && child < level_begin(&c->level[l - 1], l - 1)) {
      bool straddles = bucket_at(level, i)->first_time < t;
      return (struct history_place){
          .time = t, .index = i << level_shift(l), .straddled = straddles ? 1ULL << level_shift(l) : 0};
    }
    low = child;
    high = i < level->count ? child + level_parts(l) : c->level[l - 1].count;
  }
}

/* ---- Summaries ---- */

static void summary_clear(struct history_summary *s)
{
  *s = (struct history_summary){.min = NOTHING, .max = NOTHING, .mean = NOTHING, .first = NOTHING, .last = NOTHING};
}

static void summary_add(struct history_summary *s, const struct bucket *b, uint64_t items)
{
  if (s->items == 0) {
    s->first = b->first;
    s->first_time = b->first_time;
  }
  s->last = b->last;
  s->last_time = b->last_time;
  s->items += items;
  if (b->count == 0)
    return;
  if (s->count == 0) {
    s->min = b->min;
    s->max = b->max;
  } else {
    s->min = b->min < s->min ? b->min : s->min;
    s->max = b->max > s->max ? b->max : s->max;
  }
  s->count += b->count;
}

/*
 * Sums for the mean, in a type that has room to spare. Buckets that are full have means rounded but once a level, exact
 * for whole numbers: so is the mean of a thousand million of these.
 */
static long double sum_of_samples(const double *value, size_t n)
{
  long double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += value[i] == value[i] ? value[i] : 0;
  return sum;
}

static long double sum_of_buckets(const struct bucket *part, size_t n)
{
  long double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += part[i].count ? (long double)part[i].mean * part[i].count : 0;
  return sum;
}

/*
 * What was merged so far, after Chan, Golub and LeVeque (1983): count, mean and M2. The mean is kept as its distance from
 * the first part's, which is exact where the values lie close together far from zero.
 */
struct merged {
  uint64_t count;
  double about;
  long double mean, m2;
};

static void merge(struct merged *m, const struct bucket *part)
{
  if (part->count == 0)
    return;
  if (m->count == 0) {
    *m = (struct merged){.count = part->count, .about = part->mean, .mean = part->mean_rest, .m2 = part->m2};
    return;
  }
  const long double apart = (long double)part->mean - m->about + part->mean_rest - m->mean;
  const long double share = (long double)part->count / (long double)(m->count + part->count);
  m->m2 += part->m2 + apart * apart * (share * m->count);
  m->mean += apart * share;
  m->count += part->count;
}

/* Samples [from, to), which must not cut a bucket where only buckets are left. */
static void summarize(const struct history_channel *c, uint64_t from, uint64_t to, struct history_summary *out)
{
  long double sum = 0;
  struct merged merged = {.count = 0};
  while (from < to) {
    /* The largest aligned item that fits, and as many of its neighbours as do not make a larger one. All are complete. */
    size_t l = 0;
    while (l + 1 < LEVELS) {
      unsigned shift = level_shift(l + 1);
      uint64_t size = 1ULL << shift;
      if ((from & (size - 1)) != 0 || to - from < size)
        break;
      l++;
    }
    unsigned shift = level_shift(l);
    uint64_t item = from >> shift;
    const size_t siblings = level_parts(l + 1);
    size_t n = siblings - item % siblings;
    if (n > (to - from) >> shift)
      n = (size_t)((to - from) >> shift);
    struct bucket part;
    if (l == 0) {
      const struct level *samples = &c->level[0];
      bucket_of_samples(sample_time(samples, item), sample_time(samples, item + n - 1), sample_value(samples, item), n,
                        &part);
      sum += sum_of_samples(sample_value(samples, item), n);
    } else {
      bucket_of_buckets(bucket_at(&c->level[l], item), n, &part);
      sum += sum_of_buckets(bucket_at(&c->level[l], item), n);
    }
    merge(&merged, &part);
    summary_add(out, &part, (uint64_t)n << shift);
    from += (uint64_t)n << shift;
  }
  out->m2 = (double)merged.m2;
  if (out->count == 0)
    return;
  out->mean = bucket_mean_within((double)(sum / out->count), out->min, out->max);
  out->mean_rest = (double)((long double)merged.about - out->mean + merged.mean);
}

void history_between(const struct history *h, size_t channel, const struct history_place *from,
                     const struct history_place *to, struct history_summary *out)
{
  summary_clear(out);
  summarize(&h->channel[channel], from->index, to->index + to->straddled, out);
}

void history_range(const struct history *h, size_t channel, int64_t from, int64_t to, struct history_summary *out)
{
  summary_clear(out);
  if (from >= to)
    return;
  struct history_place begin = history_find(h, channel, from);
  struct history_place end = history_find(h, channel, to);
  history_between(h, channel, &begin, &end, out);
}

void history_total(const struct history *h, size_t channel, struct history_summary *out)
{
  summary_clear(out);
  const struct history_channel *c = &h->channel[channel];
  summarize(c, 0, c->level[0].count, out);
}

/* The item of the finest kept level that contains sample number i. */
static struct history_sample nearest_kept(const struct history_channel *c, uint64_t i, bool last)
{
  if (i >= level_begin(&c->level[0], 0))
    return (struct history_sample){.time = sample_time(&c->level[0], i), .value = *sample_value(&c->level[0], i)};
  size_t l = 1;
  while (i >> level_shift(l) < level_begin(&c->level[l], l))
    l++;
  const struct bucket *b = bucket_at(&c->level[l], i >> level_shift(l));
  return last ? (struct history_sample){.time = b->last_time, .value = b->last}
              : (struct history_sample){.time = b->first_time, .value = b->first};
}

bool history_first(const struct history *h, size_t channel, struct history_sample *out)
{
  const struct history_channel *c = &h->channel[channel];
  if (c->has_initial)
    *out = c->initial;
  else if (c->level[0].count > 0)
    *out = nearest_kept(c, 0, false);
  else
    return false;
  return true;
}

bool history_before_place(const struct history *h, size_t channel, const struct history_place *place,
                          struct history_sample *out)
{
  const struct history_channel *c = &h->channel[channel];
  if (place->straddled) {
    *out = nearest_kept(c, place->index, false);
    return true;
  }
  if (place->index > 0) {
    *out = nearest_kept(c, place->index - 1, true);
    return true;
  }
  *out = c->initial;
  return c->has_initial && c->initial.time < place->time;
}

bool history_at_or_after_place(const struct history *h, size_t channel, const struct history_place *place,
                               struct history_sample *out)
{
  const struct history_channel *c = &h->channel[channel];
  if (place->index >= c->level[0].count)
    return false;
  *out = nearest_kept(c, place->index, place->straddled != 0);
  return true;
}

bool history_before(const struct history *h, size_t channel, int64_t t, struct history_sample *out)
{
  struct history_place place = history_find(h, channel, t);
  return history_before_place(h, channel, &place, out);
}

bool history_at_or_after(const struct history *h, size_t channel, int64_t t, struct history_sample *out)
{
  struct history_place place = history_find(h, channel, t);
  return history_at_or_after_place(h, channel, &place, out);
}

int64_t history_full_from(const struct history *h, size_t channel)
{
  const struct level *level = &h->channel[channel].level[0];
  const uint64_t begin = level_begin(level, 0);
  return begin == 0 || begin >= level->count ? INT64_MIN : sample_time(level, begin);
}

/* The finest bucket that is kept of sample number i, which is not; *next: the first sample behind it. */
static const struct bucket *bucket_of(const struct history_channel *c, uint64_t i, uint64_t *next)
{
  size_t l = 1;
  while (i >> level_shift(l) < level_begin(&c->level[l], l))
    l++;
  *next = ((i >> level_shift(l)) + 1) << level_shift(l);
  return bucket_at(&c->level[l], i >> level_shift(l));
}

size_t history_copy(const struct history *h, size_t channel, uint64_t *index, int64_t to, struct history_sample *out,
                    size_t most)
{
  const struct history_channel *c = &h->channel[channel];
  const struct level *level = &c->level[0];
  size_t n = 0;
  while (*index < level->count && n + 2 <= most) {
    if (*index >= level_begin(level, 0)) {
      const int64_t time = sample_time(level, *index);
      if (time >= to)
        break;
      out[n++] = (struct history_sample){.time = time, .value = *sample_value(level, *index)};
      ++*index;
      continue;
    }
    uint64_t next;
    const struct bucket *b = bucket_of(c, *index, &next);
    if (b->first_time >= to)
      break;
    out[n++] = (struct history_sample){.time = b->first_time, .value = b->count ? b->min : NOTHING};
    if (b->count)
      out[n++] = (struct history_sample){.time = b->last_time, .value = b->max};
    *index = next;
  }
  return n;
}

bool history_piece_at(const struct history *h, size_t channel, uint64_t index, struct history_piece *out)
{
  const struct history_channel *c = &h->channel[channel];
  const struct level *samples = &c->level[0];
  if (index >= samples->count)
    return false;
  if (index < level_begin(samples, 0)) {
    uint64_t next;
    const struct bucket *b = bucket_of(c, index, &next);
    *out = (struct history_piece){.items = next - index};
    summary_clear(&out->bucket);
    summary_add(&out->bucket, b, out->items);
    out->bucket.mean = b->mean;
    out->bucket.mean_rest = b->mean_rest;
    out->bucket.m2 = b->m2;
    return true;
  }
  const struct chunk *chunk = chunk_at(samples, index / CHUNK_SAMPLES);
  const uint64_t at = index % CHUNK_SAMPLES;
  const uint64_t left = samples->count - index;
  *out = (struct history_piece){.items = left < CHUNK_SAMPLES - at ? left : CHUNK_SAMPLES - at,
                                .value = chunk->half[0]->value + at,
                                .time = chunk->half[1] ? chunk->half[1]->time + at : NULL,
                                .first = even_time(chunk->first, chunk->step, at),
                                .step = chunk->step};
  return true;
}
