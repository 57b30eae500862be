#include "scope/store/bucket.h"

#include <math.h>

static const double NOTHING = (double)NAN;

double bucket_mean_within(double mean, double min, double max)
{
  return mean < min ? min : mean > max ? max : mean;
}

/* `rest` and m2: sums of deviations from the rounded mean, and of their squares; from now on they are about the mean. */
static void settle_squares(struct bucket *b, double rest, double m2)
{
  rest = b->count ? rest / (double)b->count : 0;
  b->mean_rest = isfinite(rest) ? rest : 0;
  m2 -= (double)b->count * b->mean_rest * b->mean_rest;
  b->m2 = m2 > 0 ? m2 : m2 == m2 ? 0 : HUGE_VAL; /* huge squares, less a huge one */
}

/* n values with gaps among them, or so large that their sum overflows: those are divided before they are added. */
static void measure_carefully(const double *value, size_t n, struct bucket *b)
{
  b->count = 0;
  for (size_t i = 0; i < n; i++)
    b->count += value[i] == value[i];
  b->min = b->max = b->mean = NOTHING;
  double sum = 0;
  double mean = 0;
  for (size_t i = 0; i < n; i++) {
    double v = value[i];
    if (v != v)
      continue;
    b->min = b->min <= v ? b->min : v; /* false for NaN: the first value is taken */
    b->max = b->max >= v ? b->max : v;
    sum += v;
    mean += v / (double)b->count;
  }
  if (b->count)
    b->mean = bucket_mean_within(isfinite(sum) ? sum / (double)b->count : mean, b->min, b->max);
  double rest = 0;
  double m2 = 0;
  for (size_t i = 0; i < n; i++) {
    const double apart = value[i] == value[i] ? value[i] - b->mean : 0;
    rest += apart;
    m2 += apart * apart;
  }
  settle_squares(b, rest, m2);
}

/*
 * 1 to 16 samples as a bucket. Sixteen are folded to eight, four, two: plain loops over halves, which compilers turn into
 * vector code. Written in place, as a copy of what was just stored in halves would wait for the stores.
 */
void bucket_of_samples(int64_t first_time, int64_t last_time, const double *value, size_t n, struct bucket *b)
{
  enum { HALF = BUCKET_FAN_OUT / 2 };
  b->first_time = first_time;
  b->last_time = last_time;
  b->first = value[0];
  b->last = value[n - 1];
  if (n != BUCKET_FAN_OUT) {
    measure_carefully(value, n, b);
    return;
  }
  double sum[HALF];
  double low[HALF];
  double high[HALF];
  for (size_t j = 0; j < HALF; j++) {
    double v = value[j];
    double w = value[j + HALF];
    sum[j] = v + w;
    low[j] = w < v ? w : v;
    high[j] = w > v ? w : v;
  }
  for (size_t j = 0; j < HALF / 2; j++) {
    sum[j] += sum[j + HALF / 2];
    low[j] = low[j + HALF / 2] < low[j] ? low[j + HALF / 2] : low[j];
    high[j] = high[j + HALF / 2] > high[j] ? high[j + HALF / 2] : high[j];
  }
  for (size_t j = 0; j < HALF / 4; j++) {
    sum[j] += sum[j + HALF / 4];
    low[j] = low[j + HALF / 4] < low[j] ? low[j + HALF / 4] : low[j];
    high[j] = high[j + HALF / 4] > high[j] ? high[j + HALF / 4] : high[j];
  }
  double total = sum[0] + sum[1];
  if (!isfinite(total)) {
    measure_carefully(value, n, b);
    return;
  }
  b->count = BUCKET_FAN_OUT;
  b->min = low[1] < low[0] ? low[1] : low[0];
  b->max = high[1] > high[0] ? high[1] : high[0];
  b->mean = bucket_mean_within(total / BUCKET_FAN_OUT, b->min, b->max);
  const double mean = b->mean;
  double rest[HALF];
  double square[HALF];
  for (size_t j = 0; j < HALF; j++) {
    const double v = value[j] - mean;
    const double w = value[j + HALF] - mean;
    rest[j] = v + w;
    square[j] = v * v + w * w;
  }
  for (size_t j = 0; j < HALF / 2; j++) {
    rest[j] += rest[j + HALF / 2];
    square[j] += square[j + HALF / 2];
  }
  settle_squares(b, rest[0] + rest[1] + (rest[2] + rest[3]), square[0] + square[1] + (square[2] + square[3]));
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
  settle_squares(b, rest, m2);
}
