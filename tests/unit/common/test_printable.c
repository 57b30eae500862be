/* What is shown plays no tricks: valid UTF-8 without control characters comes out, whatever goes in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/printable.h"
#include "common/utf8.h"
#include "random.h"

static void expect(const char *text, size_t length, const char *expected)
{
  char out[256];
  assert_int_equal(printable_copy(out, sizeof out, text, length), strlen(expected));
  assert_string_equal(out, expected);
}

static void every_byte(void **state)
{
  (void)state;
  static const char *const named[] = {
      ['\a'] = "\\a", ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\v'] = "\\v", ['\f'] = "\\f", ['\r'] = "\\r"};
  for (int byte = 0; byte < 256; byte++) {
    const char text[] = {(char)byte};
    char expected[8];
    if (byte >= ' ' && byte <= '~')
      snprintf(expected, sizeof expected, "%c", byte);
    else if (byte >= '\a' && byte <= '\r')
      snprintf(expected, sizeof expected, "%s", named[byte]);
    else
      snprintf(expected, sizeof expected, "\\x%02X", (unsigned)byte);
    expect(text, 1, expected);
  }
}

/* U+0080 to U+009F: ESC [ is a single one of them, U+009B, to a terminal that knows C1. */
static void every_c1_control(void **state)
{
  (void)state;
  for (int byte = 0x80; byte < 0xA0; byte++) {
    const char text[] = {'\xC2', (char)byte};
    char expected[16];
    snprintf(expected, sizeof expected, "\\xC2\\x%02X", (unsigned)byte);
    expect(text, 2, expected);
  }
  expect("\xC2\xA0\xC2\xB0", 4, "\xC2\xA0\xC2\xB0"); /* a blank that does not break, a degree sign */
}

static void what_is_no_utf8(void **state)
{
  (void)state;
  expect("\xE2\x82", 2, "\\xE2\\x82");          /* cut off */
  expect("\xE2\x82z", 3, "\\xE2\\x82z");        /* broken off */
  expect("\xC0\x8A", 2, "\\xC0\\x8A");          /* a newline in an overlong form */
  expect("\xED\xA0\x80", 3, "\\xED\\xA0\\x80"); /* a surrogate */
  expect("caf\xE9", 4, "caf\\xE9");             /* another character set */
  expect("\xEF\xBF\xBD", 3, "\xEF\xBF\xBD");    /* U+FFFD itself can be shown */
  expect("\\x1B \\", 6, "\\x1B \\");            /* a backslash is as good as any */
  expect("a\0b", 3, "a\\x00b");
  expect("\x1B]0;x\a", 6, "\\x1B]0;x\\a");
}

/* Whole pieces or none, at each size that could cut them. */
static void cuts(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    const char *at[12]; /* what there is room for with a size of 1, 2, ... */
  } cases[] = {
      {"ab", {"", "a", "ab", "ab"}},
      {"a\xC2\xB0", {"", "a", "a", "a\xC2\xB0", "a\xC2\xB0"}},
      {"\x1Bz", {"", "", "", "", "\\x1B", "\\x1Bz"}},
      {"\nz", {"", "", "\\n", "\\nz"}},
      {"\xC2\x85", {"", "", "", "", "", "", "", "", "\\xC2\\x85", "\\xC2\\x85"}},
      {"\xE2\x82\xAC", {"", "", "", "\xE2\x82\xAC"}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (size_t size = 1; size <= 12 && cases[i].at[size - 1]; size++) {
      char out[16];
      memset(out, '#', sizeof out);
      const size_t length = printable_copy(out, size, cases[i].text, strlen(cases[i].text));
      assert_string_equal(out, cases[i].at[size - 1]);
      assert_int_equal(length, strlen(out));
      assert_int_equal(out[size], '#');
    }
}

static void always_valid_and_the_same_again(void **state)
{
  (void)state;
  struct random random = random_seeded(16);
  for (int round = 0; round < 20000; round++) {
    char text[32];
    char once[sizeof text * PRINTABLE_GROWTH + 1];
    char twice[sizeof once];
    const size_t size = random_below(&random, sizeof text + 1);
    for (size_t i = 0; i < size; i++)
      text[i] = (char)random_below(&random, 256);
    const size_t length = printable_copy(once, sizeof once, text, size);
    assert_true(length >= size); /* nothing is left out */
    for (size_t at = 0; at < length;) {
      size_t taken;
      const uint32_t character = utf8_decode(once + at, length - at, &taken);
      assert_true(character >= 0x20 && !(character >= 0x7F && character <= 0x9F));
      assert_true(character != UTF8_BAD || taken == 3);
      at += taken;
    }
    assert_int_equal(printable_copy(twice, sizeof twice, once, length), length);
    assert_string_equal(twice, once);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_byte),
      cmocka_unit_test(every_c1_control),
      cmocka_unit_test(what_is_no_utf8),
      cmocka_unit_test(cuts),
      cmocka_unit_test(always_valid_and_the_same_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
