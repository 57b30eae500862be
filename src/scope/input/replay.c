#include "scope/input/replay.h"

int64_t replay_due_ns(struct replay *replay, int64_t time, int64_t now_ns)
{
  if (replay->speed <= 0)
    return now_ns;
  if (!replay->begun) {
    replay->begun = true;
    replay->first = time;
    replay->start_ns = now_ns;
  }
  const double after_ns = (double)(time - replay->first) / replay->speed;
  return after_ns < 0x1p62 ? replay->start_ns + (int64_t)after_ns : INT64_MAX;
}

int64_t replay_time(const struct replay *replay, int64_t now_ns)
{
  return replay->first + (int64_t)((double)(now_ns - replay->start_ns) * replay->speed);
}
