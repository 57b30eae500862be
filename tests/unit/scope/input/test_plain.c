/*
 * Plain numbers: by every road the very bits that strtod gives, nothing read beyond what was fed, and the roads agree about
 * what is plain. SCOPE_DECIMALS=N in the environment: that many random decimals instead of some.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guarded.h"
#include "random.h"
#include "scale.h"
#include "scope/input/plain.h"
#include "scope/input/plain_long.h"
#include "scope/input/shape.h"
#include "written_number.h"

enum { LINES = 512, BEFORE = 64, DECIMALS = SCALED(400000, 40000) };

static struct shape number_shape(bool portable)
{
  struct shape shape;
  const struct shape_span span = {.length = 1, .kind = SHAPE_VALUE, .limit = (double)INFINITY};
  assert_true(shape_build(&shape, 0, "0", 1, &span, 1));
  shape.portable = portable;
  return shape;
}

static uint64_t wanted_decimals(void)
{
  const char *text = getenv("SCOPE_DECIMALS");
  return text ? strtoull(text, NULL, 10) : DECIMALS;
}

static const char *line_end(const char *at, const char *end)
{
  while (at < end && *at != '\n')
    at++;
  return at;
}

/* Takes lines by the shape; where it stops, plain_careful must refuse the line, or the number is none that is finite. */
static void check_lines(const struct shape *shape, const char *begin, const char *bytes, size_t length)
{
  static double values[LINES];
  double *column[] = {values};
  const char *at = bytes;
  const char *end = bytes + length;
  while (at < end) {
    size_t rows;
    const struct shape_input in = {begin, at, end, end};
    const char *behind = shape_match(shape, &in, LINES, column, &rows);
    for (size_t r = 0; r < rows; r++) {
      const char *newline = line_end(at, end);
      char *taken;
      double wanted = strtod(at, &taken);
      taken += *taken == '\r';
      if (taken != newline || number_bits(values[r]) != number_bits(wanted))
        fail_msg("'%.*s' gave %a, strtod gives %a", (int)(newline - at), at, values[r], wanted);
      at = newline + 1;
    }
    assert_ptr_equal(behind, at);
    if (at == end)
      break;
    const char *newline = line_end(at, end);
    double value = 0;
    const char *careful = plain_careful(at, end, &value);
    if (rows < LINES && careful && careful == newline && isfinite(value))
      fail_msg("'%.*s' was not taken", (int)(newline - at), at);
    at = rows < LINES ? newline + 1 : at;
  }
}

static void test_random_decimals_are_exact(void **state)
{
  (void)state;
  static char bytes[LINES * NUMBER_TEXT_MAX];
  const struct shape quick = number_shape(false);
  const struct shape portable = number_shape(true);
  struct random random = random_seeded(wanted_decimals());
  for (uint64_t done = 0; done < wanted_decimals(); done += LINES) {
    size_t length = 0;
    const bool all_short = random_once_in(&random, 2); /* four short ones in a row have a road of their own */
    for (size_t i = 0; i < LINES; i++) {
      length += all_short ? number_short(&random, bytes + length) : number_text(&random, bytes + length);
      bytes[length++] = '\n';
    }
    check_lines(&quick, bytes, bytes, length);
    check_lines(&portable, bytes, bytes, length);
  }
}

/* Among numbers with one number of places, a line that is not like them, at every place of a batch. */
static void test_one_unlike_the_others(void **state)
{
  (void)state;
  static const char *const alike[] = {"%.0f", "%.1f", "%.4f", "%.7f", "%.8f", "%.10f", "%.17g"};
  static const char *const unlike[] = {"+1234",
                                       "-1234",
                                       "+.1234",
                                       "-.1234",
                                       "/.1234",
                                       "/1234",
                                       "--5",
                                       "--5.1234",
                                       "-----------5",
                                       "1-5",
                                       "1..5",
                                       ".1234",
                                       "12345.",
                                       "1.2.3456",
                                       "5/1234",
                                       "1:2345",
                                       "0x12",
                                       "1e5",
                                       "12345678",
                                       "123456789",
                                       "1234567",
                                       "-12345678",
                                       "-1234567",
                                       "-0.0000",
                                       "00000.1234",
                                       "",
                                       " ",
                                       "a",
                                       "-",
                                       ".",
                                       "-.",
                                       "a.1234",
                                       "1 2345",
                                       "1,2345",
                                       "5\r",
                                       "\r",
                                       "123456.1234",
                                       "99999999.9999",
                                       "0.00000000000001",
                                       "123456789012345",
                                       "1234567890123456",
                                       "-123456789012345",
                                       "9007199254740993",
                                       "1234567890.12345",
                                       "12345678901.12345",
                                       "-1234567890.1234",
                                       "-1234567890.12345",
                                       "0000000000000000001",
                                       "0000000000001.1234",
                                       "\t1.1234",
                                       "1.1234 ",
                                       "1.1234x",
                                       "1.12345",
                                       "1.123",
                                       "\2611.1234",
                                       "1.2.1234567890123456",
                                       "..1234567890123456",
                                       "-.1.1234567890123456",
                                       "1.1234567890123456"};
  const struct shape quick = number_shape(false);
  struct random random = random_seeded(5);
  for (size_t k = 0; k < sizeof alike / sizeof alike[0]; k++)
    for (size_t u = 0; u < sizeof unlike / sizeof unlike[0]; u++)
      for (int place = 0; place < 36; place++) {
        char begin[BEFORE + 40 * NUMBER_TEXT_MAX] =
            "9.9.9999999999999999999-123.456-1.1234 -5\n123456789.123456789"; /* may be read, and means nothing */
        char *const bytes = begin + BEFORE;
        size_t length = 0;
        for (int line = 0; line < 40; line++) {
          const double value = (random_unit(&random) * 2 - 1) * 9.9;
          if (line == place)
            length += (size_t)sprintf(bytes + length, "%s\n", unlike[u]);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the formats stand above, and are a double's */
          length += (size_t)sprintf(bytes + length, alike[k], value);
#pragma GCC diagnostic pop
          bytes[length++] = '\n';
        }
        check_lines(&quick, begin, bytes, length);
      }
}

