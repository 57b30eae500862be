/* Where axes have their ticks: round, few enough, inside, and with labels that say exactly where they stand. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "labels.h"
#include "random.h"
#include "scale.h"
#include "scope/view/ticks.h"

static const int64_t SECOND = 1000000000; /* units of time axes, in ticks of the time base */
static const int64_t SAMPLE = 1000000;
static const int64_t EPOCH_NS = 1767225600123456789;

/* ---- Values ---- */

static void check_labels(const struct value_ticks *t, const char *const *expected)
{
  char text[FIGURE_TEXT_MAX];
  for (int i = 0; i < t->count; i++) {
    assert_non_null(expected[i]);
    value_ticks_label(t, i, text);
    assert_string_equal(text, expected[i]);
  }
  assert_null(expected[t->count]);
}

static void round_steps(void **state)
{
  (void)state;
  static const struct {
    double step, rounded;
  } cases[] = {
      {1, 1},
      {1.01, 2},
      {2, 2},
      {2.1, 5},
      {5, 5},
      {5.1, 10},
      {9.99, 10},
      {0.11, 0.2},
      {0.3, 0.5},
      {0.7, 1},
      {1000, 1000},
      {1001, 2000},
      {1e6, 1e6},
      {1e-6, 1e-6},
      {3e-9, 5e-9},
      {1e22, 1e22},
      {1e308, 1e308},
      {1e-307, 1e-307},
      {0.1 + 0.2, 0.5},
      {0.2 * 1.0000000001, 0.2},
      {1.0000000001, 1},
      {5.0000000001, 5},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    print_message("%g\n", cases[i].step);
    assert_true(fabs(ticks_round_step(cases[i].step) - cases[i].rounded) <= cases[i].rounded * 1e-14);
  }
}

static void value_labels(void **state)
{
  (void)state;
  struct value_ticks t;
  value_ticks_choose(-10, 10, 5, &t);
  check_labels(&t, (const char *const[]){MINUS "10", MINUS "5", "0", "5", "10", NULL});
  value_ticks_choose(0, 1, 6, &t);
  check_labels(&t, (const char *const[]){"0.0", "0.2", "0.4", "0.6", "0.8", "1.0", NULL});
  value_ticks_choose(0, 20e6, 5, &t);
  check_labels(&t, (const char *const[]){"0", "5M", "10M", "15M", "20M", NULL});
  value_ticks_choose(0, 9000, 4, &t);
  check_labels(&t, (const char *const[]){"0", "5000", NULL});
  value_ticks_choose(0, 10000, 3, &t);
  check_labels(&t, (const char *const[]){"0", "5k", "10k", NULL});
  value_ticks_choose(-3e-6, 3e-6, 4, &t);
  check_labels(&t, (const char *const[]){MINUS "2" MICRO, "0", "2" MICRO, NULL});
  value_ticks_choose(-0.0025, 0.0025, 3, &t);
  check_labels(&t, (const char *const[]){MINUS "2m", "0", "2m", NULL}); /* one alone tells nothing */
  char offset[FIGURE_TEXT_MAX];
  value_ticks_offset_label(&t, offset);
  assert_string_equal(offset, "");
  value_ticks_choose(1000000, 1000001, 3, &t); /* a tiny range far from zero */
  check_labels(&t, (const char *const[]){"0.0", "0.5", "1.0", NULL});
  value_ticks_offset_label(&t, offset);
  assert_string_equal(offset, "+1M");
  value_ticks_choose(1e9 - 0.002, 1e9 + 0.002, 5, &t);
  check_labels(&t, (const char *const[]){MINUS "2m", MINUS "1m", "0", "1m", "2m", NULL});
  value_ticks_offset_label(&t, offset);
  assert_string_equal(offset, "+1G");
  value_ticks_choose(-1234567.3, -1234566.8, 6, &t);
  check_labels(&t, (const char *const[]){MINUS "0.3", MINUS "0.2", MINUS "0.1", "0.0", "0.1", "0.2", NULL});
  value_ticks_offset_label(&t, offset);
  assert_string_equal(offset, MINUS "1.234567M");
  value_ticks_choose(0.1 + 0.2, 0.5, 3, &t); /* a little more than 0.3, by a rounding */
  check_labels(&t, (const char *const[]){"0.3", "0.4", "0.5", NULL});
  value_ticks_choose(0, 5e33, 6, &t);
  check_labels(&t, (const char *const[]){"0", "1e33", "2e33", "3e33", "4e33", "5e33", NULL});
  value_ticks_choose(0, 2e-31, 3, &t);
  check_labels(&t, (const char *const[]){"0", "100e-33", "200e-33", NULL});
  value_ticks_choose(0, 5e-30, 6, &t);
  check_labels(&t, (const char *const[]){"0", "1q", "2q", "3q", "4q", "5q", NULL});
}

