/*
 * Characters of UTF-8. That all that is right is taken is shown with an encoder of the test's own, for every character
 * there is; that nothing else is, by counting: there are as many sequences as characters, and no more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/utf8.h"
#include "random.h"

/* Bits into bytes as RFC 3629 draws them; length is given, so that overlong forms can be made, too. */
static void encode(uint32_t character, size_t length, char text[4])
{
  static const unsigned char marks[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
  for (size_t i = length; i-- > 1; character >>= 6)
    text[i] = (char)(0x80 | (character & 0x3F));
  text[0] = (char)(marks[length] | character);
}

static void expect_bad(const char *text, size_t size)
{
  size_t length;
  const uint32_t character = utf8_decode(text, size, &length);
  if (character != UTF8_BAD || length != 1)
    fail_msg("U+%04X in %zu bytes, for %02X and %zu more", character, length, (unsigned char)text[0], size - 1);
}

static void every_character(void **state)
{
  (void)state;
  for (uint32_t wanted = 0; wanted <= 0x10FFFF; wanted++) {
    if (wanted == 0xD800) /* the surrogates are no characters */
      wanted = 0xE000;
    const size_t bytes = wanted < 0x80 ? 1 : wanted < 0x800 ? 2 : wanted < 0x10000 ? 3 : 4;
    char text[5] = "";
    size_t length;
    encode(wanted, bytes, text);
    text[bytes] = '\x80'; /* what follows does not matter */
    char written[UTF8_LENGTH_MAX];
    if (utf8_encode(wanted, written) != bytes || memcmp(written, text, bytes) != 0)
      fail_msg("U+%04X is written otherwise", wanted);
    if (utf8_decode(text, bytes, &length) != wanted || length != bytes)
      fail_msg("U+%04X", wanted);
    if (utf8_decode(text, sizeof text, &length) != wanted || length != bytes)
      fail_msg("U+%04X with more behind it", wanted);
    for (size_t cut = 1; cut < bytes; cut++)
      expect_bad(text, cut);
  }
}

/* Every byte alone: ASCII is itself, all others are bad. */
static void every_byte(void **state)
{
  (void)state;
  for (int byte = 0; byte < 256; byte++) {
    const char text[] = {(char)byte};
    size_t length;
    assert_int_equal(utf8_decode(text, 1, &length), byte < 0x80 ? byte : UTF8_BAD);
    assert_int_equal(length, 1);
  }
}

/* How many texts of two and three bytes, each of any value, are a single character. */
static void nothing_else_of_two_and_three_bytes(void **state)
{
  (void)state;
  size_t twos = 0;
  size_t threes = 0;
  for (uint32_t all = 0; all < 1U << 24; all++) {
    const char text[] = {(char)(all >> 16), (char)(all >> 8), (char)all};
    threes += utf8_length(text, 3) == 3;
    twos += all < 1U << 16 && utf8_length(text + 1, 2) == 2;
  }
  assert_int_equal(twos, 0x800 - 0x80);
  assert_int_equal(threes, 0x10000 - 0x800 - 0x800); /* from U+0800 on, without the surrogates */
}

/* The same of four, for every first byte; the others are any that continue, or one of them is not. */
static void nothing_else_of_four_bytes(void **state)
{
  (void)state;
  size_t fours = 0;
  for (unsigned first = 0; first < 256; first++)
    for (uint32_t rest = 0; rest < 1U << 18; rest++) {
      char text[4];
      encode(rest, 4, text);
      text[0] = (char)first;
      fours += utf8_length(text, 4) == 4;
    }
  assert_int_equal(fours, 0x110000 - 0x10000);

  for (size_t place = 1; place < 4; place++)
    for (unsigned byte = 0; byte < 256; byte++) {
      char text[] = "\xF1\x80\x80\x80";
      text[place] = (char)byte;
      assert_int_equal(utf8_length(text, 4), byte >= 0x80 && byte < 0xC0 ? 4 : 1);
    }
}

static void overlong_forms_and_surrogates(void **state)
{
  (void)state;
  char text[4];
  static const uint32_t first_of_length[] = {0, 0, 0x80, 0x800, 0x10000};
  for (size_t bytes = 2; bytes <= 4; bytes++)
    for (uint32_t character = 0; character < first_of_length[bytes]; character++) {
      encode(character, bytes, text);
      expect_bad(text, bytes);
    }
  for (uint32_t surrogate = 0xD800; surrogate <= 0xDFFF; surrogate++) {
    encode(surrogate, 3, text);
    expect_bad(text, 3);
  }
  for (uint32_t beyond = 0x110000; beyond < 0x200000; beyond++) {
    encode(beyond, 4, text);
    expect_bad(text, 4);
  }
}

static void counts(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    size_t size, count;
  } cases[] = {
      {"", 0, 0},
      {"a", 1, 1},
      {"a\0b", 3, 3},
      {"\xC2\xB0"
       "C",
       3, 2},
      {"\xE2\x82\xAC\xF0\x9F\x98\x80", 7, 2},
      {"\xE2\x82", 2, 2},         /* both are bad */
      {"\xE2\x82\x41", 3, 3},     /* and what follows is not swallowed */
      {"\xC0\xAF", 2, 2},         /* a / in an overlong form */
      {"\xED\xA0\x80", 3, 3},     /* a surrogate */
      {"\xE2\xC2\xB0\x80", 4, 3}, /* a degree sign between two that are bad */
      {"\xEF\xBF\xBD", 3, 1},     /* U+FFFD itself */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (utf8_count(cases[i].text, cases[i].size) != cases[i].count)
      fail_msg("case %zu: %zu characters", i, utf8_count(cases[i].text, cases[i].size));
  assert_int_equal(utf8_length("", 0), 0);
}

/* Whatever the bytes: where a walk forwards finds that a character begins is the start for each byte of it. */
static void a_start_for_each_byte(void **state)
{
  (void)state;
  static const char likely[] = "aZ \x80\x85\xBF\xC2\xC3\xE0\xE2\xED\xEF\xF0\xF4\xF5\xFF\x9F\xA0\x8F\x90";
  struct random random = random_seeded(8);
  for (int round = 0; round < 20000; round++) {
    char text[24];
    const size_t size = random_below(&random, sizeof text + 1);
    for (size_t i = 0; i < size; i++)
      text[i] = likely[random_below(&random, sizeof likely - 1)];
    for (size_t at = 0; at < size;) {
      const size_t length = utf8_length(text + at, size - at);
      for (size_t i = 0; i < length; i++)
        assert_int_equal(utf8_start(text, size, at + i), at);
      at += length;
    }
    assert_int_equal(utf8_start(text, size, size), size);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_character),
      cmocka_unit_test(every_byte),
      cmocka_unit_test(nothing_else_of_two_and_three_bytes),
      cmocka_unit_test(nothing_else_of_four_bytes),
      cmocka_unit_test(overlong_forms_and_surrogates),
      cmocka_unit_test(counts),
      cmocka_unit_test(a_start_for_each_byte),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
