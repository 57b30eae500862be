/*
 * Percentiles of values as they come, by nearest rank: of n values the p-th is the one at place ceil(p / 100 * n).
 *
 * Exact as long as there are few; from then on from a histogram with logarithmic bins, within 1 part in 1000 of the
 * exact one, for values of any size and sign: each power of two that comes takes 4 KiB, 17 MiB are all there are. So memory
 * is bounded however many come, and a process that forks stays small. Not for several threads at once.
 */
#ifndef COMMON_PERCENTILES_H
#define COMMON_PERCENTILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct percentiles {
  size_t exact_max;   /* so many values are kept as they are */
  uint64_t count;     /* all that were added */
  double *values;     /* owned; NULL: none yet, or counted in the histogram */
  size_t size;        /* room in values */
  uint64_t **bins;    /* owned; NULL: all are in values. A page for each power of two and sign; NULL: none of it came */
  uint64_t zeros;     /* beside the bins */
  double least, most; /* of all */
};

/* Nothing is allocated before the first value. */
void percentiles_init(struct percentiles *percentiles, size_t exact_max);
void percentiles_destroy(struct percentiles *percentiles);

/* As after init, keeping the memory. */
void percentiles_clear(struct percentiles *percentiles);

/* A finite value. False when memory is short: then it is not counted. */
bool percentiles_add(struct percentiles *percentiles, double value);

/* The value below or at which percent (above 0, up to 100) of them lie; NAN when there is none. Puts the values into another order. */
double percentiles_at(struct percentiles *percentiles, double percent);

#endif
