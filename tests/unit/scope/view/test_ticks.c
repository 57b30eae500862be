/* Where axes have their ticks, and how numbers are written: round, few enough, inside, and readable back. */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/ticks.h"

#define MINUS "\xE2\x88\x92"
#define MICRO "\xC2\xB5"

/* The number that a label stands for. */
static double read_back(const char *text)
{
  static const struct {
    const char *prefix;
    double scale;
  } prefixes[] = {
      {"", 1},      {"k", 1e3},   {"M", 1e6},   {"G", 1e9},   {"T", 1e12},  {"P", 1e15},   {"E", 1e18},
      {"Z", 1e21},  {"Y", 1e24},  {"R", 1e27},  {"Q", 1e30},  {"m", 1e-3},  {MICRO, 1e-6}, {"n", 1e-9},
      {"p", 1e-12}, {"f", 1e-15}, {"a", 1e-18}, {"z", 1e-21}, {"y", 1e-24}, {"r", 1e-27},  {"q", 1e-30},
  };
  const double sign = strncmp(text, MINUS, strlen(MINUS)) == 0 ? -1 : 1;
  char *end;
  const double number = strtod(sign < 0 ? text + strlen(MINUS) : text, &end);
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
    if (strcmp(end, prefixes[i].prefix) == 0)
      return sign * number * prefixes[i].scale;
  fail_msg("'%s' ends in no known prefix", text);
  return 0;
}

static void check_labels(const struct ticks *t, const char *const *expected)
{
  char text[TICKS_TEXT_MAX];
  for (int i = 0; i < t->count; i++) {
    assert_non_null(expected[i]);
    ticks_label(t, i, text);
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

static void labels(void **state)
{
  (void)state;
  struct ticks t;
  ticks_choose(-10, 10, 5, &t);
  check_labels(&t, (const char *const[]){MINUS "10", MINUS "5", "0", "5", "10", NULL});
  ticks_choose(0, 1, 6, &t);
  check_labels(&t, (const char *const[]){"0.0", "0.2", "0.4", "0.6", "0.8", "1.0", NULL});
  ticks_choose(0, 20e6, 5, &t);
  check_labels(&t, (const char *const[]){"0", "5M", "10M", "15M", "20M", NULL});
  ticks_choose(0, 9000, 4, &t);
  check_labels(&t, (const char *const[]){"0", "5000", NULL});
  ticks_choose(0, 10000, 3, &t);
  check_labels(&t, (const char *const[]){"0", "5k", "10k", NULL});
  ticks_choose(-3e-6, 3e-6, 4, &t);
  check_labels(&t, (const char *const[]){MINUS "2" MICRO, "0", "2" MICRO, NULL});
  ticks_choose(-0.0025, 0.0025, 3, &t);
  check_labels(&t, (const char *const[]){"0", NULL});
  ticks_choose(1000000, 1000001, 3, &t); /* a tiny range far from zero */
  check_labels(&t, (const char *const[]){"1.0000000M", "1.0000005M", "1.0000010M", NULL});
  ticks_choose(0, 5e33, 6, &t);
  check_labels(&t, (const char *const[]){"0", "1e33", "2e33", "3e33", "4e33", "5e33", NULL});
  ticks_choose(0, 2e-31, 3, &t);
  check_labels(&t, (const char *const[]){"0", "100e-33", "200e-33", NULL});
  ticks_choose(0, 5e-30, 6, &t);
  check_labels(&t, (const char *const[]){"0", "1q", "2q", "3q", "4q", "5q", NULL});
}

static void extremes(void **state)
{
  (void)state;
  struct ticks t;
  ticks_choose(-1e308, 1e308, 3, &t);
  check_labels(&t, (const char *const[]){MINUS "100e306", "0", "100e306", NULL});
  ticks_choose(1e-308, 2e-308, 10, &t);
  assert_true(t.count <= 10);
  ticks_choose(0, 1e-307, 2, &t);
  assert_int_equal(t.count, 2);
  ticks_choose(0, DBL_TRUE_MIN, 10, &t);
  assert_int_equal(t.count, 1);
  for (int most = 2; most <= TICKS_MAX; most++) {
    ticks_choose(-DBL_MAX, DBL_MAX, most, &t);
    assert_in_range(t.count, 1, most);
    for (int i = 0; i < t.count; i++)
      assert_true(isfinite(ticks_value(&t, i)));
    ticks_choose_time(-DBL_MAX, DBL_MAX, most, &t);
    assert_in_range(t.count, 1, most);
    char text[TICKS_TEXT_MAX];
    ticks_label_clock(&t, 0, text);
  }
  /* No double lies between the two: at most one tick, and it is one of them. */
  ticks_choose(1, nextafter(1, 2), 10, &t);
  assert_in_range(t.count, 0, 1);
}

/* A step is 1, 2 or 5 times a power of ten. */
static bool is_round(double step)
{
  char text[32];
  snprintf(text, sizeof text, "%.9e", step);
  return strchr("125", text[0]) && strncmp(text + 1, ".000000000", 10) == 0;
}

static double random_magnitude(struct random *r, int least, int most)
{
  return (random_unit(r) * 9 + 1) * pow(10, (double)random_between(r, least, most)) * (random_once_in(r, 2) ? -1 : 1);
}

static void check_ticks(const struct ticks *t, double low, double high, int most, double coarsest)
{
  assert_in_range(t->count, 0, most);
  const double range = high - low;
  const double ulps = fmax(fabs(low), fabs(high)) * 1e-15;
  char text[TICKS_TEXT_MAX] = "";
  char previous[TICKS_TEXT_MAX];
  for (int i = 0; i < t->count; i++) {
    const double value = ticks_value(t, i);
    assert_true(value >= low - t->step * 1e-8 - ulps);
    assert_true(value <= high + t->step * 1e-8 + ulps);
    assert_true(t->first + i != 0 || (value == 0 && !signbit(value)));
    memcpy(previous, text, sizeof previous);
    ticks_label(t, i, text);
    assert_string_not_equal(text, previous);
    const double error = fabs(read_back(text) - value);
    if (error > t->step * 1e-6 + ulps)
      fail_msg("tick %.17g is labelled %s", value, text);
  }
  /* None is missing at the ends, and they are not needlessly few. */
  if (range > fmax(fabs(low), fabs(high)) * 1e-12) {
    assert_true(t->step <= range / (most - 1) * coarsest * (1 + 1e-8));
    assert_true((double)t->count >= floor(range / t->step * (1 - 1e-8)));
  }
}

static void any_range(void **state)
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
    struct ticks t;
    ticks_choose(low, high, most, &t);
    assert_true(is_round(t.step));
    check_ticks(&t, low, high, most, 2.5);
    ticks_choose_time(low, high, most, &t);
    check_ticks(&t, low, high, most, 3.5);
  }
}

