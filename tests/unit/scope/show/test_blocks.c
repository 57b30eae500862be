/* What is sent of a picture of cells: what differs, and what blocks may have left a pixel in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/utf8.h"
#include "scope/show/blocks.h"

enum { COLUMNS = 12, ROWS = 3, GROUND = 0x101010, INK = 0xE0E0E0 };

static struct cells cells;
static struct blocks blocks;

static int set_up(void **state)
{
  (void)state;
  cells = (struct cells){0};
  blocks = (struct blocks){.deep = true};
  return cells_resize(&cells, COLUMNS, ROWS) ? 0 : -1;
}

static int tear_down(void **state)
{
  (void)state;
  cells_destroy(&cells);
  blocks_destroy(&blocks);
  return 0;
}

/* The middle row; the others stay blank. */
static void set_row(const char *text)
{
  cells_fill(&cells, 0, 0, COLUMNS, ROWS, GROUND);
  cells_text(&cells, 0, 1, COLUMNS, text, INK, false);
}

/* Shows the cells; a mark for each column of the middle row: '+' it was sent. Other rows must not be. */
static void show(char sent[static COLUMNS + 1])
{
  struct bytes out = {0};
  assert_true(blocks_show(&blocks, &out, &cells, 0));
  memset(sent, '.', COLUMNS);
  sent[COLUMNS] = '\0';
  int x = 0;
  const size_t length = out.length;
  bytes_add(&out, "", 1); /* so that what looks for the end of a sequence has an end itself */
  for (size_t i = 0; i < length;) {
    if (out.data[i] == '\033') {
      const size_t end = i + 2 + strcspn(out.data + i + 2, "Hm");
      char *behind;
      if (out.data[end] == 'H') {
        assert_int_equal(strtol(out.data + i + 2, &behind, 10), 2);
        x = (int)strtol(behind + 1, NULL, 10) - 1;
      }
      i = end + 1;
    } else {
      assert_in_range(x, 0, COLUMNS - 1);
      sent[x++] = '+';
      i += utf8_length(out.data + i, length - i);
    }
  }
  bytes_destroy(&out);
}

static void assert_sent(const char *before, const char *after, const char *expected)
{
  struct bytes out = {0};
  char sent[COLUMNS + 1];
  set_row(before);
  blocks_forget(&blocks);
  assert_true(blocks_show(&blocks, &out, &cells, 0));
  bytes_destroy(&out);
  set_row(after);
  show(sent);
  assert_string_equal(sent, expected);
}

static void test_only_what_differs(void **state)
{
  (void)state;
  assert_sent("abc def", "abc def", "............");
  assert_sent("abc def", "abX dYf", "..+..+......");
  assert_sent("   ", "█ ▙", "+.+.........");
}

/* Letters of some terminals are a pixel wider than a cell, which shows when the cell is blank again. */
static void test_a_block_goes_with_what_it_left_beside_it(void **state)
{
  (void)state;
  assert_sent("█    ▌", "", "++...++.....");
  assert_sent("██", "", "+++.........");
  assert_sent("▟x", "▘x", "++..........");
  assert_sent("           █", "", "...........+"); /* the edge of the screen */
  assert_sent("a", "", "+...........");            /* letters keep within their cell */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_only_what_differs, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_block_goes_with_what_it_left_beside_it, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
