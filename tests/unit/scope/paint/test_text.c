/* Text: widths, cutting to a width, clipping, and bytes that are no UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/utf8.h"
#include "random.h"
#include "scope/paint/text.h"

enum { WIDTH = 300, HEIGHT = 60 };
static const uint32_t BACK = 0x000000;
static const uint32_t INK = 0xFFFFFF;
#define ELLIPSIS "\xE2\x80\xA6"
#define BOX "\xEF\xBF\xBD" /* U+FFFD, what stands for a bad byte */

static uint32_t pixels[WIDTH * HEIGHT];
static struct text *text;

static int make_text(void **state)
{
  (void)state;
  text = text_new(13);
  return text ? 0 : -1;
}

static int free_text(void **state)
{
  (void)state;
  text_free(text);
  text_free(NULL); /* is fine */
  return 0;
}

static struct canvas empty_canvas(void)
{
  memset(pixels, 0, sizeof pixels);
  return (struct canvas){.pixel = pixels, .width = WIDTH, .height = HEIGHT, .stride = WIDTH};
}

/* The smallest rectangle around all that is not background. */
static struct rect inked(void)
{
  struct rect all = {0};
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      if (pixels[y * WIDTH + x] != BACK)
        all = rect_union(all, (struct rect){x, y, 1, 1});
  return all;
}

static bool lies_within(struct rect a, struct rect b)
{
  return rect_equal(rect_intersection(a, b), a);
}

static void test_a_line_is_as_wide_as_its_characters(void **state)
{
  (void)state;
  for (int font = 0; font < TEXT_FONTS; font++) {
    assert_int_equal(text_width(text, (enum text_font)font, ""), 0);
    int a = text_width(text, (enum text_font)font, "a");
    int w = text_width(text, (enum text_font)font, "W");
    int micro = text_width(text, (enum text_font)font, "\xC2\xB5");
    assert_true(a > 0 && w > 0 && micro > 0);
    assert_int_equal(text_width(text, (enum text_font)font,
                                "aW\xC2\xB5"
                                "a"),
                     a + w + micro + a);
    assert_in_range(text_height(text, (enum text_font)font), 13, 26);
  }
  assert_true(text_width(text, TEXT_SANS, "W") > text_width(text, TEXT_SANS, "i"));
  assert_int_equal(text_width(text, TEXT_MONO, "W"), text_width(text, TEXT_MONO, "i"));
}

/* Numbers that change do not wobble. */
static void test_digits_have_one_width(void **state)
{
  (void)state;
  int wide = text_width(text, TEXT_SANS, "8");
  for (int digit = 0; digit < 10; digit++) {
    const char line[] = {(char)('0' + digit), '\0'};
    assert_int_equal(text_width(text, TEXT_SANS, line), wide);
  }
}

static void test_a_line_that_fits_stays_as_it_is(void **state)
{
  (void)state;
  const char *line = "Au\xC3\x9F"
                     "entemperatur";
  char out[64];
  text_fit(text, TEXT_SANS, line, text_width(text, TEXT_SANS, line), out, sizeof out);
  assert_string_equal(out, line);
}

/* Beginning and end of the line around one ellipsis, as long as there is room, and never a part of a character. */
static void test_a_line_is_cut_in_the_middle(void **state)
{
  (void)state;
  static const char *const lines[] = {"temperature in the boiler", "\xE6\xB9\xBF\xE5\xBA\xA6\xE6\xB9\xBF\xE5\xBA\xA6",
                                      "\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5", "a\xFF\xFF\xFF\xFFz",
                                      "\xC7\x84\xC7\x84\xC7\x84\xC7\x84\xC7\x84"};
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    const char *line = lines[i];
    int whole = text_width(text, TEXT_SANS, line);
    int shortest = text_width(text, TEXT_SANS, ELLIPSIS);
    for (int room = shortest; room < whole; room++) {
      char out[64];
      text_fit(text, TEXT_SANS, line, room, out, sizeof out);
      assert_true(text_width(text, TEXT_SANS, out) <= room);
      const char *gap = strstr(out, ELLIPSIS);
      assert_non_null(gap);
      size_t head = (size_t)(gap - out);
      size_t tail = strlen(gap + strlen(ELLIPSIS));
      assert_memory_equal(out, line, head);
      assert_string_equal(gap + strlen(ELLIPSIS), line + strlen(line) - tail);
      assert_int_equal(utf8_start(line, strlen(line), head), head);
      assert_int_equal(utf8_start(line, strlen(line), strlen(line) - tail), strlen(line) - tail);
      /* The room is used: with the next character of the line the text would not fit. */
      char more[64];
      size_t next = utf8_length(line + head, strlen(line) - head);
      snprintf(more, sizeof more, "%.*s%s%s", (int)(head + next), line, ELLIPSIS, line + strlen(line) - tail);
      size_t before = utf8_start(line, strlen(line), strlen(line) - tail - 1);
      char most[64];
      snprintf(most, sizeof most, "%.*s%s%s", (int)head, line, ELLIPSIS, line + before);
      assert_true(text_width(text, TEXT_SANS, more) > room || text_width(text, TEXT_SANS, most) > room);
    }
  }
}

