#include "scope/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
  FAN_OUT = 16,
  LEVELS = 15, /* 16^15 = 2^60 samples */
  CHUNK_BYTES = 16384,
  CHUNK_SAMPLES = CHUNK_BYTES / 16, /* level 0 */
  CHUNK_BUCKETS = CHUNK_BYTES / 64, /* other levels */
  CHUNKS_MIN = 2,                   /* a level keeps at least that many, whatever its share */
  SLAB_CHUNKS_SMALL = 4,
  SLAB_CHUNKS = 128, /* 2 MiB: a huge page, which spares most of the page faults of a fast signal */
};

static const double NOTHING = (double)NAN;

struct bucket {
  int64_t first_time, last_time;
  double min, max, mean; /* NaN when count is 0 */
  double first, last;
  uint64_t count;
};

/* Times and values apart, so that a copy from a block is two memcpy and a search touches only times. */
struct sample_chunk {
  int64_t time[CHUNK_SAMPLES];
  double value[CHUNK_SAMPLES];
};

union chunk {
  struct sample_chunk samples;
  struct bucket bucket[CHUNK_BUCKETS];
  union chunk *next_free;
};
_Static_assert(sizeof(union chunk) == CHUNK_BYTES, "a chunk is filled to the last byte");

/* Memory comes from the system in slabs: small ones first, so that a few samples take little. */
struct slab {
  struct slab *next;
  union chunk *chunk;
};

/* A queue of chunks: chunk number c is at chunk[c & (capacity - 1)]. */
struct level {
  union chunk **chunk;
  size_t capacity;      /* power of two, or 0 */
  uint64_t first_chunk; /* oldest chunk kept */
  uint64_t end_chunk;   /* one past the newest */
  uint64_t count;       /* items ever: samples, or complete buckets */
};

struct channel {
  struct level level[LEVELS];
  bool active; /* counted in history.active */
  bool has_initial;
  struct history_sample initial;
};

struct history {
  size_t budget_chunks;
  size_t allocated_chunks;
  union chunk *free_chunks;
  union chunk *fresh; /* the newest slab's chunks that were never used */
  size_t fresh_chunks;
  struct slab *slabs;
  size_t channels; /* highest channel in use + 1 */
  size_t active;   /* channels that have samples: these share the memory */
  struct channel channel[HISTORY_CHANNELS];
};

struct history *history_new(size_t memory_bytes)
{
  struct history *h = calloc(1, sizeof *h);
  if (h)
    h->budget_chunks = memory_bytes / CHUNK_BYTES;
  return h;
}

void history_free(struct history *h)
{
  if (!h)
    return;
  for (size_t c = 0; c < HISTORY_CHANNELS; c++)
    for (size_t l = 0; l < LEVELS; l++)
      free(h->channel[c].level[l].chunk);
  while (h->slabs) {
    struct slab *next = h->slabs->next;
    free(h->slabs->chunk);
    free(h->slabs);
    h->slabs = next;
  }
  free(h);
}

/* ---- Places of items ---- */

static uint64_t chunk_items(size_t l)
{
  return l == 0 ? CHUNK_SAMPLES : CHUNK_BUCKETS;
}

static const union chunk *chunk_at(const struct level *level, uint64_t number)
{
  return level->chunk[number & (level->capacity - 1)];
}

static int64_t sample_time(const struct level *level, uint64_t i)
{
  return chunk_at(level, i / CHUNK_SAMPLES)->samples.time[i % CHUNK_SAMPLES];
}

static double sample_value(const struct level *level, uint64_t i)
{
  return chunk_at(level, i / CHUNK_SAMPLES)->samples.value[i % CHUNK_SAMPLES];
}

static const struct bucket *bucket_at(const struct level *level, uint64_t i)
{
  return &chunk_at(level, i / CHUNK_BUCKETS)->bucket[i % CHUNK_BUCKETS];
}

/* First item that level l still keeps. */
static uint64_t level_begin(const struct level *level, size_t l)
{
  return level->first_chunk * chunk_items(l);
}

/* log2 of the number of samples under an item of level l. */
static unsigned level_shift(size_t l)
{
  return 4U * (unsigned)l;
}

/* ---- Append ---- */

static size_t level_share(const struct history *h, size_t l)
{
  size_t share = (h->budget_chunks / (h->active ? h->active : 1)) >> (l + 1);
  return share < CHUNKS_MIN ? CHUNKS_MIN : share;
}

static size_t level_chunks(const struct level *level)
{
  return (size_t)(level->end_chunk - level->first_chunk);
}

static void drop_oldest(struct history *h, struct level *level)
{
  union chunk *old = level->chunk[level->first_chunk & (level->capacity - 1)];
  old->next_free = h->free_chunks;
  h->free_chunks = old;
  level->first_chunk++;
}

