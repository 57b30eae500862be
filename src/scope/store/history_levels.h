/*
 * How the history lies in memory: shared by what appends (history.c) and what looks up (history_query.c), and by nobody
 * else. The idea is in history.h.
 */
#ifndef SCOPE_HISTORY_LEVELS_H
#define SCOPE_HISTORY_LEVELS_H

#include "scope/store/bucket.h"
#include "scope/store/sample.h"
#include "scope/stream/limits.h"

enum {
  LEVELS = 15, /* 16^15 = 2^60 samples */
  CHUNK_BYTES = 16384,
  CHUNK_SAMPLES = CHUNK_BYTES / 16, /* level 0 */
  CHUNK_BUCKETS = 224,              /* other levels: whole families of BUCKET_FAN_OUT */
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
_Static_assert(sizeof(union chunk) == CHUNK_BYTES, "buckets take no more room than samples");
_Static_assert(CHUNK_BUCKETS % BUCKET_FAN_OUT == 0, "the parts of a bucket lie side by side");

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

struct history_channel {
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
  struct history_channel channel[CHANNELS_MAX];
};

static inline uint64_t chunk_items(size_t l)
{
  return l == 0 ? CHUNK_SAMPLES : CHUNK_BUCKETS;
}

static inline const union chunk *chunk_at(const struct level *level, uint64_t number)
{
  return level->chunk[number & (level->capacity - 1)];
}

static inline int64_t sample_time(const struct level *level, uint64_t i)
{
  return chunk_at(level, i / CHUNK_SAMPLES)->samples.time[i % CHUNK_SAMPLES];
}

static inline double sample_value(const struct level *level, uint64_t i)
{
  return chunk_at(level, i / CHUNK_SAMPLES)->samples.value[i % CHUNK_SAMPLES];
}

static inline const struct bucket *bucket_at(const struct level *level, uint64_t i)
{
  return &chunk_at(level, i / CHUNK_BUCKETS)->bucket[i % CHUNK_BUCKETS];
}

/* First item that level l still keeps. */
static inline uint64_t level_begin(const struct level *level, size_t l)
{
  return level->first_chunk * chunk_items(l);
}

/* log2 of the number of samples under an item of level l. */
static inline unsigned level_shift(size_t l)
{
  return 4U * (unsigned)l;
}

#endif
