#include "scope/store/history.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "scope/store/history_levels.h"

enum {
  ASIDE_CHUNKS = 12, /* of a channel's share, for six upper levels */
  CHUNKS_MIN = 2,    /* a level keeps at least that many, whatever its share */
  SLAB_HALVES_SMALL = 8,
  SLAB_HALVES = 256, /* 2 MiB: a huge page, which spares most of the page faults of a fast signal */
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
  for (size_t c = 0; c < CHANNELS_MAX; c++)
    for (size_t l = 0; l < LEVELS; l++)
      free(h->channel[c].level[l].chunk);
  while (h->slabs) {
    struct slab *next = h->slabs->next;
    free(h->slabs->half);
    free(h->slabs);
    h->slabs = next;
  }
  free(h);
}

/* ---- Append ---- */

/*
 * Chunks for a level: of a channel's share half for level 0, a quarter for level 1, and so on, after what the upper levels
 * need at the least was put aside.
 */
static size_t level_share(const struct history *h, size_t l)
{
  size_t share = h->budget_chunks / (h->active ? h->active : 1);
  size_t aside = share / 2 < ASIDE_CHUNKS ? share / 2 : ASIDE_CHUNKS;
  share = (share - aside) >> (l + 1);
  return share < CHUNKS_MIN ? CHUNKS_MIN : share;
}

static size_t level_chunks(const struct level *level)
{
  return (size_t)(level->end_chunk - level->first_chunk);
}

static void free_half(struct history *h, union half *half)
{
  half->next_free = h->free_halves;
  h->free_halves = half;
}

static void drop_oldest(struct history *h, struct level *level)
{
  const struct chunk *old = chunk_at(level, level->first_chunk++);
  for (int i = 0; i < 2; i++)
    if (old->half[i])
      free_half(h, old->half[i]);
}

static bool add_slab(struct history *h, size_t halves)
{
  const size_t bytes = halves * HALF_BYTES;
  struct slab *slab = malloc(sizeof *slab);
  union half *half = halves == SLAB_HALVES ? aligned_alloc(bytes, bytes) : malloc(bytes);
  if (!slab || !half) {
    free(slab);
    free(half);
    return false;
  }
  if (halves == SLAB_HALVES)
    madvise(half, bytes, MADV_HUGEPAGE); /* a wish: nothing depends on it */
  *slab = (struct slab){.next = h->slabs, .half = half};
  h->slabs = slab;
  h->fresh = half;
  h->fresh_halves = halves;
  return true;
}

static union half *claim_half(struct history *h)
{
  union half *half = h->free_halves;
  if (half) {
    h->free_halves = half->next_free;
    return half;
  }
  if (h->fresh_halves == 0) {
    /* The last slabs before the budget is used up are small again. */
    bool huge = h->allocated_halves >= SLAB_HALVES && h->allocated_halves + SLAB_HALVES <= 2 * h->budget_chunks;
    if (!(huge && add_slab(h, SLAB_HALVES)) && !add_slab(h, SLAB_HALVES_SMALL))
      return NULL;
  }
  h->fresh_halves--;
  h->allocated_halves++;
  return h->fresh++;
}

