#include "forker/pids.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST_SIZE = 64 };

struct pids_place {
  pid_t pid; /* 0: free */
  int number;
};

/* Pids come one after the other, so their low bits are spread well enough (Knuth, volume 3, section 6.4). */
static size_t home(const struct pids *pids, pid_t pid)
{
  const uint32_t mixed = (uint32_t)pid * UINT32_C(2654435769);
  return mixed % pids->size;
}

/* The place of pid, or the free one where it would go. The table has one. */
static size_t find(const struct pids *pids, pid_t pid)
{
  size_t at = home(pids, pid);
  while (pids->places[at].pid != 0 && pids->places[at].pid != pid)
    at = (at + 1) % pids->size;
  return at;
}

static bool grow(struct pids *pids)
{
  const size_t size = pids->size ? 2 * pids->size : FIRST_SIZE;
  struct pids bigger = {.places = calloc(size, sizeof *bigger.places), .size = size, .count = pids->count};
  if (!bigger.places)
    return false;
  for (size_t i = 0; i < pids->size; i++)
    if (pids->places[i].pid != 0)
      bigger.places[find(&bigger, pids->places[i].pid)] = pids->places[i];
  free(pids->places);
  *pids = bigger;
  return true;
}

void pids_destroy(struct pids *pids)
{
  free(pids->places);
  *pids = (struct pids){0};
}

bool pids_put(struct pids *pids, pid_t pid, int number)
{
  if (2 * (pids->count + 1) > pids->size && !grow(pids))
    return false;
  struct pids_place *place = &pids->places[find(pids, pid)];
  pids->count += place->pid == 0;
  *place = (struct pids_place){.pid = pid, .number = number};
  return true;
}

int pids_get(const struct pids *pids, pid_t pid)
{
  if (pids->count == 0)
    return -1;
  const struct pids_place *place = &pids->places[find(pids, pid)];
  return place->pid == pid ? place->number : -1;
}

void pids_remove(struct pids *pids, pid_t pid)
{
  if (pids_get(pids, pid) < 0)
    return;
  size_t hole = find(pids, pid);
  pids->places[hole].pid = 0;
  pids->count--;
  /* A search stops at a free place: those behind the hole that passed it on their way move up (Knuth, 6.4R). */
  for (size_t at = (hole + 1) % pids->size; pids->places[at].pid != 0; at = (at + 1) % pids->size) {
    const size_t from_home = (at + pids->size - home(pids, pids->places[at].pid)) % pids->size;
    if (from_home >= (at + pids->size - hole) % pids->size) {
      pids->places[hole] = pids->places[at];
      pids->places[at].pid = 0;
      hole = at;
    }
  }
}
