/*
 * CLOCK_MONOTONIC in nanoseconds, and waiting for a moment of it. Any thread. A deadline of INT64_MAX is never.
 *
 * Loops keep absolute deadlines (next += period), never sums of sleeps: a late wake-up then shifts one tick and no
 * other.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

enum { CLOCK_SECOND_NS = 1000000000, CLOCK_MS_NS = 1000000 };

int64_t clock_now_ns(void);

/* CLOCK_REALTIME in nanoseconds since 1970: what people call the time. */
int64_t clock_wall_ns(void);

/* Returns at or after deadline_ns; signals do not shorten it. */
void clock_wait_until_ns(int64_t deadline_ns);

/*
 * The timeout for poll and epoll_wait at now_ns: rounded up, or a wait that ends before the deadline would be followed
 * by others of 0 ms until it has come. 0 when the deadline has passed, -1 when there is none. A deadline further away
 * than INT_MAX ms gives INT_MAX; so the caller looks at the clock again after the wait, as it does after a signal.
 */
int clock_timeout_ms(int64_t deadline_ns, int64_t now_ns);

/* now_ns + ns, for ns from 0 on; never where that does not fit. */
int64_t clock_after_ns(int64_t now_ns, int64_t ns);

/* Milliseconds of a constant in nanoseconds, and a span of nanoseconds in milliseconds for people to read. */
int64_t clock_from_ms(int64_t ms);
double clock_to_ms(int64_t ns);

#endif
