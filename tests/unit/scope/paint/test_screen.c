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
#include "scope/paint/text.h"

enum { WIDTH = 700, HEIGHT = 400, CHANNELS = 9, FRAMES = 400 };

struct world {
  struct scene scene;
  struct column columns[CHANNELS][WIDTH];
  char rate[32], rejected[32];
};

static const struct scene_help help[] = {
    {"q", "quit"}, {"a key", "with a long text that tells what it does"}, {"h", "help"}, {NULL, NULL}};

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
  s->panes = 1;
  s->pane[0].channels = UINT64_MAX;
  s->time_unit = 1000000000;
  s->time_name = "s";
  s->clock_labels = true;
  s->title = frame % 60 < 50 ? "standard input" : "a title";
  s->unit = frame % 90 < 70 ? "ms" : NULL;
  s->channels = 1 + frame / 45; /* channels come, and never go */
  if (random_once_in(r, 30))
    s->grid = !s->grid;
  if (random_once_in(r, 30))
    s->legend = !s->legend;
  if (random_once_in(r, 20))
    s->help = s->help ? NULL : help;
  if (random_once_in(r, 20))
    s->note = s->note ? NULL : "saved a file";
  if (random_once_in(r, 25)) {
    struct value_axis *axis = &s->pane[0].axis;
    axis->high = axis->high > 100 ? 1 : axis->high * 10;
    axis->low = -axis->high;
  }
  s->state = (enum scene_state)(frame / 50 % 3);
  snprintf(w->rate, sizeof w->rate, "%d/s", frame / 7 * 13);
  snprintf(w->rejected, sizeof w->rejected, "%.0d%s", frame / 30, frame / 30 ? " rejected" : "");
  s->rate = w->rate;
  s->rejected = w->rejected;
  s->dots = frame % 100 > 90;
  for (int i = 0; i < s->channels; i++) {
    struct channel_scene *c = &s->channel[i];
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
      double t = (double)(w->scene.time.first + k) * 0.02 + i;
      c->name = names[i];
      w->columns[i][k] = (struct column){.enter = 8 * sin(t), .leave = 8 * sin(t + 0.02)};
      w->columns[i][k].low = fmin(8 * sin(t), 8 * sin(t + 0.02));
      w->columns[i][k].high = fmax(8 * sin(t), 8 * sin(t + 0.02));
    }
  }
}

static void paint(struct screen *screen, struct canvas *c, struct world *w, struct damage *damage)
{
  struct scene_size size;
  assert_true(screen_layout(screen, c->width, c->height, &w->scene, &size));
  assert_in_range(size.columns, 1, WIDTH);
  assert_in_range(size.rows[0], 1, HEIGHT);
  w->scene.time.columns = size.columns;
  w->scene.pane[0].axis.rows = size.rows[0];
  assert_true(screen_draw(screen, c, &w->scene, damage));
}

/* A scene of so many channels, for tests that change little. */
static void set_calm(struct world *w, int channels)
{
  static const char *const names[CHANNELS] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
  *w = (struct world){.scene = {.time = {.width = 8000000},
                                .time_unit = 1000000000,
                                .time_name = "s",
                                .panes = 1,
                                .pane = {{.channels = UINT64_MAX, .axis = {.low = -10, .high = 10}}},
                                .channels = channels,
                                .title = "calm",
                                .rate = "1/s",
                                .rejected = "",
                                .grid = true,
                                .legend = true}};
  for (int i = 0; i < CHANNELS; i++) {
    struct channel_scene *c = &w->scene.channel[i];
    *c = (struct channel_scene){
        .name = names[i], .columns = w->columns[i], .last = i, .min = -i, .max = i * 1.5, .mean = i * 0.25};
    for (int k = 0; k < WIDTH; k++)
      w->columns[i][k] = (struct column){.low = i, .high = i, .enter = i, .leave = i, .mean = i, .sd = 0, .count = 1};
  }
}

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

/* What a screen shows that has never shown anything else. */
static struct canvas painted_afresh(struct world *w)
{
  struct canvas c = new_canvas();
  struct screen *screen = screen_new(&theme_dark, 1);
  struct damage damage = {.count = 0};
  assert_non_null(screen);
  paint(screen, &c, w, &damage);
  screen_free(screen);
  return c;
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

static bool has_colour(const struct canvas *c, struct rect r, uint32_t colour)
{
  for (int y = r.y; y < r.y + r.h; y++)
    for (int x = r.x; x < r.x + r.w; x++)
      if (c->pixel[(long)y * c->stride + x] == colour)
        return true;
  return false;
}

/* The whole of a part, found by asking for each place of the window. */
static struct rect extent(const struct screen *screen, enum screen_part part, int channel)
{
  struct rect all = {0};
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) {
      struct screen_spot spot = screen_pick(screen, x, y);
      if (spot.part == part && spot.channel == channel)
        all = rect_union(all, (struct rect){x, y, 1, 1});
    }
  return all;
}

