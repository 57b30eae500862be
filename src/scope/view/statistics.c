#include "scope/view/statistics.h"

#include <math.h>

struct statistics statistics_between(const struct history *h, size_t channel, enum column_style style, int64_t from,
                                     int64_t to)
{
  struct history_summary sum;
  struct history_sample held;
  history_range(h, channel, from, to, &sum);
  struct statistics s = {.last = sum.items ? sum.last : (double)NAN, .min = sum.min, .max = sum.max, .mean = sum.mean};
  bool holds = history_before(h, channel, from, &held);
  /* The value that a channel has before its first sample is drawn from its own time on. */
  if (!holds && history_first(h, channel, &held))
    holds = held.time < to;
  if (style == COLUMN_STEP && holds) {
    s.min = fmin(s.min, held.value);
    s.max = fmax(s.max, held.value);
    s.last = sum.items ? s.last : held.value;
  }
  return s;
}