static void clock_steps(void **state)
{
  (void)state;
  static const struct {
    double high;
    int most;
    double step;
  } cases[] = {
      {10, 11, 1},
      {100, 11, 10},
      {150, 11, 15},
      {250, 11, 30},
      {300, 11, 30},
      {600, 11, 60},
      {3600, 7, 600},
      {3600, 13, 300},
      {86400, 7, 21600},
      {7 * 86400, 8, 86400},
      {70 * 86400, 11, 604800},
      {200 * 86400, 11, 20 * 86400},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct ticks t;
    ticks_choose_time(0, cases[i].high, cases[i].most, &t);
    print_message("%g s in %d: %g s\n", cases[i].high, cases[i].most, t.step);
    assert_true(t.step == cases[i].step);
  }
}

static void clock_labels(void **state)
{
  (void)state;
  static const struct {
    double seconds;
    const char *text;
  } cases[] = {
      {0, "0:00"},       {60, "1:00"},      {150 * 60, "2:30:00"},    {-60, MINUS "1:00"}, {3540, "59:00"},
      {3600, "1:00:00"}, {3900, "1:05:00"}, {-3900, MINUS "1:05:00"}, {86400, "24:00:00"}, {360000, "100:00:00"},
  };
  char text[TICKS_TEXT_MAX];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct ticks t = {.step = 60, .first = (int64_t)(cases[i].seconds / 60), .count = 1};
    ticks_label_clock(&t, 0, text);
    assert_string_equal(text, cases[i].text);
  }
  struct ticks t;
  ticks_choose_time(140, 160, 5, &t); /* steps below a minute: seconds */
  ticks_label_clock(&t, 0, text);
  assert_string_equal(text, "140");
  ticks_choose_time(0, 100000, 11, &t); /* in seconds after all: 10800 has three digits and no more are dropped */
  ticks_label(&t, 1, text);
  assert_string_equal(text, "10.8k");
  ticks_choose_time(0, 1e20, 3, &t);
  ticks_label_clock(&t, 1, text);
  assert_true(strstr(text, "E") != NULL);
}

