/* Labels: painted when they change and only then, with all that changed as damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scope/paint/label.h"

enum { WIDTH = 300, HEIGHT = 50 };
static const uint32_t BACK = 0x203040;

/* A canvas, and what a screen would show to which only damage is copied. */
static uint32_t painted[WIDTH * HEIGHT], shown[WIDTH * HEIGHT];
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
  return 0;
}

static struct canvas start(void)
{
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    painted[i] = shown[i] = BACK;
  return (struct canvas){.pixel = painted, .width = WIDTH, .height = HEIGHT, .stride = WIDTH};
}

static void show(const struct damage *damage)
{
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    if (damage_touches(damage, 0, (struct rect){i % WIDTH, i / WIDTH, 1, 1}))
      shown[i] = painted[i];
}

/* What is shown is what a fresh canvas looks like on which nothing but this stands. */
static void assert_shows_just(const char *line, int x, int y, uint32_t colour, struct rect clip)
{
  static uint32_t fresh[WIDTH * HEIGHT];
  struct canvas c = {.pixel = fresh, .width = WIDTH, .height = HEIGHT, .stride = WIDTH};
  canvas_fill(&c, canvas_rect(&c), BACK);
  text_draw(text, &c, TEXT_SANS, x, y, TEXT_LEFT, line, colour, clip);
  assert_memory_equal(shown, fresh, sizeof fresh);
}

static void test_what_changes_is_painted_anew(void **state)
{
  (void)state;
  static const struct {
    const char *line;
    int x, y;
    uint32_t colour;
  } frames[] = {{"1.234", 20, 10, 0xFFFFFF}, {"1.23", 20, 10, 0xFFFFFF}, {"1.23", 20, 10, 0xFF0000},
                {"1.23", 35, 10, 0xFF0000},  {"1.23", 35, 14, 0xFF0000}, {"", 35, 14, 0xFF0000},
                {"12345678", 5, 2, 0xFFFF}};
  struct canvas c = start();
  struct label l = {.text = ""};
  for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
    for (int again = 0; again < 2; again++) {
      struct damage damage = {.count = 0};
      label_draw(&l, text, &c, TEXT_SANS, frames[i].x, frames[i].y, TEXT_LEFT, frames[i].line, frames[i].colour, BACK,
                 &damage);
      assert_int_equal(damage.count, !again);
      show(&damage);
      assert_shows_just(frames[i].line, frames[i].x, frames[i].y, frames[i].colour, canvas_rect(&c));
    }
}

static void test_a_label_keeps_within_its_clip(void **state)
{
  (void)state;
  struct canvas c = start();
  struct label l = {.clip = {20, 10, 30, 9}};
  struct damage damage = {.count = 0};
  label_draw(&l, text, &c, TEXT_SANS, 15, 8, TEXT_LEFT, "a long line of text", 0xFFFFFF, BACK, &damage);
  show(&damage);
  assert_shows_just("a long line of text", 15, 8, 0xFFFFFF, l.clip);
}

static void test_what_the_canvas_lost_is_painted_again(void **state)
{
  (void)state;
  struct canvas c = start();
  struct label l = {.text = ""};
  struct damage damage = {.count = 0};
  label_draw(&l, text, &c, TEXT_SANS, 20, 10, TEXT_LEFT, "text", 0xFFFFFF, BACK, &damage);
  canvas_fill(&c, canvas_rect(&c), 0x777777);
  label_forget(&l);
  damage.count = 0;
  label_draw(&l, text, &c, TEXT_SANS, 40, 10, TEXT_LEFT, "text", 0xFFFFFF, BACK, &damage);
  assert_int_equal(damage.count, 1);
  for (int x = 0; x < 38; x++) /* where it stood is no longer its business */
    assert_int_equal(painted[20 * WIDTH + x], 0x777777);
}

/* Labels of an axis that wander, come and go: what is shown is always as if they stood on an empty strip. */
static void test_a_row_of_labels_that_wander(void **state)
{
  (void)state;
  enum { SPACING = 60 };
  static uint32_t fresh[WIDTH * HEIGHT];
  struct random r = random_seeded(6);
  struct canvas c = start();
  static struct label_row row;
  const struct rect strip = {5, 12, WIDTH - 10, 20};
  int scroll = 0;
  for (int frame = 0; frame < 200; frame++) {
    bool moves = random_once_in(&r, 2);
    scroll += moves ? (int)random_below(&r, 7) : 0;
    struct canvas f = {.pixel = fresh, .width = WIDTH, .height = HEIGHT, .stride = WIDTH};
    canvas_fill(&f, canvas_rect(&f), BACK);
    label_row_begin(&row);
    for (int tick = scroll / SPACING + 1; tick * SPACING - scroll < WIDTH; tick++) {
      char label[16];
      snprintf(label, sizeof label, "%d.5", tick);
      label_row_add(&row, tick, tick * SPACING - scroll, label);
      text_draw(text, &f, TEXT_SANS, tick * SPACING - scroll, 14, TEXT_CENTRE, label, 0xFFFFFF, strip);
    }
    struct damage damage = {.count = 0};
    label_row_draw(&row, text, &c, 14, strip, 0xFFFFFF, BACK, &damage);
    if (frame > 0 && !moves)
      assert_int_equal(damage.count, 0);
    for (int i = 0; i < damage.count; i++) /* the little way that each went, not the whole strip */
      assert_true(damage.rect[i].w < SPACING);
    show(&damage);
    assert_memory_equal(shown, fresh, sizeof fresh);
  }
  label_row_forget(&row);
  label_row_begin(&row);
  struct damage damage = {.count = 0};
  label_row_draw(&row, text, &c, 14, strip, 0xFFFFFF, BACK, &damage);
  assert_int_equal(damage.count, 0); /* of what was lost there is nothing to be wiped out */
}

static void test_too_many_labels_are_left_out(void **state)
{
  (void)state;
  static struct label_row row;
  label_row_begin(&row);
  for (int i = 0; i < TICKS_MAX + 10; i++)
    label_row_add(&row, i, i, "x");
  assert_int_equal(row.count, TICKS_MAX);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_changes_is_painted_anew),
      cmocka_unit_test(test_a_label_keeps_within_its_clip),
      cmocka_unit_test(test_what_the_canvas_lost_is_painted_again),
      cmocka_unit_test(test_a_row_of_labels_that_wander),
      cmocka_unit_test(test_too_many_labels_are_left_out),
  };
  return cmocka_run_group_tests(tests, make_text, free_text);
}
