/* The parts of the picture: what is where, what a place tells, and what gives way where there is no room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/paint/canvas.h"
#include "scope/paint/screen.h"
#include "scope/paint/screen_fixture.h"
#include "scope/paint/text.h"

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
      cmocka_unit_test(test_a_place_tells_what_is_there),
      cmocka_unit_test(test_a_low_window_has_no_legend),
      cmocka_unit_test(test_ticks_stand_at_their_times),
      cmocka_unit_test(test_a_long_title_hides_no_change),
      cmocka_unit_test(test_a_pane_shows_its_own_channels_only),
      cmocka_unit_test(test_a_note_leaves_room_for_the_state),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
