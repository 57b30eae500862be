/* The parts of the reader of rows, each by itself: lines, cells, labels, times. Expectations are from the contract. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/input/cells.h"
#include "scope/input/labels.h"
#include "scope/input/lines.h"
#include "scope/input/time_text.h"

/* The lines of the bytes, each in brackets. */
static void read_lines(const char *bytes, size_t length, char *out, size_t size)
{
  static struct lines l;
  struct line line;
  size_t used = 0;
  lines_reset(&l);
  lines_feed(&l, bytes, length);
  for (int end = 0; end < 2; end++) {
    while (lines_next(&l, &line))
      used += (size_t)snprintf(out + used, size - used, "[%.*s]", (int)line.length, line.text);
    lines_end(&l);
  }
  out[used] = '\0';
}

static void test_lines(void **state)
{
  (void)state;
  static const struct {
    const char *bytes;
    size_t length;
    const char *wanted;
  } cases[] = {
      {"a\nb\r\nc\rd", 8, "[a][b][c][d]"},
      {"\xEF\xBB\xBF"
       "1\n",
       5, "[1]"},
      {"\x1B[31m1\x1B[0m\n", 11, "[1]"},
      {"1\x1B[5;1H2\n", 9, "[1 2]"},
      {"1\0"
       "2\n",
       4, "[12]"},
      {"\xFF\xFE"
       "1\0\n\0",
       6, "[1]"},
      {"\xFE\xFF\0"
       "1\0\n",
       6, "[1]"},
      {"\xFF\xFE"
       "1\0\n\0"
       "2",
       7, "[1][\xEF\xBF\xBD]"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char out[200];
    read_lines(cases[i].bytes, cases[i].length, out, sizeof out);
    assert_string_equal(out, cases[i].wanted);
  }
}

/* A letter for each cell: n number, g gap, t time, w word, x torn, e empty. */
static void read_cells(const struct cell_rules *rules, const char *line, char *out)
{
  static struct cell cells[CELLS_MAX];
  const size_t count = cells_read(rules, line, strlen(line), cells);
  for (size_t i = 0; i < count; i++)
    out[i] = "engtwx"[cells[i].kind == CELL_EMPTY    ? 0
                      : cells[i].kind == CELL_NUMBER ? 1
                      : cells[i].kind == CELL_GAP    ? 2
                      : cells[i].kind == CELL_TIME   ? 3
                      : cells[i].kind == CELL_WORD   ? 4
                                                     : 5];
  out[count] = '\0';
}

static void test_cells(void **state)
{
  (void)state;
  static const struct {
    struct cell_rules rules;
    const char *line, *wanted;
  } cases[] = {
      {{.separator = ','}, "1,Boston,20", "nwn"},
      {{.separator = ','}, "\"a, \"\"b\"\"\",5", "wn"},
      {{.separator = ';'}, "1 000;2", "xn"},
      {{.separator = ';'}, "5 V 3 A;2", "xn"},
      {{.separator = ';'}, "20,5;40,1;", "nne"},
      {{.separator = '|'}, "| 1 | 2 |", "nn"},
      {{.separator = ','}, "11/25/2026 10:00:00 AM,21.5", "tn"},
      {{.separator = ','}, "[[1, 2],", "nn"},
      {{.separator = ','}, "3, 4]]", "nn"},
      {{.separator = ','}, "(42.93,(42.93, 21.30)", "xxx"},
      {{.separator = ','}, "10:00:00,123,5", "tnn"},
      {{.separator = ',', .clock_comma = true}, "10:00:00,123,5", "tn"},
      {{.separator = ' '}, "- 4 + 3", "gnn"},
      {{.separator = ' ', .minus = true}, "- 4 + 3", "nn"},
      {{.separator = ' ', .minus = true}, "3 - oops", "nx"},
      {{.separator = ' ', .minus = true}, "- - 4 nan -", "gngg"},
      {{.separator = ' ', .minus = true}, "- 1 - +7", "ngn"},
      {{.separator = ' '}, "12:30:01 nan 21.5 [N/A]", "tgng"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char out[40];
    read_cells(&cases[i].rules, cases[i].line, out);
    assert_string_equal(out, cases[i].wanted);
  }
}

static void test_labels(void **state)
{
  (void)state;
  static const struct {
    const char *line, *wanted;
  } cases[] = {
      {"a=1 b: 2", "a=1 b=2 "},
      {"Core 0: +45.0 (high = 80)", "Core 0=+45.0 high=80 "},
      {"epoch 3 loss=2.0", "loss=2.0 "},
      {"Epoch 1/5 loss: 2", "loss=2 "},
      {"Variable 1:123", "Variable 1=123 "},
      {"acc: 0.1 0.2", "acc=0.1 acc=0.2 "},
      {"127.0.0.1: 5", ""},
      {"kernel: [12.345678] thermal: temp=21", "temp=21 "},
      {"x: [1] y: [2]", "x=1 y=2 "},
  };
  static struct named_list list;
  const struct label_rules rules = {0};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char out[200] = "";
    size_t used = 0;
    labels_read(&rules, cases[i].line, strlen(cases[i].line), &list);
    for (size_t k = 0; k < list.count; k++)
      if (list.item[k].kind == NAMED_NUMBER)
        used += (size_t)snprintf(out + used, sizeof out - used, "%.*s=%.*s ", (int)list.item[k].name_length,
                                 list.item[k].name, (int)list.item[k].length, list.item[k].text);
    assert_string_equal(out, cases[i].wanted);
  }
}

static void test_times(void **state)
{
  (void)state;
  static const char *const times[] = {"2026-11-25T10:00:00Z", "25.11.2026 10:00", "11/25/2026 10:00:00 AM",
                                      "10:00:00,123",         "Nov 25 10:00:00",  "Wed Nov 25 10:00:00 UTC 2026",
                                      "25-11 10:00:00"};
  static const char *const others[] = {"21.5", "3.4.2", "10", "192.0.2.7", "25:61:00", "May", "25-11"};
  struct time_text time;
  for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
    assert_int_not_equal(time_text_read(times[i], strlen(times[i]), &time), TIME_TEXT_NONE);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    assert_int_equal(time_text_read(others[i], strlen(others[i]), &time), TIME_TEXT_NONE);
  assert_int_equal(time_text_read("2026-11-25 10:00:00", 19, &time), TIME_TEXT_BOTH);
  assert_int_equal(time.ns, INT64_C(1795600800000000000));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lines),
      cmocka_unit_test(test_cells),
      cmocka_unit_test(test_labels),
      cmocka_unit_test(test_times),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
