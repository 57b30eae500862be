#include "common/clock.h"

#include <errno.h>
#include <time.h>

int64_t clock_now_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
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