static void test_each_bad_byte_is_a_box(void **state)
{
  (void)state;
  static const struct {
    const char *bad, *shown;
  } cases[] = {
      {"a\xFFz", "a" BOX "z"},
      {"\x80", BOX},
      {"\xC3", BOX},
      {"\xE2\x82", BOX BOX},
      {"\xC0\x80", BOX BOX},
      {"\xED\xA0\x80", BOX BOX BOX},
      {"\xF4\x90\x80\x80", BOX BOX BOX BOX},
      {"\xE2\x82"
       "1",
       BOX BOX "1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    static uint32_t seen[WIDTH * HEIGHT];
    assert_int_equal(text_width(text, TEXT_SANS, cases[i].bad), text_width(text, TEXT_SANS, cases[i].shown));
    struct canvas c = empty_canvas();
    text_draw(text, &c, TEXT_SANS, 20, 20, TEXT_LEFT, cases[i].bad, INK, canvas_rect(&c));
    memcpy(seen, pixels, sizeof seen);
    c = empty_canvas();
    text_draw(text, &c, TEXT_SANS, 20, 20, TEXT_LEFT, cases[i].shown, INK, canvas_rect(&c));
    assert_memory_equal(seen, pixels, sizeof seen);
  }
}

/* Left end, middle or right end at x; and all that is painted lies in the rectangle that is told. */
static void test_a_line_stands_where_it_is_told(void **state)
{
  (void)state;
  const char *line = "Height, \xC3\x84jg";
  int width = text_width(text, TEXT_SANS, line);
  const int left[] = {[TEXT_LEFT] = 150, [TEXT_CENTRE] = 150 - width / 2, [TEXT_RIGHT] = 150 - width};
  for (int align = TEXT_LEFT; align <= TEXT_RIGHT; align++) {
    struct canvas c = empty_canvas();
    struct rect told = text_draw(text, &c, TEXT_SANS, 150, 20, (enum text_align)align, line, INK, canvas_rect(&c));
    struct rect seen = inked();
    assert_false(rect_empty(seen));
    assert_true(lies_within(seen, told));
    assert_in_range(seen.x, left[align] - 1, left[align] + 3);
    assert_in_range(seen.x + seen.w, left[align] + width - 3, left[align] + width + 1);
    assert_true(seen.y >= 20 && seen.y + seen.h <= 20 + text_height(text, TEXT_SANS));
  }
}

static void test_nothing_is_painted_outside_the_clip(void **state)
{
  (void)state;
  struct random r = random_seeded(5);
  static uint32_t whole[WIDTH * HEIGHT];
  for (int i = 0; i < 300; i++) {
    int x = (int)random_between(&r, -30, WIDTH + 30);
    int y = (int)random_between(&r, -20, HEIGHT + 20);
    struct canvas c = empty_canvas();
    text_draw(text, &c, TEXT_BOLD, x, y, TEXT_CENTRE, "Wj|\xC3\x84q", INK, canvas_rect(&c));
    memcpy(whole, pixels, sizeof whole);
    struct rect clip = {(int)random_between(&r, -20, WIDTH), (int)random_between(&r, -20, HEIGHT),
                        (int)random_between(&r, 0, 60), (int)random_between(&r, 0, 30)};
    c = empty_canvas();
    struct rect told = text_draw(text, &c, TEXT_BOLD, x, y, TEXT_CENTRE, "Wj|\xC3\x84q", INK, clip);
    assert_true(rect_empty(told) || lies_within(told, clip));
    for (int k = 0; k < WIDTH * HEIGHT; k++)
      assert_int_equal(pixels[k], rect_contains(clip, k % WIDTH, k / WIDTH) ? whole[k] : BACK);
  }
}

/* More different characters than are kept: the ones kept before are dropped, and come again as they were. */
static void test_a_flood_of_characters(void **state)
{
  (void)state;
  int width = text_width(text, TEXT_SANS, "scope");
  for (unsigned character = 0x100; character < 0x1000; character++) {
    const char line[] = {(char)(0xE0 | character >> 12), (char)(0x80 | (character >> 6 & 0x3F)),
                         (char)(0x80 | (character & 0x3F)), '\0'};
    const char two[] = {(char)(0xC0 | character >> 6), (char)(0x80 | (character & 0x3F)), '\0'};
    text_width(text, TEXT_SANS, character < 0x800 ? two : line);
  }
  assert_int_equal(text_width(text, TEXT_SANS, "scope"), width);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_line_is_as_wide_as_its_characters),
      cmocka_unit_test(test_digits_have_one_width),
      cmocka_unit_test(test_a_line_that_fits_stays_as_it_is),
      cmocka_unit_test(test_a_line_is_cut_in_the_middle),
      cmocka_unit_test(test_each_bad_byte_is_a_box),
      cmocka_unit_test(test_a_line_stands_where_it_is_told),
      cmocka_unit_test(test_nothing_is_painted_outside_the_clip),
      cmocka_unit_test(test_a_flood_of_characters),
  };
  return cmocka_run_group_tests(tests, make_text, free_text);
}