static void value_extremes(void **state)
{
  (void)state;
  struct value_ticks t;
  value_ticks_choose(-1e308, 1e308, 3, &t);
  check_labels(&t, (const char *const[]){MINUS "100e306", "0", "100e306", NULL});
  value_ticks_choose(1e-308, 2e-308, 10, &t);
  assert_true(t.count <= 10);
  value_ticks_choose(0, 1e-307, 2, &t);
  assert_int_equal(t.count, 2);
  value_ticks_choose(0, DBL_TRUE_MIN, 10, &t);
  assert_int_equal(t.count, 1);
  for (int most = 2; most <= TICKS_MAX; most++) {
    value_ticks_choose(-DBL_MAX, DBL_MAX, most, &t);
    assert_in_range(t.count, 1, most > 5 ? most : 5);
    for (int i = 0; i < t.count; i++)
      assert_true(isfinite(value_ticks_value(&t, i)));
  }
  /* No double lies between the two: at most one tick, and it is one of them. */
  value_ticks_choose(1, nextafter(1, 2), 10, &t);
  assert_in_range(t.count, 0, 1);
}

/* A step is 1, 2 or 5 times a power of ten. */
static bool is_round(double step)
{
  char text[32];
  snprintf(text, sizeof text, "%.9e", step);
  return strchr("125", text[0]) && strncmp(text + 1, ".000000000", 10) == 0;
}

static void check_value_ticks(const struct value_ticks *t, double low, double high, int most)
{
  assert_in_range(t->count, 0, most > 5 ? most : 5); /* two or more, where `most` would make fewer */
  const double range = high - low;
  const double ulps = fmax(fabs(low), fabs(high)) * 1e-15;
  char text[FIGURE_TEXT_MAX] = "";
  char previous[FIGURE_TEXT_MAX];
  value_ticks_offset_label(t, text);
  const double offset = text[0] ? (double)t->offset * t->step : 0;
  assert_true(fabs(read_back(text[0] == '+' ? text + 1 : text) - offset) <= t->step * 1e-6 + ulps);
  text[0] = '\0';
  for (int i = 0; i < t->count; i++) {
    const double value = value_ticks_value(t, i);
    assert_true(value >= low - t->step * 1e-8 - ulps);
    assert_true(value <= high + t->step * 1e-8 + ulps);
    assert_true(t->first + i != 0 || (value == 0 && !signbit(value)));
    memcpy(previous, text, sizeof previous);
    value_ticks_label(t, i, text);
    assert_string_not_equal(text, previous);
    const double error = fabs(read_back(text) + offset - value);
    if (error > t->step * 1e-6 + ulps)
      fail_msg("tick %.17g is labelled %s", value, text);
  }
  /* None is missing at the ends, and they are not needlessly few. */
  if (range > fmax(fabs(low), fabs(high)) * 1e-12) {
    assert_true(t->step <= range / (most - 1) * 2.5 * (1 + 1e-8));
    assert_true((double)t->count >= floor(range / t->step * (1 - 1e-8)));
  }
}

static void any_range_of_values(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  for (int i = 0; i < SCALED(20000, 4000); i++) {
    double low = random_once_in(&r, 10) ? 0 : random_magnitude(&r, -40, 40);
    double high = low + fabs(random_once_in(&r, 2) ? low : 1) * fabs(random_magnitude(&r, -13, 6));
    if (random_once_in(&r, 4)) { /* what autoscale gives: round ends */
      low = (double)random_between(&r, -20, 19) * pow(10, (double)random_between(&r, -9, 9));
      high = low + (double)random_between(&r, 1, 20) * pow(10, (double)random_between(&r, -9, 9));
    }
    if (!(low < high))
      continue;
    const int most = (int)random_between(&r, 2, TICKS_MAX);
    struct value_ticks t;
    value_ticks_choose(low, high, most, &t);
    assert_true(is_round(t.step));
    check_value_ticks(&t, low, high, most);
  }
}

