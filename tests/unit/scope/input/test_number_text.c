/* Texts that may be numbers. Expectations are from the contract: "Numbers" and "Commas in numbers". */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/input/number_text.h"

struct example {
  const char *text;
  int flags;
  double value;
  const char *unit;
  enum number_comma comma;
};

static void check(const struct example *examples, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const struct example *e = &examples[i];
    struct number_text number;
    if (number_text_read(e->text, strlen(e->text), e->flags, &number) != NUMBER_VALUE)
      fail_msg("'%s' is no number", e->text);
    const char *unit = e->unit ? e->unit : "";
    if (number.value < e->value || number.value > e->value || number.unit_length != strlen(unit) ||
        memcmp(number.unit_length > 0 ? number.unit : "", unit, number.unit_length) != 0 || number.comma != e->comma)
      fail_msg("'%s' is %.17g, unit '%.*s', comma %d", e->text, number.value, (int)number.unit_length,
               number.unit_length > 0 ? number.unit : "", (int)number.comma);
  }
}

#define CHECK(examples) check(examples, sizeof(examples) / sizeof(examples)[0])

static void test_what_strtod_takes(void **state)
{
  (void)state;
  static const struct example examples[] = {
      {.text = "+5", .value = 5},      {.text = ".5", .value = 0.5},
      {.text = "5.", .value = 5},      {.text = "1e5", .value = 1e5},
      {.text = "0x1F", .value = 31},   {.text = "-0x1p-3", .value = -0.125},
      {.text = "1E+02", .value = 100}, {.text = "4.9e-324", .value = 4.9e-324},
  };
  CHECK(examples);
}

static void test_what_people_write_besides(void **state)
{
  (void)state;
  static const struct example examples[] = {
      {.text = "\u22125.5", .value = -5.5},              /* the Unicode minus */
      {.text = "1.5D-3", .value = 1.5e-3},               /* Fortran */
      {.text = "1.5d+03", .value = 1500},                /* Fortran */
      {.text = "1\u00A0234\u00A0567", .value = 1234567}, /* no-break spaces */
      {.text = "1\u202F234.5", .value = 1234.5},         /* narrow no-break space */
      {.text = "1'234'567", .value = 1234567},           /* apostrophes */
      {.text = "- 5", .value = -5},                      /* a lone sign, blanks and a number */
      {.text = "+  2.5", .value = 2.5},
  };
  CHECK(examples);
}

static void test_units(void **state)
{
  (void)state;
  static const struct example examples[] = {
      {.text = "21.5C", .value = 21.5, .unit = "C"},
      {.text = "45%", .value = 45, .unit = "%"},
      {.text = "900Mi", .value = 900, .unit = "Mi"},
      {.text = "1.5k", .value = 1500}, /* multiplied out */
      {.text = "2M", .value = 2e6},
      {.text = "0.1k", .value = 100}, /* rounded once */
      {.text = "45 V", .flags = NUMBER_UNIT_APART, .value = 45, .unit = "V"},
      {.text = "9.81m/s^2", .flags = NUMBER_LABELLED, .value = 9.81, .unit = "m/s^2"},
      {.text = "3widgets", .flags = NUMBER_LABELLED, .value = 3, .unit = "widgets"},
      {.text = "4.7k\u03A9", .value = 4.7, .unit = "k\u03A9"},
  };
  CHECK(examples);
}

static void test_commas(void **state)
{
  (void)state;
  enum { COMMA = NUMBER_COMMA };
  static const struct example examples[] = {
      {.text = "20,5", .flags = COMMA, .value = 20.5, .comma = COMMA_DECIMAL},
      {.text = "1,234,567", .flags = COMMA, .value = 1234567, .comma = COMMA_THOUSANDS},
      {.text = "1,234.5", .flags = COMMA, .value = 1234.5, .comma = COMMA_THOUSANDS},
      {.text = "2,345.", .flags = COMMA, .value = 2345, .comma = COMMA_THOUSANDS},
      {.text = "1.234,56", .flags = COMMA, .value = 1234.56, .comma = COMMA_DECIMAL},
      {.text = "0,125", .flags = COMMA, .value = 0.125, .comma = COMMA_DECIMAL}, /* behind a lone 0 it is decimal */
      {.text = "53,087", .flags = COMMA, .value = 53087, .comma = COMMA_OPEN},
      {.text = "1234,567", .flags = COMMA, .value = 1234.567, .comma = COMMA_DECIMAL},
      {.text = "53,087", .flags = COMMA | NUMBER_COMMA_DECIMAL, .value = 53.087, .comma = COMMA_DECIMAL},
      {.text = "53,087", .flags = COMMA | NUMBER_COMMA_THOUSANDS, .value = 53087, .comma = COMMA_THOUSANDS},
  };
  CHECK(examples);
  struct number_text number;
  assert_int_equal(number_text_read("53,087", 6, COMMA, &number), NUMBER_VALUE);
  assert_true(number.other >= 53.087 && number.other <= 53.087); /* both readings, until others settle it */
}

static void test_gaps(void **state)
{
  (void)state;
  static const char *const gaps[] = {"nan",   "NaN",   "-inf",  "Infinity", "null",     "None",      "NA",      "n/a",
                                     "#N/A",  "OL",    "-OL",   "OVL",      "overload", "-",         "--",      "?",
                                     "[N/A]", "(nan)", "1e999", "-1e999",   "9.91E+37", "+9.91E+37", "nan(0x1)"};
  struct number_text number;
  for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
    if (number_text_read(gaps[i], strlen(gaps[i]), 0, &number) != NUMBER_GAP)
      fail_msg("'%s' is no gap", gaps[i]);
    assert_true(isnan(number.value));
  }
}

static void test_what_is_none(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int flags;
  } words[] = {
      {"", 0},
      {"+", 0},
      {"abc", 0},
      {"10/100", NUMBER_LABELLED},
      {"3.4.2", 0},
      {"1 000", 0},
      {"5 widgets", 0},
      {"3widgets", 0},
      {"5 widgets", NUMBER_LABELLED | NUMBER_UNIT_APART},
      {"1,23,456", NUMBER_COMMA},
      {"20,5", 0},
      {"2,5.", NUMBER_COMMA},
      {"2,345.", NUMBER_COMMA | NUMBER_COMMA_DECIMAL},
      {"1e5x7", NUMBER_LABELLED},
      {"0x", 0},
      {"12:30", NUMBER_LABELLED},
      {"2x4", NUMBER_LABELLED},
  };
  struct number_text number;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (number_text_read(words[i].text, strlen(words[i].text), words[i].flags, &number) != NUMBER_NONE)
      fail_msg("'%s' is %.17g", words[i].text, number.value);
}

static void test_how_a_number_begins(void **state)
{
  (void)state;
  assert_true(number_text_begins("5x", 2));
  assert_true(number_text_begins("-.5", 3));
  assert_true(number_text_begins("\u22125", 4));
  assert_false(number_text_begins("-x", 2));
  assert_false(number_text_begins("nan", 3));
  assert_false(number_text_begins("", 0));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_strtod_takes),
      cmocka_unit_test(test_what_people_write_besides),
      cmocka_unit_test(test_units),
      cmocka_unit_test(test_commas),
      cmocka_unit_test(test_gaps),
      cmocka_unit_test(test_what_is_none),
      cmocka_unit_test(test_how_a_number_begins),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
