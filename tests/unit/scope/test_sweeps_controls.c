/* Sweeps in hands: the level dragged, keys, zoom and home, other axes, a file, clearing. */
#include "window_fixture.h"

#include "scope/sweeps_fixture.h"
#include <math.h>
#include <stdio.h>

static void the_level_is_dragged_by_its_handle(void **state)
{
  (void)state;
  struct window_fixture w;
  struct source s = new_source(50, 0);
  start(&w, 10000, 0.05, &(struct trigger){.level = 0});
  run(&w, &s, 10000, 400 * MILLISECOND);
  const struct rect plot = window_plot(&w, 0);
  const double low = w.frame.view.pane[0].axis.low;
  const int row = value_axis_pixel(&w.frame.view.pane[0].axis, 0);
  assert_int_equal(screen_pick(w.frame.screen, plot.x + 3, plot.y + row).part, SCREEN_TRIGGER);
  window_drag(&w, plot.x + 3, plot.y + row, plot.x + 90, plot.y + row - plot.h / 4);
  assert_true(fabs(w.frame.view.trigger.level - 5) < 0.1);
  assert_true(w.frame.view.pane[0].axis.low == low);
  run(&w, &s, 10000, 400 * MILLISECOND);
  const double level = w.frame.view.trigger.level;
  assert_in_range(crossing_column(&w, level), w.frame.scene.trigger.column - 1, w.frame.scene.trigger.column);
  window_check_fresh(&w);
  /* Esc while it is dragged puts it back. */
  window_event(&w, (struct show_event){.kind = SHOW_PRESS,
                                       .button = BUTTON_LEFT,
                                       .x = plot.x + 3,
                                       .y = plot.y + value_axis_pixel(&w.frame.view.pane[0].axis, level)});
  window_event(&w, (struct show_event){.kind = SHOW_MOVE, .x = plot.x + 3, .y = plot.y + plot.h - 20});
  assert_true(w.frame.view.trigger.level < level - 5);
  window_draw(&w);
  window_key(&w, KEY_ESCAPE);
  assert_true(w.frame.view.trigger.level == level);
  window_stop(&w);
}

static void everything_by_keys(void **state)
{
  (void)state;
  struct window_fixture w;
  struct source s = new_source(50, 0);
  start(&w, 10000, 0.05, &(struct trigger){.level = 0});
  w.frame.view.trigger.level_given = false; /* as without the option */
  w.shift = true;
  window_key(&w, 't');
  assert_false(w.frame.view.trigger.on);
  assert_int_equal(w.frame.view.state, VIEW_FOLLOWS);
  run(&w, &s, 10000, 400 * MILLISECOND);
  assert_false(w.frame.scene.trigger.on || w.frame.scene.trigger_says[0]);
  assert_true(time_axis_end(&w.frame.view.time) >= w.frame.view.edge);
  window_key(&w, 't'); /* in the middle of what is there, and there is a sweep at once */
  assert_true(w.frame.view.trigger.on);
  assert_true(fabs(w.frame.view.trigger.level) < 0.5);
  window_draw(&w);
  assert_true(w.frame.scene.trigger.shown);
  const double level = w.frame.view.trigger.level;
  for (int i = 0; i < 5; i++)
    window_key(&w, KEY_UP);
  assert_true(fabs(w.frame.view.trigger.level - level - 2) < 1e-6); /* five fiftieths of 20 */
  window_key(&w, KEY_DOWN);
  assert_true(fabs(w.frame.view.trigger.level - level - 1.6) < 1e-6);
  window_key(&w, 'e');
  assert_true(w.frame.view.trigger.falling);
  w.shift = false;
  window_key(&w, 'm');
  assert_int_equal(w.frame.view.trigger.mode, TRIGGER_NORMAL);
  stream_channel_add(w.stream, "b");
  const double five = 5;
  window_feed(&w, 1, &w.now, &five, 1, w.now + 1);
  window_draw(&w);
  window_key(&w, 'n');
  assert_int_equal(w.frame.view.trigger.channel, 1);
  window_key(&w, 'n');
  assert_int_equal(w.frame.view.trigger.channel, 0);
  window_stop(&w);
}

