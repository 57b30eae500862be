/* decimal: every text gives the very bits that strtod gives, and is refused where strtod would leave bytes over. */
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
#include "scope/input/decimal.h"

enum { ROUNDS = SCALED(1500000, 200000) };

static uint64_t bits_of(double value)
{
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static double from_bits(uint64_t bits)
{
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/*
 * Compares with strtod, on a copy of its own size, so that the address sanitizer sees a read beyond it. Returns the
 * road taken.
 */
static enum decimal_road check(const char *text)
{
  size_t length = strlen(text);
  char *exact = malloc(length > 0 ? length : 1);
  assert_non_null(exact);
  memcpy(exact, text, length);
  double value = 12345;
  enum decimal_road road = decimal_parse(exact, length, &value);
  char *end;
  double wanted = strtod(text, &end);
  size_t taken = (size_t)(end - text);
  size_t counted = decimal_length(exact, length);
  free(exact);
  if (counted != taken)
    fail_msg("'%.80s': %zu bytes counted, strtod takes %zu", text, counted, taken);
  if (length == 0 || taken != length) {
    if (road != DECIMAL_NONE)
      fail_msg("'%.80s' was taken, strtod leaves bytes over", text);
    return road;
  }
  if (road == DECIMAL_NONE)
    fail_msg("'%.80s' was refused", text);
  if (bits_of(value) != bits_of(wanted))
    fail_msg("'%.80s' gave %a, strtod gives %a", text, value, wanted);
  return road;
}

static void test_accepts_what_strtod_takes_whole(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "0",
      "-0",
      "+0",
      "0.0",
      "5",
      "+5",
      "-5",
      ".5",
      "5.",
      "-.5",
      "+5.",
      "1e5",
      "1E5",
      "1e+5",
      "1e-5",
      "1.5e3",
      ".5e1",
      "5.e1",
      "0x1F",
      "0X1f",
      "-0x1.8p3",
      "0x.8",
      "0x1.",
      "0x1p-1074",
      "0x1.fffffffffffff8p0",
      "000000000000000000000001",
      "0.000000000000000000000000000001",
      "1e22",
      "1e23",
      "1e-22",
      "1e-23",
      "9007199254740992",
      "9007199254740993",
      "9007199254740995",
      "18446744073709551615",
      "18446744073709551616",
      "9999999999999999999",
      "1e27",
      "1e28",
      "1e-27",
      "1e-28",
      "12345678901234567890123",
      "1.00000000000000000000000000",
      "100000000000000000000000000000",
      "1.7976931348623157e308",
      "1.7976931348623159e308",
      "1e308",
      "1e309",
      "-1e400",
      "4.9e-324",
      "2.4e-324",
      "2.5e-324",
      "2.2250738585072011e-308",
      "2.2250738585072014e-308",
      "1e-400",
      "0e999999999999",
      "0.1e-999999999999",
      "1e99999999999999999999",
      "123456789012345678e-17",
      "0.30000000000000004",
      "8.5",
      "1e0000000000000000000001",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    assert_int_not_equal(check(texts[i]), DECIMAL_NONE);
}

static void test_refuses_what_strtod_leaves_over(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "",      "+",     "-",   ".",     "+.",       "e5",        ".e5",   "1e",     "1e+", "1e-", "0x",
      "0x.",   "0xg",   "-0x", "0x1p",  "0x1p+",    "1.2.3",     "1,5",   "5 ",     "5a",  "--5", "+-5",
      "1e5.0", "1_000", "0b1", "5e5e5", "\xC3\xA9", "1\xC2\xB0", "0x.p1", "0x1..2", "5-",  "5+",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    assert_int_equal(check(texts[i]), DECIMAL_NONE);
}

static void test_leaves_names_and_leading_blanks_alone(void **state)
{
  (void)state;
  static const char *const texts[] = {"nan", "NAN", "inf", "-inf", "infinity", "nan(1)", " 5", "\t5", "\n5"};
  double value = 7;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    assert_int_equal(decimal_parse(texts[i], strlen(texts[i]), &value), DECIMAL_NONE);
  assert_int_equal(decimal_parse("1\0002", 3, &value), DECIMAL_NONE);
  assert_true(value == 7);
}

static void test_length_stops_where_strtod_stops(void **state)
{
  (void)state;
  assert_int_equal(decimal_length("12.3ms", 6), 4);
  assert_int_equal(decimal_length("1e", 2), 1);
  assert_int_equal(decimal_length("1e5x", 4), 3);
  assert_int_equal(decimal_length("0x", 2), 1);
  assert_int_equal(decimal_length("0x1Fg", 5), 4);
  assert_int_equal(decimal_length("ms", 2), 0);
  assert_int_equal(decimal_length("123", 2), 2);
}

static void test_everyday_numbers_take_the_fast_road(void **state)
{
  (void)state;
  struct random random = random_seeded(1);
  for (int i = 0; i < 10000; i++) {
    char text[64];
    double value = (random_unit(&random) - 0.5) * 2000;
    snprintf(text, sizeof text, "%.6f", value);
    assert_int_equal(check(text), DECIMAL_FAST);
    snprintf(text, sizeof text, "%.17g", value);
    assert_int_equal(check(text), DECIMAL_FAST);
    snprintf(text, sizeof text, "%lld", (long long)random_u64(&random));
    assert_int_equal(check(text), DECIMAL_FAST);
  }
  assert_int_equal(check("0x10"), DECIMAL_SLOW);
  assert_int_equal(check("1e300"), DECIMAL_FAST);
  assert_int_equal(check("6.62607015e-34"), DECIMAL_FAST);
  assert_int_equal(check("0.1000000000000000055511151231257827"), DECIMAL_FAST);
  assert_int_equal(check("9007199254740993.00000000000000000"), DECIMAL_FAST); /* a tie, but with all digits seen */
  assert_int_equal(check("9007199254740993.00000000000000001"), DECIMAL_SLOW); /* above it by the 33rd digit alone */
}

/* Up to 19 digits, a point anywhere, exponents around the limits of the roads. */
static void test_random_short_decimals(void **state)
{
  (void)state;
  struct random random = random_seeded(2);
  for (int i = 0; i < ROUNDS; i++) {
    char text[64];
    size_t digits = 1 + random_below(&random, 21);
    size_t point = random_below(&random, 24);
    size_t at = 0;
    if (random_once_in(&random, 3))
      text[at++] = '-';
    for (size_t k = 0; k < digits; k++) {
      if (k == point)
        text[at++] = '.';
      text[at++] = (char)('0' + random_below(&random, 10));
    }
    text[at] = '\0';
    if (random_once_in(&random, 2))
      snprintf(text + at, sizeof text - at, "e%d", (int)random_between(&random, -50, 50));
    check(text);
  }
}

/* Any double at all, printed with as many digits as it takes and with fewer or more. */
static void test_random_doubles_print_and_read_back(void **state)
{
  (void)state;
  struct random random = random_seeded(3);
  for (int i = 0; i < ROUNDS / 4; i++) {
    double value = from_bits(random_u64(&random));
    if (!isfinite(value))
      continue;
    char text[64];
    snprintf(text, sizeof text, "%.*e", (int)random_below(&random, 25), value);
    check(text);
    snprintf(text, sizeof text, "%.17g", value);
    double back;
    assert_int_not_equal(decimal_parse(text, strlen(text), &back), DECIMAL_NONE);
    assert_true(bits_of(back) == bits_of(value));
  }
}

/* Exactly between two doubles, and a hair beside it: integers, whose middles are short enough for the fast roads. */
static void test_halfway_integers(void **state)
{
  (void)state;
  struct random random = random_seeded(4);
  for (int i = 0; i < ROUNDS / 4; i++) {
    unsigned shift = 1 + (unsigned)random_below(&random, 10);
    uint64_t mantissa = (UINT64_C(1) << 52) | (random_u64(&random) >> 12);
    uint64_t middle = (mantissa << shift) + (UINT64_C(1) << (shift - 1));
    for (int beside = -1; beside <= 1; beside++) {
      char text[64];
      snprintf(text, sizeof text, "%llu", (unsigned long long)middle + (unsigned long long)beside);
      check(text);
      snprintf(text, sizeof text, "%llu.000", (unsigned long long)middle + (unsigned long long)beside);
      check(text);
    }
  }
}

/* The same for fractions and for doubles of every size: the middle in full, which takes up to 770 digits. */
static void test_halfway_in_full(void **state)
{
  (void)state;
  struct random random = random_seeded(5);
  for (int i = 0; i < ROUNDS / 300; i++) {
    uint64_t bits = random_once_in(&random, 4) ? random_below(&random, UINT64_C(1) << 53) : random_u64(&random) >> 1;
    double low = from_bits(bits);
    double high = from_bits(bits + 1);
    if (!isfinite(low) || !isfinite(high))
      continue;
    /* long double has eleven bits more, so the middle is exact in it; printf prints it exactly. */
    long double middle = ((long double)low + (long double)high) / 2;
    char text[1400];
    snprintf(text, sizeof text, "%.1100Le", middle);
    check(text);
    char *e = strchr(text, 'e');
    assert_non_null(e);
    e[-1] = '1';
    check(text);
    snprintf(text, sizeof text, "%.*Le", (int)random_between(&random, 15, 20), middle);
    check(text);
  }
}

/* Fractions with a power of five below, where division decides: k + 1/2 units in the last place of small quotients. */
static void test_halfway_fractions(void **state)
{
  (void)state;
  struct random random = random_seeded(6);
  for (int i = 0; i < ROUNDS / 4; i++) {
    /* m * 2^-j has j decimal places; with j small and m of 54 bits it is a middle, in at most 19 digits. */
    unsigned places = 1 + (unsigned)random_below(&random, 3);
    uint64_t odd = (UINT64_C(1) << 53) | (random_u64(&random) >> 11) | 1;
    uint64_t digits = odd;
    for (unsigned k = 0; k < places; k++)
      digits *= 5;
    for (int beside = -1; beside <= 1; beside++) {
      char text[64];
      snprintf(text, sizeof text, "%llue-%u", (unsigned long long)digits + (unsigned long long)beside, places);
      check(text);
    }
  }
}

static void test_every_power_of_both_roads(void **state)
{
  (void)state;
  struct random random = random_seeded(7);
  for (int power = -370; power <= 320; power++)
    for (int i = 0; i < 2000; i++) {
      char text[64];
      uint64_t integer = random_u64(&random) >> random_below(&random, 64);
      snprintf(text, sizeof text, "%llue%d", (unsigned long long)integer, power);
      check(text);
    }
}

static void test_long_numbers(void **state)
{
  (void)state;
  static char text[DECIMAL_LENGTH_MAX + 64];
  memset(text, '0', sizeof text);
  text[1] = '.';
  snprintf(text + 60000, 8, "1e59998");
  check(text);
  snprintf(text + 60000, 8, "1e60000");
  check(text);
  memset(text, '9', sizeof text);
  snprintf(text + 65000, 8, "e-65000");
  check(text);
  memset(text, '1', sizeof text);
  text[DECIMAL_LENGTH_MAX] = '\0';
  check(text);
  memset(text, '0', sizeof text);
  text[0] = '1';
  text[1] = '.';
  text[DECIMAL_LENGTH_MAX] = '\0';
  assert_int_equal(check(text), DECIMAL_FAST);
  text[DECIMAL_LENGTH_MAX - 1] = '1';
  assert_int_equal(check(text), DECIMAL_FAST);
  memcpy(text, "9007199254740993.", 17); /* a tie but for the last digit */
  assert_int_equal(check(text), DECIMAL_SLOW);
  double value = 7;
  memset(text, '1', sizeof text);
  assert_int_equal(decimal_parse(text, DECIMAL_LENGTH_MAX + 1, &value), DECIMAL_NONE);
}

/* Garbage of the bytes that numbers are made of: what strtod refuses is refused, the rest agrees. */
static void test_random_garbage(void **state)
{
  (void)state;
  static const char alphabet[] = "00112359.+-eExXpPaf_ ,:";
  struct random random = random_seeded(8);
  for (int i = 0; i < ROUNDS / 2; i++) {
    char text[32];
    size_t length = random_below(&random, 12);
    for (size_t k = 0; k < length; k++)
      text[k] = alphabet[random_below(&random, sizeof alphabet - 1)];
    text[length] = '\0';
    if (text[0] != ' ')
      check(text);
  }
}

/* The test run makes a locale of its own with a decimal comma and a thousands point, see LOCPATH. */
static void test_a_locale_with_commas_changes_nothing(void **state)
{
  (void)state;
  if (setlocale(LC_NUMERIC, "comma") == NULL)
    skip();
  double value = 0;
  assert_int_equal(decimal_parse("1.5", 3, &value), DECIMAL_FAST);
  assert_true(value == 1.5);
  assert_int_equal(decimal_parse("9007199254740993.00000000000000001", 34, &value), DECIMAL_SLOW);
  assert_true(value == 9007199254740994.0);
  assert_int_equal(decimal_parse("1,5e300", 7, &value), DECIMAL_NONE);
  setlocale(LC_NUMERIC, "C");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_accepts_what_strtod_takes_whole),
      cmocka_unit_test(test_refuses_what_strtod_leaves_over),
      cmocka_unit_test(test_leaves_names_and_leading_blanks_alone),
      cmocka_unit_test(test_length_stops_where_strtod_stops),
      cmocka_unit_test(test_everyday_numbers_take_the_fast_road),
      cmocka_unit_test(test_random_short_decimals),
      cmocka_unit_test(test_random_doubles_print_and_read_back),
      cmocka_unit_test(test_halfway_integers),
      cmocka_unit_test(test_halfway_in_full),
      cmocka_unit_test(test_halfway_fractions),
      cmocka_unit_test(test_every_power_of_both_roads),
      cmocka_unit_test(test_long_numbers),
      cmocka_unit_test(test_random_garbage),
      cmocka_unit_test(test_a_locale_with_commas_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
