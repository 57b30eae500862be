/* Panes: who shares one, that each has an axis of its own by mouse and keys, and that all of it can be undone. */
#include "scope/keys.h"
#include "window_fixture.h"

#include <math.h>
#include <stdio.h>

#include "random.h"
#include "scale.h"

static const struct time_base LIVE = {.kind = TIME_ARRIVAL};

/* So many channels of ten seconds: channel k wanders between 0 and 10^k. */
static void start(struct window_fixture *w, int channels, enum stack_choice stack, int width, int height)
{
  struct settings s = settings_default;
  s.stack = stack;
  window_start(w, &LIVE, &s, width, height);
  for (int k = 0; k < channels; k++) {
    char name[16];
    snprintf(name, sizeof name, "ch%d", k);
    assert_int_equal(stream_channel_add(w->stream, name), k);
  }
  for (int i = 0; i < 100; i++) {
    w->now += 100 * MILLISECOND;
    for (int k = 0; k < channels; k++)
      window_row(w, (size_t)k, (i % 10 + 0.5) / 10 * pow(10, k));
  }
  window_draw(w);
}

static void a_pane_for_each_channel(void **state)
{
  (void)state;
  struct window_fixture w;
  start(&w, 4, STACK_CHANNELS, 700, 500);
  assert_int_equal(w.frame.view.panes, 4);
  struct rect before = {0};
  for (int k = 0; k < 4; k++) {
    assert_true(w.frame.view.pane[k].channels == UINT64_C(1) << k);
    const struct rect plot = window_plot(&w, k);
    assert_true(plot.h >= 40);
    assert_int_equal(plot.h, w.frame.view.pane[k].axis.rows);
    if (k > 0) { /* under the one before, as wide, as high to a pixel */
      assert_true(plot.y > before.y + before.h && plot.y < before.y + before.h + 20);
      assert_true(plot.x == before.x && plot.w == before.w && abs(plot.h - before.h) <= 1);
    }
    before = plot;
    for (int other = 0; other < 4; other++) /* the range is -10 to 10: what is larger has a mark in its colour */
      assert_int_equal(window_count(&w.canvas, plot, theme_dark.channel[other]) > 0, other == k);
  }
  window_stop(&w);
}

static void a_pane_for_each_unit(void **state)
{
  (void)state;
  static const char *const unit[] = {"B", "%", "", "B", "", "%"};
  struct window_fixture w;
  struct settings s = settings_default;
  s.stack = STACK_UNITS;
  window_start(&w, &LIVE, &s, 700, 500);
  window_draw(&w); /* nothing has come yet: there is one pane */
  assert_int_equal(w.frame.view.panes, 1);
  for (int k = 0; k < 6; k++) {
    char name[16];
    snprintf(name, sizeof name, "ch%d", k);
    if (unit[k][0])
      stream_channel_set_unit(w.stream, (size_t)k, unit[k]);
    stream_channel_add(w.stream, name);
    w.now += MILLISECOND;
    window_row(&w, (size_t)k, k);
    window_draw(&w);
  }
  assert_int_equal(w.frame.view.panes, 3);
  assert_true(w.frame.view.pane[0].channels == 9 && w.frame.view.pane[1].channels == 34 &&
              w.frame.view.pane[2].channels == 20);
  assert_string_equal(w.frame.scene.pane[0].unit, "B");
  assert_string_equal(w.frame.scene.pane[1].unit, "%");
  assert_string_equal(w.frame.scene.pane[2].unit, "");
  window_check_fresh(&w);
  window_stop(&w);
}

/* Bytes and percents together: each pane ends up with the range of what it has. */
static void each_range_follows_its_own_data(void **state)
{
  (void)state;
  struct window_fixture w;
  start(&w, 5, STACK_CHANNELS, 700, 500);
  window_key(&w, 'a');
  window_draw(&w);
  for (int k = 0; k < 5; k++) {
    const struct value_axis *axis = &w.frame.view.pane[k].axis;
    assert_true(axis->low >= -0.1 * pow(10, k) && axis->low <= 0.05 * pow(10, k));
    assert_true(axis->high >= 0.95 * pow(10, k) && axis->high <= 2 * pow(10, k));
    assert_false(w.frame.scene.channel[k].above || w.frame.scene.channel[k].below);
  }
  window_stop(&w);
}

/* Ranges of all panes. */
struct ranges {
  double low[SCENE_PANES_MAX], high[SCENE_PANES_MAX];
};

static struct ranges ranges_of(const struct window_fixture *w)
{
  struct ranges r = {{0}, {0}};
  for (int i = 0; i < w->frame.view.panes; i++) {
    r.low[i] = w->frame.view.pane[i].axis.low;
    r.high[i] = w->frame.view.pane[i].axis.high;
  }
  return r;
}

