/* Objects as JSON or Python writes them: the numbers in them by their paths. Expectations are from the contract, "Labels". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/input/json.h"

static struct named_list list;

static enum json_result read_text(const char *text, size_t length, const char *prefix, size_t *used)
{
  named_clear(&list);
  return json_read(text, length, prefix, strlen(prefix), NUMBER_COMMA, &list, used);
}

/* The values read, a path each: a=1 b=gap. */
static void write_values(char *out, size_t size)
{
  size_t n = 0;
  out[0] = '\0';
  for (size_t i = 0; i < list.count; i++) {
    const struct named *item = &list.item[i];
    if (item->kind != NAMED_NUMBER && item->kind != NAMED_GAP)
      continue;
    n += (size_t)snprintf(out + n, size - n, "%s%.*s=", n > 0 ? " " : "", (int)item->name_length, item->name);
    n += item->kind == NAMED_GAP ? (size_t)snprintf(out + n, size - n, "gap")
                                 : (size_t)snprintf(out + n, size - n, "%g", item->number.value);
  }
}

static void test_values_by_their_paths(void **state)
{
  (void)state;
  static const struct {
    const char *text, *prefix, *wanted;
  } cases[] = {
      {"{\"a\": 1, \"b\": 2.5}", "", "a=1 b=2.5"},
      {"{\"data\": {\"temp\": 21.5}}", "", "data.temp=21.5"},
      {"{\"rows\": [{\"x\": 1}, {\"x\": 2}]}", "", "rows[0].x=1 rows[1].x=2"},
      {"{\"a\": true, \"b\": false, \"c\": null}", "", "a=1 b=0 c=gap"},
      {"{'a': True, 'b': None, 'c': nan}", "", "a=1 b=gap c=gap"}, /* Python */
      {"{\"t\": \"21.5\", \"u\": \"warm\"}", "", "t=21.5"},        /* numbers in strings count */
      {"{\"name\": \"lab\", \"value\": 7}", "", "lab=7"},
      {"{\"topic\": \"a/b\", \"value\": 7, \"n\": 1}", "", "a/b=7 n=1"},
      {"{\"a\": 1}", "lab/x", "lab/x.a=1"}, /* a word before the object */
      {"{\"v\": [1, 2]}", "", "v[0]=1 v[1]=2"},
      {"{}", "", ""},
      {"{\"a\": undefined, \"b\": 2}", "", "b=2"}, /* a word is no value, and no end of the object */
      {"{\"q\\\"x\": 3}", "", "q\"x=3"},
      {"{\"a\": -1.5e-3, \"b\": 1E5}", "", "a=-0.0015 b=100000"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char out[200];
    size_t used = 0;
    if (read_text(cases[i].text, strlen(cases[i].text), cases[i].prefix, &used) != JSON_WHOLE)
      fail_msg("%s is not whole", cases[i].text);
    assert_int_equal(used, strlen(cases[i].text));
    write_values(out, sizeof out);
    assert_string_equal(out, cases[i].wanted);
  }
}

/* Cut anywhere, an object is a part of one and nothing else, and no byte behind the cut is read. */
static void test_every_cut_is_a_part(void **state)
{
  (void)state;
  static const char text[] =
      "{\"data\": {\"t\": [1.5, -2e3, {\"x\": \"7\"}], \"ok\": true, \"n\": null}, \"name\": \"l\", "
      "\"value\": 4}";
  size_t used;
  for (size_t length = 1; length + 1 < sizeof text; length++) {
    char *copy = malloc(length);
    assert_non_null(copy);
    memcpy(copy, text, length);
    if (read_text(copy, length, "", &used) != JSON_PART)
      fail_msg("%.*s is no part", (int)length, text);
    free(copy);
  }
  assert_int_equal(read_text(text, sizeof text - 1, "", &used), JSON_WHOLE);
}

static void test_what_follows_is_left(void **state)
{
  (void)state;
  size_t used = 0;
  assert_int_equal(read_text("{\"a\": 1} {\"a\": 2}", 17, "", &used), JSON_WHOLE);
  assert_int_equal(used, 8);
}

static void test_what_is_none(void **state)
{
  (void)state;
  static const char *const others[] = {"{a b}",     "{1, 2}x", "{\"a\" 1}", "{\"a\": }", "{\"a\": 1,, \"b\": 2}",
                                       "{\"a\": 1]"};
  size_t used;
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (read_text(others[i], strlen(others[i]), "", &used) == JSON_WHOLE && used == strlen(others[i]))
      fail_msg("%s is an object", others[i]);
}

static void test_depth_is_bounded(void **state)
{
  (void)state;
  enum { DEEP = 10000 };
  static char text[DEEP * 5 + 1];
  size_t length = 0;
  size_t used;
  for (size_t i = 0; i < DEEP; i++, length += 5)
    memcpy(text + length, "{\"a\":", 5);
  assert_int_equal(read_text(text, length, "", &used), JSON_DEEP);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_values_by_their_paths), cmocka_unit_test(test_every_cut_is_a_part),
      cmocka_unit_test(test_what_follows_is_left),  cmocka_unit_test(test_what_is_none),
      cmocka_unit_test(test_depth_is_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
