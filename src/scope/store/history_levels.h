/*
 * How the history lies in memory: shared by what appends (history.c) and what looks up (history_query.c), and by nobody
 * else. The idea is in history.h.
 */
#ifndef SCOPE_HISTORY_LEVELS_H
#define SCOPE_HISTORY_LEVELS_H

#include <stdbool.h>

#include "scope/store/bucket.h"
#include "scope/store/sample.h"
#include "scope/stream/limits.h"

enum {
  LEVELS = 15, /* the last has buckets of 2^57 samples */
  CHUNK_BYTES = 16384,
  CHUNK_SAMPLES = CHUNK_BYTES / 16, /* level 0 */
  CHUNK_BUCKETS = 192,              /* other levels: whole families of BUCKET_FAN_OUT */
  HALF_BYTES = CHUNK_BYTES / 2,
  HALF_BUCKETS = CHUNK_BUCKETS / 2, /* a multiple of BUCKET_FAN_OUT: no bucket's parts are torn apart */
};

/* Half a chunk, what memory is handed out by: values, times, or buckets. */
union half {
  double value[CHUNK_SAMPLES];
  int64_t time[CHUNK_SAMPLES];
  struct bucket bucket[HALF_BUCKETS];
  union half *next_free;
};
_Static_assert(sizeof(union half) == HALF_BYTES, "a half is filled to the last byte");

/*
 * Where a chunk's items are. At level 0 the values stand in half 0 and the times in half 1; but where the times are evenly
 * spaced (0 apart too, as those of one read are) there is no half 1: sample i of the chunk is at first + i * step. That is
 * half of the memory to touch, which is what the appending of a fast signal costs. At other levels there are always both.
 */
struct chunk {
  union half *half[2];
  int64_t first, step;
};
_Static_assert(HALF_BUCKETS % BUCKET_FAN_OUT == 0, "the parts of a bucket lie side by side");

/* Memory comes from the system in slabs: small ones first, so that a few samples take little. */
struct slab {
  struct slab *next;
  union half *half;
};

/* A queue of chunks: chunk number c is at chunk[c & (capacity - 1)]. */
struct level {
  struct chunk *chunk;
  size_t capacity;      /* power of two, or 0 */
  uint64_t first_chunk; /* oldest chunk kept */
  uint64_t end_chunk;   /* one past the newest */
  uint64_t count;       /* items ever: samples, or complete buckets */
};

struct history_channel {
  struct level level[LEVELS];
  bool active; /* counted in history.active */
  bool has_initial;
  struct history_sample initial;
};

struct history {
  size_t budget_chunks;
  size_t allocated_halves;
  union half *free_halves;
  union half *fresh; /* the newest slab's halves that were never used */
  size_t fresh_halves;
  struct slab *slabs;
  size_t channels; /* highest channel in use + 1 */
  size_t active;   /* channels that have samples: these share the memory */
  struct history_channel channel[CHANNELS_MAX];
};

static inline uint64_t chunk_items(size_t l)
{
  return l == 0 ? CHUNK_SAMPLES : CHUNK_BUCKETS;
}

static inline struct chunk *chunk_at(const struct level *level, uint64_t number)
{
  return &level->chunk[number & (level->capacity - 1)];
}

/* Of how many items of the level below an item consists. */
static inline uint64_t level_parts(size_t l)
{
  return l == 1 ? BUCKET_SAMPLES : BUCKET_FAN_OUT;
}

/* Unsigned, as a step may be as large as any difference of times. */
static inline int64_t even_time(int64_t first, int64_t step, uint64_t i)
{
  return (int64_t)((uint64_t)first + i * (uint64_t)step);
}

static inline int64_t sample_time(const struct level *level, uint64_t i)
{
  const struct chunk *chunk = chunk_at(level, i / CHUNK_SAMPLES);
  i %= CHUNK_SAMPLES;
  return chunk->half[1] ? chunk->half[1]->time[i] : even_time(chunk->first, chunk->step, i);
}

/* The value of sample i; those of the chunk's later samples stand behind it. */
static inline const double *sample_value(const struct level *level, uint64_t i)
{
  return &chunk_at(level, i / CHUNK_SAMPLES)->half[0]->value[i % CHUNK_SAMPLES];
}

static inline struct bucket *bucket_at(const struct level *level, uint64_t i)
{
  return &chunk_at(level, i / CHUNK_BUCKETS)->half[i / HALF_BUCKETS % 2]->bucket[i % HALF_BUCKETS];
}

/* First item that level l still keeps. */
static inline uint64_t level_begin(const struct level *level, size_t l)
{
  return level->first_chunk * chunk_items(l);
}

/* log2 of the number of samples under an item of level l. */
static inline unsigned level_shift(size_t l)
{
  return l == 0 ? 0 : 4U * (unsigned)l + 1;
}

#endif
