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
  bool backwards;
  int64_t ns;
  time_column_start(t);
  if (!time_column_add(t, cell, strlen(cell), &open) || (other && !time_column_add(t, other, strlen(other), &open)))
    return -1;
  return time_column_finish(t, &ns, &backwards) ? ns : -1;
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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_digit_counts),
      cmocka_unit_test(too_far_away),
      cmocka_unit_test(units_by_their_size),
      cmocka_unit_test(rows_follow_each_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