static void numbers(void **state)
{
  (void)state;
  static const struct {
    double value;
    int digits;
    const char *text;
  } cases[] = {
      {0, 4, "0"},
      {-0.0, 4, "0"},
      {1, 4, "1.000"},
      {24366868, 4, "24.37M"},
      {-3.14159, 4, MINUS "3.142"},
      {12.5e-6, 4, "12.50" MICRO},
      {9.9994, 4, "9.999"},
      {9.9996, 4, "10.00"},
      {99.996, 4, "100.0"},
      {9999.4, 4, "9999"},
      {9999.6, 4, "10.00k"},
      {999.94e3, 4, "999.9k"},
      {999.96e3, 4, "1.000M"},
      {-999.96e3, 4, MINUS "1.000M"},
      {0.0099994, 4, "9.999m"},
      {0.0099996, 4, "0.01000"},
      {0.012345, 4, "0.01235"},
      {0.5, 1, "0.5"},
      {1234.4, 2, "1234"},
      {1234567, 1, "1M"},
      {123456, 1, "123k"},
      {1e-30, 3, "1.00q"},
      {1e30, 3, "1.00Q"},
      {1e33, 3, "1.00e33"},
      {1e308, 3, "100e306"},
      {DBL_MAX, 4, "179.8e306"},
      {1e-308, 3, "10.0e-309"},
      {DBL_TRUE_MIN, 2, "4.9e-324"},
      {0.1, 17, "0.10000000000000001"},
      {(double)NAN, 4, "\xE2\x80\x93"},
      {HUGE_VAL, 4, "\xE2\x88\x9E"},
      {-HUGE_VAL, 4, MINUS "\xE2\x88\x9E"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[TICKS_TEXT_MAX];
    ticks_number(cases[i].value, cases[i].digits, text);
    print_message("%.17g: %s\n", cases[i].value, text);
    assert_string_equal(text, cases[i].text);
  }
}

/* All significant digits are there, no more than three before the point (four without prefix), and the value is right. */
static void any_number(void **state)
{
  (void)state;
  struct random r = random_seeded(2);
  for (int i = 0; i < SCALED(100000, 20000); i++) {
    double value = random_magnitude(&r, -29, 31);
    if (random_once_in(&r, 4)) /* nines, which round up to one digit more */
      value = (1 - fabs(random_magnitude(&r, -9, -2))) * pow(10, (double)random_between(&r, -29, 29));
    const int digits = (int)random_between(&r, 4, 12);
    char text[TICKS_TEXT_MAX];
    ticks_number(value, digits, text);
    assert_true(fabs(read_back(text) - value) <= fabs(value) * pow(10, 1 - digits) * 0.5000001);

    const char *at = text + (value < 0 ? strlen(MINUS) : 0);
    const size_t whole = strspn(at, "0123456789");
    const size_t end = strspn(at, "0123456789.");
    assert_in_range(whole, 1, at[end] == '\0' ? 4 : 3);
    at += strspn(at, "0.");
    size_t significant = 0;
    for (; strchr("0123456789.", *at) && *at; at++)
      significant += *at != '.';
    assert_int_equal(significant, digits);
  }
}

/* The test run makes a locale with a decimal comma (comma.locale), see LOCPATH. */
static void a_locale_with_commas_changes_nothing(void **state)
{
  (void)state;
  if (setlocale(LC_NUMERIC, "comma") == NULL)
    skip();
  char number[TICKS_TEXT_MAX];
  char label[TICKS_TEXT_MAX];
  ticks_number(-24366868, 4, number);
  struct ticks t;
  ticks_choose(0.25, 1, 6, &t);
  ticks_label(&t, 0, label);
  setlocale(LC_NUMERIC, "C");
  assert_string_equal(number, MINUS "24.37M");
  assert_string_equal(label, "0.4");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(round_steps),
      cmocka_unit_test(labels),
      cmocka_unit_test(extremes),
      cmocka_unit_test(any_range),
      cmocka_unit_test(clock_steps),
      cmocka_unit_test(clock_labels),
      cmocka_unit_test(numbers),
      cmocka_unit_test(any_number),
      cmocka_unit_test(a_locale_with_commas_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
