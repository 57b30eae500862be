/* A view with a trigger: what stands still, what is counted, what goes on, and what keys and mouse do with it. */
#include "window_fixture.h"

#include <math.h>

#include "scale.h"
#include "scope/sweeps_fixture.h"

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
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
