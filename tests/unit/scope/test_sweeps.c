/* A view with a trigger: what stands still, what is counted, what goes on, and what keys and mouse do with it. */
#include "window_fixture.h"

#include <math.h>
#include <stdio.h>

#include "random.h"
#include "scale.h"

enum { WIDTH = 700, HEIGHT = 400, RATE_HZ = 48000 };

/* A sine at a rate, that begins at time 0; with noise. */
struct source {
  double hz, noise;
  int64_t next; /* sample */
  struct random random;
};

static void start(struct window_fixture *w, double rate_hz, double window_s, const struct trigger *trigger)
{
  const struct time_base base = {.kind = TIME_RATE, .rate_hz = rate_hz};
  struct settings s = settings_default;
  s.window_s = window_s;
  s.window_given = true;
  s.trigger = *trigger;
  s.trigger.on = true;
  s.trigger.from = INT64_MIN;
  window_start(w, &base, &s, WIDTH, HEIGHT);
  stream_channel_add(w->stream, "sine");
}

/* Time passes: what the source has until then comes in. */
static void run(struct window_fixture *w, struct source *s, double rate_hz, int64_t ns)
{
  enum { MOST = 4096 };
  int64_t time[MOST];
  double value[MOST];
  const int64_t each = (int64_t)(1e9 / rate_hz);
  w->now += ns;
  for (;;) {
    size_t n = 0;
    for (; n < MOST && s->next * each < w->now; n++, s->next++) {
      double noise = 0;
      for (int k = 0; k < 12 && s->noise > 0; k++)
        noise += random_unit(&s->random);
      time[n] = s->next * each;
      value[n] = 10 * sin(2 * M_PI * s->hz * (double)time[n] / 1e9) + (s->noise > 0 ? s->noise * (noise - 6) : 0);
    }
    if (n == 0)
      break;
    window_feed(w, 0, time, value, n, s->next * each);
  }
  window_draw(w);
}

static struct source new_source(double hz, double noise)
{
  return (struct source){.hz = hz, .noise = noise, .random = random_seeded(7)};
}

/* The column in which the trace comes up through a value, the nearest one to where the crossing is to be. */
static int crossing_column(const struct window_fixture *w, double level)
{
  const struct scene *scene = &w->frame.scene;
  int nearest = -1000;
  for (int k = 0; k < scene->time.columns; k++) {
    const struct column *c = &scene->channel[0].columns[k];
    if (c->enter < level && c->leave >= level &&
        llabs(k - scene->trigger.column) < llabs(nearest - scene->trigger.column))
      nearest = k;
  }
  return nearest;
}

static void a_sine_stands_still(void **state)
{
  (void)state;
  struct window_fixture w;
  struct source s = new_source(1000, 0);
  start(&w, 50000, 0.005, &(struct trigger){.level = 0}); /* 50 samples a period: each is as the one before */
  run(&w, &s, 50000, SECOND / 10);
  const struct rect plot = window_plot(&w, 0);
  struct canvas first = window_canvas_new(WIDTH, HEIGHT);
  memcpy(first.pixel, w.canvas.pixel, (size_t)WIDTH * HEIGHT * sizeof *first.pixel);
  assert_true(window_count(&first, plot, theme_dark.channel[0]) > 100);
  for (int frame = 0; frame < 100; frame++) {
    run(&w, &s, 50000, 7300 * 1000 + frame * 1000); /* at no whole number of periods */
    assert_int_equal(w.frame.view.state, VIEW_SWEEPS);
    for (int y = plot.y; y < plot.y + plot.h; y++)
      for (int x = plot.x; x < plot.x + plot.w; x++) {
        const uint32_t is = w.canvas.pixel[(long)y * WIDTH + x];
        const uint32_t was = first.pixel[(long)y * WIDTH + x];
        for (int shift = 0; shift < 24; shift += 8) /* the sine's last bits are others in each period */
          assert_true(abs((int)(is >> shift & 255) - (int)(was >> shift & 255)) <= 4);
      }
  }
  free(first.pixel);
  window_stop(&w);
}

/* 48 samples a period, whose interpolated crossing is elsewhere in each: by less than a pixel from where it stands. */
static void a_kilohertz_at_48000_stands_still(void **state)
{
  (void)state;
  struct window_fixture w;
  struct source s = new_source(1000, 0);
  start(&w, RATE_HZ, 0.01, &(struct trigger){.level = 3.3});
  int64_t seconds = 0;
  for (int frame = 0; frame < SCALED(300, 60); frame++) {
    run(&w, &s, RATE_HZ, 10 * MILLISECOND);
    if (frame < 5)
      continue;
    assert_true(w.frame.scene.trigger.shown);
    assert_int_equal(w.frame.scene.trigger.column, w.frame.scene.time.columns / 10);
    assert_in_range(crossing_column(&w, 3.3), w.frame.scene.trigger.column - 1, w.frame.scene.trigger.column);
    seconds = w.now / SECOND;
  }
  (void)seconds;
  window_stop(&w);
}

