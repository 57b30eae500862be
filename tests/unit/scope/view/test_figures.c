/* Numbers as text: their digits, prefixes and signs, and that they read back as what they are. */
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

#include "labels.h"
#include "random.h"
#include "scale.h"
#include "scope/view/figures.h"

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
    char text[FIGURE_TEXT_MAX];
    figure_number(cases[i].value, cases[i].digits, text);
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
    char text[FIGURE_TEXT_MAX];
    figure_number(value, digits, text);
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

/* The decimals that a number may have come with. */
static void decimals_of_numbers(void **state)
{
  (void)state;
  static const struct {
    double value;
    int decimals;
  } cases[] = {
      {0, 0},
      {42, 0},
      {-42, 0},
      {0.5, 1},
      {0.044, 3},
      {24366868, 0},
      {1e-9, 9},
      {1e22, 0},
      {-12.25, 2},
      {1e9 + 0.0012, 4},
      {1.0 / 3, FIGURE_ENDLESS},
      {0.1 + 0.2, FIGURE_ENDLESS},
      {(double)NAN, 0},
      {HUGE_VAL, 0},
      {1e-300, FIGURE_ENDLESS},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(figure_decimals(cases[i].value), cases[i].decimals);
}

/* Numbers as they came, all of a channel with one prefix: last, min, max, mean, and what they read. */
static void a_table_of_numbers(void **state)
{
  (void)state;
  static const struct {
    double last, min, max, mean;
    int exponent; /* of the axis */
    const char *text[4];
  } cases[] = {
      {42, 42, 42, 42, 0, {"42", "42", "42", "42"}},
      {8, 1, 8, 4.5, 0, {"8", "1", "8", "4.50"}},
      {0.044, 0.01, 0.044, 0.027, 0, {"0.044", "0.010", "0.044", "0.02700"}},
      {20, 0.08, 20.5, 3, 0, {"20.00", "0.08", "20.50", "3.0000"}},
      {1e-9, 1e-9, 5e-9, 3e-9, -9, {"1n", "1n", "5n", "3.00n"}},
      {24366868, 24366868, 24366900, 24366880, 6, {"24.366868M", "24.366868M", "24.366900M", "24.36688000M"}},
      {101327,
       101327,
       101406,
       101350,
       6,
       {"101327", "101327", "101406", "101350.00"}}, /* smaller than its axis's prefix */
      {3, -6, 6, -5e-5, 0, {"3", MINUS "6", "6", "0.00"}},
      {1e9 + 0.0012,
       1e9 - 0.002,
       1e9 + 0.002,
       1e9,
       0,
       {"1000000000.0012", "999999999.9980", "1000000000.0020", "1000000000.0000"}},
      {1.0 / 3, -2.0 / 3, 6.1, 1e-9, 0, {"0.3333", MINUS "0.6667", "6.1000", "0.0000"}}, /* computed: five digits */
      {0.299875, -5.99994, 5.34845, 0, 0, {"0.29988", MINUS "5.99994", "5.34845", "0.0000000"}}, /* %.6g */
      {0, 0, 0, 0, 0, {"0", "0", "0", "0"}},
      {1e300, 1e300, 1e300, 1e300, 0, {"1.0000e300", "1.0000e300", "1.0000e300", "1.0000e300"}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const double value[] = {cases[i].last, cases[i].min, cases[i].max, cases[i].mean};
    struct figure_format format;
    struct figure_form form = {.decimals = 0};
    for (int k = 0; k < 3; k++)
      figure_form_note(&form, value[k]);
    figure_format_choose(value[0], value[1], value[2], &form, cases[i].exponent, &format);
    for (int k = 0; k < 4; k++) {
      char text[FIGURE_TEXT_MAX];
      figure_fixed(value[k], format.exponent, k == 3 ? format.mean_decimals : format.decimals, text);
      print_message("%.17g: %s\n", value[k], text);
      assert_string_equal(text, cases[i].text[k]);
    }
  }
  char text[FIGURE_TEXT_MAX];
  figure_fixed((double)NAN, 0, 2, text);
  assert_string_equal(text, "\xE2\x80\x93");
}

static void exact_numbers(void **state)
{
  (void)state;
  static const struct {
    double value;
    const char *text;
  } cases[] = {
      {0, "0"},
      {-7.25, "-7.25"},
      {0.1, "0.1"},
      {1e300, "1e+300"},
      {1.0 / 3, "0.3333333333333333"},
      {0.1 + 0.2, "0.30000000000000004"},
      {DBL_MAX, "1.7976931348623157e+308"},
      {HUGE_VAL, "inf"},
      {-HUGE_VAL, "-inf"},
      {(double)NAN, "nan"},
      {-(double)NAN, "nan"}, /* what 0 / 0 gives has a sign on some machines */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[FIGURE_TEXT_MAX];
    figure_exact(cases[i].value, text);
    assert_string_equal(text, cases[i].text);
  }
}

static void any_exact_number(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  for (int i = 0; i < SCALED(100000, 20000); i++) {
    union {
      uint64_t bits;
      double value;
    } any = {.bits = random_u64(&r)};
    if (!isfinite(any.value))
      continue;
    char text[FIGURE_TEXT_MAX];
    figure_exact(any.value, text);
    assert_true(strtod(text, NULL) == any.value);
  }
}

/* A count is exact as long as anybody would count. */
static void counts(void **state)
{
  (void)state;
  static const struct {
    uint64_t count;
    const char *text;
  } cases[] = {
      {0, "0"},
      {1, "1"},
      {95, "95"},
      {9950, "9950"},
      {9999999, "9999999"},
      {24366868, "24.37M"},
      {UINT64_MAX, "18.45E"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[FIGURE_TEXT_MAX];
    figure_count(cases[i].count, text);
    assert_string_equal(text, cases[i].text);
  }
}

/* One to three digits before the point; none for everyday numbers, 0.01 to 9999. */
static void prefixes(void **state)
{
  (void)state;
  static const struct {
    int power, exponent;
  } cases[] = {
      {0, 0}, {-1, 0}, {-2, 0}, {3, 0}, {4, 3}, {5, 3}, {6, 6}, {8, 6}, {9, 9}, {-3, -3}, {-4, -6}, {-6, -6}, {-7, -9},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(figure_prefix(cases[i].power), cases[i].exponent);
}

/* The test run makes a locale with a decimal comma (comma.locale), see LOCPATH. */
static void a_locale_with_commas_changes_nothing(void **state)
{
  (void)state;
  if (setlocale(LC_NUMERIC, "comma") == NULL)
    skip();
  char number[FIGURE_TEXT_MAX];
  char readout[FIGURE_TEXT_MAX];
  char exact[FIGURE_TEXT_MAX];
  char long_exact[FIGURE_TEXT_MAX];
  figure_number(-24366868, 4, number);
  figure_fixed(0.5, 0, 2, readout);
  figure_exact(-0.5, exact);
  figure_exact(0.1 + 0.2, long_exact);
  setlocale(LC_NUMERIC, "C");
  assert_string_equal(number, MINUS "24.37M");
  assert_string_equal(readout, "0.50");
  assert_string_equal(exact, "-0.5");
  assert_string_equal(long_exact, "0.30000000000000004");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers),
      cmocka_unit_test(any_number),
      cmocka_unit_test(decimals_of_numbers),
      cmocka_unit_test(a_table_of_numbers),
      cmocka_unit_test(exact_numbers),
      cmocka_unit_test(any_exact_number),
      cmocka_unit_test(counts),
      cmocka_unit_test(prefixes),
      cmocka_unit_test(a_locale_with_commas_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
