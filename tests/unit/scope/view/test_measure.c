/*
 * What lies between two cursors, against brute force that is written from what the words mean: sums over samples in the
 * order of time, areas under the drawn trace, periods counted by hand.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/measure.h"

static const double GAP = (double)NAN;
static const int64_t SECOND = 1000000000;
static const uint64_t ALL = UINT64_MAX;

static struct history *history_of(const int64_t *time, const double *value, size_t n)
{
  struct history *h = history_new((size_t)64 << 20);
  assert_non_null(h);
  assert_true(history_append(h, 0, time, value, n));
  return h;
}

static struct measure measure(const struct history *h, enum column_style style, int64_t from, int64_t to, int64_t edge)
{
  const struct measure_rule rule = {.from = from, .to = to, .edge = edge, .unit = SECOND, .style = style};
  struct measure m;
  measure_between(h, 0, &rule, ALL, &m);
  return m;
}

static void assert_near(double value, long double expected, long double bound)
{
  if (!(fabsl(value - expected) <= bound))
    fail_msg("%.17g instead of %.20Lg, off by %Lg of %Lg", value, expected, fabsl(value - expected), bound);
}

/* ---- By hand ---- */

static void of_nothing_there_is_nothing_to_say(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)1 << 20);
  const struct measure m = measure(h, COLUMN_LINE, 0, 10 * SECOND, 20 * SECOND);
  assert_int_equal(m.count, 0);
  assert_true(isnan(m.min) && isnan(m.mean) && isnan(m.sd) && isnan(m.rms) && isnan(m.integral) && isnan(m.slope) &&
              isnan(m.frequency) && isnan(m.duty));
  assert_true(m.whole && !m.coarse);
  history_free(h);
}

static void a_few_samples(void **state)
{
  (void)state;
  const int64_t time[] = {0, SECOND, 2 * SECOND, 3 * SECOND, 4 * SECOND};
  const double value[] = {100, 1, 3, 5, -100};
  struct history *h = history_of(time, value, 5);
  /* Both ends count: 1, 3, 5. */
  struct measure m = measure(h, COLUMN_LINE, SECOND, 3 * SECOND, 9 * SECOND);
  assert_true(m.count == 3 && m.min == 1 && m.max == 5 && m.mean == 3 && m.peak_to_peak == 4);
  assert_near(m.sd, sqrtl(8.0L / 3), 1e-15L);
  assert_near(m.rms, sqrtl(35.0L / 3), 1e-15L);
  assert_near(m.integral, 6, 1e-15L);
  assert_near(m.slope, 2, 1e-15L);
  /* A step holds: 1 for a second, 3 for another one, and nothing of the 5. */
  assert_near(measure(h, COLUMN_STEP, SECOND, 3 * SECOND, 9 * SECOND).integral, 4, 1e-15L);
  /* Between samples a step holds what was before, and a line is where it is. */
  m = measure(h, COLUMN_STEP, SECOND / 2, SECOND * 3 / 2, 9 * SECOND);
  assert_near(m.integral, 50.5L, 1e-14L);
  assert_int_equal(m.count, 1);
  m = measure(h, COLUMN_LINE, SECOND / 2, SECOND * 3 / 2, 9 * SECOND);
  assert_near(m.integral, (50.5L + 1) / 2 * 0.5L + (1 + 2) / 2.0L * 0.5L, 1e-14L);
  assert_true(isnan(m.slope)); /* of one sample */
  /* A step goes on to the edge, and no farther; a line ends with its last sample. */
  assert_near(measure(h, COLUMN_STEP, 4 * SECOND, 9 * SECOND, 6 * SECOND).integral, -200, 1e-13L);
  assert_true(isnan(measure(h, COLUMN_LINE, 4 * SECOND, 9 * SECOND, 6 * SECOND).integral));
  history_free(h);
}