static bool add_slab(struct history *h, size_t chunks)
{
  const size_t bytes = chunks * CHUNK_BYTES;
  struct slab *slab = malloc(sizeof *slab);
  union chunk *chunk = chunks == SLAB_CHUNKS ? aligned_alloc(bytes, bytes) : malloc(bytes);
  if (!slab || !chunk) {
    free(slab);
    free(chunk);
    return false;
  }
  if (chunks == SLAB_CHUNKS)
    madvise(chunk, bytes, MADV_HUGEPAGE); /* a wish: nothing depends on it */
  *slab = (struct slab){.next = h->slabs, .chunk = chunk};
  h->slabs = slab;
  h->fresh = chunk;
  h->fresh_chunks = chunks;
  return true;
}

static union chunk *take_chunk(struct history *h)
{
  union chunk *chunk = h->free_chunks;
  if (chunk) {
    h->free_chunks = chunk->next_free;
    return chunk;
  }
  if (h->fresh_chunks == 0) {
    /* The last slabs before the budget is used up are small again. */
    bool huge = h->allocated_chunks >= SLAB_CHUNKS && h->allocated_chunks + SLAB_CHUNKS <= h->budget_chunks;
    if (!(huge && add_slab(h, SLAB_CHUNKS)) && !add_slab(h, SLAB_CHUNKS_SMALL))
      return NULL;
  }
  h->fresh_chunks--;
  h->allocated_chunks++;
  return h->fresh++;
}

static bool grow_queue(struct level *level)
{
  size_t capacity = level->capacity ? level->capacity * 2 : 4;
  union chunk **grown = malloc(capacity * sizeof(union chunk *));
  if (!grown)
    return false;
  for (uint64_t i = level->first_chunk; i < level->end_chunk; i++)
    grown[i & (capacity - 1)] = level->chunk[i & (level->capacity - 1)];
  free(level->chunk);
  level->chunk = grown;
  level->capacity = capacity;
  return true;
}

/* Level l gives up its oldest chunk, and the levels below what reaches further back than it then does. */
static void give_up_oldest(struct history *h, struct channel *c, size_t l)
{
  drop_oldest(h, &c->level[l]);
  uint64_t begin = level_begin(&c->level[l], l) << level_shift(l);
  while (l-- > 0)
    while (level_chunks(&c->level[l]) > 0 && level_begin(&c->level[l], l) << level_shift(l) < begin)
      drop_oldest(h, &c->level[l]);
}

/* Brings every level down to its share: a new channel, or an end of the machine's memory, makes shares smaller. */
static void shrink_to_shares(struct history *h)
{
  for (size_t c = 0; c < h->channels; c++)
    for (size_t l = 0; l < LEVELS; l++)
      while (level_chunks(&h->channel[c].level[l]) > level_share(h, l))
        give_up_oldest(h, &h->channel[c], l);
}

/* A chunk for the items to come at level l, whose oldest one goes when its share is used up. */
static bool add_chunk(struct history *h, struct channel *c, size_t l)
{
  struct level *level = &c->level[l];
  if (level_chunks(level) >= level_share(h, l) || (level_chunks(level) == level->capacity && !grow_queue(level))) {
    if (level_chunks(level) < CHUNKS_MIN)
      return false;
    give_up_oldest(h, c, l);
  }
  union chunk *chunk = take_chunk(h);
  if (!chunk) {
    /* The machine has no more: what there is becomes the budget, and all share in that. */
    h->budget_chunks = h->allocated_chunks;
    shrink_to_shares(h);
    chunk = take_chunk(h);
  }
  if (!chunk)
    return false;
  level->chunk[level->end_chunk++ & (level->capacity - 1)] = chunk;
  return true;
}

/*
 * Room for the next CHUNK_SAMPLES samples and for all buckets that they complete, so that a chunk of samples once begun
 * cannot fail half-way. The levels above go first: those that were made before a failure serve the next attempt.
 */
static bool make_room(struct history *h, struct channel *c)
{
  uint64_t samples = c->level[0].count + CHUNK_SAMPLES;
  for (size_t l = LEVELS; l-- > 0;)
    if (samples >> level_shift(l) > c->level[l].end_chunk * chunk_items(l) && !add_chunk(h, c, l))
      return false;
  return true;
}

/* A mean lies between the least and the largest value, whatever the roundings did; so it cannot overflow either. */
static double within(double mean, double min, double max)
{
  return mean < min ? min : mean > max ? max : mean;
}