static bool grow_queue(struct level *level)
{
  size_t capacity = level->capacity ? level->capacity * 2 : 4;
  struct chunk *grown = malloc(capacity * sizeof *grown);
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
static void give_up_oldest(struct history *h, struct history_channel *c, size_t l)
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

/* As claim_half; where the machine has no more, what there is becomes the budget, and all share in that. */
static union half *claim_or_shrink(struct history *h)
{
  union half *half = claim_half(h);
  if (half)
    return half;
  h->budget_chunks = h->allocated_halves / 2;
  shrink_to_shares(h);
  return claim_half(h);
}

/* A chunk for the items to come at level l, whose oldest one goes when its share is used up. */
static bool add_chunk(struct history *h, struct history_channel *c, size_t l)
{
  struct level *level = &c->level[l];
  if (level_chunks(level) >= level_share(h, l) || (level_chunks(level) == level->capacity && !grow_queue(level))) {
    if (level_chunks(level) < CHUNKS_MIN)
      return false;
    give_up_oldest(h, c, l);
  }
  struct chunk chunk = {.step = 0};
  chunk.half[0] = claim_or_shrink(h);
  if (chunk.half[0] && l > 0)
    chunk.half[1] = claim_or_shrink(h);
  if (!chunk.half[0] || (l > 0 && !chunk.half[1])) {
    if (chunk.half[0])
      free_half(h, chunk.half[0]);
    return false;
  }
  *chunk_at(level, level->end_chunk++) = chunk;
  return true;
}

/*
 * Room for the next CHUNK_SAMPLES samples and for all buckets that they complete, so that a chunk of samples once begun
 * cannot fail half-way, but where its times need room after all. The levels above go first: those that were made before a
 * failure serve the next attempt.
 */
static bool make_room(struct history *h, struct history_channel *c)
{
  uint64_t samples = c->level[0].count + CHUNK_SAMPLES;
  for (size_t l = LEVELS; l-- > 0;)
    if (samples >> level_shift(l) > c->level[l].end_chunk * chunk_items(l) && !add_chunk(h, c, l))
      return false;
  return true;
}

/* The buckets of level 1 are complete up to their count: makes those above that became complete with the last one. */
static void close_buckets(struct history_channel *c)
{
  for (size_t l = 1; l + 1 < LEVELS && c->level[l].count % BUCKET_FAN_OUT == 0; l++) {
    const struct level *below = &c->level[l];
    struct level *level = &c->level[l + 1];
    bucket_of_buckets(bucket_at(below, below->count - BUCKET_FAN_OUT), BUCKET_FAN_OUT, bucket_at(level, level->count));
    level->count++;
  }
}

/* The times of samples to append: each by itself, or (each is NULL) evenly spaced. */
struct times {
  const int64_t *each;
  int64_t first, step;
};

static void skip_times(struct times *times, size_t n)
{
  if (times->each)
    times->each += n;
  else
    times->first = even_time(times->first, times->step, n);
}

/* Whether n times, each by itself, are those of samples at, at + 1, ... of an even chunk. */
static bool go_on_evenly(const struct chunk *chunk, size_t at, const int64_t *time, size_t n)
{
  uint64_t difference = 0;
  for (size_t i = 0; i < n; i++)
    difference |= (uint64_t)even_time(chunk->first, chunk->step, at + i) ^ (uint64_t)time[i];
  return difference == 0;
}

/* Whether a chunk of `at` samples without times of their own stays so with n more; its first two settle the spacing. */
static bool take_evenly(struct chunk *chunk, size_t at, const struct times *times, size_t n)
{
  const int64_t *each = times->each;
  if (at == 0) {
    chunk->first = each ? each[0] : times->first;
    chunk->step = each ? 0 : times->step;
  }
  if (at == 1 || (at == 0 && each && n > 1)) {
    int64_t second = !each ? times->first : at == 1 ? each[0] : each[1];
    chunk->step = (int64_t)((uint64_t)second - (uint64_t)chunk->first);
  }
  if (each)
    return go_on_evenly(chunk, at, each, n);
  return even_time(chunk->first, chunk->step, at) == times->first && (times->step == chunk->step || n == 1);
}

/* Gives the chunk's samples [at, at + n) their times. False when there is no memory for them: nothing happened then. */
static bool store_times(struct history *h, struct chunk *chunk, size_t at, const struct times *times, size_t n)
{
  const struct chunk before = *chunk;
  if (!chunk->half[1]) {
    if (take_evenly(chunk, at, times, n))
      return true;
    *chunk = before;
    chunk->half[1] = claim_or_shrink(h);
    if (!chunk->half[1])
      return false;
    for (size_t i = 0; i < at; i++)
      chunk->half[1]->time[i] = even_time(before.first, before.step, i);
  }
  int64_t *time = chunk->half[1]->time + at;
  if (times->each)
    memcpy(time, times->each, n * sizeof *time);
  for (size_t i = 0; i < n && !times->each; i++)
    time[i] = even_time(times->first, times->step, i);
  return true;
}

static int64_t chunk_time(const struct chunk *chunk, size_t i)
{
  return chunk->half[1] ? chunk->half[1]->time[i] : even_time(chunk->first, chunk->step, i);
}

/* Values for n full buckets of samples, from where one begins; the buckets have one parent. */
static void store_full(struct history_channel *c, const struct chunk *chunk, const double *value, size_t n)
{
  struct bucket *bucket = bucket_at(&c->level[1], c->level[1].count);
  size_t at = c->level[0].count % CHUNK_SAMPLES;
  c->level[0].count += n * BUCKET_SAMPLES;
  c->level[1].count += n;
  for (; n > 0; n--) {
    bucket_take_full(chunk_time(chunk, at), chunk_time(chunk, at + BUCKET_SAMPLES - 1), value,
                     chunk->half[0]->value + at, bucket++);
    at += BUCKET_SAMPLES;
    value += BUCKET_SAMPLES;
  }
  close_buckets(c);
}

/* Values for n samples up to where a bucket is full at most, which closes it. */
static void store_some(struct history_channel *c, const struct chunk *chunk, const double *value, size_t n)
{
  const size_t at = c->level[0].count % CHUNK_SAMPLES;
  const size_t begin = at - at % BUCKET_SAMPLES;
  double *all = chunk->half[0]->value;
  memcpy(all + at, value, n * sizeof *value);
  c->level[0].count += n;
  if (at + n < begin + BUCKET_SAMPLES)
    return;
  bucket_of_samples(chunk_time(chunk, begin), chunk_time(chunk, at + n - 1), all + begin, BUCKET_SAMPLES,
                    bucket_at(&c->level[1], c->level[1].count));
  c->level[1].count++;
  close_buckets(c);
}

/* The values of n more samples, whose times the chunk has; makes the buckets that become complete. */
static void store_values(struct history_channel *c, const struct chunk *chunk, const double *value, size_t n)
{
  while (n > 0) {
    const size_t begun = c->level[0].count % BUCKET_SAMPLES;
    const size_t siblings = BUCKET_FAN_OUT - c->level[1].count % BUCKET_FAN_OUT;
    size_t part;
    if (begun > 0 || n < BUCKET_SAMPLES) {
      part = n < BUCKET_SAMPLES - begun ? n : BUCKET_SAMPLES - begun;
      store_some(c, chunk, value, part);
    } else {
      const size_t buckets = n / BUCKET_SAMPLES < siblings ? n / BUCKET_SAMPLES : siblings;
      part = buckets * BUCKET_SAMPLES;
      store_full(c, chunk, value, buckets);
    }
    value += part;
    n -= part;
  }
}

static bool append(struct history *h, size_t channel, struct times times, const double *value, size_t n)
{
  struct history_channel *c = &h->channel[channel];
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
    struct chunk *chunk = chunk_at(samples, samples->count / CHUNK_SAMPLES);
    size_t at = samples->count % CHUNK_SAMPLES;
    size_t part = n < CHUNK_SAMPLES - at ? n : CHUNK_SAMPLES - at;
    if (!store_times(h, chunk, at, &times, part))
      return false;
    store_values(c, chunk, value, part);
    skip_times(&times, part);
    value += part;
    n -= part;
  }
  return true;
}