static void test_a_place_tells_what_is_there(void **state)
{
  (void)state;
  static struct world w;
  set_calm(&w, 3);
  w.scene.dots = true; /* three pixels high: at least one of them is covered whole */
  struct screen *screen = screen_new(&theme_dark, 1);
  assert_non_null(screen);
  assert_int_equal(screen_pick(screen, 5, 5).part, SCREEN_NOTHING); /* nothing is laid out yet */
  struct canvas c = new_canvas();
  struct damage damage = {.count = 0};
  paint(screen, &c, &w, &damage);

  struct rect plot = extent(screen, SCREEN_PLOT, -1);
  assert_int_equal(plot.w, w.scene.time.columns);
  assert_int_equal(plot.h, w.scene.pane[0].axis.rows);
  for (int side = 0; side < 4; side++) { /* it is what the frame is around */
    struct rect edge = {side == 1   ? plot.x + plot.w
                        : side == 3 ? plot.x - 1
                                    : plot.x,
                        side == 0   ? plot.y - 1
                        : side == 2 ? plot.y + plot.h
                                    : plot.y,
                        side % 2 ? 1 : plot.w, side % 2 ? plot.h : 1};
    for (int y = edge.y; y < edge.y + edge.h; y++)
      for (int x = edge.x; x < edge.x + edge.w; x++)
        assert_int_equal(c.pixel[(long)y * WIDTH + x], theme_dark.frame);
  }
  /* The levels of the three channels lie in the rows where their colours are. */
  for (int i = 0; i < 3; i++) {
    int row = value_axis_pixel(&w.scene.pane[0].axis, i);
    struct screen_spot spot = screen_pick(screen, plot.x + 7, plot.y + row);
    assert_int_equal(spot.part, SCREEN_PLOT);
    assert_int_equal(spot.pane, 0);
    assert_int_equal(spot.column, 7);
    assert_int_equal(spot.row, row);
    assert_true(has_colour(&c, (struct rect){plot.x + 7, plot.y + row - 1, 1, 3}, theme_dark.channel[i]));
    struct rect entry = extent(screen, SCREEN_LEGEND, i);
    assert_true(entry.y > plot.y + plot.h && entry.y + entry.h <= HEIGHT);
    assert_true(has_colour(&c, entry, theme_dark.channel[i]));
    for (int other = 0; other < 3; other++)
      assert_true(other == i || !has_colour(&c, entry, theme_dark.channel[other]));
  }
  struct screen_spot spot = screen_pick(screen, plot.x - 3, plot.y + 20);
  assert_int_equal(spot.part, SCREEN_VALUE_AXIS);
  assert_int_equal(spot.pane, 0);
  assert_int_equal(spot.row, 20);
  spot = screen_pick(screen, plot.x + 11, plot.y + plot.h + 8);
  assert_int_equal(spot.part, SCREEN_TIME_AXIS);
  assert_int_equal(spot.column, 11);
  assert_int_equal(screen_pick(screen, plot.x, 2).part, SCREEN_NOTHING);
  assert_int_equal(screen_pick(screen, -1, plot.y).part, SCREEN_NOTHING);
  assert_int_equal(screen_pick(screen, plot.x, HEIGHT).part, SCREEN_NOTHING);
  screen_free(screen);
  free(c.pixel);
}

/* Below 12 lines of text the plot needs all the room. */
static void test_a_low_window_has_no_legend(void **state)
{
  (void)state;
  static struct world w;
  set_calm(&w, 1);
  struct text *text = text_new(13);
  struct screen *screen = screen_new(&theme_dark, 1);
  assert_non_null(text);
  assert_non_null(screen);
  const int line = text_height(text, TEXT_SANS);
  for (int height = 10 * line; height < 20 * line; height++) {
    struct scene_size size;
    assert_true(screen_layout(screen, WIDTH, height, &w.scene, &size));
    bool found = false;
    for (int y = 0; y < height; y++)
      found = found || screen_pick(screen, WIDTH / 3, y).part == SCREEN_LEGEND;
    assert_int_equal(found, height >= 12 * line);
  }
  screen_free(screen);
  text_free(text);
}