/* ---- Times ---- */

/* An axis that shows [low, high). */
static struct time_axis axis_of(int64_t low, int64_t high)
{
  return (struct time_axis){.origin = low, .width = high - low, .columns = 1};
}

static void check_time_labels(int64_t low, int64_t high, int64_t unit, bool clock, int most,
                              const char *const *expected)
{
  const struct time_axis axis = axis_of(low, high);
  struct time_ticks t = {0};
  char text[FIGURE_TEXT_MAX] = "";
  time_ticks_choose(&axis, unit, clock, most, &t);
  int i = 0;
  for (; expected[i]; i++) {
    assert_true(i < t.count);
    time_ticks_label(&t, i, text);
    assert_string_equal(text, expected[i]);
  }
  assert_int_equal(t.count, i);
}

static void seconds(void **state)
{
  (void)state;
  check_time_labels(0, 10 * SECOND, SECOND, true, 6, (const char *const[]){"0", "2", "4", "6", "8", "10", NULL});
  check_time_labels(-3 * SECOND, SECOND / 2, SECOND, true, 5,
                    (const char *const[]){MINUS "3", MINUS "2", MINUS "1", "0", NULL});
  check_time_labels(0, SECOND, SECOND, true, 6, (const char *const[]){"0.0", "0.2", "0.4", "0.6", "0.8", "1.0", NULL});
  check_time_labels(0, 1000, SECOND, true, 3, (const char *const[]){"0.0", "0.5" MICRO, "1.0" MICRO, NULL});
  check_time_labels(0, 3, SECOND, true, 4, (const char *const[]){"0", "1n", "2n", "3n", NULL});
  check_time_labels(1, 2, SECOND, true, 10, (const char *const[]){"1n", "2n", NULL}); /* a tick is the least step */
  check_time_labels(11 * SECOND / 10, 15 * SECOND / 10, SECOND, true, 3, (const char *const[]){"1.2", "1.4", NULL});
  check_time_labels(140 * SECOND, 160 * SECOND, SECOND, true, 3, (const char *const[]){"140", "150", "160", NULL});
  check_time_labels(12345 * SECOND, 12347 * SECOND, SECOND, true, 3,
                    (const char *const[]){"12.345k", "12.346k", "12.347k", NULL});
}

/* Nanoseconds since 1970: no digit is lost, and none is invented. */
static void far_from_zero(void **state)
{
  (void)state;
  check_time_labels(EPOCH_NS, EPOCH_NS + 2 * SECOND, SECOND, true, 3,
                    (const char *const[]){"1.767225601G", "1.767225602G", NULL});
  check_time_labels(EPOCH_NS, EPOCH_NS + 5, SECOND, true, 6,
                    (const char *const[]){"1.767225600123456789G", "1.767225600123456790G", "1.767225600123456791G",
                                          "1.767225600123456792G", "1.767225600123456793G", "1.767225600123456794G",
                                          NULL});
  check_time_labels(EPOCH_NS, EPOCH_NS + 1000, SECOND, true, 3,
                    (const char *const[]){"1.7672256001234570G", "1.7672256001234575G", NULL});
  check_time_labels(-EPOCH_NS, -EPOCH_NS + 2 * SECOND, SECOND, true, 3,
                    (const char *const[]){MINUS "1.767225600G", MINUS "1.767225599G", NULL});
  /* 1767225600 seconds are 490896 hours. */
  check_time_labels(EPOCH_NS, EPOCH_NS + 1200 * SECOND, SECOND, true, 3,
                    (const char *const[]){"490896:10:00", "490896:20:00", NULL});
  check_time_labels(-EPOCH_NS, -EPOCH_NS + 1200 * SECOND, SECOND, true, 3,
                    (const char *const[]){MINUS "490896:00:00", MINUS "490895:50:00", NULL});
}

