/* Which texts are units, and which differ by a prefix alone. Expectations are from the contract, "Numbers". */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/stream/units.h"

static bool known(const char *text)
{
  return unit_known(text, strlen(text));
}

static bool shaped(const char *text)
{
  return unit_shaped(text, strlen(text));
}

static void test_known_units(void **state)
{
  (void)state;
  static const char *const units[] = {"s",  "ms",     "us",      "\u00B5s", "min", "h",       "B",   "kB",  "MiB",
                                      "Mi", "Gbit/s", "V",       "mV",      "A",   "uA",      "W",   "kWh", "F",
                                      "pF", "Ohm",    "k\u03A9", "dBm",     "C",   "\u00B0C", "K",   "g",   "kg",
                                      "m",  "mm",     "hPa",     "bar",     "Hz",  "GHz",     "rpm", "%",   "m/s"};
  static const char *const others[] = {"", "x", "widgets", "ns/op", "msx", "k", "10", "Vs2x", "Boston"};
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
    if (!known(units[i]))
      fail_msg("%s is not known", units[i]);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (known(others[i]))
      fail_msg("%s is known", others[i]);
}

static void test_shapes(void **state)
{
  (void)state;
  static const char *const units[] = {"m", "m/s^2", "m3", "%", "\u00B0C", "\u00B5V", "\u03A9", "\xB0", "widgets"};
  static const char *const others[] = {"/s", "^2", "m4", "x86", "-", ".5", "2m"};
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
    if (!shaped(units[i]))
      fail_msg("%s has no shape of a unit", units[i]);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (shaped(others[i]))
      fail_msg("%s has the shape of a unit", others[i]);
}

static void test_ratios(void **state)
{
  (void)state;
  static const struct {
    const char *first, *other;
    double ratio; /* 0: none */
  } pairs[] = {
      {"ms", "us", 1e-3},
      {"ms", "s", 1e3},
      {"Mi", "Gi", 1024},
      {"kB", "MB", 1e3},
      {"V", "V", 1},
      {"V", "mV", 1e-3},
      {"MiB", "KiB", 1.0 / 1024},
      {"V", "A", 0},
      {"s", "min", 0},
      {"C", "K", 0},
      {"m", "Hz", 0},
      {"B", "bit", 0},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    double times = 0;
    double by = 1;
    const bool same =
        unit_ratio(pairs[i].first, strlen(pairs[i].first), pairs[i].other, strlen(pairs[i].other), &times, &by);
    if (same != (pairs[i].ratio > 0))
      fail_msg("%s and %s", pairs[i].first, pairs[i].other);
    if (same)
      assert_true(fabs(times / by - pairs[i].ratio) <= 1e-15 * pairs[i].ratio);
  }
}

static void test_multipliers(void **state)
{
  (void)state;
  assert_int_equal(unit_multiplier("k", 1), 3);
  assert_int_equal(unit_multiplier("M", 1), 6);
  assert_int_equal(unit_multiplier("G", 1), 9);
  assert_int_equal(unit_multiplier("T", 1), 12);
  assert_int_equal(unit_multiplier("P", 1), 15);
  assert_int_equal(unit_multiplier("m", 1), 0);
  assert_int_equal(unit_multiplier("kk", 2), 0);
  assert_int_equal(unit_multiplier("", 0), 0);
}

static void test_prefixes(void **state)
{
  (void)state;
  size_t prefix = 9;
  int exponent = 9;
  assert_true(unit_takes_si("m/s", 3, &prefix, &exponent));
  assert_int_equal(prefix, 0);
  assert_int_equal(exponent, 0);
  assert_true(unit_takes_si("kB", 2, &prefix, &exponent));
  assert_int_equal(prefix, 1);
  assert_int_equal(exponent, 3);
  assert_true(unit_takes_si("\u00B5V", 3, &prefix, &exponent));
  assert_int_equal(prefix, 2);
  assert_int_equal(exponent, -6);
  static const char *const others[] = {"cm", "KiB", "km/h", "%", "widgets"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (unit_takes_si(others[i], strlen(others[i]), &prefix, &exponent))
      fail_msg("%s takes a prefix", others[i]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_known_units), cmocka_unit_test(test_shapes),   cmocka_unit_test(test_ratios),
      cmocka_unit_test(test_multipliers), cmocka_unit_test(test_prefixes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
