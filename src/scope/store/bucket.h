/*
 * A bucket stands for a run of samples: their times, extremes, ends, and the mean and count of the finite ones. Pure.
 */
#ifndef SCOPE_BUCKET_H
#define SCOPE_BUCKET_H

#include <stddef.h>
#include <stdint.h>

enum { BUCKET_FAN_OUT = 16 }; /* parts of a full bucket */

struct bucket {
  int64_t first_time, last_time;
  double min, max, mean; /* NaN when count is 0 */
  double first, last;
  uint64_t count;
};

/* Buckets of n samples, of n adjoining buckets; 1 <= n <= BUCKET_FAN_OUT. NaN is a gap. The mean never overflows. */
void bucket_of_samples(int64_t first_time, int64_t last_time, const double *value, size_t n, struct bucket *b);
void bucket_of_buckets(const struct bucket *part, size_t n, struct bucket *b);

/* A mean lies between the least and the largest value, whatever the roundings did; so it cannot overflow either. */
double bucket_mean_within(double mean, double min, double max);

#endif
