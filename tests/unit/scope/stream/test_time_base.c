/*
 * Times of rows: at the nearest tick, worked out here in whole numbers and by long division, for any rate and however far
 * from the start.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/stream/time_base.h"

static struct time_base at_rate(double rate_hz)
{
  return (struct time_base){.kind = TIME_RATE, .rate_hz = rate_hz};
}

/* Nearest tick to row * 1e9 / rate for a whole rate below 4e9, by long division; a half goes up. */
static int64_t nearest_tick(uint64_t row, uint64_t rate)
{
  uint64_t seconds = row / rate;
  uint64_t rest = row % rate * 2 * TIME_TICKS_PER_SECOND + rate;
  return (int64_t)(seconds * TIME_TICKS_PER_SECOND + rest / (2 * rate));
}

static void nearest(void **state)
{
  (void)state;
  const struct time_base kilohertz = at_rate(1000);
  assert_int_equal(time_base_row(&kilohertz, 0), 0);
  assert_int_equal(time_base_row(&kilohertz, 1001), 1001000000);
  const struct time_base third = at_rate(3);
  assert_int_equal(time_base_row(&third, 1), 333333333);
  assert_int_equal(time_base_row(&third, 2), 666666667);
  const struct time_base fast = at_rate(2e9); /* every other row lies half-way between two ticks */
  assert_int_equal(time_base_row(&fast, 1), 1);
  assert_int_equal(time_base_row(&fast, 3), 2);
  assert_int_equal(time_base_row(&fast, 4), 2);
}

static void whole_rates(void **state)
{
  (void)state;
  static const uint64_t rates[] = {1, 3, 7, 50, 60, 1000, 1001, 44100, 48000, 96000, 999983, 1000000, 999999937};
  struct random r = random_seeded(7);
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
    const struct time_base base = at_rate((double)rates[i]);
    for (uint64_t row = 0; row < SCALED(200000, 20000); row++)
      assert_int_equal(time_base_row(&base, row), nearest_tick(row, rates[i]));
    for (int k = 0; k < SCALED(20000, 2000); k++) {
      const uint64_t row = random_below(&r, UINT64_C(1) << random_between(&r, 20, 50));
      if (row / rates[i] < TIME_MAX / TIME_TICKS_PER_SECOND)
        assert_int_equal(time_base_row(&base, row), nearest_tick(row, rates[i]));
    }
  }
}

/* Rates that are no whole numbers: never more than half a tick (and what a long double loses) from the quotient. */
static void broken_rates(void **state)
{
  (void)state;
  static const double rates[] = {0.1, 1.0 / 3, 29.97, 1e9 / 3, 44100.5, 3.14159e7, 1e-3};
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
    const struct time_base base = at_rate(rates[i]);
    for (uint64_t row = 0; row < SCALED(300000, 30000); row++) {
      const long double exact = (long double)row / (long double)rates[i] * TIME_TICKS_PER_SECOND;
      const int64_t time = time_base_row(&base, row);
      assert_true(fabsl((long double)time - exact) <= 0.5L + exact * 0x1p-50L);
    }
  }
}

static void times_never_fall_nor_overflow(void **state)
{
  (void)state;
  static const double rates[] = {1e-300, 1e-9, 0.7, 3, 44100, 1e9 / 3, 1e12, 1e300};
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
    const struct time_base base = at_rate(rates[i]);
    int64_t before = 0;
    for (uint64_t row = 1; row < UINT64_MAX / 3; row += row / 3 + 3)
      for (uint64_t k = 0; k < 3; k++) {
        const int64_t time = time_base_row(&base, row + k);
        assert_true(time >= before && time <= TIME_MAX);
        before = time;
      }
    assert_true(time_base_row(&base, UINT64_MAX) >= before && time_base_row(&base, UINT64_MAX) <= TIME_MAX);
  }
  const struct time_base slow = at_rate(1e-9);
  assert_int_equal(time_base_row(&slow, 5), TIME_MAX);
  const struct time_base number = {.kind = TIME_NUMBER};
  assert_int_equal(time_base_row(&number, 5), 5000000);
  assert_int_equal(time_base_row(&number, UINT64_MAX), TIME_MAX);
}

static void many_at_once(void **state)
{
  (void)state;
  const struct time_base bases[] = {at_rate(44100), at_rate(1e9 / 3), {.kind = TIME_NUMBER}};
  static const uint64_t firsts[] = {0, 1000, UINT64_C(1) << 40, UINT64_C(1) << 60};
  for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
    for (size_t k = 0; k < sizeof firsts / sizeof *firsts; k++) {
      int64_t times[300];
      time_base_rows(&bases[i], firsts[k], 300, times);
      for (size_t row = 0; row < 300; row++)
        assert_int_equal(times[row], time_base_row(&bases[i], firsts[k] + row));
    }
}

/* Where rows are said to be evenly spaced, each is where time_base_row has it. */
static void even_rows(void **state)
{
  (void)state;
  static const double rates[] = {1, 2.5, 3, 1000, 44100, 48000, 1e6, 1e9, 2e9, 0.5, 0.1, 1e-9, 1e300, 7.8125};
  struct random r = random_seeded(8);
  size_t even = 0;
  for (size_t i = 0; i <= sizeof rates / sizeof *rates; i++) {
    struct time_base base = {.kind = TIME_NUMBER};
    if (i > 0)
      base = at_rate(rates[i - 1]);
    for (int k = 0; k < 1000; k++) {
      const uint64_t row = random_u64(&r) >> random_below(&r, 64);
      const size_t n = 1 + random_below(&r, 500);
      int64_t step;
      if (!time_base_even(&base, row, n, &step))
        continue;
      even++;
      for (size_t j = 0; j < n; j++)
        assert_int_equal(time_base_row(&base, row + j), time_base_row(&base, row) + (int64_t)j * step);
    }
  }
  assert_true(even > 3000); /* whole numbers, and rates of which a second's ticks are a multiple */
  int64_t step;
  const struct time_base third = at_rate(3);
  assert_false(time_base_even(&third, 0, 3, &step));
  const struct time_base kilohertz = at_rate(1000);
  assert_true(time_base_even(&kilohertz, 5, 3, &step));
  assert_int_equal(step, 1000000);
}

static void units(void **state)
{
  (void)state;
  const struct time_base arrival = {.kind = TIME_ARRIVAL};
  const struct time_base number = {.kind = TIME_NUMBER};
  const struct time_base rate = at_rate(10);
  assert_true(time_base_runs(&arrival));
  assert_false(time_base_runs(&number) || time_base_runs(&rate));
  assert_int_equal(time_base_unit(&arrival), TIME_TICKS_PER_SECOND);
  assert_int_equal(time_base_unit(&rate), TIME_TICKS_PER_SECOND);
  assert_int_equal(time_base_unit(&number), TIME_TICKS_PER_SAMPLE);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nearest),      cmocka_unit_test(whole_rates),
      cmocka_unit_test(broken_rates), cmocka_unit_test(times_never_fall_nor_overflow),
      cmocka_unit_test(many_at_once), cmocka_unit_test(units),
      cmocka_unit_test(even_rows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