static void gaps_count_nothing(void **state)
{
  (void)state;
  const int64_t time[] = {0, SECOND, 2 * SECOND, 3 * SECOND, 4 * SECOND};
  const double value[] = {1, 2, GAP, 4, 5};
  struct history *h = history_of(time, value, 5);
  struct measure m = measure(h, COLUMN_LINE, 0, 4 * SECOND, 9 * SECOND);
  assert_true(m.count == 4 && m.mean == 3);
  assert_near(m.integral, 1.5L + 4.5L, 1e-15L);
  assert_near(m.slope, 1, 1e-15L);
  m = measure(h, COLUMN_STEP, 0, 4 * SECOND, 9 * SECOND);
  assert_near(m.integral, 1 + 2 + 4, 1e-15L);
  /* Within a gap there is no trace at all. */
  assert_true(isnan(measure(h, COLUMN_STEP, 2 * SECOND, 3 * SECOND - 1, 9 * SECOND).integral));
  history_free(h);
}

static void the_value_at_a_cursor(void **state)
{
  (void)state;
  const int64_t time[] = {0, SECOND, 2 * SECOND};
  const double value[] = {10, 20, GAP};
  struct history *h = history_of(time, value, 3);
  struct measure_rule rule = {.edge = 9 * SECOND, .unit = SECOND, .style = COLUMN_STEP};
  assert_true(measure_value_at(h, 0, &rule, SECOND / 2) == 10 && measure_value_at(h, 0, &rule, SECOND) == 20);
  assert_true(isnan(measure_value_at(h, 0, &rule, -1)) && isnan(measure_value_at(h, 0, &rule, 2 * SECOND)));
  rule.style = COLUMN_LINE;
  assert_true(measure_value_at(h, 0, &rule, SECOND / 2) == 15 && measure_value_at(h, 0, &rule, SECOND) == 20);
  assert_true(isnan(measure_value_at(h, 0, &rule, SECOND * 3 / 2)));
  rule.edge = SECOND;
  assert_true(isnan(measure_value_at(h, 0, &rule, SECOND)));
  history_free(h);
}

/* The plain case: 0 is drawn before the first sample, and is no sample. */
static void the_initial_value_is_drawn(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)1 << 20);
  history_set_initial(h, 0, (struct history_sample){.time = 0, .value = 3});
  assert_true(history_append(h, 0, (const int64_t[]){2 * SECOND}, (const double[]){7}, 1));
  const struct measure m = measure(h, COLUMN_STEP, -SECOND, 3 * SECOND, 9 * SECOND);
  assert_true(m.count == 1 && m.min == 7);
  assert_near(m.integral, 3 * 2 + 7, 1e-15L);
  assert_near(measure(h, COLUMN_STEP, SECOND, 3 * SECOND, 9 * SECOND).integral, 3 + 7, 1e-15L);
  history_free(h);
}

/* ---- Crossings ---- */

static void periods_by_hand(void **state)
{
  (void)state;
  /* Up at 1, down at 4, up at 5, down at 8, up at 9: two periods of four seconds, three quarters of them above. */
  const int64_t time[] = {0, SECOND, 4 * SECOND, 5 * SECOND, 8 * SECOND, 9 * SECOND, 10 * SECOND};
  const double value[] = {-1, 1, -1, 1, -1, 1, 1};
  struct history *h = history_of(time, value, 7);
  struct measure m = measure(h, COLUMN_STEP, 0, 10 * SECOND, 11 * SECOND);
  assert_near(m.frequency, 0.25L, 1e-15L);
  assert_near(m.period, 4, 1e-15L);
  assert_near(m.duty, 0.75L, 1e-15L);
  /* From 1 on it begins above: the first crossing is down at 4, and one period is whole. */
  m = measure(h, COLUMN_STEP, SECOND, 10 * SECOND, 11 * SECOND);
  assert_near(m.period, 4, 1e-15L);
  assert_near(m.duty, 0.75L, 1e-15L);
  assert_true(isnan(measure(h, COLUMN_STEP, 0, 4 * SECOND, 11 * SECOND).frequency));
  history_free(h);
}