bool history_append(struct history *h, size_t channel, const int64_t *time, const double *value, size_t n)
{
  return n == 0 || append(h, channel, (struct times){.each = time}, value, n);
}

bool history_append_even(struct history *h, size_t channel, int64_t first, int64_t step, const double *value, size_t n)
{
  return append(h, channel, (struct times){.first = first, .step = step}, value, n);
}

void history_set_initial(struct history *h, size_t channel, struct history_sample initial)
{
  h->channel[channel].has_initial = true;
  h->channel[channel].initial = initial;
  if (channel >= h->channels)
    h->channels = channel + 1;
}

bool history_initial(const struct history *h, size_t channel, struct history_sample *out)
{
  *out = h->channel[channel].initial;
  return h->channel[channel].has_initial;
}

void history_clear(struct history *h)
{
  for (size_t c = 0; c < h->channels; c++) {
    struct history_channel *channel = &h->channel[c];
    for (size_t l = 0; l < LEVELS; l++) {
      struct level *level = &channel->level[l];
      while (level_chunks(level) > 0)
        drop_oldest(h, level);
      level->first_chunk = level->end_chunk = level->count = 0;
    }
    channel->active = channel->has_initial = false;
  }
  h->channels = h->active = 0;
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
  return h->allocated_halves * HALF_BYTES;
}