/* The pane whose range differs; -1: none, -2: more than one. */
static int changed_pane(const struct window_fixture *w, const struct ranges *before)
{
  int changed = -1;
  for (int i = 0; i < w->frame.view.panes; i++)
    if (w->frame.view.pane[i].axis.low != before->low[i] || w->frame.view.pane[i].axis.high != before->high[i])
      changed = changed == -1 ? i : -2;
  return changed;
}

static void what_is_done_in_a_pane_is_its_own(void **state)
{
  (void)state;
  struct window_fixture w;
  start(&w, 4, STACK_CHANNELS, 700, 500);
  window_key(&w, 'a');
  window_draw(&w);
  for (int k = 0; k < 4; k++) {
    const struct rect plot = window_plot(&w, k);
    struct ranges before = ranges_of(&w);
    window_wheel(&w, plot.x - 10, plot.y + plot.h / 2, 1); /* on the axis */
    assert_int_equal(changed_pane(&w, &before), k);
    for (int other = 0; other < 4; other++)
      assert_int_equal(w.frame.view.pane[other].autoscale.on, other > k);
    before = ranges_of(&w);
    window_drag(&w, plot.x - 10, plot.y + 10, plot.x - 10, plot.y + 30);
    assert_int_equal(changed_pane(&w, &before), k);
    /* Twenty rows of the pane's own. */
    const struct value_axis *axis = &w.frame.view.pane[k].axis;
    const double each = (axis->high - axis->low) / plot.h;
    assert_true(fabs(axis->high - before.high[k] - 20 * each) < each * 1e-6);
    before = ranges_of(&w);
    w.ctrl = true;
    window_wheel(&w, plot.x + 50, plot.y + 20, -2);
    w.ctrl = false;
    assert_int_equal(changed_pane(&w, &before), k);
    assert_int_equal(w.frame.view.state, VIEW_FOLLOWS);
  }
  window_stop(&w);
}

static void a_box_zooms_time_for_all_and_values_for_one(void **state)
{
  (void)state;
  struct window_fixture w;
  start(&w, 3, STACK_CHANNELS, 700, 500);
  const struct rect plot = window_plot(&w, 1);
  const struct ranges before = ranges_of(&w);
  const int64_t width = w.frame.view.time.width;
  w.shift = true;
  window_drag(&w, plot.x + 100, plot.y + 10, plot.x + 300, plot.y + plot.h + 40); /* beyond its lower end */
  w.shift = false;
  assert_int_equal(changed_pane(&w, &before), 1);
  assert_true(fabs(w.frame.view.pane[1].axis.low - before.low[1]) < 1e-9);
  assert_true(w.frame.view.time.width < width);
  assert_int_equal(w.frame.view.state, VIEW_HELD);
  window_stop(&w);
}

static void keys_mean_the_pane_of_the_chosen_channel(void **state)
{
  (void)state;
  struct window_fixture w;
  start(&w, 3, STACK_CHANNELS, 700, 500);
  struct ranges before = ranges_of(&w);
  window_key(&w, KEY_UP); /* nothing is chosen, nor pointed at: the first */
  assert_int_equal(changed_pane(&w, &before), 0);
  before = ranges_of(&w);
  const struct rect plot = window_plot(&w, 2);
  window_event(&w, (struct show_event){.kind = SHOW_MOVE, .x = plot.x + 5, .y = plot.y + 5});
  window_key(&w, KEY_UP);
  assert_int_equal(changed_pane(&w, &before), 2);
  before = ranges_of(&w);
  window_key(&w, KEY_TAB);
  window_key(&w, KEY_TAB);
  w.ctrl = true;
  window_key(&w, '+');
  w.ctrl = false;
  assert_int_equal(changed_pane(&w, &before), 1);
  window_stop(&w);
}

static void undo_goes_through_all_panes(void **state)
{
  (void)state;
  struct window_fixture w;
  struct random r = random_seeded(5);
  struct ranges kept[61];
  start(&w, 6, STACK_CHANNELS, 700, 500);
  for (int i = 0; i < 60; i++) {
    kept[i] = ranges_of(&w);
    const struct rect plot = window_plot(&w, (int)random_below(&r, 6));
    window_wheel(&w, plot.x - 8, plot.y + (int)random_below(&r, (uint64_t)plot.h), random_once_in(&r, 2) ? 1 : -1);
  }
  kept[60] = ranges_of(&w);
  for (int i = 59; i >= 0; i--) {
    window_key(&w, 'u');
    assert_int_equal(changed_pane(&w, &kept[i]), -1);
  }
  stream_channel_add(w.stream, "late"); /* a pane that comes meanwhile is no step, and ends none */
  w.now += MILLISECOND;
  window_row(&w, 6, 1);
  window_draw(&w);
  assert_int_equal(w.frame.view.panes, 7);
  w.shift = true;
  for (int i = 1; i <= 60; i++) {
    window_key(&w, 'u');
    kept[i].low[6] = -10;
    kept[i].high[6] = 10;
    assert_int_equal(changed_pane(&w, &kept[i]), -1);
  }
  window_stop(&w);
}