/* 50 Hz, noise of 0.5 % of the range, 10,000 samples a second: a thousand sweeps, each within a pixel, each counted. */
static void a_thousand_noisy_sweeps(void **state)
{
  (void)state;
  struct window_fixture w;
  struct source s = new_source(50, 0.1);
  const int sweeps = SCALED(1000, 100);
  start(&w, 10000, 0.015, &(struct trigger){.level = 0});
  run(&w, &s, 10000, SECOND / 200); /* in the middle between crossings, at 5 ms, 25 ms, ... */
  for (int n = 1; n <= sweeps; n++) {
    run(&w, &s, 10000, SECOND / 50);
    assert_int_equal(w.frame.view.trigger.sweeps, n);
    if (n < 2)
      continue;
    assert_true(w.frame.scene.trigger.shown);
    assert_in_range(crossing_column(&w, 0), w.frame.scene.trigger.column - 1, w.frame.scene.trigger.column);
  }
  window_stop(&w);
}

/* Whatever frames are drawn between: the number of sweeps is that of crossings at least a sweep apart. */
static void sweeps_count_drawn_or_not(void **state)
{
  (void)state;
  uint64_t counted[3];
  for (int i = 0; i < 3; i++) {
    struct window_fixture w;
    struct source s = new_source(50, 0.1);
    start(&w, 10000, 0.05, &(struct trigger){.level = 0}); /* 45 ms after a crossing: every third one */
    if (i == 2) {                                          /* not even drawn */
      run(&w, &s, 10000, 10 * MILLISECOND);
      view_freeze(&w.frame.view, true);
    }
    for (int64_t left = 10 * SECOND; left > 0;) {
      const int64_t step = i == 0 ? 10 * MILLISECOND : i == 1 ? 1700 * MILLISECOND : 100 * MILLISECOND;
      run(&w, &s, 10000, step < left ? step : left);
      left -= step;
    }
    counted[i] = w.frame.view.trigger.sweeps;
    window_stop(&w);
  }
  assert_int_equal(counted[0], 167);
  assert_int_equal(counted[1], 167);
  assert_true(counted[2] >= 167 && counted[2] <= 168); /* ten milliseconds more */
}

/* What came before there is a picture counts like all else, whatever size that will have. */
static void sweeps_count_before_the_first_frame(void **state)
{
  (void)state;
  for (int early = 0; early < 2; early++) {
    struct window_fixture w;
    start(&w, 50000, 0.005, &(struct trigger){.level = 0}); /* five periods wide: every fifth crossing */
    for (int64_t i = 0; i < 5000; i++) {                    /* a hundred periods, the first crossing after one */
      const int64_t time = i * 20000;
      const double value = 10 * sin(2 * M_PI * ((double)i + 0.5) / 50);
      window_feed(&w, 0, &time, &value, 1, time + 20000);
      w.now = time;
      intake_advance(w.intake, w.now);
      if (early && i % 7 == 0)
        frame_look(&w.frame);
    }
    window_draw(&w);
    assert_int_equal(w.frame.view.trigger.sweeps, 20);
    window_stop(&w);
  }
}

/* ---- Modes ---- */

static void silence(struct window_fixture *w, int64_t ns)
{
  const double zero = -9;
  w->now += ns;
  window_feed(w, 0, &w->now, &zero, 1, w->now + 1);
  window_draw(w);
}

static void auto_runs_on_and_the_others_hold(void **state)
{
  (void)state;
  for (int mode = TRIGGER_AUTO; mode <= TRIGGER_SINGLE; mode++) {
    struct window_fixture w;
    struct source s = new_source(50, 0);
    start(&w, 10000, 0.1, &(struct trigger){.level = 0, .mode = (enum trigger_mode)mode});
    run(&w, &s, 10000, 400 * MILLISECOND);
    assert_true(w.frame.scene.trigger.shown);
    const int64_t crossing = w.frame.view.sweep.crossing;
    silence(&w, 100 * MILLISECOND); /* not long enough for it to run on */
    assert_true(w.frame.scene.trigger.shown);
    if (mode == TRIGGER_SINGLE)
      assert_int_equal(w.frame.view.sweep.crossing, crossing);
    silence(&w, 600 * MILLISECOND);
    assert_int_equal(w.frame.scene.trigger.shown, mode != TRIGGER_AUTO);
    if (mode == TRIGGER_AUTO)
      assert_true(time_axis_end(&w.frame.view.time) >= w.frame.view.edge);
    s.next = w.now / (SECOND / 10000) + 1;
    run(&w, &s, 10000, 400 * MILLISECOND); /* it comes again */
    assert_true(w.frame.scene.trigger.shown);
    assert_int_equal(w.frame.view.sweep.crossing == crossing, mode == TRIGGER_SINGLE);
    if (mode == TRIGGER_SINGLE) {
      assert_int_equal(w.frame.view.trigger.sweeps, 1);
      window_key(&w, 'r');
      run(&w, &s, 10000, 400 * MILLISECOND);
      assert_int_equal(w.frame.view.trigger.sweeps, 2);
      assert_true(w.frame.view.sweep.crossing > crossing);
    }
    window_stop(&w);
  }
}

