#include "forker/summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/clock.h"

/* So many runs are kept one by one, 128 KiB a figure at most: a large parent would make its forks dear. */
enum { EXACT_MAX = 16384 };

static const struct {
  const char *name, *unit;
} figures[SUMMARY_FIGURES] = {
    [SUMMARY_WALL] = {"wall", "ms"},      [SUMMARY_USER] = {"user", "ms"},   [SUMMARY_SYS] = {"sys", "ms"},
    [SUMMARY_MAXRSS] = {"maxrss", "MiB"}, [SUMMARY_SPAWN] = {"spawn", "ms"},
};

void summary_init(struct summary *summary)
{
  *summary = (struct summary){.ticks = 0};
  for (int i = 0; i < SUMMARY_FIGURES; i++)
    percentiles_init(&summary->figures[i], EXACT_MAX);
}

void summary_destroy(struct summary *summary)
{
  for (int i = 0; i < SUMMARY_FIGURES; i++)
    percentiles_destroy(&summary->figures[i]);
}

/* What was collected goes to where it is counted. */
static void count_latest(struct summary *summary)
{
  for (int figure = 0; figure < SUMMARY_FIGURES; figure++)
    for (size_t i = 0; i < summary->latest_count; i++)
      if (!isnan(summary->latest[i][figure]))
        percentiles_add(&summary->figures[figure], summary->latest[i][figure]);
  summary->latest_count = 0;
}

void summary_add(struct summary *summary, const struct run *run)
{
  if (run->exec_error)
    return;
  if (summary->latest_count == SUMMARY_LATEST)
    count_latest(summary);
  const struct run_cost cost = run_cost(run);
  double *row = summary->latest[summary->latest_count++];
  row[SUMMARY_WALL] = cost.wall_ms;
  row[SUMMARY_USER] = cost.user_ms;
  row[SUMMARY_SYS] = cost.sys_ms;
  row[SUMMARY_MAXRSS] = cost.maxrss_mib;
  row[SUMMARY_SPAWN] = run->exec_ns > 0 ? clock_to_ms(run->exec_ns - run->start_ns) : (double)NAN;
}

/* Adds to a text what fits into it. */
__attribute__((format(printf, 3, 4))) static void add(char text[SUMMARY_TEXT], size_t *length, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int made = vsnprintf(text + *length, SUMMARY_TEXT - *length, format, arguments);
  va_end(arguments);
  if (made > 0 && (size_t)made < SUMMARY_TEXT - *length)
    *length += (size_t)made;
  text[*length] = '\0';
}

static double late_mean_ms(const struct summary *summary)
{
  return summary->ticks > 0 ? summary->late_sum_ms / (double)summary->ticks : 0;
}

size_t summary_as_text(struct summary *s, char text[SUMMARY_TEXT])
{
  size_t length = 0;
  count_latest(s);
  add(text, &length, "forker: ticks: %" PRIu64 ", missed: %" PRIu64 ", late by %.3f ms on average, %.3f ms at most\n",
      s->ticks, s->missed, late_mean_ms(s), s->late_max_ms);
  add(text, &length,
      "forker: runs: %" PRIu64 " succeeded, %" PRIu64 " failed (%" PRIu64 " timed out), %" PRIu64
      " skipped; reaped: children %" PRIu64 ", orphans %" PRIu64 "\n",
      s->succeeded, s->failed, s->timed_out, s->skipped, s->reaped, s->adopted);
  const char *before = "forker: median, p95, p99:";
  for (int i = 0; i < SUMMARY_FIGURES; i++) {
    struct percentiles *values = &s->figures[i];
    if (values->count == 0)
      continue;
    add(text, &length, "%s %s %.3f %.3f %.3f %s", before, figures[i].name, percentiles_at(values, 50),
        percentiles_at(values, 95), percentiles_at(values, 99), figures[i].unit);
    before = ",";
  }
  if (before[0] == ',')
    add(text, &length, "\n");
  return length;
}

size_t summary_as_json(struct summary *s, char text[SUMMARY_TEXT])
{
  size_t length = 0;
  count_latest(s);
  add(text, &length,
      "\"ticks\":%" PRIu64 ",\"missed\":%" PRIu64 ",\"late_mean_ms\":%.3f,\"late_max_ms\":%.3f,\"succeeded\":%" PRIu64
      ",\"failed\":%" PRIu64 ",\"timed_out\":%" PRIu64 ",\"skipped\":%" PRIu64 ",\"reaped\":%" PRIu64
      ",\"orphans\":%" PRIu64,
      s->ticks, s->missed, late_mean_ms(s), s->late_max_ms, s->succeeded, s->failed, s->timed_out, s->skipped,
      s->reaped, s->adopted);
  for (int i = 0; i < SUMMARY_FIGURES; i++) {
    struct percentiles *values = &s->figures[i];
    add(text, &length, ",\"%s_%s\":", figures[i].name, i == SUMMARY_MAXRSS ? "mib" : "ms");
    if (values->count == 0)
      add(text, &length, "null");
    else
      add(text, &length, "{\"median\":%.3f,\"p95\":%.3f,\"p99\":%.3f}", percentiles_at(values, 50),
          percentiles_at(values, 95), percentiles_at(values, 99));
  }
  return length;
}
