/*
 * The history against brute force: exact where samples are kept, at most one bucket a side too much where only buckets
 * are left, whatever came in.
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
#include "scope/store/history.h"
#include "scope/store/history_model.h"

static void empty(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)1 << 20);
  struct history_summary s;
  struct history_sample sample;
  assert_int_equal(history_channels(h), 0);
  assert_int_equal(history_memory(h), 0);
  for (size_t c = 0; c < CHANNELS_MAX; c++) {
    history_total(h, c, &s);
    assert_int_equal(s.items, 0);
    history_range(h, c, INT64_MIN, INT64_MAX, &s);
    assert_int_equal(s.items, 0);
    assert_false(history_before(h, c, INT64_MAX, &sample));
    assert_false(history_at_or_after(h, c, INT64_MIN, &sample));
    assert_false(history_first(h, c, &sample));
  }
  assert_true(history_append(h, 5, NULL, NULL, 0));
  assert_int_equal(history_channels(h), 0);
  history_free(h);
  history_free(NULL);
}

static void an_initial_value_is_no_sample(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)1 << 20);
  struct history_summary s;
  struct history_sample sample;
  history_set_initial(h, 2, (struct history_sample){.time = 100, .value = 7});
  assert_int_equal(history_channels(h), 3);
  assert_int_equal(history_items(h, 2), 0);
  assert_false(history_before(h, 2, 100, &sample));
  assert_true(history_before(h, 2, 101, &sample) && sample.time == 100 && sample.value == 7);
  assert_false(history_at_or_after(h, 2, 0, &sample));
  assert_true(history_append(h, 2, (const int64_t[]){200}, (const double[]){8}, 1));
  assert_true(history_before(h, 2, 200, &sample) && sample.value == 7);
  assert_true(history_before(h, 2, 201, &sample) && sample.value == 8);
  assert_true(history_first(h, 2, &sample) && sample.time == 100 && sample.value == 7);
  history_total(h, 2, &s);
  assert_true(s.items == 1 && s.min == 8);
  history_free(h);
}

static void few_samples(void **state)
{
  (void)state;
  static const int64_t time[] = {-5, 0, 0, 0, 10};
  static const double value[] = {1, 2, (double)NAN, 4, 8};
  struct history *h = history_new((size_t)256 << 20);
  struct history_summary s;
  struct history_sample sample;
  assert_true(history_append(h, 0, time, value, 5));
  assert_true(history_memory(h) <= (size_t)4 * CHUNK); /* a few samples take little */
  history_range(h, 0, -5, 10, &s);
  assert_true(s.items == 4 && s.count == 3 && s.min == 1 && s.max == 4 && s.first == 1 && s.last == 4);
  assert_true(s.first_time == -5 && s.last_time == 0 && fabs(s.mean - 7.0 / 3) < 1e-15);
  history_range(h, 0, 0, 1, &s);
  assert_true(s.items == 3 && s.count == 2 && s.min == 2 && s.max == 4 && s.mean == 3);
  history_range(h, 0, 1, 10, &s);
  assert_int_equal(s.items, 0);
  history_range(h, 0, 10, 10, &s);
  assert_int_equal(s.items, 0);
  history_range(h, 0, 11, -100, &s);
  assert_int_equal(s.items, 0);
  assert_true(history_before(h, 0, 0, &sample) && sample.time == -5 && sample.value == 1);
  assert_true(history_before(h, 0, 1, &sample) && sample.time == 0 && sample.value == 4);      /* the last of equals */
  assert_true(history_at_or_after(h, 0, 0, &sample) && sample.time == 0 && sample.value == 2); /* the first of equals */
  assert_true(history_at_or_after(h, 0, 1, &sample) && sample.time == 10);
  assert_false(history_at_or_after(h, 0, 11, &sample));
  assert_false(history_before(h, 0, -5, &sample));
  history_free(h);
}

/* All lengths around the bucket sizes, all ranges of each. */
static void every_range_of_short_histories(void **state)
{
  (void)state;
  struct random r = random_seeded(10);
  struct model all = random_model(&r, 600, 3);
  static const size_t lengths[] = {1, 2, 15, 16, 17, 31, 32, 33, 255, 256, 257, 273, 600};
  for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
    const struct model m = {.n = lengths[l], .time = all.time, .value = all.value};
    struct history *h = history_new((size_t)1 << 20);
    append_all(h, 0, &m, &r);
    check_total(h, 0, &m);
    for (int i = 0; i < SCALED(4000, 400); i++) {
      const int64_t from = m.time[random_below(&r, m.n)] + random_between(&r, -1, 1);
      const int64_t to = m.time[random_below(&r, m.n)] + random_between(&r, -1, 1);
      check_range(h, 0, &m, m.n, from, to);
      check_neighbours(h, 0, &m, m.n, from);
    }
    history_free(h);
  }
  model_destroy(&all);
}