/* Streams of one kind stay on the quickest road: all lines alike in length. */
static void test_every_width_and_point(void **state)
{
  (void)state;
  static char bytes[LINES * NUMBER_TEXT_MAX];
  const struct shape quick = number_shape(false);
  struct random random = random_seeded(3);
  for (size_t digits = 1; digits <= 20; digits++)
    for (size_t point = 0; point <= digits + 1; point++)
      for (int sign = 0; sign < 3; sign++) {
        size_t length = 0;
        for (int line = 0; line < 40; line++) {
          if (sign > 0)
            bytes[length++] = sign == 1 ? '-' : '+';
          for (size_t k = 0; k < digits; k++) {
            if (k == point)
              bytes[length++] = '.';
            bytes[length++] = (char)('0' + random_below(&random, 10));
          }
          if (point == digits)
            bytes[length++] = '.';
          bytes[length++] = '\n';
        }
        check_lines(&quick, bytes, bytes, length);
      }
}

/* Whether both ways of reading one number agree, and with what strtod says where it is plain. */
static void check_one(const char *text, const char *end)
{
  double careful = 1;
  double quick = 1;
  const char *behind = plain_careful(text, end, &careful);
  assert_ptr_equal(plain_read(text, end, &quick), behind);
  if (behind)
    assert_true(number_bits(careful) == number_bits(quick));
}

static void test_garbage_is_refused_alike(void **state)
{
  (void)state;
  static const char alphabet[] = "00123459....--++eE x,\n";
  struct random random = random_seeded(4);
  for (int i = 0; i < DECIMALS; i++) {
    char text[80];
    size_t length = 1 + random_below(&random, 48);
    for (size_t k = 0; k < length; k++)
      text[k] = alphabet[random_below(&random, sizeof alphabet - 1)];
    check_one(text, text + length);
  }
}

static void test_what_is_plain(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int length; /* of the number, -1: none */
  } cases[] = {
      {"5\n", 1},
      {"-5\n", 2},
      {"+5\n", 2},
      {".5\n", 2},
      {"5.\n", 2},
      {"-.5\n", 3},
      {"1e5\n", 3},
      {"1E-5\n", 4},
      {"1e\n", 1},
      {"1e+\n", 1},
      {"1eV\n", 1},
      {"1e12345\n", -1},
      {"0x10\n", 1},
      {"1.2.3\n", -1},
      {".\n", -1},
      {"-\n", -1},
      {"--5\n", -1},
      {"-+5\n", -1},
      {"\n", -1},
      {" 5\n", -1},
      {"nan\n", -1},
      {"5", -1},
      {"1,5\n", 1},
      {"12ms\n", 2},
      {"1-2\n", 1},
      {"1e5.\n", 3},
      {"1..\n", -1},
      {"1234567890123456789\n", 19},
      {"12345678901234567890\n", -1}, /* nineteen digits, twenty */
      {"0000000000000000000000000000001\n", 31},
      {"00000000000000000000000000000001\n", -1},
      {"9999999999999999999\n", 19},
      {"0.1234567890123456789\n", 21},
      {"10000000000000000000\n", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *text = cases[i].text;
    double value;
    const char *behind = plain_careful(text, text + strlen(text), &value);
    if (cases[i].length < 0 ? behind != NULL : behind != text + cases[i].length)
      fail_msg("'%s': %td", text, behind ? behind - text : -1);
    char padded[128] = {0};
    memcpy(padded, text, strlen(text));
    if (strchr(text, '\n'))
      check_one(padded, padded + sizeof padded);
  }
}