static void noise_about_the_middle_counts_once(void **state)
{
  (void)state;
  /* A triangle of period 8 that stops at the middle to tremble there, by less than the hysteresis. */
  const double turn[] = {-10, 0.4, -0.4, 0.4, -0.4, 10, -0.4, 0.4};
  enum { TURNS = 5, EACH = 8 };
  int64_t time[TURNS * EACH];
  double value[TURNS * EACH];
  for (int i = 0; i < TURNS * EACH; i++) {
    time[i] = i * SECOND;
    value[i] = turn[i % EACH];
  }
  struct history *h = history_of(time, value, (size_t)TURNS * EACH);
  const int64_t end = (int64_t)TURNS * EACH * SECOND;
  const struct measure m = measure(h, COLUMN_LINE, 0, end, end);
  assert_near(m.period, 8, 1e-12L);
  history_free(h);
}

static void a_gap_ends_a_run(void **state)
{
  (void)state;
  /* Two periods of 2 s, a gap of a hundred seconds, one more of 2 s. */
  const double value[] = {-1, 1, -1, 1, -1, 1, GAP, -1, 1, -1, 1};
  int64_t time[11];
  for (int i = 0; i < 11; i++)
    time[i] = (i < 7 ? i : i + 100) * SECOND;
  struct history *h = history_of(time, value, 11);
  const struct measure m = measure(h, COLUMN_STEP, 0, 200 * SECOND, 200 * SECOND);
  assert_near(m.period, 2, 1e-15L);
  assert_near(m.duty, 0.5L, 1e-15L);
  history_free(h);
}

/* A sample that is missing while nothing happens is none to speak of; where the trace changes sides it is. */
static void a_short_gap_ends_none(void **state)
{
  (void)state;
  enum { SAMPLES = 4000 };
  for (int where = 0; where < 2; where++) {
    struct history *h = history_new((size_t)4 << 20);
    for (int64_t i = 0; i < SAMPLES; i++) {
      const int64_t t = i * SECOND;
      const bool gap = where ? i == 1000 || i == 1001 : i % 100 == 30; /* 1000: where it goes up */
      const double v = gap ? GAP : i % 100 < 50 ? 1 : -1;
      assert_true(history_append(h, 0, &t, &v, 1));
    }
    const struct measure m = measure(h, COLUMN_STEP, 0, SAMPLES * SECOND, SAMPLES * SECOND);
    assert_near(m.period, 100, 1e-12L);
    assert_near(m.duty, 0.5L, 1e-12L);
    history_free(h);
  }
}

/* A square wave with noise, at 10 kHz: 37.3 Hz, above for 0.3 of the time. */
static void a_noisy_square_wave(void **state)
{
  (void)state;
  enum { SAMPLES = 1000000 };
  struct random r = random_seeded(4);
  struct history *h = history_new((size_t)64 << 20);
  const double hz = 37.3;
  for (int64_t i = 0; i < SAMPLES; i++) {
    const int64_t t = i * 100000;
    const double phase = fmod((double)i * 1e-4 * hz, 1);
    const double noise = (random_unit(&r) + random_unit(&r) + random_unit(&r) - 1.5) * 0.3;
    const double v = (phase < 0.3 ? 5 : 0) + noise;
    assert_true(history_append(h, 0, &t, &v, 1));
  }
  for (int style = COLUMN_STEP; style <= COLUMN_LINE; style++) {
    const struct measure m = measure(h, (enum column_style)style, 0, 100 * SECOND, 100 * SECOND);
    assert_near(m.frequency, hz, hz * 1e-3);
    assert_near(m.duty, 0.3L, 0.3e-3L);
  }
  history_free(h);
}

static void a_sine_between_samples(void **state)
{
  (void)state;
  enum { SAMPLES = 4000 };
  struct history *h = history_new((size_t)64 << 20);
  for (int64_t i = 0; i < SAMPLES; i++) {
    const int64_t t = i * 1000000;
    const double v = sin((double)i * 1e-3 * 2 * 3.14159265358979 * 50.03);
    assert_true(history_append(h, 0, &t, &v, 1));
  }
  const struct measure m = measure(h, COLUMN_LINE, 0, 4 * SECOND, 4 * SECOND);
  assert_near(m.frequency, 50.03L, 50e-5L);
  assert_near(m.duty, 0.5L, 1e-3L);
  history_free(h);
}

