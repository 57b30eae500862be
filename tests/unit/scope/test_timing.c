/* What --timing prints: gaps between frames, rests left out, quantiles, and the figures of the input. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "common/message.h"
#include "random.h"
#include "scale.h"
#include "scope/timing.h"

static const int64_t START_NS = 5000000000;

/* Frames with these gaps, the first of them at START_NS. */
static struct timing *timing_of(const int64_t *gap_ns, size_t n)
{
  struct timing *t = calloc(1, sizeof *t);
  assert_non_null(t);
  int64_t now_ns = START_NS;
  timing_frame(t, now_ns, 1);
  for (size_t i = 0; i < n; i++) {
    now_ns += gap_ns[i];
    timing_frame(t, now_ns, 1);
  }
  return t;
}

static bool near(double a, double b)
{
  return fabs(a - b) < 1e-9;
}

static void without_gaps_there_is_nothing_to_say(void **state)
{
  (void)state;
  struct timing *t = calloc(1, sizeof *t);
  assert_non_null(t);
  assert_true(timing_quantile_ms(t, 0.5) == 0);
  timing_frame(t, START_NS, 1);
  assert_int_equal(t->gaps, 0);
  assert_true(timing_quantile_ms(t, 0.5) == 0);
  free(t);
}

/* 98 gaps of 10.004 ms, two of 50.001: a figure is the least hundredth of a millisecond that so many are below. */
static void quantiles_by_hand(void **state)
{
  (void)state;
  int64_t gap[100];
  for (int i = 0; i < 100; i++)
    gap[i] = i % 50 == 7 ? 50001000 : 10004000;
  struct timing *t = timing_of(gap, 100);
  assert_int_equal(t->gaps, 100);
  assert_int_equal(t->drawn, 101);
  assert_true(near(timing_quantile_ms(t, 0.5), 10.01));
  assert_true(near(timing_quantile_ms(t, 0.98), 10.01));
  assert_true(near(timing_quantile_ms(t, 0.99), 50.01));
  assert_true(near(timing_quantile_ms(t, 1), 50.01));
  assert_int_equal(t->longest_ns, 50001000);
  free(t);
}

/* So many of the gaps lie below a quantile, and fewer below what is a step less. */
static void any_quantile(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  enum { GAPS = 500 };
  for (int i = 0; i < SCALED(100, 20); i++) {
    int64_t gap[GAPS];
    const size_t n = (size_t)random_between(&r, 1, GAPS);
    for (size_t k = 0; k < n; k++)
      gap[k] = random_between(&r, 0, random_once_in(&r, 5) ? 199000000 : 20000000);
    struct timing *t = timing_of(gap, n);
    for (int percent = 1; percent <= 100; percent++) {
      const double share = percent / 100.0;
      const double quantile_ns = round(timing_quantile_ms(t, share) * 1e6);
      size_t below = 0;
      size_t below_less = 0;
      for (size_t k = 0; k < n; k++) {
        below += (double)gap[k] < quantile_ns;
        below_less += (double)gap[k] < quantile_ns - TIMING_BIN_NS;
      }
      assert_true((double)below >= share * (double)n);
      assert_true((double)below_less < share * (double)n);
    }
    free(t);
  }
}

/* A gap off the scale counts as the longest there is; the longest is known exactly. */
static void a_very_long_gap(void **state)
{
  (void)state;
  struct timing *t = timing_of((const int64_t[]){10000000, 3600000000000}, 2);
  assert_true(timing_quantile_ms(t, 1) >= 199.99);
  assert_true(near(timing_quantile_ms(t, 0.5), 10.01));
  assert_true(t->longest_ns == 3600000000000);
  free(t);
}

static void a_rest_is_no_gap(void **state)
{
  (void)state;
  struct timing *t = timing_of((const int64_t[]){10000000}, 1);
  timing_rest(t);
  timing_frame(t, START_NS + 60000000000, 1);
  assert_int_equal(t->gaps, 1);
  assert_int_equal(t->longest_ns, 10000000);
  timing_frame(t, START_NS + 60010000000, 1); /* and from then on they count again */
  assert_int_equal(t->gaps, 2);
  assert_int_equal(t->longest_ns, 10000000);
  assert_int_equal(t->drawn, 4);
  free(t);
}

/* Prints into a capture, and compares. */
static void check_print(const struct timing *t, const struct stream_counts *counts, int64_t took_ns,
                        const char *expected)
{
  struct capture err = capture_start(STDERR_FILENO);
  timing_print(t, counts, took_ns);
  capture_end(&err);
  assert_string_equal(err.text, expected);
}

static void what_is_printed(void **state)
{
  (void)state;
  int64_t gap[100];
  for (int i = 0; i < 100; i++)
    gap[i] = i == 40 ? 12343000 : i % 25 == 3 ? 11002000 : 10004000;
  struct timing *t = timing_of(gap, 100);
  timing_rest(t);
  timing_frame(t, START_NS + 9000000000, 0);
  t->late = 2;
  const struct stream_counts counts = {
      .lines = 110, .rows = 100, .samples = 300, .rejected = 10, .numbers = 400, .fast = 398};
  check_print(t, &counts, 1500000000,
              "test: timing: frames: 101 drawn, 1 unchanged, 2 late; gap: 10.01 ms median, 11.01 ms p99, 12.34 ms max\n"
              "test: timing: input: 300 samples in 1.500 s, 200 a second; 99.50 % of 400 numbers by the fast path\n");
  free(t);
}

/* --timing --demo: no number was read, so there is no share of them. */
static void without_numbers_there_is_no_share(void **state)
{
  (void)state;
  struct timing *t = calloc(1, sizeof *t);
  assert_non_null(t);
  const struct stream_counts demo = {.rows = 1000, .samples = 3000};
  check_print(t, &demo, 1000000000,
              "test: timing: frames: 0 drawn, 0 unchanged, 0 late; gap: 0.00 ms median, 0.00 ms p99, 0.00 ms max\n"
              "test: timing: input: 3000 samples in 1.000 s, 3000 a second\n");
  const struct stream_counts nothing = {.lines = 0};
  check_print(t, &nothing, 0,
              "test: timing: frames: 0 drawn, 0 unchanged, 0 late; gap: 0.00 ms median, 0.00 ms p99, 0.00 ms max\n"
              "test: timing: input: 0 samples in 0.000 s, 0 a second\n");
  free(t);
}

int main(void)
{
  message_program("test");
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_gaps_there_is_nothing_to_say),
      cmocka_unit_test(quantiles_by_hand),
      cmocka_unit_test(any_quantile),
      cmocka_unit_test(a_very_long_gap),
      cmocka_unit_test(a_rest_is_no_gap),
      cmocka_unit_test(what_is_printed),
      cmocka_unit_test(without_numbers_there_is_no_share),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
