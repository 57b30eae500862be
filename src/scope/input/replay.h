/* --replay SPEED: when a row of a file with times is due, at a multiple of its pace. Pure; moments are arguments. */
#ifndef SCOPE_REPLAY_H
#define SCOPE_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

struct replay {
  double speed; /* > 0; 0: all rows are due at once */
  bool begun;
  int64_t first;    /* the time of the first row ... */
  int64_t start_ns; /* ... and the moment of the monotonic clock at which it was played */
};

/* The moment at which a row of that time is due. The first one is due now. */
int64_t replay_due_ns(struct replay *replay, int64_t time, int64_t now_ns);

/* The time that has been reached: rows that are not due yet are not before it. */
int64_t replay_time(const struct replay *replay, int64_t now_ns);

#endif
