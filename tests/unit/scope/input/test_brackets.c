/* Brackets and quotes find their partners. Expectations are from what brackets are, and from the header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/input/brackets.h"

/* What stands behind the partner of the first byte; NULL where there is none. */
static const char *behind(const char *text)
{
  return brackets_end(text, text + strlen(text));
}

static void test_partners(void **state)
{
  (void)state;
  static const struct {
    const char *text, *rest;
  } cases[] = {
      {"(1) 2", " 2"},
      {"[1, (2), {3}]", ""},
      {"{path=\"a b\"} 5", " 5"},
      {"((1)(2))(3)", "(3)"},
      {"(\"a)b\") c", " c"},            /* between double quotes a bracket is none */
      {"(5\" wide) c", " c"},           /* a quote by itself hides nothing */
      {"(a\\\"b) y=\"c\"", " y=\"c\""}, /* an escaped quote is none */
      {"(it's) c", " c"},               /* nor does an apostrophe, which is in many a sentence */
      {"\"a b\",5", ",5"},
      {"'a b',5", ",5"},
      {"\"a \"\"b\"\" c\",5", ",5"}, /* as CSV doubles them */
      {"'a'',5", "',5"},             /* what only double quotes do */
      {"\"a \\\" b\",5", ",5"},      /* as C and JSON escape them */
      {"\"a\\\\\",5", ",5"},         /* the backslash itself is escaped, the quote behind it is not */
      {"\"\",5", ",5"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *rest = behind(cases[i].text);
    assert_non_null(rest);
    assert_string_equal(rest, cases[i].rest);
  }
}

static void test_no_partner(void **state)
{
  (void)state;
  static const char *const cases[] = {"(1",   "(1]",    "[(1])",   "([1)]",  "\"1",   "'1",
                                      "\"1'", "\"\"\"", "\"a\\\"", "(\")\"", "{[(1)}"};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_null(behind(cases[i]));
}

/* The text ends where it is said to, whatever stands behind it. */
static void test_end_of_text(void **state)
{
  (void)state;
  const char *text = "(1) \"2\"";
  assert_null(brackets_end(text, text + 2));
  assert_ptr_equal(brackets_end(text, text + 3), text + 3);
  assert_null(brackets_quote_end(text + 4, text + 6));
  assert_ptr_equal(brackets_quote_end(text + 4, text + 7), text + 7);
  text = "\"a\"\"";
  assert_ptr_equal(brackets_quote_end(text, text + 3), text + 3);
}

static void test_depth(void **state)
{
  (void)state;
  char text[2 * (BRACKETS_DEPTH_MAX + 1)];
  for (size_t depth = BRACKETS_DEPTH_MAX; depth <= BRACKETS_DEPTH_MAX + 1; depth++) {
    memset(text, '(', depth);
    memset(text + depth, ')', depth);
    const char *partner = brackets_end(text, text + 2 * depth);
    if (depth == BRACKETS_DEPTH_MAX)
      assert_ptr_equal(partner, text + 2 * depth);
    else
      assert_null(partner);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_partners),
      cmocka_unit_test(test_no_partner),
      cmocka_unit_test(test_end_of_text),
      cmocka_unit_test(test_depth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
