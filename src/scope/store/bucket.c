#include "scope/store/bucket.h"

#include <math.h>

#include "scope/store/bucket_full.h"

static const double NOTHING = (double)NAN;

_Static_assert((int)BUCKET_SAMPLES == (int)BUCKET_FULL, "as many as bucket_full.h folds");

double bucket_mean_within(double mean, double min, double max)
{
  return bucket_within(mean, min, max);
}

/* The mean of values so large that their sum overflows: they are divided before they are added. */
static double mean_of_shares(const double *value, size_t n, double count)
{
  double mean = 0;
  for (size_t i = 0; i < n; i++)
    mean += value[i] == value[i] ? value[i] / count : 0;
  return mean;
}

/* Any number of values, with gaps among them or not. */
static void measure_carefully(const double *value, size_t n, struct bucket *b)
{
  double min = HUGE_VAL;
  double max = -HUGE_VAL;
  double sum = 0;
  b->count = 0;
  for (size_t i = 0; i < n; i++) { /* a gap is neither less nor greater */
    const double v = value[i];
    b->count += v == v;
    min = v < min ? v : min;
    max = v > max ? v : max;
    sum += v == v ? v : 0;
  }
  const double count = (double)b->count;
  b->min = b->count ? min : NOTHING;
  b->max = b->count ? max : NOTHING;
  b->mean = NOTHING;
  if (b->count)
    b->mean = bucket_mean_within(isfinite(sum) ? sum / count : mean_of_shares(value, n, count), min, max);
  double rest = 0;
  double m2 = 0;
  for (size_t i = 0; i < n; i++) {
    const double apart = value[i] == value[i] ? value[i] - b->mean : 0;
    rest += apart;
    m2 += apart * apart;
  }
  bucket_settle_squares(count, rest, m2, &b->mean_rest, &b->m2);
}

void bucket_of_samples(int64_t first_time, int64_t last_time, const double *value, size_t n, struct bucket *b)
{
  if (n == BUCKET_SAMPLES) {
    double copy[BUCKET_SAMPLES];
    bucket_take_full(first_time, last_time, value, copy, b);
    return;
  }
  b->first_time = first_time;
  b->last_time = last_time;
  b->first = value[0];
  b->last = value[n - 1];
  measure_carefully(value, n, b);
}

/* Makes of what was measured the bucket; or measures again, with care. */
static inline void fill(struct bucket *b, const double *value, const struct bucket_measures *measures, bool measured)
{
  b->first = value[0];
  b->last = value[BUCKET_SAMPLES - 1];
  if (!measured) {
    measure_carefully(value, BUCKET_SAMPLES, b);
    return;
  }
  b->count = BUCKET_SAMPLES;
  b->min = measures->min;
  b->max = measures->max;
  b->mean = measures->mean;
  b->mean_rest = measures->mean_rest;
  b->m2 = measures->m2;
}

static void take_plain(const double *value, double *to, struct bucket *b)
{
  struct bucket_measures measures;
  const bool measured = bucket_full_plain(value, to, &measures);
  fill(b, value, &measures, measured);
}

#ifdef BUCKET_HAVE_AVX2
/* A function of its own, or what was measured would not come in registers. */
BUCKET_AVX2 static void take_avx2(const double *value, double *to, struct bucket *b)
{
  struct bucket_measures measures;
  const bool measured = bucket_full_avx2(value, to, &measures);
  fill(b, value, &measures, measured);
}
#endif

void bucket_take_full(int64_t first_time, int64_t last_time, const double *value, double *to, struct bucket *b)
{
  b->first_time = first_time;
  b->last_time = last_time;
#ifdef BUCKET_HAVE_AVX2
  if (bucket_full_here()) {
    take_avx2(value, to, b);
    return;
  }
#endif
  take_plain(value, to, b);
}

/*
 * 1 to 16 buckets as one. Parts are weighted by their share of the count before they are added, as sums of doubles near
 * the largest would overflow; with 16 parts of equal count the weights are exact powers of two.
 */
void bucket_of_buckets(const struct bucket *part, size_t n, struct bucket *b)
{
  double low = NOTHING;
  double high = NOTHING;
  uint64_t count = 0;
  for (size_t i = 0; i < n; i++) {
    if (part[i].count == 0)
      continue;
    low = low <= part[i].min ? low : part[i].min; /* false for NaN: the first value is taken */
    high = high >= part[i].max ? high : part[i].max;
    count += part[i].count;
  }
  double share = count ? 1 / (double)count : 0;
  double mean = 0;
  for (size_t i = 0; i < n; i++)
    if (part[i].count)
      mean += part[i].mean * ((double)part[i].count * share);
  mean = count ? bucket_mean_within(mean, low, high) : NOTHING;
  double rest = 0;
  double m2 = 0;
  for (size_t i = 0; i < n; i++) {
    if (part[i].count == 0)
      continue;
    const double apart = part[i].mean - mean + part[i].mean_rest;
    rest += (double)part[i].count * apart;
    m2 += part[i].m2 + (double)part[i].count * apart * apart;
  }
  *b = (struct bucket){.first_time = part[0].first_time,
                       .last_time = part[n - 1].last_time,
                       .min = low,
                       .max = high,
                       .mean = mean,
                       .first = part[0].first,
                       .last = part[n - 1].last,
                       .count = count};
  bucket_settle_squares((double)b->count, rest, m2, &b->mean_rest, &b->m2);
}
