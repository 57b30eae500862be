/* The whole picture: whatever changes from frame to frame, painting the difference gives what painting all gives. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/paint/canvas.h"
#include "scope/paint/screen.h"

enum { WIDTH = 700, HEIGHT = 400, CHANNELS = 9, FRAMES = 400 };

struct world {
  struct view view;
  struct scene scene;
  struct column columns[CHANNELS][WIDTH];
  char rate[32], rejected[32];
};

static struct canvas new_canvas(void)
{
  struct canvas c = {.width = WIDTH, .height = HEIGHT, .stride = WIDTH};
  c.pixel = calloc((size_t)WIDTH * HEIGHT, sizeof *c.pixel);
  assert_non_null(c.pixel);
  return c;
}

static void change(struct world *w, struct random *r, int frame)
{
  static const char *const names[CHANNELS] = {
      "sine", "a name that is far too long for its place", "3", "\xC2\xB5", "x", "y", "z", "u", "v"};
  struct scene *s = &w->scene;
  s->view = &w->view;
  s->ticks_per_unit = 1e9;
  s->time_unit = "s";
  s->clock_labels = true;
  s->title = frame % 60 < 50 ? "standard input" : "a title";
  s->unit = frame % 90 < 70 ? "ms" : NULL;
  s->channels = 1 + frame / 45; /* channels come, and never go */
  if (random_once_in(r, 30))
    s->grid = !s->grid;
  if (random_once_in(r, 30))
    s->legend = !s->legend;
  if (random_once_in(r, 20))
    s->help = !s->help;
  if (random_once_in(r, 20))
    s->note = s->note ? NULL : "saved a file";
  if (random_once_in(r, 25)) {
    w->view.high = w->view.high > 100 ? 1 : w->view.high * 10;
    w->view.low = -w->view.high;
  }
  s->state = (enum screen_state)(frame / 50 % 3);
  snprintf(w->rate, sizeof w->rate, "%d/s", frame / 7 * 13);
  snprintf(w->rejected, sizeof w->rejected, "%.0d%s", frame / 30, frame / 30 ? " rejected" : "");
  s->rate = w->rate;
  s->rejected = w->rejected;
  s->dots = frame % 100 > 90;
  for (int i = 0; i < s->channels; i++) {
    struct scene_channel *c = &s->channel[i];
    if (random_once_in(r, 60))
      c->hidden = !c->hidden;
    c->name = names[i];
    c->columns = w->columns[i];
    if (frame % 10 == 0) {
      c->last = random_unit(r) * 20 - 10;
      c->min = -random_unit(r);
      c->max = random_unit(r) * 1e6;
      c->mean = random_once_in(r, 5) ? (double)NAN : 0;
    }
    for (int k = 0; k < WIDTH; k++) {
      double t = (double)(w->view.first + k) * 0.02 + i;
      c->name = names[i];
      w->columns[i][k].low = fmin(8 * sin(t), 8 * sin(t + 0.02));
      w->columns[i][k].high = fmax(8 * sin(t), 8 * sin(t + 0.02));
    }
  }
}

static void paint(struct screen *screen, struct canvas *c, struct world *w, struct damage *damage)
{
  int columns = screen_layout(screen, c->width, c->height, &w->scene);
  assert_true(columns >= 1 && columns <= WIDTH);
  w->view.columns = columns;
  assert_true(screen_draw(screen, c, &w->scene, damage));
}

static void run(const struct theme *theme, double scale, uint64_t seed)
{
  struct random r = random_seeded(seed);
  static struct world w;
  w = (struct world){.view = {.column_width = 8000000, .low = -10, .high = 10, .first = -500},
                     .scene = {.grid = true, .legend = true}};
  struct canvas c = new_canvas();
  struct canvas shown = new_canvas();
  struct screen *screen = screen_new(theme, scale);
  assert_non_null(screen);
  for (int frame = 0; frame < FRAMES; frame++) {
    w.view.first += (int64_t)random_below(&r, 4);
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
  w = (struct world){.view = {.column_width = 8000000, .low = -10, .high = 10},
                     .scene = {.grid = true, .legend = true}};
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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_differences_equal_the_whole),
      cmocka_unit_test(test_differences_equal_the_whole_at_double_scale),
      cmocka_unit_test(test_any_size_can_be_drawn),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