#ifdef PLAIN_HAVE_FOUR
/* Whether it was taken; then it must be what plain_careful makes of it. */
PLAIN_AVX2 static bool check_long(const char *text, const char *behind, const char *end)
{
  struct plain_long read;
  double careful;
  if (!plain_long_digits(text, behind, &read))
    return false;
  if (plain_careful(text, end, &careful) != behind || number_bits(careful) != number_bits(plain_long_value(&read)))
    fail_msg("'%.*s' gave %a", (int)(behind - text), text, plain_long_value(&read));
  return true;
}

/* Digits with a point anywhere or none, or garbage; with whatever before it, to both ends of what may be read. */
static void test_long_numbers(void **state)
{
  (void)state;
  static const char alphabet[] = "0000123456789.-e,";
  static const char behind[] = "\n,;eE \"";
  if (!plain_four_here())
    skip();
  struct guarded page = guarded_new(PLAIN_LONG_READABLE + 1);
  struct random random = random_seeded(6);
  int taken = 0;
  for (int i = 0; i < DECIMALS && page.bytes; i++) {
    const bool garbage = random_once_in(&random, 4);
    char *const end = page.bytes + PLAIN_LONG_READABLE;
    for (int k = 0; k < PLAIN_LONG_READABLE; k++)
      page.bytes[k] = alphabet[random_below(&random, sizeof alphabet - 1)];
    *end = behind[garbage ? random_below(&random, sizeof behind - 1) : 0];
    const bool sparse = random_once_in(&random, 4); /* more digits than can be taken, most of them zeros */
    char *const text = end - 1 - random_below(&random, sparse ? 30 : 19);
    for (char *c = text; c < end && !garbage; c++)
      *c = (char)('0' + (sparse && random_below(&random, 4) ? 0 : random_below(&random, 10)));
    for (char *c = text; c > page.bytes && !garbage && random_below(&random, 13) > 0; c--)
      c[-1] = '0';
    char *first = text;
    while (first > page.bytes && !garbage && first[-1] == '0')
      first--;
    if (!garbage && random_once_in(&random, 2))
      first[random_below(&random, (size_t)(end - first))] = '.';
    if (!garbage && first > page.bytes && random_once_in(&random, 2))
      *--first = '-';
    const bool is_long = check_long(first, end, end + 1);
    double careful;
    if (!garbage && !is_long && plain_careful(first, end + 1, &careful) == end)
      fail_msg("'%.*s' was not taken", (int)(end - first), first);
    taken += is_long;
  }
  assert_in_range(taken, DECIMALS / 2, DECIMALS);
  const char exponent[PLAIN_LONG_READABLE + 8] = "000000000000000000000000000000001.5e5\n";
  assert_false(check_long(strchr(exponent, '1'), strchr(exponent, 'e'), exponent + sizeof exponent));
  guarded_free(&page);
}
#endif

/* Numbers that end exactly where the page does, and that begin where one does; at every alignment. */
static void test_nothing_is_read_beyond(void **state)
{
  (void)state;
  struct guarded page = guarded_new(4096);
  if (!page.bytes) {
    fail_msg("no memory");
    return;
  }
  struct random random = random_seeded(5);
  const struct shape shapes[] = {number_shape(false), number_shape(true)};
  for (int i = 0; i < SCALED(20000, 4000); i++) {
    char text[40 * NUMBER_TEXT_MAX];
    size_t lines = 1 + random_below(&random, 39);
    size_t length = 0;
    for (size_t k = 0; k < lines; k++) {
      length += i % 2 ? number_text(&random, text + length)
                      : (size_t)sprintf(text + length, "%.*f", (int)(i / 2 % 9), random_unit(&random));
      text[length++] = '\n';
    }
    char *at = i % 3 ? page.bytes + page.size - length : page.bytes;
    memcpy(at, text, length);
    const char *begin = i % 4 ? page.bytes : at;
    check_lines(&shapes[0], begin, at, length);
    check_lines(&shapes[1], begin, at, length);
    check_one(at, at + length - 1 - random_below(&random, length));
  }
  guarded_free(&page);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_plain),
      cmocka_unit_test(test_random_decimals_are_exact),
      cmocka_unit_test(test_one_unlike_the_others),
      cmocka_unit_test(test_every_width_and_point),
      cmocka_unit_test(test_garbage_is_refused_alike),
#ifdef PLAIN_HAVE_FOUR
      cmocka_unit_test(test_long_numbers),
#endif
      cmocka_unit_test(test_nothing_is_read_beyond),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
