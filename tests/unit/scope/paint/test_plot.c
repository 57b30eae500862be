/*
 * Painting: coverage as pixels, and above all that painting only what changed gives the same picture as painting
 * everything.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/plot.h"

enum { WIDTH = 217, HEIGHT = 150, CHANNELS = 5, FRAMES = 300 };
static const struct rect PLACE = {20, 10, 180, 120};
static const uint32_t BACK = 0x101010;
static const uint32_t GRID = 0x303030;
#define NOTHING ((double)NAN)

static struct canvas new_canvas(void)
{
  struct canvas c = {.width = WIDTH, .height = HEIGHT, .stride = WIDTH + 3};
  c.pixel = calloc((size_t)c.stride * HEIGHT, sizeof *c.pixel);
  assert_non_null(c.pixel);
  return c;
}

static void new_plot(struct plot *p)
{
  plot_init(p);
  assert_true(plot_resize(p, PLACE));
  p->background = BACK;
  p->grid_colour = GRID;
  p->thickness = 1.5;
  p->side_quarters = 1;
  for (int i = 0; i < CHANNELS; i++)
    p->colour[i] = 0x40A0F0U + (uint32_t)i * 0x1F0B07U;
  const int rows[] = {0, 40, 80, 119};
  plot_grid_rows(p, rows, 4);
}

/* The trace of a channel on an axis that gives a pixel to each unit, unless it says otherwise. */
static void trace(struct plot *p, int channel, const struct column *columns, double low, double high, bool steps)
{
  struct value_axis axis = {.low = low, .high = high, .rows = p->rect.h};
  const struct spans_pen pen = {.thickness = p->thickness, .steps = steps};
  if (columns)
    spans_trace(&p->now[channel], columns, &axis, &pen);
  else
    spans_clear(&p->now[channel]);
}

static uint32_t pixel(const struct canvas *c, int x, int y)
{
  return c->pixel[(long)y * c->stride + x];
}

/* Part of the way from background to colour that a grey background's pixel went, by its green. */
static double share(uint32_t seen, uint32_t colour)
{
  double back = BACK >> 8 & 0xFF;
  return ((seen >> 8 & 0xFF) - back) / ((colour >> 8 & 0xFF) - back);
}

static const struct column NO_COLUMN = {
    .low = NOTHING, .high = NOTHING, .enter = NOTHING, .leave = NOTHING, .mean = NOTHING, .sd = NOTHING};

/* A column with many samples from low to high. */
static struct column filled(double low, double high)
{
  struct column c = NO_COLUMN;
  c.low = low;
  c.high = high;
  c.count = 3;
  return c;
}

/* A column that a line crosses. */
static struct column crossed(double enter, double leave)
{
  struct column c = NO_COLUMN;
  c.low = fmin(enter, leave);
  c.high = fmax(enter, leave);
  c.enter = enter;
  c.leave = leave;
  return c;
}

static void fill_columns(struct column *columns, double low, double high)
{
  for (int i = 0; i < PLACE.w; i++)
    columns[i] = filled(low, high);
}

static void test_a_level_line_covers_its_thickness(void **state)
{
  (void)state;
  struct canvas c = new_canvas();
  struct plot p;
  new_plot(&p);
  plot_grid_rows(&p, NULL, 0);
  struct column columns[180];
  for (int i = 0; i < 50; i++) {
    double value = 10 + i * 0.37; /* of a range that gives a pixel to each unit */
    fill_columns(columns, value, value);
    struct damage damage = {.count = 0};
    assert_true(plot_begin(&p, 1));
    trace(&p, 0, columns, 0, PLACE.h, false);
    plot_paint(&p, &c, &damage);
    for (int x = 0; x < PLACE.w; x += 7) {
      double covered = 0;
      double moment = 0;
      for (int y = 0; y < PLACE.h; y++) {
        double part = share(pixel(&c, PLACE.x + x, PLACE.y + y), p.colour[0]);
        covered += part;
        moment += part * (y + 0.5);
      }
      assert_true(fabs(covered - 1.5) < 0.03);
      assert_true(fabs(moment / covered - (PLACE.h - value)) < 0.1); /* pixels are whole: no part has its own centre */
    }
  }
  plot_destroy(&p);
  free(c.pixel);
}

