/*
 * CLOCK_MONOTONIC in nanoseconds, and waiting for a moment of it. Any thread.
 *
 * Loops keep absolute deadlines (next += period), never sums of sleeps: a late wake-up then shifts one tick and no
 * other.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

enum { CLOCK_SECOND_NS = 1000000000, CLOCK_MS_NS = 1000000 };

int64_t clock_now_ns(void);

/* Returns at or after deadline_ns; signals do not shorten it. */
void clock_wait_until_ns(int64_t deadline_ns);

#endif
