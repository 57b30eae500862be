/*
 * Where a trace crosses the middle between its least and largest value, up and down: from that its frequency and duty
 * cycle. Noise about the middle counts once: a crossing counts when the trace has gone on by half of the hysteresis. It
 * is the last one before that, on the way up and on the way down alike, so that what noise shifts falls out again.
 *
 * Whole periods over their time: from the first crossing to the last one in the same direction. A gap in which a crossing
 * may be hidden ends a run, and runs are added up: none is where the trace is on one side before and after, and was there
 * for longer than the gap lasts. Pure.
 */
#ifndef SCOPE_CROSSINGS_H
#define SCOPE_CROSSINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crossings {
  double middle, low, high; /* NaN: it never crosses anything */
  bool steps;               /* a value holds until the next sample: the crossing is at that */
  int64_t origin;           /* moments below count from here, in ticks */

  /* The trace so far in this run. */
  bool begun, gap; /* there was a sample; and a gap after it */
  double value;    /* of the sample before */
  int64_t time;
  int64_t since; /* when it came to the side that it is on */
  int side;      /* 1 above, -1 below, 0 nobody knows */
  long double up, down;

  /* The crossings so far in this run. */
  int kind; /* of the first one: 1 up, -1 down, 0 none yet */
  long double first, last, risen, above;
  uint64_t turns;

  /* All runs that are over. */
  uint64_t periods;
  long double ticks, high_ticks;
};

/* For values between min and max; a tenth of what lies between is the hysteresis. */
void crossings_init(struct crossings *c, double min, double max, bool steps, int64_t origin);

/* The next sample; times do not fall. NaN is a gap. */
void crossings_add(struct crossings *c, int64_t time, double value);

/* Whether samples would change nothing but the last one, which crossings_pass then tells: a quick way over many. */
bool crossings_stays(const struct crossings *c, const double *value, size_t n);
void crossings_pass(struct crossings *c, int64_t time, double value);

/* No more samples. periods: whole ones, 0 or more; ticks: all of them together; high_ticks: of these above the middle. */
void crossings_end(struct crossings *c);

#endif
