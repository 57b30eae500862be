#include "scope/store/history.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "scope/store/history_levels.h"

enum {
  ASIDE_CHUNKS = 12, /* of a channel's share, for six upper levels */
  CHUNKS_MIN = 2,    /* a level keeps at least that many, whatever its share */
  SLAB_CHUNKS_SMALL = 4,
  SLAB_CHUNKS = 128, /* 2 MiB: a huge page, which spares most of the page faults of a fast signal */
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
    free(h->slabs->chunk);
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

static union chunk *claim_chunk(struct history *h)
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

/* A chunk for the items to come at level l, whose oldest one goes when its share is used up. */
static bool add_chunk(struct history *h, struct history_channel *c, size_t l)
{
  struct level *level = &c->level[l];
  if (level_chunks(level) >= level_share(h, l) || (level_chunks(level) == level->capacity && !grow_queue(level))) {
    if (level_chunks(level) < CHUNKS_MIN)
      return false;
    give_up_oldest(h, c, l);
  }
  union chunk *chunk = claim_chunk(h);
  if (!chunk) {
    /* The machine has no more: what there is becomes the budget, and all share in that. */
    h->budget_chunks = h->allocated_chunks;
    shrink_to_shares(h);
    chunk = claim_chunk(h);
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
static bool make_room(struct history *h, struct history_channel *c)
{
  uint64_t samples = c->level[0].count + CHUNK_SAMPLES;
  for (size_t l = LEVELS; l-- > 0;)
    if (samples >> level_shift(l) > c->level[l].end_chunk * chunk_items(l) && !add_chunk(h, c, l))
      return false;
  return true;
}

/* The samples are complete up to their count: makes the buckets that became complete with the last one. */
static void close_buckets(struct history_channel *c)
{
  for (size_t l = 0; l + 1 < LEVELS && c->level[l].count % BUCKET_FAN_OUT == 0; l++) {
    const struct level *below = &c->level[l];
    struct level *level = &c->level[l + 1];
    uint64_t from = below->count - BUCKET_FAN_OUT;
    union chunk *chunk = level->chunk[(level->count / CHUNK_BUCKETS) & (level->capacity - 1)];
    struct bucket *bucket = &chunk->bucket[level->count % CHUNK_BUCKETS];
    if (l == 0) {
      const struct sample_chunk *samples = &chunk_at(below, from / CHUNK_SAMPLES)->samples;
      bucket_of_samples(samples->time + from % CHUNK_SAMPLES, samples->value + from % CHUNK_SAMPLES, BUCKET_FAN_OUT,
                        bucket);
    } else {
      bucket_of_buckets(bucket_at(below, from), BUCKET_FAN_OUT, bucket);
    }
    level->count++;
  }
}

bool history_append(struct history *h, size_t channel, const int64_t *time, const double *value, size_t n)
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
      size_t step = BUCKET_FAN_OUT - samples->count % BUCKET_FAN_OUT;
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

bool history_initial(const struct history *h, size_t channel, struct history_sample *out)
{
  *out = h->channel[channel].initial;
  return h->channel[channel].has_initial;
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
