/* The list of keys in windows of all sizes: within the canvas, and read whole wherever that is possible. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/paint/help_list.h"

enum { ENTRIES = 31 };

static struct look look = {.theme = &theme_dark, .scale = 1};
static struct help_letters letters;
static char what[ENTRIES][64];
static struct scene_help help[ENTRIES + 1];

/* As many entries as scope has keys, and as long: some long ones, each told from all others by its middle. */
static int make_list(void **state)
{
  (void)state;
  for (int i = 0; i < ENTRIES; i++) {
    snprintf(what[i], sizeof what[i],
             i % 4 == 0 ? "does one thing or the other; number %02d is that of this one" : "a thing, %02d of it", i);
    help[i] = (struct scene_help){i % 8 == 2 ? "PageUp, PageDown" : "k", what[i]};
  }
  return 0;
}

static int free_letters(void **state)
{
  (void)state;
  help_letters_destroy(&letters);
  return 0;
}

/* The list on a canvas of this size, and how it was laid out; to be freed. */
static uint32_t *draw(int width, int height, struct help_list *list)
{
  struct canvas c = {.width = width, .height = height, .stride = width};
  c.pixel = calloc((size_t)width * (size_t)height, sizeof *c.pixel);
  assert_non_null(c.pixel);
  help_list_plan(list, &letters, &look, &c, help);
  help_list_draw(list, &look, &c, (struct rect){0, 0, list->width, list->height});
  return c.pixel;
}

/* Whether a letter in the middle of a text makes a difference: what was cut out makes none. */
static bool shows(const uint32_t *drawn, int width, int height, char *letter)
{
  struct help_list list;
  const char before = *letter;
  *letter = before == 'x' ? 'y' : 'x';
  uint32_t *other = draw(width, height, &list);
  const bool differs = memcmp(drawn, other, (size_t)width * (size_t)height * sizeof *drawn) != 0;
  *letter = before;
  free(other);
  return differs;
}

static void assert_whole(int width, int height)
{
  struct help_list list;
  uint32_t *drawn = draw(width, height, &list);
  assert_true(list.whole);
  assert_in_range(list.width, 1, width);
  assert_in_range(list.height, 1, height);
  for (int i = 0; i < ENTRIES; i++)
    for (size_t k = 0; k < strlen(what[i]); k++)
      if (what[i][k] != ' ')
        assert_true(shows(drawn, width, height, &what[i][k]));
  free(drawn);
}

static void test_small_windows_have_all_of_it(void **state)
{
  (void)state;
  assert_whole(320, 240);
  assert_whole(400, 300);
}

static void test_a_table_where_there_is_room(void **state)
{
  (void)state;
  struct help_list list;
  free(draw(1280, 720, &list));
  assert_int_equal(list.columns, 1);
  assert_whole(640, 480);
}

static void test_any_size(void **state)
{
  (void)state;
  for (int width = 1; width < 700; width += 23)
    for (int height = 1; height < 500; height += 29) {
      struct help_list list;
      free(draw(width, height, &list)); /* nothing is written beside it: the sanitizers tell */
      assert_true(list.whole == (list.count == ENTRIES));
    }
}

/* Where not all of it fits, it says so. */
static void test_a_window_that_is_too_small(void **state)
{
  (void)state;
  struct help_list list;
  uint32_t *drawn = draw(200, 100, &list);
  assert_false(list.whole);
  assert_in_range(list.count, 1, ENTRIES - 1);
  assert_true(shows(drawn, 200, 100, &what[0][5]));
  assert_false(shows(drawn, 200, 100, &what[ENTRIES - 1][5]));
  free(drawn);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_small_windows_have_all_of_it),
      cmocka_unit_test(test_a_table_where_there_is_room),
      cmocka_unit_test(test_any_size),
      cmocka_unit_test(test_a_window_that_is_too_small),
  };
  return cmocka_run_group_tests(tests, make_list, free_letters);
}
