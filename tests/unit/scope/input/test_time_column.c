/* Times in columns: exact to the nanosecond in whatever unit and at whatever distance they stand, and never backwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scope/input/time_column.h"

/* The time of a row with one or two cells; -1 where it has none. */
static int64_t row(struct time_column *t, const char *cell, const char *other)
{
  bool open;
  int64_t ns;
  time_column_start(t);
  if (!time_column_add(t, cell, strlen(cell), &open) || (other && !time_column_add(t, other, strlen(other), &open)))
    return -1;
  return time_column_finish(t, &ns) ? -1 : ns;
}

static void expect(enum parser_time_unit unit, const char *cell, int64_t ns)
{
  struct time_column t;
  time_column_init(&t, unit);
  assert_int_equal(row(&t, cell, NULL), ns);
}

static void every_digit_counts(void **state)
{
  (void)state;
  expect(PARSER_UNIT_AUTO, "1795640348543600146", 1795640348543600146);
  expect(PARSER_UNIT_AUTO, "1795640348543600.147", 1795640348543600147);
  expect(PARSER_UNIT_AUTO, "1795640348543.600148", 1795640348543600148);
  expect(PARSER_UNIT_AUTO, "1795640348.543600149", 1795640348543600149);
  expect(PARSER_UNIT_NS, "+8999999999999990001", 8999999999999990001);
  expect(PARSER_UNIT_NS, "-1795640348543600146", -1795640348543600146);
  expect(PARSER_UNIT_S, "0000000000000000000012.5", 12500000000);
  expect(PARSER_UNIT_US, "0.5", 500);
}

/* What does not fit is no time, rather than another one. */
static void too_far_away(void **state)
{
  (void)state;
  expect(PARSER_UNIT_NS, "9223372036854775808", -1);
  expect(PARSER_UNIT_NS, "18446744073709551617", -1);
  expect(PARSER_UNIT_MS, "1795640348543600146", -1);
}

static void units_by_their_size(void **state)
{
  (void)state;
  static const struct {
    const char *first, *second;
    const char *unit;
  } cases[] = {{"1795640348", "1795640349", "s"},
               {"1795640348543", "1795640348643", "ms"},
               {"1795640348543600", "1795640348543700", "us"},
               {"1795640348543600146", "1795640348543600147", "ns"},
               {"12", "13", "s"},
               {"1000", "2000", "ms"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct time_column t;
    time_column_init(&t, PARSER_UNIT_AUTO);
    time_column_peek(&t, cases[i].first, strlen(cases[i].first));
    time_column_peek(&t, cases[i].second, strlen(cases[i].second));
    assert_int_equal(time_column_settle(&t), i >= 4); /* small ones are guessed */
    assert_string_equal(time_column_unit_name(&t), cases[i].unit);
  }
}

static void rows_follow_each_other(void **state)
{
  (void)state;
  static const int64_t day = INT64_C(86400000000000);
  struct time_column t;
  time_column_init(&t, PARSER_UNIT_AUTO);
  assert_int_equal(row(&t, "23:59:59", NULL), day - 1000000000);
  assert_int_equal(row(&t, "23:59:59", NULL), day - 1000000000); /* the same again */
  assert_int_equal(row(&t, "00:00:01", NULL), day + 1000000000); /* tomorrow */
  assert_int_equal(row(&t, "00:00:00", NULL), -1);
  assert_int_equal(row(&t, "00:00:02", NULL), day + 2000000000);

  time_column_init(&t, PARSER_UNIT_AUTO);
  assert_int_equal(row(&t, "2026-11-25", "23:59:59.5"), 1795651199500000000);
  assert_int_equal(row(&t, "2026-11-26", "00:00:00"), 1795651200000000000);
  assert_int_equal(row(&t, "2026-11-25", "23:59:59"), -1);
  assert_int_equal(row(&t, "word", NULL), -1);
}

/* What does not fit into 64 bits of nanoseconds, or not beside the first row, is refused and is no other year. */
static void a_century_and_more(void **state)
{
  (void)state;
  struct time_column t;
  time_column_init(&t, PARSER_UNIT_AUTO);
  assert_int_equal(row(&t, "1677-12-31", NULL), -1);
  assert_int_equal(row(&t, "0001-01-01T00:00:00", NULL), -1);
  assert_int_equal(row(&t, "9999-12-31T23:59:59-12:00", NULL), -1);
  assert_int_equal(row(&t, "1926-01-01", NULL), -1388534400000000000);
  assert_int_equal(row(&t, "2026-01-01", NULL), 1767225600000000000);
  assert_int_equal(row(&t, "2072-01-01", NULL), 3218832000000000000);
  assert_int_equal(row(&t, "2073-01-01", NULL), -1); /* 147 years */
  assert_int_equal(row(&t, "2261-12-31", NULL), -1);
  time_column_init(&t, PARSER_UNIT_AUTO);
  assert_int_equal(row(&t, "1678-01-01", NULL), -9214560000000000000);
  assert_int_equal(row(&t, "2261-12-31", NULL), -1); /* their distance fits into no int64_t */
  time_column_init(&t, PARSER_UNIT_AUTO);
  assert_int_equal(row(&t, "2261-12-31T23:59:59", NULL), 9214646399000000000);
}

static void expect_clock(const char *cell, const char *other, enum clock_kind clock)
{
  struct time_column t;
  time_column_init(&t, PARSER_UNIT_AUTO);
  assert_true(row(&t, cell, other) >= 0);
  assert_int_equal(time_column_clock(&t), clock);
}

static void clocks(void **state)
{
  (void)state;
  expect_clock("2026-11-25T10:00:00", NULL, CLOCK_UTC);
  expect_clock("25.11.2026", "10:00", CLOCK_UTC);
  expect_clock("10:00:00", NULL, CLOCK_DAY);
  expect_clock("1795640348543", NULL, CLOCK_LOCAL);
  expect_clock("12.5", NULL, CLOCK_NONE); /* seconds since whatever */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_digit_counts),  cmocka_unit_test(too_far_away),
      cmocka_unit_test(units_by_their_size), cmocka_unit_test(rows_follow_each_other),
      cmocka_unit_test(a_century_and_more),  cmocka_unit_test(clocks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