/* Zooming goes on with sweeps, panning holds the sweep, Home goes back, undo too. */
static void zoom_pan_and_home(void **state)
{
  (void)state;
  struct window_fixture w;
  struct source s = new_source(50, 0);
  start(&w, 10000, 0.05, &(struct trigger){.level = 0});
  run(&w, &s, 10000, 400 * MILLISECOND);
  window_key(&w, '+');
  run(&w, &s, 10000, 100 * MILLISECOND);
  assert_int_equal(w.frame.view.state, VIEW_SWEEPS);
  assert_true(w.frame.view.span < SECOND / 20);
  assert_int_equal(w.frame.scene.trigger.column, w.frame.scene.time.columns / 10);
  const int64_t first = time_axis_begin(&w.frame.view.time);
  const int64_t width = w.frame.view.time.width;
  const struct rect plot = window_plot(&w, 0);
  window_drag(&w, plot.x + 300, plot.y + 100, plot.x + 200, plot.y + 100);
  assert_int_equal(w.frame.view.state, VIEW_HELD);
  assert_int_equal(time_axis_begin(&w.frame.view.time), first + 100 * width);
  const uint64_t sweeps = w.frame.view.trigger.sweeps;
  run(&w, &s, 10000, 400 * MILLISECOND);
  assert_int_equal(time_axis_begin(&w.frame.view.time), first + 100 * width); /* held, and counted all the same */
  assert_true(w.frame.view.trigger.sweeps > sweeps + 5);
  window_key(&w, 'u');
  run(&w, &s, 10000, MILLISECOND);
  assert_int_equal(w.frame.view.state, VIEW_SWEEPS);
  assert_int_equal(w.frame.scene.trigger.column, w.frame.scene.time.columns / 10);
  w.shift = true;
  window_key(&w, 'u');
  w.shift = false;
  run(&w, &s, 10000, MILLISECOND);
  assert_int_equal(w.frame.view.state, VIEW_HELD);
  assert_int_equal(time_axis_begin(&w.frame.view.time), first + 100 * width);
  window_key(&w, KEY_HOME);
  run(&w, &s, 10000, 100 * MILLISECOND);
  assert_int_equal(w.frame.view.state, VIEW_SWEEPS);
  assert_true(w.frame.scene.trigger.shown);
  /* Frozen it stands, and goes on with the newest. */
  window_key(&w, ' ');
  const int64_t frozen = w.frame.view.sweep.crossing;
  run(&w, &s, 10000, 400 * MILLISECOND);
  window_key(&w, '-');
  window_draw(&w);
  assert_int_equal(w.frame.view.sweep.crossing, frozen);
  window_key(&w, ' ');
  run(&w, &s, 10000, MILLISECOND);
  assert_true(w.frame.view.sweep.crossing > frozen + 300 * MILLISECOND);
  /* The end holds the last whole sweep. */
  stream_end(w.stream, false);
  window_draw(&w);
  assert_int_equal(w.frame.view.state, VIEW_HELD);
  assert_int_equal(w.frame.scene.trigger.column, w.frame.scene.time.columns / 10);
  assert_in_range(crossing_column(&w, 0), w.frame.scene.trigger.column - 1, w.frame.scene.trigger.column);
  window_check_fresh(&w);
  window_stop(&w);
}

/* On a logarithmic axis and in panes hysteresis is a part of the pane's height. */
static void any_axis_will_do(void **state)
{
  (void)state;
  const struct time_base base = {.kind = TIME_RATE, .rate_hz = 1000};
  struct settings s = settings_default;
  struct window_fixture w;
  s.log = s.autoscale = true;
  s.stack = STACK_CHANNELS;
  s.window_s = 0.1;
  s.window_given = true;
  s.trigger = (struct trigger){.on = true, .channel = 1, .level = 1, .level_given = true, .from = INT64_MIN};
  window_start(&w, &base, &s, WIDTH, HEIGHT);
  stream_channel_add(w.stream, "a");
  stream_channel_add(w.stream, "b");
  for (int i = 0; i < 1000; i++) {
    const double a = 1e6;
    const double b = pow(10, 3 * sin(2 * M_PI * i / 50.0));
    w.now += MILLISECOND;
    window_feed(&w, 0, &w.now, &a, 1, w.now + 1);
    window_feed(&w, 1, &w.now, &b, 1, w.now + 1);
    if (i % 10 == 9)
      window_draw(&w);
  }
  assert_true(w.frame.view.trigger.sweeps >= 9 && w.frame.view.trigger.sweeps <= 10); /* 90 ms: every second crossing */
  assert_true(w.frame.scene.trigger.shown);
  assert_int_equal(w.frame.scene.trigger.pane, 1);
  window_check_fresh(&w);
  window_stop(&w);
}

/* All of it is there with the first frame, and the range follows the data: that is known first, and then the sweeps. */
static void a_file_is_held_at_its_last_sweep(void **state)
{
  (void)state;
  const struct time_base base = {.kind = TIME_NUMBER};
  struct settings s = settings_default;
  struct window_fixture w;
  s.autoscale = true;
  s.trigger = (struct trigger){.on = true, .level = 1e6, .level_given = true, .from = INT64_MIN};
  window_start(&w, &base, &s, WIDTH, HEIGHT);
  stream_channel_add(w.stream, "a");
  for (int i = 0; i < 10000; i++) {
    const int64_t time = i * INT64_C(1000000);
    const double value = 1e6 + 1000 * sin(2 * M_PI * (i + 0.5) / 400);
    window_feed(&w, 0, &time, &value, 1, time + 1000000);
  }
  stream_end(w.stream, false);
  window_draw(&w);
  assert_int_equal(w.frame.view.state, VIEW_HELD);
  assert_int_equal(w.frame.view.trigger.sweeps, 8); /* a thousand samples wide: 900 to the end, every third crossing */
  assert_true(w.frame.scene.trigger.shown);
  assert_in_range(crossing_column(&w, 1e6), w.frame.scene.trigger.column - 1, w.frame.scene.trigger.column);
  window_check_fresh(&w);
  window_stop(&w);
}

/* Cleared, it begins anew: with sweeps of what comes, and a channel of that name. */
static void cleared_it_begins_anew(void **state)
{
  (void)state;
  struct window_fixture w;
  struct source s = new_source(50, 0);
  start(&w, 10000, 0.05, &(struct trigger){.level = 0, .name = "sine", .channel = -1});
  run(&w, &s, 10000, 400 * MILLISECOND);
  assert_true(w.frame.view.trigger.sweeps > 2);
  controls_clear(&w.controls);
  frame_clear(&w.frame, w.now);
  assert_int_equal(w.frame.view.state, VIEW_SWEEPS);
  assert_int_equal(w.frame.view.trigger.sweeps, 0);
  assert_int_equal(w.frame.view.trigger.channel, -1);
  w.now += 10 * MILLISECOND;
  window_draw(&w);
  assert_false(w.frame.scene.trigger.shown);
  window_stop(&w);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_level_is_dragged_by_its_handle),
      cmocka_unit_test(everything_by_keys),
      cmocka_unit_test(zoom_pan_and_home),
      cmocka_unit_test(any_axis_will_do),
      cmocka_unit_test(a_file_is_held_at_its_last_sweep),
      cmocka_unit_test(cleared_it_begins_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
