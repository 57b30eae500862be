/*
 * What has become of all ticks and runs so far, as text for people and as JSON. Main thread; no descriptors.
 */
#ifndef FORKER_SUMMARY_H
#define FORKER_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "common/percentiles.h"
#include "forker/run.h"

enum summary_figure { SUMMARY_WALL, SUMMARY_USER, SUMMARY_SYS, SUMMARY_MAXRSS, SUMMARY_SPAWN };
enum {
  SUMMARY_FIGURES = SUMMARY_SPAWN + 1,
  SUMMARY_TEXT = 2048,
  SUMMARY_LATEST = 64, /* runs are collected: each figure has memory of its own, and a fork makes a page of each dear */
};

struct summary {
  uint64_t ticks, missed, skipped, succeeded, failed, timed_out, reaped, adopted, lost;
  double late_sum_ms, late_max_ms;
  struct percentiles figures[SUMMARY_FIGURES]; /* of the runs that were executed, but for the latest; in ms and MiB */
  double latest[SUMMARY_LATEST][SUMMARY_FIGURES]; /* one run a row; NAN: it has no such figure */
  size_t latest_count;
};

void summary_init(struct summary *summary);
void summary_destroy(struct summary *summary);

/* Takes in the figures of a run that was reaped; the counts are the owner's to keep. */
void summary_add(struct summary *summary, const struct run *run);

/* Lines that begin with "forker: "; two, and a third when there are figures. The length. */
size_t summary_as_text(struct summary *summary, char text[SUMMARY_TEXT]);

/* The members of a JSON object, without its braces and on one line. The length. */
size_t summary_as_json(struct summary *summary, char text[SUMMARY_TEXT]);

#endif