/* A pane whose channels are all off makes room; with all of them off all are there. */
static void what_is_off_makes_room(void **state)
{
  (void)state;
  struct window_fixture w;
  start(&w, 3, STACK_CHANNELS, 700, 500);
  const int third = window_plot(&w, 0).h;
  window_key(&w, '2');
  window_draw(&w);
  assert_true(rect_empty(window_plot(&w, 1)));
  assert_true(window_plot(&w, 0).h > third * 5 / 4 && window_plot(&w, 2).h > third * 5 / 4);
  window_check_fresh(&w);
  window_key(&w, '1');
  window_key(&w, '3');
  window_draw(&w);
  for (int k = 0; k < 3; k++)
    assert_true(abs(window_plot(&w, k).h - third) <= 1);
  window_stop(&w);
}

/* The list in the window tells of the mouse where there is one: in a terminal it would tell of what does not work. */
static void the_list_tells_of_a_mouse_that_came(void **state)
{
  (void)state;
  struct window_fixture w;
  start(&w, 1, STACK_CHANNELS, 700, 500);
  window_key(&w, 'h');
  assert_ptr_equal(w.frame.scene.help, keys_scene_help);
  window_key(&w, 'h');
  assert_null(w.frame.scene.help);
  window_event(&w, (struct show_event){.kind = SHOW_MOVE, .x = 300, .y = 200});
  window_key(&w, 'h');
  assert_ptr_equal(w.frame.scene.help, keys_mouse_help);
  window_draw(&w);
  window_check_fresh(&w);
  window_stop(&w);
}

/* Under sizes from a stamp to a wall, with 1 to 64 panes: each that has a place can be pointed at, in order, in one column. */
static void any_number_fits_any_size(void **state)
{
  (void)state;
  static const int size[][2] = {{320, 200}, {1280, 200}, {64, 64}, {1, 1}, {3840, 2160}, {640, 400}};
  static const int channels[] = {1, 2, 7, 16, 64};
  for (size_t n = 0; n < sizeof channels / sizeof *channels; n++) {
    struct window_fixture w;
    start(&w, channels[n], STACK_CHANNELS, 640, 400);
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
      window_resize(&w, size[i][0], size[i][1]);
      window_draw(&w);
      int last = -1;
      int seen = 0;
      const int x = size[i][0] / 2;
      for (int y = 0; y < size[i][1]; y++) {
        const struct screen_spot spot = screen_pick(w.frame.screen, x, y);
        if (spot.part != SCREEN_PLOT || spot.pane == last)
          continue;
        assert_true(spot.pane > last);
        last = spot.pane;
        seen++;
      }
      if (size[i][1] >= 200)
        assert_int_equal(seen, channels[n]);
    }
    window_stop(&w);
  }
}

/* Whatever was done before: the picture is that of a window which paints the same from nothing. */
static void a_past_leaves_no_trace(void **state)
{
  (void)state;
  struct random r = random_seeded(9);
  for (int round = 0; round < 3; round++) {
    struct window_fixture w;
    start(&w, 2 + 5 * round, round == 1 ? STACK_UNITS : STACK_CHANNELS, 500, 380);
    window_key(&w, 'a');
    for (int i = 0; i < SCALED(60, 12); i++) {
      w.now += 30 * MILLISECOND;
      for (int k = 0; k < 2 + 5 * round; k++)
        window_row(&w, (size_t)k, random_unit(&r) * pow(10, k));
      if (random_once_in(&r, 3))
        window_key(&w, '1' + (int)random_below(&r, 9));
      if (random_once_in(&r, 4))
        window_wheel(&w, 20, (int)random_below(&r, 380), 1);
      if (random_once_in(&r, 4))
        window_event(&w, (struct show_event){
                             .kind = SHOW_MOVE, .x = (int)random_below(&r, 500), .y = (int)random_below(&r, 380)});
      window_draw(&w);
      window_check_fresh(&w);
    }
    window_stop(&w);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_pane_for_each_channel),
      cmocka_unit_test(a_pane_for_each_unit),
      cmocka_unit_test(each_range_follows_its_own_data),
      cmocka_unit_test(what_is_done_in_a_pane_is_its_own),
      cmocka_unit_test(a_box_zooms_time_for_all_and_values_for_one),
      cmocka_unit_test(keys_mean_the_pane_of_the_chosen_channel),
      cmocka_unit_test(undo_goes_through_all_panes),
      cmocka_unit_test(what_is_off_makes_room),
      cmocka_unit_test(the_list_tells_of_a_mouse_that_came),
      cmocka_unit_test(any_number_fits_any_size),
      cmocka_unit_test(a_past_leaves_no_trace),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
