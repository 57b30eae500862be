#include "forker/schedule.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"

static struct timespec to_timespec(int64_t ns)
{
  return (struct timespec){.tv_sec = ns / CLOCK_SECOND_NS, .tv_nsec = ns % CLOCK_SECOND_NS};
}

/* The moment of the monotonic clock at which the wall clock shows the next whole multiple. */
static int64_t next_multiple_ns(int64_t now_ns, int64_t interval_ns)
{
  struct timespec wall;
  clock_gettime(CLOCK_REALTIME, &wall);
  const int64_t wall_ns = (int64_t)wall.tv_sec * CLOCK_SECOND_NS + wall.tv_nsec;
  const int64_t over_ns = wall_ns % interval_ns;
  return over_ns > 0 ? clock_after_ns(now_ns, interval_ns - over_ns) : now_ns;
}

int schedule_start(struct schedule *schedule, int64_t interval_ns, bool aligned)
{
  *schedule = (struct schedule){.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
                                .start_ns = clock_now_ns(),
                                .interval_ns = interval_ns};
  if (schedule->fd < 0)
    return errno;
  if (aligned)
    schedule->start_ns = next_multiple_ns(schedule->start_ns, interval_ns);
  const struct itimerspec grid = {.it_value = to_timespec(schedule->start_ns), .it_interval = to_timespec(interval_ns)};
  if (timerfd_settime(schedule->fd, TFD_TIMER_ABSTIME, &grid, NULL) == 0)
    return 0;
  const int error = errno;
  schedule_stop(schedule);
  return error;
}

void schedule_stop(struct schedule *schedule)
{
  if (schedule->fd >= 0)
    close(schedule->fd);
  schedule->fd = -1;
}

int64_t schedule_read(struct schedule *schedule, int64_t *missed)
{
  uint64_t due;
  *missed = 0;
  if (read(schedule->fd, &due, sizeof due) != (ssize_t)sizeof due || due == 0)
    return 0;
  *missed = (int64_t)due - 1;
  schedule->number += (int64_t)due;
  return schedule->number;
}

int64_t schedule_due_ns(const struct schedule *schedule, int64_t number)
{
  return schedule->start_ns + (number - 1) * schedule->interval_ns;
}