/* Extremes of doubles, one value, and two that are neighbours: a sane answer, or none. */
static void values_of_all_sizes(void **state)
{
  (void)state;
  const double pair[][2] = {{DBL_MAX, -DBL_MAX}, {5e-324, 0}, {1e9, nextafter(1e9, 2e9)}, {1e308, 5e-324}, {-1, -1}};
  for (size_t k = 0; k < sizeof pair / sizeof *pair; k++)
    for (int style = COLUMN_STEP; style <= COLUMN_POINTS; style++) {
      struct history *h = history_new((size_t)1 << 20);
      for (int64_t i = 0; i < 9; i++) {
        const int64_t t = i * SECOND;
        assert_true(history_append(h, 0, &t, &pair[k][i % 2], 1));
      }
      const struct measure m = measure(h, (enum column_style)style, 0, 9 * SECOND, 9 * SECOND);
      if (pair[k][0] == pair[k][1]) {
        assert_true(isnan(m.frequency) && m.sd == 0 && m.peak_to_peak == 0);
      } else {
        assert_near(m.period, 2, 1e-12L);
        if (style == COLUMN_STEP) /* a line between neighbours is at the upper one for no time */
          assert_near(m.duty, 0.5L, 1e-12L);
      }
      history_free(h);
    }
}

static void too_many_are_left_out(void **state)
{
  (void)state;
  const int64_t time[] = {0, 1, 2};
  const double value[] = {1, 2, 3};
  struct history *h = history_of(time, value, 3);
  const struct measure_rule rule = {.from = 0, .to = 2, .edge = 3, .unit = 1, .style = COLUMN_LINE};
  struct measure m;
  measure_between(h, 0, &rule, 2, &m);
  assert_true(m.count == 3 && m.mean == 2 && !m.whole && isnan(m.integral) && isnan(m.slope));
  measure_between(h, 0, &rule, 3, &m);
  assert_true(m.whole && m.slope == 1 && m.integral == 4);
  history_free(h);
}

/* ---- Against brute force ---- */

struct model {
  size_t n;
  int64_t *time;
  double *value;
};

static void check_model(const struct history *h, const struct model *m, enum column_style style, int64_t from,
                        int64_t to, int64_t edge)
{
  const struct measure is = measure(h, style, from, to, edge);
  const long double centre = m->value[m->n / 2] == m->value[m->n / 2] ? m->value[m->n / 2] : 0;
  const int64_t end = to < edge ? to : edge;
  long double sum = 0, times = 0, size = 0, area = 0, heights = 0;
  uint64_t count = 0;
  for (size_t i = 0; i < m->n; i++) {
    const double v = m->value[i];
    const int64_t t = m->time[i];
    if (t >= from && t <= to && t < edge && v == v) {
      count++;
      sum += v - centre;
      size += fabsl(v);
      times += (long double)(t - from);
    }
    const bool last = i + 1 == m->n;
    const int64_t until = last ? INT64_MAX : m->time[i + 1];
    const int64_t left = t > from ? t : from;
    const int64_t right = until < end ? until : end;
    if (v != v || left >= right)
      continue;
    if (style == COLUMN_STEP) {
      area += (long double)v * (long double)(right - left);
      heights += fabsl(v) * (long double)(right - left);
    } else if (!last && m->value[i + 1] == m->value[i + 1]) {
      const long double rise = ((long double)m->value[i + 1] - v) / (long double)(until - t);
      const long double middle = v + rise * ((long double)(left - t) + (long double)(right - t)) / 2;
      area += middle * (long double)(right - left);
      heights += (fabsl(v) + fabsl(m->value[i + 1])) * (long double)(right - left);
    }
  }
  assert_int_equal(is.count, count);
  if (heights > 0)
    assert_near(is.integral, area / SECOND, 1e-12L * heights / SECOND);
  if (count < 2)
    return;
  const long double mean = sum / count;
  const long double middle = times / count;
  long double squares = 0, spread = 0, products = 0, weights = 0;
  for (size_t i = 0; i < m->n; i++) {
    const double v = m->value[i];
    const int64_t t = m->time[i];
    if (t < from || t > to || t >= edge || v != v)
      continue;
    const long double up = v - centre - mean;
    const long double later = (long double)(t - from) - middle;
    squares += up * up;
    spread += later * later;
    products += up * later;
    weights += fabsl(up * later);
  }
  assert_near(is.mean, centre + mean, 1e-12L * size / count);
  assert_near(is.sd, sqrtl(squares / count), 1e-12L * sqrtl(squares / count));
  assert_near(is.rms, sqrtl((centre + mean) * (centre + mean) + squares / count), 1e-12L * size / count);
  if (spread > 0)
    assert_near(is.slope, products / spread * SECOND, 1e-12L * weights / spread * SECOND);
}

