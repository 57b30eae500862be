/*
 * A set of pids, each with a number beside it: a hash table that grows with what is in it. Single-threaded.
 *
 * A pid may be given to a new process once its bearer was waited for: who keeps one takes it out at that moment.
 */
#ifndef FORKER_PIDS_H
#define FORKER_PIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pids {
  struct pids_place *places; /* owned; a power of two of them, never more than half taken. NULL: none yet */
  size_t size, count;
};

/* A zeroed one is empty. */
void pids_destroy(struct pids *pids);

/* pid is above 0, number from 0 on; one that is there gets the new number. False when memory is short. */
bool pids_put(struct pids *pids, pid_t pid, int number);

/* The number beside pid; -1 when it is not in the set. */
int pids_get(const struct pids *pids, pid_t pid);

/* Nothing when it is not there. */
void pids_remove(struct pids *pids, pid_t pid);

#endif
