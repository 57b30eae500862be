/* From what was taken in to a painted canvas: what settings ask for, ranges, ends, and that a past leaves no trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/frame.h"

enum { WIDTH = 700, HEIGHT = 400, STREAMS_MAX = 64 };
static const int64_t SECOND = 1000000000;

struct fixture {
  struct stream *stream;
  struct intake *intake;
  struct settings settings;
  struct stream_counts counts;
  struct frame frame;
  struct canvas canvas;
  struct damage damage; /* of the last frame */
  int64_t clock;
};

static int64_t fixture_clock(void *context)
{
  return ((struct fixture *)context)->clock;
}

static struct canvas new_canvas(void)
{
  struct canvas c = {.width = WIDTH, .height = HEIGHT, .stride = WIDTH};
  c.pixel = calloc((size_t)WIDTH * HEIGHT, sizeof *c.pixel);
  assert_non_null(c.pixel);
  return c;
}

static void start(struct fixture *f, enum time_base_kind kind, const struct settings *settings)
{
  static struct stream *kept[STREAMS_MAX]; /* a stream lives as long as the process: those of all stay reachable */
  static size_t n;
  const struct time_base base = {.kind = kind, .rate_hz = 10};
  assert_true(n < STREAMS_MAX);
  *f = (struct fixture){.stream = kept[n++] = stream_new(256), .settings = *settings, .canvas = new_canvas()};
  assert_non_null(f->stream);
  stream_arrival_end(f->stream); /* the reader's first word: nothing is on its way */
  f->intake = intake_new(f->stream, &base, (size_t)16 << 20, false);
  assert_non_null(f->intake);
  frame_init(&f->frame, &f->settings, f->intake, "standard input", 0);
  assert_true(frame_open(&f->frame, &f->settings, 1));
}

static void stop(struct fixture *f)
{
  frame_destroy(&f->frame);
  intake_free(f->intake);
  free(f->canvas.pixel);
}

/* A row of one value, as the reader would publish it. */
static void row(struct fixture *f, size_t channel, int64_t time, double value)
{
  f->clock = time;
  f->counts.lines++;
  f->counts.rows++;
  f->counts.samples++;
  stream_arrival_begin(f->stream, fixture_clock, f);
  stream_put(f->stream, channel, &time, &value, 1);
  stream_publish(f->stream, &f->counts);
  stream_arrival_end(f->stream);
}

static void draw(struct fixture *f, int64_t now, bool numbers)
{
  f->damage.count = 0;
  assert_true(intake_take(f->intake, INT64_MAX));
  intake_advance(f->intake, now);
  assert_true(frame_draw(&f->frame, &f->canvas, now, numbers, &f->damage));
}

/* ---- What settings ask for ---- */

static void how_samples_are_joined(void **state)
{
  (void)state;
  static const struct {
    enum time_base_kind kind;
    enum style_choice choice;
    enum column_style style;
  } cases[] = {
      {TIME_ARRIVAL, STYLE_AUTO, COLUMN_STEP},     {TIME_RATE, STYLE_AUTO, COLUMN_LINE},
      {TIME_NUMBER, STYLE_AUTO, COLUMN_LINE},      {TIME_ARRIVAL, STYLE_LINE, COLUMN_LINE},
      {TIME_NUMBER, STYLE_STEP, COLUMN_STEP},      {TIME_NUMBER, STYLE_POINTS, COLUMN_POINTS},
      {TIME_ARRIVAL, STYLE_POINTS, COLUMN_POINTS},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct fixture f;
    struct settings s = settings_default;
    s.style = cases[i].choice;
    start(&f, cases[i].kind, &s);
    assert_int_equal(f.frame.style, cases[i].style);
    stop(&f);
  }
}