/* A memory so small that every level has lost its oldest part. */
static void random_histories(void **state)
{
  (void)state;
  static const size_t memories[] = {0, 100000, 300000, 1 << 20};
  struct random r = random_seeded(11);
  for (int round = 0; round < SCALED(24, 8); round++) {
    const size_t memory = memories[(size_t)round % 4];
    const size_t n = (size_t)random_between(&r, 1, SCALED(400000, 60000));
    struct model m = random_model(&r, n, (uint64_t)random_between(&r, 0, 9));
    struct history *h = history_new(memory);
    append_all(h, 0, &m, &r);
    check_total(h, 0, &m);
    assert_true(history_memory(h) <= memory_bound(memory, 1));
    const size_t full = kept_in_full(memory, 1);
    const int64_t begin = m.time[0] - 100;
    const int64_t end = m.time[n - 1] + 100;
    for (int i = 0; i < SCALED(300, 60); i++) {
      /* Anywhere, near the end, near one item. */
      int64_t from = random_between(&r, begin, end);
      int64_t to = random_between(&r, begin, end);
      if (random_once_in(&r, 3))
        from = m.time[n - 1 - random_below(&r, n < 5000 ? n : 5000)];
      if (random_once_in(&r, 2))
        to = from + random_between(&r, 0, random_once_in(&r, 2) ? 100 : 5000);
      check_range(h, 0, &m, full, from, to);
      check_neighbours(h, 0, &m, full, from);
      check_neighbours(h, 0, &m, full, m.time[random_below(&r, n)] + random_between(&r, 0, 1));
    }
    struct history_sample first;
    assert_true(history_at_or_after(h, 0, INT64_MIN, &first));
    assert_true(first.time == m.time[0] && same(first.value, m.value[0]));
    assert_true(history_first(h, 0, &first)); /* however many came after it */
    assert_true(first.time == m.time[0] && same(first.value, m.value[0]));
    history_free(h);
    model_destroy(&m);
  }
}

/* A billion and a few thousandths: the squares of the values have no digit left for these, the deviations have. */
static void deviations_far_from_zero(void **state)
{
  (void)state;
  const int64_t n = SCALED(1000000, 200000);
  const uint64_t gaps[] = {0, 9};
  for (size_t kind = 0; kind < 2; kind++) {
    struct random r = random_seeded(17);
    struct history *h = history_new((size_t)1 << 20);
    struct history_summary s;
    double *value = calloc((size_t)n, sizeof *value);
    assert_non_null(value);
    for (int64_t i = 0; i < n; i++) {
      value[i] = gaps[kind] && random_once_in(&r, gaps[kind]) ? GAP : 1e9 + 0.002 * (2 * random_unit(&r) - 1);
      assert_true(history_append(h, 0, &i, &value[i], 1));
    }
    for (int round = 0; round < 20; round++) {
      const int64_t from = round == 0 ? 0 : random_between(&r, 0, n - 2);
      history_range(h, 0, from, round == 0 ? n : random_between(&r, from + 1, n), &s);
      /* Deviations from the billion, which are exact. */
      long double sum = 0;
      long double squares = 0;
      for (int64_t i = s.first_time; i <= s.last_time; i++)
        sum += value[i] == value[i] ? value[i] - 1e9 : 0;
      const long double mean = sum / s.count;
      for (int64_t i = s.first_time; i <= s.last_time; i++)
        if (value[i] == value[i])
          squares += (value[i] - 1e9 - mean) * (value[i] - 1e9 - mean);
      assert_true(fabsl(s.m2 - squares) <= 1e-12L * squares);
      assert_true(fabsl((long double)s.mean - 1e9 + s.mean_rest - mean) <= 1e-12L * 0.002L);
    }
    free(value);
    history_free(h);
  }
}

static void means(void **state)
{
  (void)state;
  struct history_summary s;

  /* 1 to ten million: the sums are exact, the mean has the last bits only. */
  const int64_t n = SCALED(10000000, 1000000);
  struct history *h = history_new((size_t)1 << 20);
  for (int64_t i = 1; i <= n; i++) {
    const double v = (double)i;
    assert_true(history_append(h, 0, &i, &v, 1));
  }
  history_total(h, 0, &s);
  assert_true(s.count == (uint64_t)n && s.min == 1 && s.max == (double)n);
  assert_true(fabs(s.mean - ((double)n + 1) / 2) <= (double)n * 1e-15);
  history_free(h);

  /* Near the largest double no sum overflows; a constant has itself as its mean, in every range, gaps or not. */
  struct random r = random_seeded(13);
  for (int kind = 0; kind < 4; kind++) {
    h = history_new(0);
    for (int64_t i = 0; i < 20000; i++) {
      double v = kind == 0 ? DBL_MAX : kind == 1 ? 0.1 : (i % 2 ? DBL_MAX : -DBL_MAX);
      if (kind != 2 && random_once_in(&r, 7))
        v = GAP;
      assert_true(history_append(h, 0, &i, &v, 1));
    }
    for (int i = 0; i < 1000; i++) {
      const int64_t from = random_between(&r, 0, 19998);
      history_range(h, 0, from, random_between(&r, from + 1, 20000), &s);
      if (s.count == 0)
        continue;
      if (kind < 2)
        assert_true(s.mean == (kind ? 0.1 : DBL_MAX));
      assert_true(s.mean >= s.min && s.mean <= s.max);
    }
    history_total(h, 0, &s);
    assert_true(kind != 2 || fabs(s.mean) <= DBL_MAX * 1e-12);
    history_free(h);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(empty),
      cmocka_unit_test(an_initial_value_is_no_sample),
      cmocka_unit_test(few_samples),
      cmocka_unit_test(every_range_of_short_histories),
      cmocka_unit_test(random_histories),
      cmocka_unit_test(means),
      cmocka_unit_test(deviations_far_from_zero),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
