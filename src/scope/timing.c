#include "scope/timing.h"

#include <stdio.h>

#include "common/message.h"

void timing_frame(struct timing *t, int64_t now_ns, int changed)
{
  if (changed)
    t->drawn++;
  else
    t->unchanged++;
  if (t->last_frame_ns) {
    int64_t gap = now_ns - t->last_frame_ns;
    int64_t bin = gap / TIMING_BIN_NS;
    t->bin[bin < TIMING_BINS ? bin : TIMING_BINS - 1]++;
    t->gaps++;
    t->longest_ns = gap > t->longest_ns ? gap : t->longest_ns;
  }
  t->last_frame_ns = now_ns;
}

void timing_rest(struct timing *t)
{
  t->last_frame_ns = 0;
}

double timing_quantile_ms(const struct timing *t, double share)
{
  uint64_t below = 0;
  for (int i = 0; i < TIMING_BINS && t->gaps; i++) {
    below += t->bin[i];
    if ((double)below >= share * (double)t->gaps)
      return (i + 1) * (TIMING_BIN_NS / 1e6);
  }
  return 0;
}

void timing_print(const struct timing *t, const struct stream_counts *counts, int64_t took_ns)
{
  double seconds = (double)took_ns * 1e-9;
  message("timing: frames: %llu drawn, %llu unchanged, %llu late; gap: %.2f ms median, %.2f ms p99, %.2f ms max",
          (unsigned long long)t->drawn, (unsigned long long)t->unchanged, (unsigned long long)t->late,
          timing_quantile_ms(t, 0.5), timing_quantile_ms(t, 0.99), (double)t->longest_ns * 1e-6);
  char fast[64] = "";
  if (counts->numbers)
    snprintf(fast, sizeof fast, "; %.2f %% of %llu numbers by the fast path",
             100 * (double)counts->fast / (double)counts->numbers, (unsigned long long)counts->numbers);
  message("timing: input: %llu samples in %.3f s, %.0f a second%s", (unsigned long long)counts->samples, seconds,
          seconds > 0 ? (double)counts->samples / seconds : 0, fast);
  if (t->triggered)
    message("timing: trigger: %llu sweeps", (unsigned long long)t->sweeps);
}