/* n values with gaps among them, or so large that their sum overflows: those are divided before they are added. */
static void measure_carefully(const double *value, size_t n, struct bucket *b)
{
  b->count = 0;
  for (size_t i = 0; i < n; i++)
    b->count += value[i] == value[i];
  b->min = b->max = b->mean = NOTHING;
  double sum = 0;
  double mean = 0;
  for (size_t i = 0; i < n; i++) {
    double v = value[i];
    if (v != v)
      continue;
    b->min = b->min <= v ? b->min : v; /* false for NaN: the first value is taken */
    b->max = b->max >= v ? b->max : v;
    sum += v;
    mean += v / (double)b->count;
  }
  if (b->count)
    b->mean = within(isfinite(sum) ? sum / (double)b->count : mean, b->min, b->max);
}

/*
 * 1 to 16 samples as a bucket. Four lanes, so that compilers may use vector registers; written in place, as a copy of
 * what was just stored in halves would wait for the stores.
 */
static void bucket_of_samples(const int64_t *time, const double *value, size_t n, struct bucket *b)
{
  enum { LANES = 4 };
  b->first_time = time[0];
  b->last_time = time[n - 1];
  b->first = value[0];
  b->last = value[n - 1];
  if (n != FAN_OUT) {
    measure_carefully(value, n, b);
    return;
  }
  double sum[LANES];
  double low[LANES];
  double high[LANES];
  for (size_t j = 0; j < LANES; j++)
    sum[j] = low[j] = high[j] = value[j];
  for (size_t i = LANES; i < FAN_OUT; i += LANES)
    for (size_t j = 0; j < LANES; j++) {
      double v = value[i + j];
      sum[j] += v;
      low[j] = v < low[j] ? v : low[j];
      high[j] = v > high[j] ? v : high[j];
    }
  double total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  if (!isfinite(total)) {
    measure_carefully(value, n, b);
    return;
  }
  for (size_t j = 1; j < LANES; j++) {
    low[0] = low[j] < low[0] ? low[j] : low[0];
    high[0] = high[j] > high[0] ? high[j] : high[0];
  }
  b->count = FAN_OUT;
  b->min = low[0];
  b->max = high[0];
  b->mean = within(total / FAN_OUT, low[0], high[0]);
}

/*
 * 1 to 16 buckets as one. Parts are weighted by their share of the count before they are added, as sums of doubles near
 * the largest would overflow; with 16 parts of equal count the weights are exact powers of two.
 */
static void bucket_of_buckets(const struct bucket *part, size_t n, struct bucket *b)
{
  double low = NOTHING;
  double high = NOTHING;
  uint64_t count = 0;
  for (size_t i = 0; i < n; i++) {
    if (part[i].count == 0)
      continue;
    low = low <= part[i].min ? low : part[i].min; /* false for NaN: the first value is taken */
    high = high >= part[i].max ? high : part[i].max;
    count += part[i].count;
  }
  double share = count ? 1 / (double)count : 0;
  double mean = 0;
  for (size_t i = 0; i < n; i++)
    if (part[i].count)
      mean += part[i].mean * ((double)part[i].count * share);
  *b = (struct bucket){.first_time = part[0].first_time,
                       .last_time = part[n - 1].last_time,
                       .min = low,
                       .max = high,
                       .mean = count ? within(mean, low, high) : NOTHING,
                       .first = part[0].first,
                       .last = part[n - 1].last,
                       .count = count};
}

/* The samples are complete up to their count: makes the buckets that became complete with the last one. */
static void close_buckets(struct channel *c)
{
  for (size_t l = 0; l + 1 < LEVELS && c->level[l].count % FAN_OUT == 0; l++) {
    const struct level *below = &c->level[l];
    struct level *level = &c->level[l + 1];
    uint64_t from = below->count - FAN_OUT;
    union chunk *chunk = level->chunk[(level->count / CHUNK_BUCKETS) & (level->capacity - 1)];
    struct bucket *bucket = &chunk->bucket[level->count % CHUNK_BUCKETS];
    if (l == 0) {
      const struct sample_chunk *samples = &chunk_at(below, from / CHUNK_SAMPLES)->samples;
      bucket_of_samples(samples->time + from % CHUNK_SAMPLES, samples->value + from % CHUNK_SAMPLES, FAN_OUT, bucket);
    } else {
      bucket_of_buckets(bucket_at(below, from), FAN_OUT, bucket);
    }
    level->count++;
  }
}