static void test_a_slope_has_intermediate_pixels(void **state)
{
  (void)state;
  struct canvas c = new_canvas();
  struct plot p;
  new_plot(&p);
  plot_grid_rows(&p, NULL, 0);
  struct column columns[180];
  for (int i = 0; i < PLACE.w; i++)
    columns[i] = crossed(30 + i / 20.0, 30 + (i + 1) / 20.0);
  struct damage damage = {.count = 0};
  assert_true(plot_begin(&p, 1));
  trace(&p, 0, columns, 0, PLACE.h, false);
  plot_paint(&p, &c, &damage);
  int intermediate = 0;
  for (int y = 0; y < PLACE.h; y++)
    for (int x = 0; x < PLACE.w; x++) {
      double part = share(pixel(&c, PLACE.x + x, PLACE.y + y), p.colour[0]);
      intermediate += part > 0.1 && part < 0.9;
    }
  assert_true(intermediate > PLACE.w);
  plot_destroy(&p);
  free(c.pixel);
}

static void test_nothing_is_painted_outside(void **state)
{
  (void)state;
  struct canvas c = new_canvas();
  for (long i = 0; i < (long)c.stride * c.height; i++)
    c.pixel[i] = 0xABCDEF;
  struct plot p;
  new_plot(&p);
  struct column columns[180];
  fill_columns(columns, -1e300, 1e300);
  struct damage damage = {.count = 0};
  assert_true(plot_begin(&p, 1));
  trace(&p, 0, columns, -1, 1, false);
  plot_paint(&p, &c, &damage);
  for (int y = 0; y < c.height; y++)
    for (int x = 0; x < c.stride; x++) {
      bool inside = x >= PLACE.x && x < PLACE.x + PLACE.w && y >= PLACE.y && y < PLACE.y + PLACE.h;
      assert_int_equal(c.pixel[(long)y * c.stride + x], inside ? p.colour[0] : 0xABCDEF);
    }
  plot_destroy(&p);
  free(c.pixel);
}

static bool inside_any(const struct damage *d, int x, int y)
{
  return damage_touches(d, 0, (struct rect){x, y, 1, 1});
}

/* A wandering, jumping, vanishing trace: column by column from its own state. */
static void next_columns(struct random *r, struct column *columns, int scroll, double *value)
{
  memmove(columns, columns + scroll, (size_t)(PLACE.w - scroll) * sizeof *columns);
  for (int i = PLACE.w - scroll; i < PLACE.w; i++) {
    double from = *value;
    *value += (random_unit(r) - 0.5) * (random_once_in(r, 8) ? 100 : 4);
    *value = fmin(fmax(*value, -20), PLACE.h + 20);
    struct column *c = &columns[i];
    *c = crossed(from, *value);
    c->count = (uint32_t)random_below(r, 3);
    c->mean = from + random_unit(r) * 10;
    c->at = (float)random_unit(r);
    if (random_once_in(r, 6)) {
      *c = filled(fmin(from, *value), fmax(from, *value) + 5);
      c->count = 20;
      c->mean = (c->low + c->high) / 2;
      c->sd = (c->high - c->low) / 5;
    } else if (c->count > 0) {
      c->low = fmin(c->low, c->mean);
      c->high = fmax(c->high, c->mean);
    }
    if (random_once_in(r, 25))
      *c = NO_COLUMN;
    if (random_once_in(r, 25))
      c->enter = NOTHING;
  }
}

