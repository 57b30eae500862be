/* One number in a word: what it is worth, what its unit is, and what is none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/number_word.h"

static void numbers(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    double value;
    const char *unit;
    bool multiplied;
  } cases[] = {
      {"42", 42, "", false},
      {"-42", -42, "", false},
      {"+5", 5, "", false},
      {"\xE2\x88\x92"
       "2.5",
       -2.5, "", false},
      {".5", 0.5, "", false},
      {"5.", 5, "", false},
      {"1e5", 100000, "", false},
      {"0x1F", 31, "", false},
      {"1.5D-3", 0.0015, "", false},
      {"1.5d2", 150, "", false},
      {"-0", -0.0, "", false},
      {"12.3ms", 12.3, "ms", false},
      {"1.5d", 1.5, "d", false},
      {"45%", 45, "%", false},
      {"21\xC2\xB0"
       "C",
       21,
       "\xC2\xB0"
       "C",
       false},
      {"5\xC2\xB5s", 5, "\xC2\xB5s", false},
      {"3m2", 3, "m2", false},
      {"1e", 1, "e", false},
      {"10MiB", 10, "MiB", false},
      {"1.5k", 1500, "", true},
      {"0.1M", 100000, "", true},
      {"-2G", -2e9, "", true},
      {"1.1T", 1.1e12, "", true},
      {"3P", 3e15, "", true},
      {"1K", 1, "K", false},
      {"1e3k", 1e6, "", true},
      {"0x1Fk", 31000, "", true},
      {"1ek", 1, "ek", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct number_word word;
    if (!number_word_read(cases[i].text, strlen(cases[i].text), &word))
      fail_msg("'%s' is a number", cases[i].text);
    if (word.value != cases[i].value || signbit(word.value) != signbit(cases[i].value))
      fail_msg("'%s': %.17g", cases[i].text, word.value);
    assert_int_equal(word.unit_length, strlen(cases[i].unit));
    assert_memory_equal(word.unit, cases[i].unit, word.unit_length);
    assert_true(word.multiplied == cases[i].multiplied);
  }
}

static void others(void **state)
{
  (void)state;
  static const char *const words[] = {"",     "-",   "+",        "\xE2\x88\x92", "nan", "inf",  "-inf",   "1e999",
                                      "abc",  "m5",  "10/100",   "12:30",        "1,5", "1 2",  "--5",    "+-5",
                                      "5x9y", "3m4", "12-06-26", "1.2.3",        ".",   "-.e1", "1e300P", "5 ms"};
  struct number_word word;
  char longest[200];
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (number_word_read(words[i], strlen(words[i]), &word))
      fail_msg("'%s' is no number", words[i]);
  memset(longest, '1', sizeof longest);
  assert_false(number_word_read(longest, sizeof longest, &word));
  assert_true(number_word_read(longest, 17, &word)); /* no NUL behind it */
  assert_true(word.value == 11111111111111111.0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers),
      cmocka_unit_test(others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
