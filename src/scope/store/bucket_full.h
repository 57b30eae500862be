/*
 * What a full bucket's samples measure, the work of every sample taken in, in two ways that agree to the last bit: as plain
 * C, and with AVX2, for where bucket_full_here() says that the processor has it. Nothing is multiplied and added in one
 * rounding, or the two would differ. Only for bucket.c and for its test; the fields are those of struct bucket (bucket.h).
 *
 * Both copy the samples to `to` on the way: reading what another processor has just written is what costs, and is done
 * once. They say false where a value is a gap or the sum overflows: then *out means nothing.
 */
#ifndef SCOPE_BUCKET_FULL_H
#define SCOPE_BUCKET_FULL_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { BUCKET_FULL = 32 }; /* samples */

struct bucket_measures {
  double min, max, mean;
  double mean_rest;
  double m2;
};

/* See bucket_mean_within, which is the same. */
static inline double bucket_within(double mean, double min, double max)
{
  return mean < min ? min : mean > max ? max : mean;
}

/* `rest` and m2: sums of deviations from the rounded mean, and of their squares; from now on they are about the mean. */
static inline void bucket_settle_squares(double count, double rest, double m2, double *mean_rest, double *m2_about)
{
  rest = count > 0 ? rest / count : 0;
  rest = isfinite(rest) ? rest : 0;
  m2 -= count * rest * rest;
  *mean_rest = rest;
  *m2_about = m2 > 0 ? m2 : m2 == m2 ? 0 : HUGE_VAL; /* huge squares, less a huge one */
}

/*
 * Thirty-two are folded to sixteen, eight, four, two: plain loops over halves, which compilers turn into vector code.
 * Written in place, as a copy of what was just stored in halves would wait for the stores.
 */
static inline bool bucket_full_plain(const double *value, double *to, struct bucket_measures *out)
{
  enum { HALF = BUCKET_FULL / 2, LAST = 2, LAST_RESTS = 2 * LAST };
  double sum[HALF];
  double low[HALF];
  double high[HALF];
  memcpy(to, value, BUCKET_FULL * sizeof *to);
  for (size_t j = 0; j < HALF; j++) {
    double v = value[j];
    double w = value[j + HALF];
    sum[j] = v + w;
    low[j] = w < v ? w : v;
    high[j] = w > v ? w : v;
  }
  for (size_t half = HALF / 2; half >= LAST; half /= 2)
    for (size_t j = 0; j < half; j++) {
      sum[j] += sum[j + half];
      low[j] = low[j + half] < low[j] ? low[j + half] : low[j];
      high[j] = high[j + half] > high[j] ? high[j + half] : high[j];
    }
  const double total = sum[0] + sum[1];
  if (!isfinite(total))
    return false;
  const double min = low[1] < low[0] ? low[1] : low[0];
  const double max = high[1] > high[0] ? high[1] : high[0];
  const double mean = bucket_within(total / BUCKET_FULL, min, max);
  out->min = min;
  out->max = max;
  out->mean = mean;
  double rest[HALF];
  double square[HALF];
  for (size_t j = 0; j < HALF; j++) {
    const double v = value[j] - mean;
    const double w = value[j + HALF] - mean;
    rest[j] = v + w;
    square[j] = v * v + w * w;
  }
  for (size_t half = HALF / 2; half >= LAST_RESTS; half /= 2)
    for (size_t j = 0; j < half; j++) {
      rest[j] += rest[j + half];
      square[j] += square[j + half];
    }
  bucket_settle_squares(BUCKET_FULL, rest[0] + rest[1] + (rest[2] + rest[3]),
                        square[0] + square[1] + (square[2] + square[3]), &out->mean_rest, &out->m2);
  return true;
}

#if defined(__x86_64__)
#define BUCKET_HAVE_AVX2 1
#define BUCKET_AVX2 __attribute__((target("avx2")))

#include <immintrin.h>

static inline bool bucket_full_here(void)
{
  return __builtin_cpu_supports("avx2");
}