static void sample_numbers(void **state)
{
  (void)state;
  check_time_labels(0, 1000 * SAMPLE, SAMPLE, false, 6,
                    (const char *const[]){"0", "200", "400", "600", "800", "1000", NULL});
  check_time_labels(0, 100000 * SAMPLE, SAMPLE, false, 6,
                    (const char *const[]){"0", "20k", "40k", "60k", "80k", "100k", NULL});
  check_time_labels(-100000 * SAMPLE, 10 * SAMPLE, SAMPLE, false, 3, (const char *const[]){MINUS "100k", "0", NULL});
  check_time_labels(0, 9000 * SAMPLE, SAMPLE, false, 4, (const char *const[]){"0", "5000", NULL});
  check_time_labels(0, 2 * SAMPLE, SAMPLE, false, 5, (const char *const[]){"0", "1", "2", NULL});
  check_time_labels(123456789012 * SAMPLE, 123456789014 * SAMPLE, SAMPLE, false, 3,
                    (const char *const[]){"123.456789012G", "123.456789013G", "123.456789014G", NULL});
  check_time_labels(0, 7200 * SAMPLE, SAMPLE, false, 5, (const char *const[]){"0", "2000", "4000", "6000", NULL});
}

static void clock_steps(void **state)
{
  (void)state;
  static const struct {
    int64_t high;
    int most;
    int64_t step;
  } cases[] = {
      {10, 11, 1},       {100, 11, 10},      {150, 11, 15},         {250, 11, 30},
      {300, 11, 30},     {600, 11, 60},      {3600, 7, 600},        {3600, 13, 300},
      {86400, 7, 21600}, {604800, 8, 86400}, {6048000, 11, 604800}, {17280000, 11, 1728000},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct time_axis axis = axis_of(0, cases[i].high * SECOND);
    struct time_ticks t;
    time_ticks_choose(&axis, SECOND, true, cases[i].most, &t);
    print_message("%lld s in %d: %lld ns\n", (long long)cases[i].high, cases[i].most, (long long)t.step);
    assert_int_equal(t.step, cases[i].step * SECOND);
    assert_int_equal(t.clock, cases[i].step >= 60);
  }
}

static void clock_labels(void **state)
{
  (void)state;
  check_time_labels(-120 * SECOND, 60 * SECOND, SECOND, true, 4,
                    (const char *const[]){MINUS "2:00", MINUS "1:00", "0:00", "1:00", NULL});
  check_time_labels(3480 * SECOND, 3660 * SECOND, SECOND, true, 4,
                    (const char *const[]){"58:00", "59:00", "1:00:00", "1:01:00", NULL});
  check_time_labels(0, 16200 * SECOND, SECOND, true, 10,
                    (const char *const[]){"0:00", "30:00", "1:00:00", "1:30:00", "2:00:00", "2:30:00", "3:00:00",
                                          "3:30:00", "4:00:00", "4:30:00", NULL});
  check_time_labels(0, 345600 * SECOND, SECOND, true, 5,
                    (const char *const[]){"0:00", "24:00:00", "48:00:00", "72:00:00", "96:00:00", NULL});
  check_time_labels(-3900 * SECOND, -3890 * SECOND, SECOND, true, 2,
                    (const char *const[]){MINUS "3900", MINUS "3890", NULL});
}

/* The time that a label says, in ticks, to the last digit. */
static int64_t ticks_of_label(const char *text, int64_t unit)
{
  static const char prefixes[] = "np\xB5mkMGTP";
  static const int exponents[] = {-9, -12, -6, -3, 3, 6, 9, 12, 15};
  const bool negative = strncmp(text, MINUS, strlen(MINUS)) == 0;
  const char *at = negative ? text + strlen(MINUS) : text;
  if (strchr(at, ':')) {
    int64_t s = 0;
    for (char *end; *at; at = *end ? end + 1 : end)
      s = s * 60 + strtol(at, &end, 10);
    return (negative ? -s : s) * unit;
  }
  uint64_t digits = 0;
  int power = 0;
  bool fraction = false;
  for (; (*at >= '0' && *at <= '9') || *at == '.'; at++) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    digits = digits * 10 + (uint64_t)(*at - '0');
    power -= fraction;
  }
  at += *at == '\xC2';
  if (*at) {
    assert_non_null(strchr(prefixes, *at));
    power += exponents[strchr(prefixes, *at) - prefixes];
  }
  for (int64_t u = unit; u > 1; u /= 10)
    power++;
  assert_true(digits == 0 || power >= 0);
  for (; digits && power > 0; power--)
    digits *= 10;
  return negative ? -(int64_t)digits : (int64_t)digits;
}

static bool is_round_step(int64_t step)
{
  while (step % 10 == 0)
    step /= 10;
  return step == 1 || step == 2 || step == 5;
}