/* In ticks, of which a second has 1e9 and a sample 1e6; 0 is everything. */
static void how_wide_the_time_axis_is(void **state)
{
  (void)state;
  static const struct {
    enum time_base_kind kind;
    double window_s;
    bool given, all;
    int64_t span;
  } cases[] = {
      {TIME_ARRIVAL, 10, false, false, 10000000000},
      {TIME_RATE, 10, false, false, 10000000000},
      {TIME_NUMBER, 10, false, false, 0}, /* a file is seen whole */
      {TIME_NUMBER, 100, true, false, 100000000},
      {TIME_ARRIVAL, 2.5, true, false, 2500000000},
      {TIME_ARRIVAL, 0.000001, true, false, 1000},
      {TIME_NUMBER, 0.000001, true, false, 1},
      {TIME_ARRIVAL, 10, true, true, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct fixture f;
    struct settings s = settings_default;
    s.window_s = cases[i].window_s;
    s.window_given = cases[i].given;
    s.window_all = cases[i].all;
    start(&f, cases[i].kind, &s);
    assert_int_equal(f.frame.view.span, cases[i].span);
    assert_int_equal(f.frame.view.least, cases[i].kind == TIME_NUMBER ? 1000000 : SECOND);
    stop(&f);
  }
}

static void names_of_the_plot(void **state)
{
  (void)state;
  struct fixture f;
  struct settings s = settings_default;
  start(&f, TIME_ARRIVAL, &s);
  draw(&f, SECOND, true);
  assert_string_equal(f.frame.scene.title, "standard input");
  assert_null(f.frame.scene.unit);
  assert_true(f.frame.scene.grid && f.frame.scene.legend);
  assert_true(f.frame.view.pane[0].axis.low == -10 && f.frame.view.pane[0].axis.high == 10);
  stop(&f);
  s.title = "a title";
  s.unit = "ms";
  s.low = 3;
  s.high = 4;
  start(&f, TIME_ARRIVAL, &s);
  draw(&f, SECOND, true);
  assert_string_equal(f.frame.scene.title, "a title");
  assert_string_equal(f.frame.scene.unit, "ms");
  assert_true(f.frame.scene.pane[0].axis.low == 3 && f.frame.scene.pane[0].axis.high == 4);
  stop(&f);
}

/* ---- Frames ---- */

/* What was begun late is seen from its own beginning. */
static void all_begins_with_the_first_sample(void **state)
{
  (void)state;
  struct fixture f;
  struct settings s = settings_default;
  s.window_all = true;
  start(&f, TIME_ARRIVAL, &s);
  stream_channel_add(f.stream, "a");
  row(&f, 0, 1000 * SECOND, 3);
  row(&f, 0, 1009 * SECOND, 5);
  draw(&f, 1010 * SECOND, true);
  const struct time_axis *time = &f.frame.scene.time;
  assert_true(time_axis_begin(time) <= 1000 * SECOND && time_axis_begin(time) > 999 * SECOND);
  assert_true(time_axis_end(time) >= 1010 * SECOND && time_axis_end(time) < 1020 * SECOND);
  stop(&f);
}

/* The range is that of the data in the very frame in which they are first seen, for the painter, too. */
static void a_range_follows_within_the_frame(void **state)
{
  (void)state;
  struct fixture f;
  struct settings s = settings_default;
  s.autoscale = true;
  start(&f, TIME_ARRIVAL, &s);
  stream_channel_add(f.stream, "a");
  draw(&f, SECOND, true);
  row(&f, 0, SECOND, 123456);
  row(&f, 0, SECOND, -98765);
  draw(&f, 2 * SECOND, false);
  const struct value_axis *axis = &f.frame.scene.pane[0].axis;
  assert_true(axis->low <= -98765 && axis->high >= 123456);
  assert_true(f.frame.view.pane[0].axis.low == axis->low && f.frame.view.pane[0].axis.high == axis->high);
  stop(&f);
}

/* Labels of another length leave another width: columns, layout and scene are of one size in each frame. */
static void the_plot_has_the_size_of_its_layout(void **state)
{
  (void)state;
  struct fixture f;
  struct settings s = settings_default;
  s.autoscale = true;
  start(&f, TIME_ARRIVAL, &s);
  stream_channel_add(f.stream, "a channel of a long name");
  static const double values[] = {1, 1000000, 0.001, -123456789, 5e99};
  for (int i = 0; i < 5; i++) {
    row(&f, 0, (1 + i * 20) * SECOND, values[i]);
    draw(&f, (2 + i * 20) * SECOND, true);
    struct scene_size size;
    assert_true(screen_layout(f.frame.screen, WIDTH, HEIGHT, &f.frame.scene, &size));
    assert_int_equal(f.frame.scene.time.columns, size.columns);
    assert_int_equal(f.frame.view.time.columns, size.columns);
    assert_int_equal(f.frame.view.pane[0].axis.rows, size.rows[0]);
  }
  stop(&f);
}

static void a_frame_that_changes_nothing_damages_nothing(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, TIME_ARRIVAL, &settings_default);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  draw(&f, 2 * SECOND, true);
  assert_true(f.damage.count > 0);
  draw(&f, 2 * SECOND, false);
  assert_int_equal(f.damage.count, 0);
  view_freeze(&f.frame.view, true);
  draw(&f, 2 * SECOND, false); /* paused */
  assert_true(f.damage.count > 0);
  row(&f, 0, 3 * SECOND, 8);
  draw(&f, 4 * SECOND, false);
  assert_int_equal(f.damage.count, 0);
  view_freeze(&f.frame.view, false);
  draw(&f, 4 * SECOND, false);
  assert_true(f.damage.count > 0);
  stop(&f);
}