/* The same folds, four at a time; where two are equal or one is a gap, the comparisons choose the one that C does. */
BUCKET_AVX2 static inline bool bucket_full_avx2(const double *value, double *to, struct bucket_measures *out)
{
  const __m256d v0 = _mm256_loadu_pd(value);
  const __m256d v1 = _mm256_loadu_pd(value + 4);
  const __m256d v2 = _mm256_loadu_pd(value + 8);
  const __m256d v3 = _mm256_loadu_pd(value + 12);
  const __m256d v4 = _mm256_loadu_pd(value + 16);
  const __m256d v5 = _mm256_loadu_pd(value + 20);
  const __m256d v6 = _mm256_loadu_pd(value + 24);
  const __m256d v7 = _mm256_loadu_pd(value + 28);
  _mm256_storeu_pd(to, v0);
  _mm256_storeu_pd(to + 4, v1);
  _mm256_storeu_pd(to + 8, v2);
  _mm256_storeu_pd(to + 12, v3);
  _mm256_storeu_pd(to + 16, v4);
  _mm256_storeu_pd(to + 20, v5);
  _mm256_storeu_pd(to + 24, v6);
  _mm256_storeu_pd(to + 28, v7);
  const __m256d sums = _mm256_add_pd(_mm256_add_pd(_mm256_add_pd(v0, v4), _mm256_add_pd(v2, v6)),
                                     _mm256_add_pd(_mm256_add_pd(v1, v5), _mm256_add_pd(v3, v7)));
  const __m256d lows = _mm256_min_pd(_mm256_min_pd(_mm256_min_pd(v7, v3), _mm256_min_pd(v5, v1)),
                                     _mm256_min_pd(_mm256_min_pd(v6, v2), _mm256_min_pd(v4, v0)));
  const __m256d highs = _mm256_max_pd(_mm256_max_pd(_mm256_max_pd(v7, v3), _mm256_max_pd(v5, v1)),
                                      _mm256_max_pd(_mm256_max_pd(v6, v2), _mm256_max_pd(v4, v0)));
  const __m128d sum = _mm_add_pd(_mm256_castpd256_pd128(sums), _mm256_extractf128_pd(sums, 1));
  const __m128d low = _mm_min_pd(_mm256_extractf128_pd(lows, 1), _mm256_castpd256_pd128(lows));
  const __m128d high = _mm_max_pd(_mm256_extractf128_pd(highs, 1), _mm256_castpd256_pd128(highs));
  const double total = _mm_cvtsd_f64(_mm_add_sd(sum, _mm_unpackhi_pd(sum, sum)));
  if (!isfinite(total))
    return false;
  const double min = _mm_cvtsd_f64(_mm_min_sd(_mm_unpackhi_pd(low, low), low));
  const double max = _mm_cvtsd_f64(_mm_max_sd(_mm_unpackhi_pd(high, high), high));
  const double mean = bucket_within(total / BUCKET_FULL, min, max);
  out->min = min;
  out->max = max;
  out->mean = mean;
  const __m256d means = _mm256_set1_pd(mean);
  const __m256d d0 = _mm256_sub_pd(v0, means);
  const __m256d d1 = _mm256_sub_pd(v1, means);
  const __m256d d2 = _mm256_sub_pd(v2, means);
  const __m256d d3 = _mm256_sub_pd(v3, means);
  const __m256d d4 = _mm256_sub_pd(v4, means);
  const __m256d d5 = _mm256_sub_pd(v5, means);
  const __m256d d6 = _mm256_sub_pd(v6, means);
  const __m256d d7 = _mm256_sub_pd(v7, means);
  const __m256d rests = _mm256_add_pd(_mm256_add_pd(_mm256_add_pd(d0, d4), _mm256_add_pd(d2, d6)),
                                      _mm256_add_pd(_mm256_add_pd(d1, d5), _mm256_add_pd(d3, d7)));
  const __m256d squares = _mm256_add_pd(_mm256_add_pd(_mm256_add_pd(_mm256_mul_pd(d0, d0), _mm256_mul_pd(d4, d4)),
                                                      _mm256_add_pd(_mm256_mul_pd(d2, d2), _mm256_mul_pd(d6, d6))),
                                        _mm256_add_pd(_mm256_add_pd(_mm256_mul_pd(d1, d1), _mm256_mul_pd(d5, d5)),
                                                      _mm256_add_pd(_mm256_mul_pd(d3, d3), _mm256_mul_pd(d7, d7))));
  const __m256d pairs = _mm256_hadd_pd(rests, squares); /* rests, squares, rests, squares */
  const __m128d both = _mm_add_pd(_mm256_castpd256_pd128(pairs), _mm256_extractf128_pd(pairs, 1));
  bucket_settle_squares(BUCKET_FULL, _mm_cvtsd_f64(both), _mm_cvtsd_f64(_mm_unpackhi_pd(both, both)), &out->mean_rest,
                        &out->m2);
  return true;
}
#endif
#endif
