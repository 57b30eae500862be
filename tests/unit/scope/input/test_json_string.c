/* Strings as JSON and Python write them. Expectations are from RFC 8259, "Strings", and from the header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/input/json_string.h"

static void test_written_out(void **state)
{
  (void)state;
  static const struct {
    const char *text, *wanted, *rest;
  } cases[] = {
      {"\"temp\": 5", "temp", ": 5"},
      {"'temp': 5", "temp", ": 5"},
      {"\"it's\"", "it's", ""},
      {"'5\"'", "5\"", ""},
      {"\"\",", "", ","},
      {"\"a\\\"b\",", "a\"b", ","},
      {"\"a\\\\\",", "a\\", ","}, /* the backslash itself is escaped, the quote behind it is not */
      {"\"a\\/b\\tc\\nd\"", "a/b\tc\nd", ""},
      {"\"\\u0041\\u00e9\\u20AC\"", "A\xC3\xA9\xE2\x82\xAC", ""},
      {"\"\\uD83D\\uDE00!\"", "\xF0\x9F\x98\x80!", ""}, /* two halves of U+1F600 */
      {"\"\\u00zz\"", "u00zz", ""},                     /* no character, and nothing to stop at */
      {"\"\\u12\"", "u12", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char out[64];
    struct json_string string;
    const char *at = cases[i].text;
    assert_true(json_string_read(&at, at + strlen(at), &string));
    assert_string_equal(at, cases[i].rest);
    assert_int_equal(string.escaped, memchr(cases[i].text, '\\', strlen(cases[i].text)) != NULL);
    out[json_string_write(&string, out, sizeof out)] = '\0';
    assert_string_equal(out, cases[i].wanted);
  }
}

/* Cut anywhere, a string has no end, and no byte behind the cut is read. */
static void test_every_cut_has_no_end(void **state)
{
  (void)state;
  static const char text[] = "\"a\\\"b\\\\\\u00e9\"";
  struct json_string string;
  for (size_t length = 1; length + 1 < sizeof text; length++) {
    char *copy = malloc(length);
    assert_non_null(copy);
    memcpy(copy, text, length);
    const char *at = copy;
    assert_false(json_string_read(&at, copy + length, &string));
    free(copy);
  }
}

/* The words that are compared are those that stand there: an escape makes another word of it. */
static void test_is(void **state)
{
  (void)state;
  const char *at = "\"key\"";
  struct json_string string = {0};
  assert_true(json_string_read(&at, at + 5, &string));
  assert_true(json_string_is(&string, "key"));
  assert_false(json_string_is(&string, "ke"));
  assert_false(json_string_is(&string, "keys"));
}

/* Of what does not fit nothing is written past the end, and no character in half. */
static void test_a_small_room(void **state)
{
  (void)state;
  enum { MOST = 40 };
  const char *at = "\"aa\\u20AC\\uD83D\\uDE00\\u20AC\\u00e9bb\"";
  static const char whole[] = "aa\xE2\x82\xAC\xF0\x9F\x98\x80\xE2\x82\xAC\xC3\xA9"
                              "bb";
  struct json_string string;
  assert_true(json_string_read(&at, at + strlen(at), &string));
  for (size_t size = 0; size < MOST; size++) {
    char *out = malloc(size + 1);
    assert_non_null(out);
    out[size] = '!';
    const size_t used = json_string_write(&string, out, size);
    assert_true(used <= size && out[size] == '!');
    assert_memory_equal(out, whole, used);
    assert_true((whole[used] & 0xC0) != 0x80);
    assert_true(size < sizeof whole + 4 || used == sizeof whole - 1);
    free(out);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_written_out),
      cmocka_unit_test(test_every_cut_has_no_end),
      cmocka_unit_test(test_is),
      cmocka_unit_test(test_a_small_room),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