static void texts_change_with_the_numbers(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, TIME_ARRIVAL, &settings_default);
  stream_channel_add(f.stream, "a");
  draw(&f, 0, true);
  assert_string_equal(f.frame.scene.rate, "0/s");
  for (int i = 0; i < 95; i++)
    row(&f, 0, i * SECOND / 100, i);
  draw(&f, SECOND, false);
  assert_string_equal(f.frame.scene.rate, "0/s");
  draw(&f, SECOND, true);
  assert_string_equal(f.frame.scene.rate, "95.0/s");
  stream_end(f.stream, false);
  draw(&f, 2 * SECOND, true);
  assert_string_equal(f.frame.scene.rate, "95 rows");
  assert_int_equal(f.frame.scene.state, SCENE_ENDED);
  stop(&f);
}

/* At the end all samples fill the plot, from the first to the last: the axis ends with that one. */
static void the_end_of_a_file_is_at_the_right_edge(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, TIME_NUMBER, &settings_default);
  stream_channel_add(f.stream, "a");
  for (int i = 0; i < 50; i++)
    row(&f, 0, i * INT64_C(1000000), i);
  stream_state_next(f.stream, 50 * INT64_C(1000000));
  draw(&f, SECOND, true);
  stream_end(f.stream, false);
  draw(&f, SECOND, true);
  const struct time_axis *time = &f.frame.scene.time;
  assert_int_equal(time_axis_begin(time), 0);
  assert_int_equal(time_axis_column(time, 49000000), time->first + time->columns - 1);
  assert_true(f.frame.scene.channel[0].last == 49);
  stop(&f);
}

/* Whatever was painted before: the picture is that of a frame which paints the same from nothing. */
static void a_past_leaves_no_trace(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  struct fixture f;
  start(&f, TIME_ARRIVAL, &settings_default);
  stream_channel_add(f.stream, "a");
  stream_channel_add(f.stream, "b");
  int64_t now = 0;
  for (int i = 0; i < SCALED(60, 15); i++) {
    for (int k = 0; k < 20; k++) {
      now += random_between(&r, 0, SECOND / 50);
      row(&f, random_below(&r, 2), now, random_unit(&r) * 30 - 15);
    }
    if (random_once_in(&r, 6))
      view_toggle_channel(&f.frame.view, (int)random_below(&r, 2));
    if (random_once_in(&r, 6))
      view_freeze(&f.frame.view, !f.frame.view.frozen);
    if (random_once_in(&r, 8))
      f.frame.scene.grid = !f.frame.scene.grid;
    draw(&f, now, true);

    struct frame fresh;
    struct canvas canvas = new_canvas();
    struct damage damage = {.count = 0};
    frame_init(&fresh, &f.settings, f.intake, "standard input", 0);
    assert_true(frame_open(&fresh, &f.settings, 1));
    fresh.view = f.frame.view;
    fresh.rate = f.frame.rate;
    fresh.scene.grid = f.frame.scene.grid;
    assert_true(frame_draw(&fresh, &canvas, now, true, &damage));
    assert_memory_equal(canvas.pixel, f.canvas.pixel, (size_t)WIDTH * HEIGHT * sizeof *canvas.pixel);
    frame_destroy(&fresh);
    free(canvas.pixel);
  }
  stop(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(how_samples_are_joined),
      cmocka_unit_test(how_wide_the_time_axis_is),
      cmocka_unit_test(names_of_the_plot),
      cmocka_unit_test(all_begins_with_the_first_sample),
      cmocka_unit_test(a_range_follows_within_the_frame),
      cmocka_unit_test(the_plot_has_the_size_of_its_layout),
      cmocka_unit_test(a_frame_that_changes_nothing_damages_nothing),
      cmocka_unit_test(texts_change_with_the_numbers),
      cmocka_unit_test(the_end_of_a_file_is_at_the_right_edge),
      cmocka_unit_test(a_past_leaves_no_trace),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