/* Grid lines and labels stand in the columns that the whole seconds lie in. */
static void test_ticks_stand_at_their_times(void **state)
{
  (void)state;
  static struct world w;
  set_calm(&w, 0);
  w.scene.time.first = -501; /* columns of 8 ms: a tick every 125 of them */
  struct screen *screen = screen_new(&theme_dark, 1);
  struct canvas c = new_canvas();
  assert_non_null(screen);
  struct damage damage = {.count = 0};
  paint(screen, &c, &w, &damage);
  struct rect plot = extent(screen, SCREEN_PLOT, -1);
  int seconds = 0;
  for (int x = 0; x < plot.w; x++) {
    int64_t column = x - 501;
    bool second = column % 125 == 0 && x >= 4 && x < plot.w - 4; /* none right beside the frame */
    int lines = 0;                                               /* horizontal ones cross the column in a few rows */
    for (int y = 0; y < plot.h; y++)
      lines += c.pixel[(long)(plot.y + y) * WIDTH + plot.x + x] == theme_dark.grid;
    assert_int_equal(lines == plot.h, second);
    seconds += second;
    if (!second || x < 20 || x > plot.w - 20)
      continue;
    struct rect ink = {0};
    for (int y = plot.y + plot.h + 2; y < plot.y + plot.h + 24; y++)
      for (int k = x - 20; k < x + 20; k++)
        if (c.pixel[(long)y * WIDTH + plot.x + k] != theme_dark.window)
          ink = rect_union(ink, (struct rect){k, y, 1, 1});
    assert_false(rect_empty(ink));
    assert_in_range(ink.x + ink.w / 2, x - 2, x + 2);
  }
  assert_true(seconds >= 4);
  screen_free(screen);
  free(c.pixel);
}

/* The rate is to be seen behind a title of any length. */
static void test_a_long_title_hides_no_change(void **state)
{
  (void)state;
  static struct world w;
  set_calm(&w, 1);
  static char title[5000];
  memset(title, 'x', sizeof title - 1);
  w.scene.title = title;
  struct canvas c = new_canvas();
  struct screen *screen = screen_new(&theme_dark, 1);
  assert_non_null(screen);
  struct damage damage = {.count = 0};
  paint(screen, &c, &w, &damage);
  w.scene.rate = "2/s";
  damage.count = 0;
  paint(screen, &c, &w, &damage);
  assert_true(damage.count > 0);
  struct canvas fresh = painted_afresh(&w);
  assert_memory_equal(c.pixel, fresh.pixel, (size_t)WIDTH * HEIGHT * sizeof *c.pixel);
  free(fresh.pixel);
  screen_free(screen);
  free(c.pixel);
}

static void test_a_pane_shows_its_own_channels_only(void **state)
{
  (void)state;
  static struct world w;
  set_calm(&w, 3);
  w.scene.dots = true;
  w.scene.pane[0].channels = 5;
  struct screen *screen = screen_new(&theme_dark, 1);
  assert_non_null(screen);
  struct canvas c = new_canvas();
  struct damage damage = {.count = 0};
  paint(screen, &c, &w, &damage);
  struct rect plot = extent(screen, SCREEN_PLOT, -1);
  assert_true(has_colour(&c, plot, theme_dark.channel[0]));
  assert_false(has_colour(&c, plot, theme_dark.channel[1]));
  assert_true(has_colour(&c, plot, theme_dark.channel[2]));
  screen_free(screen);
  free(c.pixel);
}

/* A short note leaves the state beside it; a long one has the line for itself. */
static void test_a_note_leaves_room_for_the_state(void **state)
{
  (void)state;
  static struct world w;
  set_calm(&w, 1);
  w.scene.state = SCENE_HELD;
  for (int longer = 0; longer < 2; longer++) {
    w.scene.note = longer
                       ? "a note that is so long that beside it there is not any room for what else the line would say"
                       : "a note";
    struct canvas c = painted_afresh(&w);
    int dots = 0;
    for (int i = WIDTH / 2; i < 20 * WIDTH; i++)
      dots += i % WIDTH > WIDTH / 2 && c.pixel[i] == theme_dark.paused;
    assert_int_equal(dots > 0, !longer);
    free(c.pixel);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_differences_equal_the_whole),
      cmocka_unit_test(test_differences_equal_the_whole_at_double_scale),
      cmocka_unit_test(test_any_size_can_be_drawn),
      cmocka_unit_test(test_an_unchanged_scene_is_not_painted_again),
      cmocka_unit_test(test_one_draw_is_enough),
      cmocka_unit_test(test_a_place_tells_what_is_there),
      cmocka_unit_test(test_a_low_window_has_no_legend),
      cmocka_unit_test(test_ticks_stand_at_their_times),
      cmocka_unit_test(test_a_long_title_hides_no_change),
      cmocka_unit_test(test_a_pane_shows_its_own_channels_only),
      cmocka_unit_test(test_a_note_leaves_room_for_the_state),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