static void against_brute_force(void **state)
{
  (void)state;
  const double middle[] = {0, 1e9, -1e9};
  const double spread[] = {10, 0.002, 0.002};
  for (size_t kind = 0; kind < 3; kind++) {
    struct random r = random_seeded(11 + kind);
    struct model m = {.n = SCALED(1000000, 20000)};
    m.time = calloc(m.n, sizeof *m.time);
    m.value = calloc(m.n, sizeof *m.value);
    assert_true(m.time && m.value);
    int64_t t = random_between(&r, -SECOND, SECOND);
    for (size_t i = 0; i < m.n; i++) {
      t += kind == 1 ? 1000 : random_between(&r, 0, 2000);
      m.time[i] = t;
      m.value[i] = random_once_in(&r, 13) ? GAP : middle[kind] + spread[kind] * (2 * random_unit(&r) - 1);
    }
    struct history *h = history_of(m.time, m.value, m.n);
    const int64_t first = m.time[0];
    const int64_t edge = m.time[m.n - 1] + SECOND;
    for (int style = COLUMN_STEP; style <= COLUMN_LINE; style++) {
      check_model(h, &m, (enum column_style)style, first - 10, edge, edge);
      for (int i = 0; i < 12; i++) {
        const int64_t from = random_between(&r, first, m.time[m.n - 1]);
        const int64_t to = i % 3 ? from + random_between(&r, 0, 50000) : random_between(&r, from, edge);
        check_model(h, &m, (enum column_style)style, from, to, i % 4 ? edge : random_between(&r, from, edge));
      }
    }
    history_free(h);
    free(m.time);
    free(m.value);
  }
}

/* What is left as buckets: a bucket a side more at most, each taken for its mean; no crossings. */
static void where_only_buckets_are_left(void **state)
{
  (void)state;
  const int64_t n = 3000000;
  struct history *h = history_new((size_t)2 << 20);
  for (int64_t i = 0; i < n; i++) {
    const int64_t t = i * 1000;
    const double v = (double)i * 1e-6 + (i % 2 ? 0.5 : -0.5);
    assert_true(history_append(h, 0, &t, &v, 1));
  }
  assert_true(history_full_from(h, 0) > n * 500);
  const struct measure_rule rule = {.from = 0, .to = n * 1000, .edge = n * 1000, .unit = SECOND, .style = COLUMN_STEP};
  struct measure m;
  measure_between(h, 0, &rule, ALL, &m);
  assert_true(m.coarse && m.count == (uint64_t)n && isnan(m.frequency) && isnan(m.duty) && isnan(m.period));
  assert_near(m.slope, 1, 1e-6L); /* 1e-6 a sample, a million samples a second */
  const long double all = (long double)(n - 1) * n / 2 * 1e-6L * 1e-6L;
  assert_near(m.integral, all, 1e-6L * all);
  assert_near(m.sd, sqrtl(0.25L + 9.0L / 12), 1e-5L);
  history_free(h);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(of_nothing_there_is_nothing_to_say),
      cmocka_unit_test(a_few_samples),
      cmocka_unit_test(gaps_count_nothing),
      cmocka_unit_test(the_value_at_a_cursor),
      cmocka_unit_test(the_initial_value_is_drawn),
      cmocka_unit_test(periods_by_hand),
      cmocka_unit_test(noise_about_the_middle_counts_once),
      cmocka_unit_test(a_gap_ends_a_run),
      cmocka_unit_test(a_short_gap_ends_none),
      cmocka_unit_test(a_noisy_square_wave),
      cmocka_unit_test(a_sine_between_samples),
      cmocka_unit_test(values_of_all_sizes),
      cmocka_unit_test(too_many_are_left_out),
      cmocka_unit_test(against_brute_force),
      cmocka_unit_test(where_only_buckets_are_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
