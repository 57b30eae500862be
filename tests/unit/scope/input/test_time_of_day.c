/* Times of day as programs write them, in nanoseconds since midnight UTC. Expectations are from the contract, "Times". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/input/time_of_day.h"

#define S INT64_C(1000000000)
#define MINUTE (60 * S)
#define HOUR (60 * MINUTE)

static struct scan scan_of(const char *text)
{
  return (struct scan){.at = text, .end = text + strlen(text), .good = true};
}

static void test_forms(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int64_t ns;
  } cases[] = {
      {"10:00", 10 * HOUR},
      {"9:05:07", 9 * HOUR + 5 * MINUTE + 7 * S},
      {"23:59:60", 24 * HOUR}, /* a leap second */
      {"10:00:00.5", 10 * HOUR + S / 2},
      {"10:00:00,123", 10 * HOUR + 123 * (S / 1000)},
      {"10:00:00.123456789", 10 * HOUR + 123456789},
      {"10:00:00.1234567899", 10 * HOUR + 123456789}, /* cut, not rounded */
      {"08.30.15", 8 * HOUR + 30 * MINUTE + 15 * S},
      {"2:05.37", 2 * MINUTE + 5 * S + 37 * (S / 100)}, /* top's minutes and seconds */
      {"1-10:00:00", 34 * HOUR},                        /* ps's days */
      {"100:00:00", 100 * HOUR},                        /* elapsed time */
      {"12:00:00 AM", 0},
      {"12:30 pm", 12 * HOUR + 30 * MINUTE},
      {"9:30:00PM", 21 * HOUR + 30 * MINUTE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct scan scan = scan_of(cases[i].text);
    assert_true(time_of_day_begins(&scan));
    assert_int_equal(time_of_day_take(&scan), cases[i].ns);
    assert_true(scan.good);
    assert_ptr_equal(scan.at, scan.end);
  }
}

static void test_zones(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int64_t ns;
  } cases[] = {
      {"10:00:00Z", 10 * HOUR},
      {"10:00:00 UTC", 10 * HOUR},
      {"10:00:00+01", 9 * HOUR},
      {"10:00:00+0100", 9 * HOUR},
      {"10:00:00 +05:30", 4 * HOUR + 30 * MINUTE},
      {"10:00:00-0800", 18 * HOUR},
      {"01:00:00 CEST", -HOUR}, /* still the day before in Greenwich */
      {"20:00:00 PST", 28 * HOUR},
      {"9:00 AM EDT", 13 * HOUR},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct scan scan = scan_of(cases[i].text);
    assert_int_equal(time_of_day_take(&scan), cases[i].ns);
    assert_true(scan.good);
    assert_ptr_equal(scan.at, scan.end);
  }
}

static void test_basic(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int64_t ns;
  } cases[] = {
      {"100507", 10 * HOUR + 5 * MINUTE + 7 * S},
      {"1005", 10 * HOUR + 5 * MINUTE},
      {"100507.25Z", 10 * HOUR + 5 * MINUTE + 7 * S + S / 4},
      {"100507+0100", 9 * HOUR + 5 * MINUTE + 7 * S},
  };
  static const char *const others[] = {"10050", "100", "100561", "106000", "250000", "1260", "10:00"};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct scan scan = scan_of(cases[i].text);
    assert_int_equal(time_of_day_take_basic(&scan), cases[i].ns);
    assert_true(scan.good);
    assert_ptr_equal(scan.at, scan.end);
  }
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    struct scan scan = scan_of(others[i]);
    time_of_day_take_basic(&scan);
    assert_false(scan.good && scan.at == scan.end);
  }
}

/* What is no time of day is not taken whole, or spoils the scan; dates and numbers do not even begin one. */
static void test_what_is_none(void **state)
{
  (void)state;
  static const char *const none[] = {"10:60", "10:5", "10:00:61", "08.30", "10:00:00 XYZ", "10:00:00+15", "13:00 PM:"};
  static const char *const no_beginnings[] = {
      "21.5", "2026-11-25", "25.11.2026", "25-11-2026", "05.61.00", "24.11.00", "05.11.61", "Nov", ""};
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    struct scan scan = scan_of(none[i]);
    time_of_day_take(&scan);
    assert_false(scan.good && scan.at == scan.end);
  }
  for (size_t i = 0; i < sizeof no_beginnings / sizeof no_beginnings[0]; i++) {
    struct scan scan = scan_of(no_beginnings[i]);
    assert_false(time_of_day_begins(&scan));
  }
}

/* What follows is left to whoever asked: a year behind the zone (ctime), a blank that no zone follows. */
static void test_leaves_the_rest(void **state)
{
  (void)state;
  struct scan scan = scan_of("10:00:00 UTC 2026");
  assert_int_equal(time_of_day_take(&scan), 10 * HOUR);
  assert_string_equal(scan.at, " 2026");
  scan = scan_of("10:00:00 host");
  assert_int_equal(time_of_day_take(&scan), 10 * HOUR);
  assert_string_equal(scan.at, " host");
  assert_true(scan.good);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_forms),        cmocka_unit_test(test_zones),           cmocka_unit_test(test_basic),
      cmocka_unit_test(test_what_is_none), cmocka_unit_test(test_leaves_the_rest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