/* A sweep of ten seconds is not waited for: it is drawn as it comes. */
static void slow_sweeps_are_drawn_as_they_come(void **state)
{
  (void)state;
  struct window_fixture w;
  struct source s = new_source(0.25, 0);
  start(&w, 100, 10, &(struct trigger){.level = 0});
  run(&w, &s, 100, 4500 * MILLISECOND); /* a crossing at 4 s */
  assert_true(w.frame.scene.trigger.shown);
  assert_true(llabs(w.frame.view.sweep.crossing - 4 * SECOND) <= 1);
  const struct scene *scene = &w.frame.scene;
  const int64_t now = time_axis_column(&scene->time, w.frame.view.edge - 1) - scene->time.first;
  assert_in_range(now, scene->trigger.column, scene->time.columns / 2);
  assert_true(scene->channel[0].columns[now + 2].low != scene->channel[0].columns[now + 2].low);
  window_stop(&w);
}

/* ---- What can never fire says so ---- */

static void says(struct window_fixture *w, const char *part)
{
  if (!strstr(w->frame.scene.trigger_says, part))
    fail_msg("'%s' does not say '%s'", w->frame.scene.trigger_says, part);
}

static void what_never_fires_says_why(void **state)
{
  (void)state;
  static const struct {
    double level;
    const char *name, *part;
  } cases[] = {
      {12, NULL, "above all"}, {-12, NULL, "below all"}, {0, "other", "no channel 'other' yet"}, {0, "sine", "sweeps"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct window_fixture w;
    struct source s = new_source(50, 0);
    start(&w, 10000, 0.1,
          &(struct trigger){.level = cases[i].level, .name = cases[i].name, .channel = cases[i].name ? -1 : 0});
    run(&w, &s, 10000, 400 * MILLISECOND);
    says(&w, cases[i].part);
    assert_int_equal(w.frame.scene.trigger.shown, i == 3);
    if (i == 2) { /* it comes after all */
      stream_channel_add(w.stream, "other");
      const double values[] = {-5, 5};
      for (int k = 0; k < 2; k++) {
        w.now += MILLISECOND;
        window_feed(&w, 1, &w.now, &values[k], 1, w.now + 1);
      }
      w.now += 200 * MILLISECOND;
      window_feed(&w, 1, &w.now, &values[1], 1, w.now + 1);
      window_draw(&w);
      assert_int_equal(w.frame.view.trigger.channel, 1);
      assert_int_equal(w.frame.view.trigger.sweeps, 1);
    }
    window_stop(&w);
  }
  /* A signal that is smaller than 2 % of the range. */
  struct window_fixture w;
  start(&w, 10000, 0.1, &(struct trigger){.level = 0});
  for (int k = 0; k < 100; k++) {
    const double value = k % 2 ? 0.1 : -0.1;
    w.now += MILLISECOND;
    window_feed(&w, 0, &w.now, &value, 1, w.now + 1);
  }
  window_draw(&w);
  says(&w, "smaller than the hysteresis");
  assert_int_equal(w.frame.view.trigger.sweeps, 0);
  w.ctrl = true; /* zoomed in it is larger */
  for (int k = 0; k < 12; k++)
    window_key(&w, '+');
  w.ctrl = false;
  for (int k = 0; k < 400; k++) {
    const double value = k % 2 ? 0.1 : -0.1;
    w.now += MILLISECOND;
    window_feed(&w, 0, &w.now, &value, 1, w.now + 1);
  }
  window_draw(&w);
  assert_true(w.frame.view.trigger.sweeps > 1);
  window_stop(&w);
}

/* ---- Hands on ---- */

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
      cmocka_unit_test(a_sine_stands_still),
      cmocka_unit_test(a_kilohertz_at_48000_stands_still),
      cmocka_unit_test(a_thousand_noisy_sweeps),
      cmocka_unit_test(sweeps_count_drawn_or_not),
      cmocka_unit_test(sweeps_count_before_the_first_frame),
      cmocka_unit_test(auto_runs_on_and_the_others_hold),
      cmocka_unit_test(slow_sweeps_are_drawn_as_they_come),
      cmocka_unit_test(what_never_fires_says_why),
      cmocka_unit_test(the_level_is_dragged_by_its_handle),
      cmocka_unit_test(everything_by_keys),
      cmocka_unit_test(zoom_pan_and_home),
      cmocka_unit_test(any_axis_will_do),
      cmocka_unit_test(a_file_is_held_at_its_last_sweep),
      cmocka_unit_test(cleared_it_begins_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
