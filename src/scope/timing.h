/*
 * What --timing prints: how frames and input went. Gaps are kept as a histogram, so that an hour costs as much memory
 * as a second. Main thread.
 */
#ifndef SCOPE_TIMING_H
#define SCOPE_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/stream/stream.h"

enum { TIMING_BINS = 20000, TIMING_BIN_NS = 10000 }; /* up to 200 ms in steps of 10 µs */

struct timing {
  uint64_t drawn, unchanged, late;
  bool triggered;        /* there is a trigger: */
  uint64_t sweeps;       /* that it counted */
  int64_t last_frame_ns; /* 0: no frame yet, or the loop rested meanwhile */
  int64_t longest_ns;
  uint64_t gaps;
  uint32_t bin[TIMING_BINS];
};

/* A frame was presented, or found unchanged, at this moment. */
void timing_frame(struct timing *t, int64_t now_ns, int changed);

/* The loop rests (paused, hidden): the next gap does not count. */
void timing_rest(struct timing *t);

/* Gap in ms below which `share` (0..1) of the gaps lie; 0 without gaps. */
double timing_quantile_ms(const struct timing *t, double share);

/* Prints to standard error. took_ns: from the start to the last sample. */
void timing_print(const struct timing *t, const struct stream_counts *counts, int64_t took_ns);

#endif