static void test_painting_changes_equals_painting_all(void **state)
{
  (void)state;
  struct random r = random_seeded(7);
  struct canvas c = new_canvas();
  struct canvas shown = new_canvas(); /* what a screen would show: only damage is copied to it */
  struct plot p;
  new_plot(&p);
  static struct column columns[CHANNELS][180];
  double value[CHANNELS] = {10, 30, 50, 70, 90};
  for (int i = 0; i < CHANNELS; i++)
    for (int k = 0; k < PLACE.w; k++)
      columns[i][k] = NO_COLUMN;
  int grid = 0;
  for (int frame = 0; frame < FRAMES; frame++) {
    int scroll = (int)random_between(&r, 0, 4);
    int channels = frame < FRAMES / 2 ? CHANNELS - 1 : CHANNELS;
    grid += scroll;
    bool hidden = frame / 40 % 2 == 1;
    p.side_quarters = frame % 100 < 60 ? 1 : frame % 100 < 80 ? 0 : 3;
    p.thickness = frame % 100 < 60 ? 1.5 : 3;
    if (frame % 20 == 0)
      plot_invalidate(&p);
    assert_true(plot_begin(&p, channels));
    for (int i = 0; i < channels; i++) {
      next_columns(&r, columns[i], scroll, &value[i]);
      trace(&p, i, hidden && i == 1 ? NULL : columns[i], 0, PLACE.h, i > 2);
      if (i == 2)
        spans_widen(&p.now[i], 1);
    }
    for (int x = -grid % 50; x < PLACE.w; x += 50)
      plot_grid_column(&p, x);
    struct damage damage = {.count = 0};
    plot_paint(&p, &c, &damage);
    for (int y = 0; y < HEIGHT; y++)
      for (int x = 0; x < WIDTH; x++)
        if (inside_any(&damage, x, y))
          shown.pixel[(long)y * shown.stride + x] = pixel(&c, x, y);

    /* The same frame on an empty canvas. */
    struct canvas fresh = new_canvas();
    struct plot whole;
    new_plot(&whole);
    whole.side_quarters = p.side_quarters;
    whole.thickness = p.thickness;
    assert_true(plot_begin(&whole, channels));
    for (int i = 0; i < channels; i++) {
      trace(&whole, i, hidden && i == 1 ? NULL : columns[i], 0, PLACE.h, i > 2);
      if (i == 2)
        spans_widen(&whole.now[i], 1);
    }
    for (int x = -grid % 50; x < PLACE.w; x += 50)
      plot_grid_column(&whole, x);
    struct damage all = {.count = 0};
    plot_paint(&whole, &fresh, &all);
    for (int y = 0; y < HEIGHT; y++)
      for (int x = 0; x < WIDTH; x++)
        if (pixel(&fresh, x, y) != pixel(&shown, x, y))
          fail_msg("frame %d: pixel %d,%d is %06x, should be %06x", frame, x, y, pixel(&shown, x, y),
                   pixel(&fresh, x, y));
    plot_destroy(&whole);
    free(fresh.pixel);
  }
  plot_destroy(&p);
  free(c.pixel);
  free(shown.pixel);
}

static void test_an_unchanged_frame_has_no_damage(void **state)
{
  (void)state;
  struct canvas c = new_canvas();
  struct plot p;
  new_plot(&p);
  struct column columns[180];
  fill_columns(columns, 3, 5);
  for (int frame = 0; frame < 3; frame++) {
    struct damage damage = {.count = 0};
    assert_true(plot_begin(&p, 1));
    trace(&p, 0, columns, 0, 10, false);
    plot_grid_column(&p, 20);
    plot_paint(&p, &c, &damage);
    assert_int_equal(damage.count, frame == 0 ? 1 : 0);
  }
  plot_destroy(&p);
  free(c.pixel);
}

static void test_a_slow_signal_touches_little(void **state)
{
  (void)state;
  enum { W = 1200, H = 600 };
  struct canvas c = {.width = W, .height = H, .stride = W};
  c.pixel = calloc((size_t)W * H, sizeof *c.pixel);
  static struct column columns[W];
  assert_non_null(c.pixel);
  struct plot p;
  plot_init(&p);
  assert_true(plot_resize(&p, (struct rect){0, 0, W, H}));
  p.thickness = 1.5;
  p.side_quarters = 1;
  long touched = 0;
  for (int frame = 0; frame < 50; frame++) {
    for (int i = 0; i < W; i++) {
      double v = 300 + 200 * sin((frame + i) * 0.02);
      double w = 300 + 200 * sin((frame + i + 1) * 0.02);
      columns[i] = crossed(v, w);
    }
    struct damage damage = {.count = 0};
    assert_true(plot_begin(&p, 1));
    trace(&p, 0, columns, 0, H, false);
    plot_paint(&p, &c, &damage);
    for (int i = 0; i < damage.count && frame > 0; i++)
      touched += (long)damage.rect[i].w * damage.rect[i].h;
  }
  assert_true(touched / 49 < (long)W * H / 8);
  plot_destroy(&p);
  free(c.pixel);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_level_line_covers_its_thickness),
      cmocka_unit_test(test_a_slope_has_intermediate_pixels),
      cmocka_unit_test(test_nothing_is_painted_outside),
      cmocka_unit_test(test_painting_changes_equals_painting_all),
      cmocka_unit_test(test_an_unchanged_frame_has_no_damage),
      cmocka_unit_test(test_a_slow_signal_touches_little),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
