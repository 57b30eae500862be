/*
 * What it costs to take samples into the history and to get columns out of it. Prints figures, judges nothing.
 *
 *   bench_history [SAMPLES]     the largest history, 100000000 unless said otherwise
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/clock.h"
#include "scope/store/history.h"
#include "scope/view/column_cache.h"

enum {
  BLOCK = 256,
  COLUMNS = 1280,
  FRAMES = 2000,
};

static const size_t MEMORY = (size_t)256 << 20;
static const int64_t TICKS_PER_SAMPLE = 1000;

/* Appends samples [from, to) in blocks, as the main loop does. */
static void append(struct history *h, uint64_t from, uint64_t to)
{
  static int64_t time[BLOCK];
  static double value[BLOCK];
  for (size_t i = 0; i < BLOCK; i++)
    value[i] = sin((double)i * 0.1) * 5;
  while (from < to) {
    size_t n = to - from < BLOCK ? (size_t)(to - from) : BLOCK;
    for (size_t i = 0; i < n; i++)
      time[i] = (int64_t)(from + i) * TICKS_PER_SAMPLE;
    if (!history_append(h, 0, time, value, n)) {
      fputs("bench_history: out of memory\n", stderr);
      exit(1);
    }
    from += n;
  }
}

static void bench_append(uint64_t n, const char *what)
{
  for (int round = 0; round < 3; round++) {
    struct history *h = history_new(MEMORY);
    int64_t start = clock_now_ns();
    append(h, 0, n);
    double ns = (double)(clock_now_ns() - start);
    printf("append %-28s %8.2f ns a sample  (%" PRIu64 " samples, %zu KiB)\n", what, ns / (double)n, n,
           history_memory(h) >> 10);
    history_free(h);
  }
}

static void bench_columns(const struct history *h, uint64_t n, enum column_style style, const char *name)
{
  static struct column out[COLUMNS];
  int64_t span = (int64_t)n * TICKS_PER_SAMPLE;
  struct column_rule rule = {.time = {.width = span / COLUMNS, .columns = 1}, .edge = span, .style = style};
  if (rule.time.width == 0)
    rule.time.width = 1;
  int64_t best = INT64_MAX;
  for (int round = 0; round < 20; round++) {
    int64_t start = clock_now_ns();
    columns_compute(h, 0, &rule, 0, COLUMNS, out);
    int64_t ns = clock_now_ns() - start;
    best = ns < best ? ns : best;
  }
  printf("columns of %9" PRIu64 " samples, %-6s %8.1f ns a column, %8.3f ms for %d\n", n, name, (double)best / COLUMNS,
         (double)best / 1e6, COLUMNS);

  /* A window over the last tenth that scrolls by one column and a half a frame, all samples being there. */
  struct column_cache cache;
  column_cache_init(&cache);
  rule.time.width = span / 10 / COLUMNS + 1;
  int64_t start_edge = span - (int64_t)FRAMES * rule.time.width * 3 / 2;
  if (start_edge < span / 2)
    start_edge = span / 2;
  int64_t start = 0;
  for (int frame = -1; frame < FRAMES; frame++) {
    if (frame == 0)
      start = clock_now_ns();
    rule.edge = start_edge + (int64_t)(frame + 1) * rule.time.width * 3 / 2;
    int64_t last = time_axis_column(&rule.time, rule.edge) + 1;
    if (!column_cache_get(&cache, h, 0, &rule, last - COLUMNS, COLUMNS, out))
      exit(1);
  }
  printf("scrolled frame                         %8.2f us for %d columns\n",
         (double)(clock_now_ns() - start) / 1e3 / FRAMES, COLUMNS);
  column_cache_destroy(&cache);
}

int main(int argc, char **argv)
{
  uint64_t most = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000000;
  bench_append(10000000, "10M into 256 MiB, fresh");
  struct history *h = history_new(MEMORY);
  uint64_t n = 0;
  static const uint64_t sizes[] = {1000, 1000000, 100000000, 1000000000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes && sizes[i] <= most; i++) {
    int64_t start = clock_now_ns();
    append(h, n, sizes[i]);
    printf("append %9" PRIu64 " to %10" PRIu64 "      %8.2f ns a sample\n", n, sizes[i],
           (double)(clock_now_ns() - start) / (double)(sizes[i] - n));
    n = sizes[i];
    bench_columns(h, n, COLUMN_STEP, "step");
    bench_columns(h, n, COLUMN_LINE, "line");
    bench_columns(h, n, COLUMN_POINTS, "points");
  }
  printf("memory after %" PRIu64 " samples: %zu MiB\n", n, history_memory(h) >> 20);
  history_free(h);
  return 0;
}