static bool is_clock_step(int64_t step, int64_t unit)
{
  static const int64_t whole[] = {60, 3600, 86400}; /* that many steps, or so many seconds, are round to a clock */
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
    if (whole[i] * unit % step == 0)
      return true;
  return step % (86400 * unit) == 0;
}

static void check_time_ticks(const struct time_ticks *t, int64_t low, int64_t high, int64_t unit, bool clock, int most)
{
  assert_in_range(t->count, 0, most);
  assert_true(t->clock ? is_clock_step(t->step, unit) : is_round_step(t->step) || (clock && t->step > 10 * unit));
  assert_true(clock || !t->clock);
  /* Not needlessly few, and none is missing at the ends. */
  assert_true(clock || t->step >= unit); /* samples have whole numbers */
  assert_true(t->step == 1 || (!clock && t->step == unit) ||
              (double)t->step <= (double)(high - low) / (most - 1) * 3.5);
  assert_true(time_ticks_time(t, 0) - low < t->step);
  assert_true(time_ticks_time(t, 0) >= low);
  assert_true(high - time_ticks_time(t, t->count - 1) < t->step);
  assert_true(t->count == 0 || time_ticks_time(t, t->count - 1) <= high);
  char text[FIGURE_TEXT_MAX];
  for (int i = 0; i < t->count; i++) {
    const int64_t time = time_ticks_time(t, i);
    assert_int_equal(time % t->step, 0);
    time_ticks_label(t, i, text);
    if (ticks_of_label(text, unit) != time)
      fail_msg("tick %lld of unit %lld is labelled %s", (long long)time, (long long)unit, text);
  }
}

static void any_stretch_of_time(void **state)
{
  (void)state;
  struct random r = random_seeded(2);
  for (int i = 0; i < SCALED(50000, 8000); i++) {
    const bool samples = random_once_in(&r, 3);
    const int64_t unit = samples ? SAMPLE : SECOND;
    const int64_t around[] = {0, EPOCH_NS, -EPOCH_NS, (int64_t)(random_u64(&r) >> (random_below(&r, 60) + 4))};
    int64_t extent = (int64_t)(random_u64(&r) >> (random_below(&r, 58) + 5)) + 1;
    const int64_t low = around[random_below(&r, 4)] - (random_once_in(&r, 3) ? extent / 2 : 0);
    const struct time_axis axis = axis_of(low, low + extent);
    const int most = (int)random_between(&r, 2, TICKS_MAX);
    struct time_ticks t;
    time_ticks_choose(&axis, unit, !samples, most, &t);
    check_time_ticks(&t, low, low + extent, unit, !samples, most);
  }
}

static void the_ends_of_all_times(void **state)
{
  (void)state;
  static const struct time_axis axes[] = {
      {.origin = 0, .width = INT64_MAX, .first = -1, .columns = 2},
      {.origin = INT64_MAX - 10, .width = 10, .columns = 100},
      {.origin = INT64_MIN, .width = 1, .columns = 1},
      {.origin = 0, .width = INT64_MAX / 4, .first = -1, .columns = 2},
  };
  for (size_t a = 0; a < sizeof axes / sizeof *axes; a++)
    for (int most = 2; most <= TICKS_MAX; most++)
      for (int clock = 0; clock < 2; clock++) {
        struct time_ticks t;
        char text[FIGURE_TEXT_MAX];
        time_ticks_choose(&axes[a], SECOND, clock != 0, most, &t);
        assert_true(t.step > 0);
        assert_in_range(t.count, 0, most);
        for (int i = 0; i < t.count; i++) {
          assert_true(i == 0 || time_ticks_time(&t, i) > time_ticks_time(&t, i - 1));
          time_ticks_label(&t, i, text);
          assert_int_equal(ticks_of_label(text, SECOND), time_ticks_time(&t, i));
        }
      }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(round_steps),
      cmocka_unit_test(value_labels),
      cmocka_unit_test(value_extremes),
      cmocka_unit_test(any_range_of_values),
      cmocka_unit_test(seconds),
      cmocka_unit_test(far_from_zero),
      cmocka_unit_test(sample_numbers),
      cmocka_unit_test(clock_steps),
      cmocka_unit_test(clock_labels),
      cmocka_unit_test(any_stretch_of_time),
      cmocka_unit_test(the_ends_of_all_times),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
