#include "timed/sources.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

bool sources_init(struct sources *sources, size_t most)
{
  size_t places = 16;
  while (places < 2 * most)
    places *= 2;
  *sources = (struct sources){.mask = places - 1, .table = calloc(places, sizeof *sources->table)};
  if (getrandom(&sources->secret, sizeof sources->secret, GRND_NONBLOCK) != (ssize_t)sizeof sources->secret) {
    struct timespec now; /* before the kernel has gathered randomness */
    clock_gettime(CLOCK_MONOTONIC, &now);
    sources->secret = (uint64_t)now.tv_nsec << 32 | (uint64_t)now.tv_sec;
  }
  return sources->table != NULL;
}

void sources_destroy(struct sources *sources)
{
  free(sources->table);
  *sources = (struct sources){0};
}

/* The finalizer of splitmix64 (Steele, Lea, Flood 2014): it spreads each bit of its argument over all of the result. */
static size_t home(const struct sources *sources, uint64_t key)
{
  uint64_t mixed = key ^ sources->secret;
  mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
  return (size_t)(mixed ^ mixed >> 31) & sources->mask;
}

/* The place of key, or the free one where it would go. */
static size_t find(const struct sources *sources, uint64_t key)
{
  size_t place = home(sources, key);
  while (sources->table[place].count > 0 && sources->table[place].key != key)
    place = (place + 1) & sources->mask;
  return place;
}

uint32_t sources_count(const struct sources *sources, uint64_t key)
{
  return sources->table[find(sources, key)].count;
}

void sources_add(struct sources *sources, uint64_t key)
{
  struct source *source = &sources->table[find(sources, key)];
  source->key = key;
  source->count++;
}

void sources_remove(struct sources *sources, uint64_t key)
{
  size_t hole = find(sources, key);
  if (sources->table[hole].count == 0 || --sources->table[hole].count > 0)
    return;
  /*
   * A search stops at a free place, so those behind the hole that passed it on their way move up (Knuth, volume 3,
   * algorithm 6.4R).
   */
  for (size_t next = (hole + 1) & sources->mask; sources->table[next].count > 0; next = (next + 1) & sources->mask) {
    const size_t distance = (next - home(sources, sources->table[next].key)) & sources->mask;
    if (distance >= ((next - hole) & sources->mask)) {
      sources->table[hole] = sources->table[next];
      sources->table[next].count = 0;
      hole = next;
    }
  }
}
