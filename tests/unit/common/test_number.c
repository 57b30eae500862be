/* Numbers in option arguments: whole, finite, in range, and the same in every locale. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/number.h"

static const char *const not_numbers[] = {
    "",  " ",  " 1", "\t1", "\n1", "1 ",  "1x",   "x",    "1,5",     "--1",      "+-1",   "+ 1",    "-",         "+",
    ".", "e5", "1e", "0x",  "nan", "inf", "-inf", "+nan", "-nan(1)", "INFINITY", "1e999", "-1e999", "1\xC2\xA0",
};

static void doubles(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    double value;
  } good[] = {
      {"0", 0},     {"1", 1},     {"+5", 5},    {".5", 0.5},    {"5.", 5},     {"-1e5", -1e5},
      {"1E2", 100}, {"0x1F", 31}, {"0.1", 0.1}, {"-.25", -.25}, {"1e-400", 0}, {"9007199254740993", 9007199254740992.0},
  };
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    double value = 42;
    print_message("'%s'\n", good[i].text);
    assert_true(number_double(good[i].text, -HUGE_VAL, HUGE_VAL, &value));
    assert_true(value == good[i].value);
  }
  for (size_t i = 0; i < sizeof not_numbers / sizeof not_numbers[0]; i++) {
    double value = 42;
    print_message("'%s'\n", not_numbers[i]);

    assert_false(number_double(not_numbers[i], -HUGE_VAL, HUGE_VAL, &value));
    assert_true(value == 42);
  }
}

static void doubles_in_range(void **state)
{
  (void)state;
  double value = 42;
  assert_false(number_double("0.999", 1, 1000, &value));
  assert_false(number_double("1000.001", 1, 1000, &value));
  assert_true(value == 42);
  assert_true(number_double("1", 1, 1000, &value) && value == 1);
  assert_true(number_double("1e3", 1, 1000, &value) && value == 1000);
}

static void integers(void **state)
{
  (void)state;
  int64_t value = 42;
  for (size_t i = 0; i < sizeof not_numbers / sizeof not_numbers[0]; i++)
    assert_false(number_int64(not_numbers[i], INT64_MIN, INT64_MAX, &value));
  assert_false(number_int64("1.5", INT64_MIN, INT64_MAX, &value));
  assert_false(number_int64("0x10", INT64_MIN, INT64_MAX, &value));
  assert_false(number_int64("9223372036854775808", INT64_MIN, INT64_MAX, &value));
  assert_false(number_int64("-9223372036854775809", INT64_MIN, INT64_MAX, &value));
  assert_false(number_int64("0", 1, 1000, &value));
  assert_false(number_int64("1001", 1, 1000, &value));
  assert_int_equal(value, 42);
  assert_true(number_int64("-9223372036854775808", INT64_MIN, INT64_MAX, &value) && value == INT64_MIN);
  assert_true(number_int64("9223372036854775807", INT64_MIN, INT64_MAX, &value) && value == INT64_MAX);
  assert_true(number_int64("+7", 1, 1000, &value) && value == 7);
  assert_true(number_int64("010", 1, 1000, &value) && value == 10);
}

static void ranges(void **state)
{
  (void)state;
  static const char *const bad[] = {"",     ":",    "1",    "1:",  ":1",    "1:1",   "2:1",    "1:2:3",
                                    "1:2 ", "1: 2", "1 :2", "1-2", "inf:1", "0:nan", "0:1e999"};
  double low = 42;
  double high = 42;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    print_message("'%s'\n", bad[i]);
    assert_false(number_range(bad[i], &low, &high));
    assert_true(low == 42 && high == 42);
  }
  assert_true(number_range("-10:10", &low, &high) && low == -10 && high == 10);
  assert_true(number_range("-1e-3:.5", &low, &high) && low == -1e-3 && high == 0.5);
}

/* The test run makes a locale of its own with a decimal comma and a thousands point (comma.locale), see LOCPATH. */
static void a_locale_with_commas_changes_nothing(void **state)
{
  (void)state;
  if (setlocale(LC_NUMERIC, "comma") == NULL)
    skip();
  char text[16];
  snprintf(text, sizeof text, "%.1f", 1.5);
  assert_string_equal(text, "1,5");

  double value = 42;
  int64_t integer = 42;
  assert_true(number_double("1.5", 0, 10, &value) && value == 1.5);
  assert_false(number_double("1,5", 0, 10, &value));
  assert_false(number_int64("1.000", 0, 10000, &integer));
  setlocale(LC_NUMERIC, "C");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(doubles),
      cmocka_unit_test(doubles_in_range),
      cmocka_unit_test(integers),
      cmocka_unit_test(ranges),
      cmocka_unit_test(a_locale_with_commas_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
