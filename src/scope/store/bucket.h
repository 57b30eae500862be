/*
 * A bucket stands for a run of samples: their times, extremes, ends, and of the finite ones count, mean and M2, the sum
 * of their squared deviations from the mean. Pure.
 *
 * M2 is merged after Chan, Golub and LeVeque ("Algorithms for computing the sample variance", 1983): a plain sum of
 * squares has no digit left for the deviations of 1e9 +- 0.002. It is infinite where squares are beyond a double.
 *
 * Nor would the mean alone do: the double nearest to it may be 6e-8 beside the mean of such values, and M2 would have
 * nine good digits. So what the rounding cut off is kept, too, and M2 is about the mean itself.
 */
#ifndef SCOPE_BUCKET_H
#define SCOPE_BUCKET_H

#include <stddef.h>
#include <stdint.h>

enum {
  BUCKET_SAMPLES = 32, /* samples of a full bucket */
  BUCKET_FAN_OUT = 16, /* full buckets that make one */
};

struct bucket {
  int64_t first_time, last_time;
  double min, max, mean; /* NaN when count is 0 */
  double mean_rest;      /* the mean is mean + mean_rest, which is much less than the last digit of mean; may be 0 */
  double m2;             /* 0 when count is 0 */
  double first, last;
  uint64_t count;
};

/*
 * Buckets of n samples, 1 to BUCKET_SAMPLES, and of n adjoining buckets, 1 to BUCKET_FAN_OUT. NaN is a gap. The mean never
 * overflows.
 */
void bucket_of_samples(int64_t first_time, int64_t last_time, const double *value, size_t n, struct bucket *b);
void bucket_of_buckets(const struct bucket *part, size_t n, struct bucket *b);

/* As bucket_of_samples for BUCKET_SAMPLES of them, which are copied to `to` as well: somewhere else than value. */
void bucket_take_full(int64_t first_time, int64_t last_time, const double *value, double *to, struct bucket *b);

/* A mean lies between the least and the largest value, whatever the roundings did; so it cannot overflow either. */
double bucket_mean_within(double mean, double min, double max);

#endif
