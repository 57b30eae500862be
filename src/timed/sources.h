/*
 * How many connections each source has open: a hash table of fixed size with linear probing. Main thread.
 *
 * Keys come from strangers, so the hash has a secret: nobody can choose addresses that all meet in one place.
 */
#ifndef TIMED_SOURCES_H
#define TIMED_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
  uint64_t key;
  uint32_t count; /* 0: the place is free */
};

struct sources {
  struct source *table; /* mask + 1 places, never more than half of them taken */
  size_t mask;
  uint64_t secret;
};

/* Room for most sources at once. False when memory is short. */
bool sources_init(struct sources *sources, size_t most);
void sources_destroy(struct sources *sources);

uint32_t sources_count(const struct sources *sources, uint64_t key);
void sources_add(struct sources *sources, uint64_t key);

/* Takes back one sources_add of the same key. */
void sources_remove(struct sources *sources, uint64_t key);

#endif
