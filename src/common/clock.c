#include "common/clock.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

int64_t clock_now_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * CLOCK_SECOND_NS + now.tv_nsec;
}

int64_t clock_wall_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * CLOCK_SECOND_NS + now.tv_nsec;
}

void clock_wait_until_ns(int64_t deadline_ns)
{
  if (deadline_ns <= 0)
    return;
  const struct timespec deadline = {
      .tv_sec = (time_t)(deadline_ns / CLOCK_SECOND_NS),
      .tv_nsec = (long)(deadline_ns % CLOCK_SECOND_NS),
  };
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL) == EINTR) {
  }
}

int clock_timeout_ms(int64_t deadline_ns, int64_t now_ns)
{
  if (deadline_ns == INT64_MAX)
    return -1;
  if (deadline_ns <= now_ns)
    return 0;
  const uint64_t left_ns = (uint64_t)deadline_ns - (uint64_t)now_ns; /* fits, whatever the signs */
  const uint64_t left_ms = left_ns / CLOCK_MS_NS + (left_ns % CLOCK_MS_NS != 0);
  return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

int64_t clock_after_ns(int64_t now_ns, int64_t ns)
{
  return ns > INT64_MAX - now_ns ? INT64_MAX : now_ns + ns;
}

int64_t clock_from_ms(int64_t ms)
{
  return ms * CLOCK_MS_NS;
}

double clock_to_ms(int64_t ns)
{
  return (double)ns / CLOCK_MS_NS;
}
