/* The whole picture: whatever changes from frame to frame, painting the difference gives what painting all gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/paint/canvas.h"
#include "scope/paint/screen.h"
#include "scope/paint/screen_fixture.h"
#include "scope/paint/text.h"

static void run(const struct theme *theme, double scale, uint64_t seed)
{
  struct random r = random_seeded(seed);
  static struct world w;
  set_calm(&w, 1);
  w.scene.time.first = -500;
  struct canvas c = new_canvas();
  struct canvas shown = new_canvas();
  struct screen *screen = screen_new(theme, scale);
  assert_non_null(screen);
  for (int frame = 0; frame < FRAMES; frame++) {
    w.scene.time.first += (int64_t)random_below(&r, 4);
    change(&w, &r, frame);
    struct damage damage = {.count = 0};
    paint(screen, &c, &w, &damage);
    for (int i = 0; i < damage.count; i++) {
      struct rect d = rect_intersection(damage.rect[i], (struct rect){0, 0, WIDTH, HEIGHT});
      for (int y = d.y; y < d.y + d.h && !rect_empty(d); y++)
        memcpy(shown.pixel + (long)y * WIDTH + d.x, c.pixel + (long)y * WIDTH + d.x, (size_t)d.w * 4);
    }
    if (frame % SCALED(4, 12) != 0)
      continue;
    struct canvas fresh = new_canvas();
    struct screen *whole = screen_new(theme, scale);
    struct damage all = {.count = 0};
    paint(whole, &fresh, &w, &all);
    for (int y = 0; y < HEIGHT; y++)
      for (int x = 0; x < WIDTH; x++) {
        long i = (long)y * WIDTH + x;
        if (shown.pixel[i] != fresh.pixel[i])
          fail_msg("frame %d: pixel %d,%d is %06x, should be %06x", frame, x, y, shown.pixel[i], fresh.pixel[i]);
      }
    screen_free(whole);
    free(fresh.pixel);
  }
  screen_free(screen);
  free(c.pixel);
  free(shown.pixel);
}

static void test_differences_equal_the_whole(void **state)
{
  (void)state;
  run(&theme_dark, 1, 11);
}

static void test_differences_equal_the_whole_at_double_scale(void **state)
{
  (void)state;
  run(&theme_light, 2, 12);
}

static void test_any_size_can_be_drawn(void **state)
{
  (void)state;
  struct random r = random_seeded(13);
  static struct world w;
  set_calm(&w, 1);
  struct screen *screen = screen_new(&theme_dark, 1);
  assert_non_null(screen);
  for (int i = 0; i < 200; i++) {
    struct canvas c = new_canvas();
    c.width = i == 0 ? 1 : (int)random_between(&r, 1, WIDTH);
    c.height = i == 0 ? 1 : (int)random_between(&r, 1, HEIGHT);
    change(&w, &r, i);
    struct damage damage = {.count = 0};
    paint(screen, &c, &w, &damage);
    for (int k = 0; k < damage.count; k++)
      assert_true(damage.rect[k].x < c.width && damage.rect[k].y < c.height);
    free(c.pixel);
  }
  screen_free(screen);
}

/* Frames of one scene: the first paints everything, and no later one paints anything. */
static void test_an_unchanged_scene_is_not_painted_again(void **state)
{
  (void)state;
  static const struct {
    int width, height;
  } size[] = {{1280, 720}, {1280, 220}, {700, 400}, {480, 270}, {900, 100}, {200, 120}, {64, 64}, {1, 1}};
  static struct column columns[1280];
  static struct world w;
  set_calm(&w, 3);
  for (int i = 0; i < 3; i++)
    w.scene.channel[i].columns = columns;
  for (size_t i = 0; i < sizeof size / sizeof *size; i++)
    for (int panel = 0; panel < 3; panel++) {
      w.scene.note = panel == 1 ? "a note" : NULL;
      w.scene.help = panel == 2 ? help : NULL;
      struct canvas c = {.width = size[i].width, .height = size[i].height, .stride = size[i].width};
      c.pixel = calloc((size_t)c.width * (size_t)c.height, sizeof *c.pixel);
      struct screen *screen = screen_new(&theme_dark, 1);
      assert_non_null(c.pixel);
      assert_non_null(screen);
      for (int frame = 0; frame < 3; frame++) {
        struct damage damage = {.count = 0};
        struct scene_size room;
        assert_true(screen_layout(screen, c.width, c.height, &w.scene, &room));
        w.scene.time.columns = room.columns;
        w.scene.pane[0].axis.rows = room.rows[0];
        assert_true(screen_layout(screen, c.width, c.height, &w.scene, &room));
        assert_true(screen_draw(screen, &c, &w.scene, &damage));
        if (frame == 0)
          assert_true(damage.count > 0);
        else if (damage.count != 0)
          fail_msg("%d x %d, panel %d: frame %d paints %d x %d", c.width, c.height, panel, frame, damage.rect[0].w,
                   damage.rect[0].h);
      }
      screen_free(screen);
      free(c.pixel);
    }
}

/* Wide numbers, and names, and channels: with the first draw each is as it stays. */
static void test_one_draw_is_enough(void **state)
{
  (void)state;
  static struct world w;
  set_calm(&w, 1);
  struct canvas c = new_canvas();
  struct screen *screen = screen_new(&theme_dark, 1);
  assert_non_null(screen);
  for (int step = 0; step < 8; step++) {
    w.scene.channels = 1 + step / 2;                              /* each comes with its numbers, */
    w.scene.channel[0].min = step % 2 == 0 ? -3e-9 : -123456.789; /* and in between others get wider */
    w.scene.channel[0].max = step % 2 == 0 ? 3e-9 : -123456.7885;
    w.scene.channel[0].mean = w.scene.channel[0].last = w.scene.channel[0].min;
    struct damage damage = {.count = 0};
    paint(screen, &c, &w, &damage);
    struct canvas fresh = painted_afresh(&w);
    assert_memory_equal(c.pixel, fresh.pixel, (size_t)WIDTH * HEIGHT * sizeof *c.pixel);
    free(fresh.pixel);
  }
  screen_free(screen);
  free(c.pixel);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_differences_equal_the_whole),
      cmocka_unit_test(test_differences_equal_the_whole_at_double_scale),
      cmocka_unit_test(test_any_size_can_be_drawn),
      cmocka_unit_test(test_an_unchanged_scene_is_not_painted_again),
      cmocka_unit_test(test_one_draw_is_enough),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
