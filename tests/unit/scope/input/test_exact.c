/* Numbers as text that reads back as the same number, and no longer than they came where they came short. */
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
#include "scope/input/exact.h"

static void expect(double value, const char *text)
{
  char got[EXACT_TEXT_MAX];
  const size_t length = exact_text(value, got);
  assert_string_equal(got, text);
  assert_int_equal(length, strlen(text));
}

static void as_they_came(void **state)
{
  (void)state;
  expect(0, "0");
  expect(-0.0, "-0");
  expect(42, "42");
  expect(-21.5, "-21.5");
  expect(0.1, "0.1");
  expect(0.044, "0.044");
  expect(1000000.000001, "1000000.000001");
  expect(9007199254740992, "9007199254740992"); /* 2^53 */
  expect(0.1 + 0.2, "0.30000000000000004");
  expect(1e-30, "1e-30");
  expect(1.7976931348623157e308, "1.7976931348623157e+308");
  expect(5e-324, "4.9406564584124654e-324");
  expect(0.00001, "0.00001"); /* and with an exponent from the next place on */
  expect(0.000001, "1e-06");
  expect(1.25e-7, "1.25e-07");
  expect(12345678901234567.0, "12345678901234568"); /* there is no odd one */
  expect(1e16, "10000000000000000");
  expect(1e17, "1e+17");
  expect(1.7e17, "1.7e+17");
  expect(2e-290, "2e-290");
  expect(NAN, "nan");
}

static void expect_same(double value)
{
  char text[EXACT_TEXT_MAX];
  assert_true(exact_text(value, text) < EXACT_TEXT_MAX);
  const double back = strtod(text, NULL);
  assert_memory_equal(&back, &value, sizeof value);
  if (fabs(value) < 1e-290)
    return;
  int digits = 0; /* without zeros at either end */
  int zeros = 0;
  for (const char *c = text; *c && *c != 'e'; c++) {
    zeros = *c == '0' ? zeros + (digits > 0) : *c == '.' ? zeros : 0;
    digits += *c >= '0' && *c <= '9' && (digits > 0 || *c != '0');
  }
  digits -= zeros;
  assert_in_range(digits, 1, 17);
  if (digits == 1)
    return;
  snprintf(text, sizeof text, "%.*e", digits - 2, value);
  assert_true(strtod(text, NULL) != value); /* one digit less is another number */
}

/* Of each power of two the neighbour below is nearer than the one above. */
static void powers_of_two(void **state)
{
  (void)state;
  for (int power = -1074; power <= 1023; power++) {
    expect_same(ldexp(1, power));
    expect_same(nextafter(ldexp(1, power), 0));
    expect_same(nextafter(ldexp(1, power), INFINITY));
  }
}

/* Any double; decimals of a few digits, which take the quick road; and their neighbours, which must not. */
static void read_back_the_same(void **state)
{
  (void)state;
  struct random r = random_seeded(5);
  for (int i = 0; i < SCALED(2000000, 100000); i++) {
    double value;
    const uint64_t bits = random_u64(&r);
    memcpy(&value, &bits, sizeof value);
    if (isfinite(value))
      expect_same(value);
    value = ((double)random_below(&r, 2000000000) - 1e9) / pow(10, (double)random_below(&r, 12));
    expect_same(value);
    expect_same(nextafter(value, INFINITY));
  }
}

static void seconds(void **state)
{
  (void)state;
  static const struct {
    int64_t ns;
    const char *text;
  } cases[] = {{0, "0.000000000"},
               {1, "0.000000001"},
               {-1, "-0.000000001"},
               {1795640348543600146, "1795640348.543600146"},
               {-1500000000, "-1.500000000"},
               {INT64_MIN, "-9223372036.854775808"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[EXACT_TEXT_MAX];
    assert_int_equal(exact_seconds(cases[i].ns, text), strlen(cases[i].text));
    assert_string_equal(text, cases[i].text);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_they_came),
      cmocka_unit_test(read_back_the_same),
      cmocka_unit_test(powers_of_two),
      cmocka_unit_test(seconds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
