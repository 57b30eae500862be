/*
 * The grid of ticks: tick n is due at start + (n - 1) * interval of CLOCK_MONOTONIC, for ever, whatever happens
 * between. A wake-up that comes late shifts no other; one that comes after the next tick is due finds that tick, and
 * those before it are missed: they are never made up for in a burst.
 *
 * A timerfd keeps it, as the kernel does the arithmetic of absolute times without slack. Main thread.
 */
#ifndef FORKER_SCHEDULE_H
#define FORKER_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct schedule {
  int fd; /* readable when a tick is due */
  int64_t start_ns, interval_ns;
  int64_t number; /* of the last tick read; 0 before the first */
};

/*
 * The first tick is due at once or, aligned, at the next whole multiple of the interval since 1970 by the wall clock (in
 * UTC; the grid does not follow when that clock is set). 0, or an errno value.
 */
int schedule_start(struct schedule *schedule, int64_t interval_ns, bool aligned);
void schedule_stop(struct schedule *schedule);

/*
 * The number of the tick that is due, and *missed, how many there were between it and the one read before. 0 when none
 * is due.
 */
int64_t schedule_read(struct schedule *schedule, int64_t *missed);

/* When a tick is due. */
int64_t schedule_due_ns(const struct schedule *schedule, int64_t number);

#endif