bool history_append(struct history *h, size_t channel, const int64_t *time, const double *value, size_t n)
{
  struct channel *c = &h->channel[channel];
  struct level *samples = &c->level[0];
  if (n > 0 && !c->active) {
    c->active = true;
    h->active++;
    if (channel >= h->channels)
      h->channels = channel + 1;
    shrink_to_shares(h);
  }
  while (n > 0) {
    if (samples->count == samples->end_chunk * CHUNK_SAMPLES && !make_room(h, c))
      return false;
    struct sample_chunk *chunk = &samples->chunk[(samples->count / CHUNK_SAMPLES) & (samples->capacity - 1)]->samples;
    size_t at = samples->count % CHUNK_SAMPLES;
    size_t part = n < CHUNK_SAMPLES - at ? n : CHUNK_SAMPLES - at;
    memcpy(chunk->time + at, time, part * sizeof *time);
    memcpy(chunk->value + at, value, part * sizeof *value);
    time += part;
    value += part;
    n -= part;

    /* Step from one multiple of 16 to the next; each closes a bucket. */
    while (part > 0) {
      size_t step = FAN_OUT - samples->count % FAN_OUT;
      if (step > part) {
        samples->count += part;
        break;
      }
      samples->count += step;
      part -= step;
      close_buckets(c);
    }
  }
  return true;
}

void history_set_initial(struct history *h, size_t channel, struct history_sample initial)
{
  h->channel[channel].has_initial = true;
  h->channel[channel].initial = initial;
  if (channel >= h->channels)
    h->channels = channel + 1;
}

size_t history_channels(const struct history *h)
{
  return h->channels;
}

uint64_t history_items(const struct history *h, size_t channel)
{
  return h->channel[channel].level[0].count;
}

size_t history_memory(const struct history *h)
{
  return h->allocated_chunks * CHUNK_BYTES;
}

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

struct history_place history_find(const struct history *h, size_t channel, int64_t t)
{
  const struct channel *c = &h->channel[channel];
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
    uint64_t child = i * FAN_OUT;
    if (i < level->count && child < level_begin(&c->level[l - 1], l - 1)) {
      bool straddles = bucket_at(level, i)->first_time < t;
      return (struct history_place){
          .time = t, .index = i << level_shift(l), .straddled = straddles ? 1ULL << level_shift(l) : 0};
    }
    low = child;
    high = i < level->count ? child + FAN_OUT : c->level[l - 1].count;
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
  uint64_t count = s->count + b->count;
  if (s->count == 0) {
    s->min = b->min;
    s->max = b->max;
    s->mean = b->mean;
  } else {
    double weight = (double)b->count / (double)count;
    s->min = b->min < s->min ? b->min : s->min;
    s->max = b->max > s->max ? b->max : s->max;
    s->mean = within(s->mean * (1 - weight) + b->mean * weight, s->min, s->max);
  }
  s->count = count;
}

/* Samples [from, to), which must not cut a bucket where only buckets are left. */
static void summarize(const struct channel *c, uint64_t from, uint64_t to, struct history_summary *out)
{
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
    size_t n = FAN_OUT - item % FAN_OUT;
    if (n > (to - from) >> shift)
      n = (size_t)((to - from) >> shift);
    struct bucket run;
    if (l == 0) {
      const struct sample_chunk *chunk = &chunk_at(&c->level[0], item / CHUNK_SAMPLES)->samples;
      bucket_of_samples(chunk->time + item % CHUNK_SAMPLES, chunk->value + item % CHUNK_SAMPLES, n, &run);
    } else {
      bucket_of_buckets(bucket_at(&c->level[l], item), n, &run);
    }
    summary_add(out, &run, (uint64_t)n << shift);
    from += (uint64_t)n << shift;
  }
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
  const struct channel *c = &h->channel[channel];
  summarize(c, 0, c->level[0].count, out);
}

/* The item of the finest kept level that contains sample number i. */
static struct history_sample nearest_kept(const struct channel *c, uint64_t i, bool last)
{
  if (i >= level_begin(&c->level[0], 0))
    return (struct history_sample){.time = sample_time(&c->level[0], i), .value = sample_value(&c->level[0], i)};
  size_t l = 1;
  while (i >> level_shift(l) < level_begin(&c->level[l], l))
    l++;
  const struct bucket *b = bucket_at(&c->level[l], i >> level_shift(l));
  return last ? (struct history_sample){.time = b->last_time, .value = b->last}
              : (struct history_sample){.time = b->first_time, .value = b->first};
}

bool history_before_place(const struct history *h, size_t channel, const struct history_place *place,
                          struct history_sample *out)
{
  const struct channel *c = &h->channel[channel];
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

bool history_from_place(const struct history *h, size_t channel, const struct history_place *place,
                        struct history_sample *out)
{
  const struct channel *c = &h->channel[channel];
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

bool history_from(const struct history *h, size_t channel, int64_t t, struct history_sample *out)
{
  struct history_place place = history_find(h, channel, t);
  return history_from_place(h, channel, &place, out);
}
