/*
 * What the machine itself allows: wakes on absolute deadlines and prints the gaps between wakings in ms.
 *
 *   bare_sleep HZ SECONDS
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t now_ns(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
  int64_t x = *(const int64_t *)a;
  int64_t y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
  double hz = argc == 3 ? strtod(argv[1], NULL) : 0;
  size_t n = argc == 3 ? (size_t)(strtod(argv[2], NULL) * hz) : 0;
  int64_t *gap = n ? malloc(n * sizeof *gap) : NULL;
  if (!gap) {
    fputs("usage: bare_sleep HZ SECONDS\n", stderr);
    return 2;
  }
  int64_t period = (int64_t)(1e9 / hz);
  int64_t deadline = now_ns();
  int64_t last = deadline;
  for (size_t i = 0; i < n; i++) {
    deadline += period;
    struct timespec t = {.tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
      continue;
    int64_t now = now_ns();
    gap[i] = now - last;
    last = now;
  }
  qsort(gap, n, sizeof *gap, ascending);
  size_t middle = n / 2;
  size_t late = n * 99 / 100;
  printf("gap_ms median %.3f p99 %.3f max %.3f\n", (double)gap[middle] * 1e-6, (double)gap[late] * 1e-6,
         (double)gap[n - 1] * 1e-6);
  free(gap);
  return 0;
}
