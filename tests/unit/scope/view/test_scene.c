/* From samples to what is to be seen: columns, the numbers of the legend, extents, states. One thread, a clock of its own. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/store/intake.h"
#include "scope/view/scene.h"
#include "scope/view/view.h"

enum { COLUMNS = 100, STREAMS_MAX = 128 };
static const int64_t SECOND = 1000000000;

struct fixture {
  struct stream *stream;
  struct intake *intake;
  struct view view;
  enum column_style style;
  struct scene scene;
  struct scene_columns columns;
  int64_t clock;
};

static int64_t fixture_clock(void *context)
{
  return ((struct fixture *)context)->clock;
}

/* A stream lives as long as the process: this keeps those of all tests reachable. */
static struct stream *new_stream(void)
{
  static struct stream *kept[STREAMS_MAX];
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(256);
  assert_non_null(kept[n]);
  return kept[n++];
}

/* Ten seconds of live input in a hundred columns. */
static void start(struct fixture *f, bool initial_zero)
{
  const struct time_base base = {.kind = TIME_ARRIVAL};
  const struct view_config config = {.span = 10 * SECOND, .low = -10, .high = 10};
  const struct scene_size size = {.columns = COLUMNS, .rows = {50}};
  *f = (struct fixture){.stream = new_stream(), .style = COLUMN_STEP};
  f->intake = intake_new(f->stream, &base, (size_t)16 << 20, initial_zero);
  assert_non_null(f->intake);
  stream_arrival_end(f->stream); /* the reader's first word: nothing is on its way */
  view_init(&f->view, &config);
  view_resize(&f->view, &size);
}

static void stop(struct fixture *f)
{
  scene_columns_destroy(&f->columns);
  intake_free(f->intake);
}

/* A row as the reader would publish it. */
static void row(struct fixture *f, size_t channel, int64_t time, double value)
{
  static const struct stream_counts counts;
  f->clock = time;
  stream_arrival_begin(f->stream, fixture_clock, f);
  stream_put(f->stream, channel, &time, &value, 1);
  stream_publish(f->stream, &counts);
  stream_arrival_end(f->stream);
}

static void take(struct fixture *f, int64_t now)
{
  assert_true(intake_take(f->intake, INT64_MAX));
  intake_advance(f->intake, now);
}

/* A frame, without looking for what has come. */
static void build(struct fixture *f, bool numbers)
{
  const struct scene_source source = {.intake = f->intake, .view = &f->view, .style = f->style};
  view_advance(&f->view, intake_begin(f->intake), intake_edge(f->intake));
  assert_true(scene_build(&f->scene, &f->columns, &source, numbers));
}

static void frame(struct fixture *f, int64_t now, bool numbers)
{
  take(f, now);
  if (intake_ended(f->intake))
    view_settle(&f->view);
  build(f, numbers);
}

static bool shown_at(const struct fixture *f, int channel, int64_t time, double value)
{
  const int64_t k = time_axis_column(&f->scene.time, time) - f->scene.time.first;
  assert_true(k >= 0 && k < COLUMNS);
  const struct column *c = &f->scene.channel[channel].columns[k];
  return c->low <= value && c->high >= value;
}

static bool shows(const struct channel_scene *c, double last, double min, double max, double mean)
{
  return c->last == last && c->min == min && c->max == max && c->mean == mean;
}

static bool says_nothing(const struct channel_scene *c)
{
  return isnan(c->last) && isnan(c->min) && isnan(c->max) && isnan(c->mean);
}

/* ---- What is drawn ---- */

static void the_plain_case_holds_zero_and_then_the_value(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, true);
  frame(&f, 4 * SECOND, true);
  assert_int_equal(f.scene.channels, 1);
  assert_string_equal(f.scene.channel[0].name, "1");
  assert_true(shown_at(&f, 0, 1 * SECOND, 0));
  assert_true(shown_at(&f, 0, 4 * SECOND - 1, 0));
  assert_false(shown_at(&f, 0, -SECOND, 0));
  assert_true(f.scene.channel[0].min == 0 && f.scene.channel[0].last == 0);
  assert_true(isnan(f.scene.channel[0].mean)); /* the initial 0 is no sample */

  stream_channel_add(f.stream, "1");
  row(&f, 0, 5 * SECOND, 7);
  frame(&f, 8 * SECOND, true);
  assert_true(shown_at(&f, 0, 4 * SECOND, 0));
  assert_true(shown_at(&f, 0, 5 * SECOND, 0)); /* the step joins both */
  assert_true(shown_at(&f, 0, 5 * SECOND, 7));
  assert_true(shown_at(&f, 0, 8 * SECOND - 1, 7));
  assert_true(shows(&f.scene.channel[0], 7, 0, 7, 7));
  stop(&f);
}

static void the_style_says_how_samples_are_joined(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 0);
  row(&f, 0, 3 * SECOND, 8);
  frame(&f, 4 * SECOND, true);
  assert_false(f.scene.dots);
  assert_true(shown_at(&f, 0, 2 * SECOND, 0));
  f.style = COLUMN_LINE;
  frame(&f, 4 * SECOND, true);
  assert_false(f.scene.dots);
  assert_true(shown_at(&f, 0, 2 * SECOND, 4));
  f.style = COLUMN_POINTS;
  frame(&f, 4 * SECOND, true);
  assert_true(f.scene.dots);
  assert_true(shown_at(&f, 0, SECOND, 0) && shown_at(&f, 0, 3 * SECOND, 8));
  assert_false(shown_at(&f, 0, 2 * SECOND, 0) || shown_at(&f, 0, 2 * SECOND, 4));
  stop(&f);
}

static void a_wider_plot_has_more_columns(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, true);
  static const int widths[] = {COLUMNS, 1000, 7, 1001, 3000, 1};
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
    const struct scene_size size = {.columns = widths[i], .rows = {50}};
    view_resize(&f.view, &size);
    frame(&f, 20 * SECOND, true);
    assert_int_equal(f.scene.time.columns, widths[i]);
    for (int k = 0; k < widths[i]; k++)
      assert_true(f.scene.channel[0].columns[k].low == 0 && f.scene.channel[0].columns[k].high == 0);
  }
  stop(&f);
}

/* ---- The numbers of the legend ---- */

/* However rarely the numbers are brought up to date: those of a channel that is new are there with its first frame. */
static void a_new_channel_has_its_numbers_at_once(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  frame(&f, SECOND, true);
  stream_channel_add(f.stream, "a");
  row(&f, 0, 2 * SECOND, 3);
  frame(&f, 2 * SECOND + 10, false);
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  stream_channel_add(f.stream, "b");
  row(&f, 1, 3 * SECOND, -5);
  frame(&f, 3 * SECOND + 10, false);
  assert_true(shows(&f.scene.channel[1], -5, -5, -5, -5));
  stop(&f);
}

/* A frame may come between the name of a channel and its first sample. */
static void a_channel_that_had_no_sample_has_its_numbers_at_once(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  stream_channel_add(f.stream, "b");
  row(&f, 1, SECOND, 4);
  frame(&f, 2 * SECOND, true);
  assert_true(says_nothing(&f.scene.channel[0]));
  row(&f, 0, 3 * SECOND, 3);
  frame(&f, 3 * SECOND + 10, false);
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  stop(&f);
}

static void other_numbers_change_when_they_are_due(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  frame(&f, 2 * SECOND, true);
  row(&f, 0, 3 * SECOND, 5);
  frame(&f, 4 * SECOND, false);
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  assert_true(shown_at(&f, 0, 3 * SECOND, 5)); /* the trace does not wait */
  frame(&f, 4 * SECOND, true);
  assert_true(shows(&f.scene.channel[0], 5, 3, 5, 4));
  stop(&f);
}

/* Of what is in view: not of what has left it. */
static void numbers_are_of_what_is_in_view(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 100);
  row(&f, 0, 2 * SECOND, 4);
  row(&f, 0, 15 * SECOND, 6);
  frame(&f, 20 * SECOND, true); /* from 10 s on, at which the 4 is still held */
  assert_true(shows(&f.scene.channel[0], 6, 4, 6, 6));
  view_hold(&f.view, 14 * SECOND);
  frame(&f, 20 * SECOND, true);
  assert_true(f.scene.channel[0].last == 4 && f.scene.channel[0].max == 4);
  assert_true(isnan(f.scene.channel[0].mean));
  stop(&f);
}

/* The edge may lie within a column, of which later samples are then not seen and not counted. */
static void numbers_end_at_the_edge(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  frame(&f, 2030 * SECOND / 1000, true);
  view_freeze(&f.view, true);
  row(&f, 0, 2031 * SECOND / 1000, 9);
  frame(&f, 2060 * SECOND / 1000, true);
  assert_false(shown_at(&f, 0, 2020 * SECOND / 1000, 9));
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  stop(&f);
}

static void the_live_value_is_the_readers_own(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  frame(&f, 2 * SECOND, true);
  row(&f, 0, 3 * SECOND, 9); /* published, and not taken */
  build(&f, true);
  assert_true(shows(&f.scene.channel[0], 9, 3, 9, 3)); /* who reads 9 does not read beside it that 3 is the most */

  /* What is frozen is not live. */
  view_freeze(&f.view, true);
  build(&f, true);
  assert_true(f.scene.channel[0].last == 3);
  frame(&f, 4 * SECOND, true);
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  view_freeze(&f.view, false);
  build(&f, true);
  assert_true(shows(&f.scene.channel[0], 9, 3, 9, 6));
  stop(&f);
}

/* ---- What the painter is told beside ---- */

static void states(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  frame(&f, 2 * SECOND, true);
  assert_int_equal(f.scene.state, SCENE_LIVE);
  view_freeze(&f.view, true);
  frame(&f, 3 * SECOND, true);
  assert_int_equal(f.scene.state, SCENE_PAUSED);
  view_freeze(&f.view, false);
  stream_end(f.stream, false);
  frame(&f, 4 * SECOND, true);
  assert_int_equal(f.scene.state, SCENE_ENDED);
  const int64_t first = f.scene.time.first;
  assert_true(f.scene.channel[0].last == 3);
  frame(&f, 9 * SECOND, true);
  assert_int_equal(f.scene.time.first, first);
  view_freeze(&f.view, true);
  frame(&f, 9 * SECOND, true);
  assert_int_equal(f.scene.state, SCENE_PAUSED);
  stop(&f);
}

static void what_times_are_counted_in(void **state)
{
  (void)state;
  static const struct {
    enum time_base_kind kind;
    int64_t unit;
    const char *name;
    bool clock;
  } cases[] = {
      {TIME_ARRIVAL, 1000000000, "s", true},
      {TIME_RATE, 1000000000, "s", true},
      {TIME_NUMBER, 1000000, "n", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct fixture f;
    start(&f, false);
    intake_free(f.intake);
    const struct time_base base = {.kind = cases[i].kind, .rate_hz = 10};
    f.intake = intake_new(f.stream, &base, (size_t)1 << 20, false);
    assert_non_null(f.intake);
    build(&f, true);
    assert_int_equal(f.scene.time_unit, cases[i].unit);
    assert_string_equal(f.scene.time_name, cases[i].name);
    assert_int_equal(f.scene.clock_labels, cases[i].clock);
    stop(&f);
  }
}

static void the_windows_part_is_left_alone(void **state)
{
  (void)state;
  static const struct scene_help help[] = {{"q", "quit"}, {NULL, NULL}};
  struct fixture f;
  start(&f, false);
  f.scene.note = "note";
  f.scene.grid = true;
  f.scene.help = help;
  f.scene.title = "title";
  f.scene.unit = "ms";
  f.scene.rate = "1/s";
  f.scene.rejected = "";
  frame(&f, SECOND, true);
  assert_string_equal(f.scene.note, "note");
  assert_true(f.scene.grid && !f.scene.legend && f.scene.help == help);
  assert_string_equal(f.scene.title, "title");
  assert_string_equal(f.scene.unit, "ms");
  stop(&f);
}

/* What the layout wants to know is there before there are columns. */
static void an_outline_before_the_first_frame(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "temperature");
  row(&f, 0, SECOND, 3);
  take(&f, 2 * SECOND);
  view_toggle_channel(&f.view, 0);
  const struct scene_source source = {.intake = f.intake, .view = &f.view, .style = f.style};
  scene_outline(&f.scene, &source);
  assert_int_equal(f.scene.channels, 1);
  assert_string_equal(f.scene.channel[0].name, "temperature");
  assert_true(f.scene.channel[0].hidden && f.scene.channel[0].columns == NULL);
  assert_true(says_nothing(&f.scene.channel[0]));
  assert_int_equal(f.scene.panes, 1);
  assert_true(f.scene.pane[0].axis.low == -10 && f.scene.pane[0].axis.high == 10);
  assert_true((f.scene.pane[0].channels & 1) == 1);
  stop(&f);
}

/* ---- Extents ---- */

static void the_extent_is_that_of_what_is_seen(void **state)
{
  (void)state;
  struct fixture f;
  double low;
  double high;
  start(&f, false);
  frame(&f, SECOND, true);
  scene_extent(&f.scene, 0, &low, &high);
  assert_true(low > high); /* nothing */
  stream_channel_add(f.stream, "small");
  stream_channel_add(f.stream, "large");
  stream_channel_add(f.stream, "none");
  row(&f, 0, SECOND, 1);
  row(&f, 0, 2 * SECOND, -2);
  row(&f, 1, 2 * SECOND, 1000);
  frame(&f, 3 * SECOND, true);
  scene_extent(&f.scene, 0, &low, &high);
  assert_true(low == -2 && high == 1000);
  view_toggle_channel(&f.view, 1);
  frame(&f, 3 * SECOND, true);
  assert_true(f.scene.channel[1].hidden && !f.scene.channel[0].hidden);
  scene_extent(&f.scene, 0, &low, &high);
  assert_true(low == -2 && high == 1);
  row(&f, 0, 3 * SECOND, 50); /* in the newest column */
  frame(&f, 3 * SECOND + 1, true);
  scene_extent(&f.scene, 0, &low, &high);
  assert_true(low == -2 && high == 50);
  view_toggle_channel(&f.view, 1);
  f.view.pane[0].channels = 2; /* another pane has the rest */
  frame(&f, 3 * SECOND + 2, true);
  scene_extent(&f.scene, 0, &low, &high);
  assert_true(low == 1000 && high == 1000);
  stop(&f);
}

/* ---- Purity ---- */

static bool alike(double a, double b)
{
  return a == b || (isnan(a) && isnan(b));
}

static void assert_same_scene(const struct scene *a, const struct scene *b)
{
  assert_int_equal(a->channels, b->channels);
  assert_int_equal(a->state, b->state);
  assert_int_equal(a->time.first, b->time.first);
  assert_true(time_axis_same_columns(&a->time, &b->time));
  for (int i = 0; i < a->channels; i++) {
    const struct channel_scene *x = &a->channel[i];
    const struct channel_scene *y = &b->channel[i];
    assert_string_equal(x->name, y->name);
    assert_int_equal(x->hidden, y->hidden);
    assert_true(alike(x->last, y->last) && alike(x->min, y->min) && alike(x->max, y->max) && alike(x->mean, y->mean));
    for (int k = 0; k < a->time.columns; k++)
      assert_true(alike(x->columns[k].low, y->columns[k].low) && alike(x->columns[k].high, y->columns[k].high));
  }
}

/* Whatever was built before, the same input makes the same scene: one from nothing, and one that has a past. */
static void the_same_input_makes_the_same_scene(void **state)
{
  (void)state;
  static const char *const names[] = {"a", "b", "c", "d"};
  struct random r = random_seeded(1);
  for (int round = 0; round < SCALED(20, 5); round++) {
    struct fixture f;
    start(&f, random_once_in(&r, 2));
    int channels = 0;
    int64_t now = 0;
    for (int step = 0; step < 60; step++) {
      if (channels < 4 && random_once_in(&r, 10))
        stream_channel_add(f.stream, names[channels++]);
      for (int i = 0; channels && i < 10; i++) {
        now += random_between(&r, 0, SECOND / 10);
        row(&f, random_below(&r, (uint64_t)channels), now, random_once_in(&r, 10) ? (double)NAN : random_unit(&r));
      }
      now += random_between(&r, 0, SECOND / 5);
      switch (random_below(&r, 8)) {
      case 0:
        view_toggle_channel(&f.view, (int)random_below(&r, 4));
        break;
      case 1:
        view_freeze(&f.view, !f.view.frozen);
        break;
      case 2:
        view_hold(&f.view, random_between(&r, 0, now));
        break;
      case 3:
        view_follow(&f.view);
        break;
      case 4:
        f.style = (enum column_style)random_below(&r, 3);
        break;
      default:
        break;
      }
      frame(&f, now, true);
      const struct scene_source source = {.intake = f.intake, .view = &f.view, .style = f.style};
      struct scene other = {.channels = 0};
      struct scene_columns columns = {.allocated = 0};
      assert_true(scene_build(&other, &columns, &source, true));
      assert_same_scene(&f.scene, &other);
      assert_true(scene_build(&other, &columns, &source, false));
      assert_same_scene(&f.scene, &other);
      scene_columns_destroy(&columns);
    }
    stop(&f);
  }
}

/* Nothing of what was cleared is left in what is kept between frames, though time goes on. */
static void a_cleared_scene(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "old");
  for (int i = 0; i < 50; i++) {
    row(&f, 0, i * SECOND / 10, i % 7);
    frame(&f, i * SECOND / 10 + 1, true);
  }
  view_zoom_time(&f.view, 0, 0.5);
  view_zoom_values(&f.view, 0, 25, 0.5);
  frame(&f, 5 * SECOND, true);
  assert_true(shown_at(&f, 0, 4 * SECOND, 4 * 10 % 7));
  view_freeze(&f.view, true);
  view_toggle_channel(&f.view, 0);
  const int64_t span = f.view.span;
  const double high = f.view.pane[0].axis.high;

  scene_clear(&f.scene, &f.columns);
  intake_clear(f.intake);
  view_clear(&f.view, intake_edge(f.intake));
  frame(&f, 5 * SECOND, true);
  assert_int_equal(f.scene.channels, 0);
  stream_begin_generation(f.stream, &(struct stream_counts){.lines = 50}, INT64_MIN);
  stream_channel_add(f.stream, "new");
  row(&f, 0, 6 * SECOND, -3);
  frame(&f, 7 * SECOND, true);
  assert_string_equal(f.scene.channel[0].name, "new");
  assert_true(shows(&f.scene.channel[0], -3, -3, -3, -3));
  assert_false(shown_at(&f, 0, 4 * SECOND, 4 * 10 % 7)); /* in view, and painted before */
  assert_true(shown_at(&f, 0, 65 * SECOND / 10, -3));
  assert_int_equal(f.scene.strip.begin, 6 * SECOND);
  assert_int_equal(f.scene.state, SCENE_LIVE);
  assert_false(f.scene.channel[0].hidden);
  assert_true(f.view.span == span && f.view.pane[0].axis.high == high); /* as it was zoomed */
  const struct scene_source source = {.intake = f.intake, .view = &f.view, .style = f.style};
  struct scene other = {.channels = 0};
  struct scene_columns columns = {.allocated = 0};
  assert_true(scene_build(&other, &columns, &source, true));
  for (int k = 0; k < COLUMNS; k++)
    assert_true(alike(f.scene.channel[0].columns[k].low, other.channel[0].columns[k].low));
  scene_columns_destroy(&columns);
  stop(&f);
}

/* At the axis stands what those channels share that are to be seen. */
static void the_unit_of_an_axis(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  stream_channel_set_unit(f.stream, 0, "V");
  stream_channel_add(f.stream, "b");
  stream_channel_set_unit(f.stream, 1, "mV");
  frame(&f, SECOND, true);
  assert_string_equal(f.scene.channel[1].unit, "mV");
  assert_string_equal(f.scene.pane[0].unit, "");
  view_toggle_channel(&f.view, 1);
  frame(&f, SECOND, true);
  assert_string_equal(f.scene.pane[0].unit, "V");
  stream_channel_add(f.stream, "c"); /* of no unit */
  frame(&f, SECOND, true);
  assert_string_equal(f.scene.pane[0].unit, "");
  stream_channel_set_unit(f.stream, 2, "V"); /* it was only not known yet */
  frame(&f, SECOND, true);
  assert_string_equal(f.scene.pane[0].unit, "V");
  stop(&f);
}

/*
 * Where a column states times, several rows may have one and the same, and each may come when the one before was painted
 * already. What is kept between frames is what one from nothing would have.
 */
static void samples_of_a_time_already_painted(void **state)
{
  (void)state;
  static const struct time_base base = {.kind = TIME_STATED};
  struct random r = random_seeded(2);
  for (int round = 0; round < SCALED(30, 9); round++) {
    struct fixture f;
    start(&f, false);
    intake_free(f.intake);
    f.intake = intake_new(f.stream, &base, (size_t)16 << 20, false);
    f.style = (enum column_style)(round % 3);
    stream_state_next(f.stream, 0);
    stream_channel_add(f.stream, "a");
    int64_t time = 0;
    for (int step = 0; step < 100; step++) {
      const double value = random_unit(&r) * 8;
      stream_put(f.stream, 0, &time, &value, 1);
      stream_publish(f.stream, &(struct stream_counts){.rows = 1});
      stream_state_next(f.stream, time + 1); /* as the reader does */
      frame(&f, 0, true);
      assert_true(shown_at(&f, 0, time, value));
      const struct scene_source source = {.intake = f.intake, .view = &f.view, .style = f.style};
      struct scene other = {.channels = 0};
      struct scene_columns columns = {.allocated = 0};
      assert_true(scene_build(&other, &columns, &source, true));
      assert_same_scene(&f.scene, &other);
      scene_columns_destroy(&columns);
      if (random_once_in(&r, 2)) /* mostly the last tick of a column: its edge is the next one's beginning */
        time = random_once_in(&r, 4) ? time + random_between(&r, 1, SECOND / 5)
                                     : (time / (SECOND / 10) + 1) * (SECOND / 10) - 1 + SECOND / 10;
    }
    stop(&f);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_plain_case_holds_zero_and_then_the_value),
      cmocka_unit_test(the_style_says_how_samples_are_joined),
      cmocka_unit_test(a_wider_plot_has_more_columns),
      cmocka_unit_test(a_new_channel_has_its_numbers_at_once),
      cmocka_unit_test(a_channel_that_had_no_sample_has_its_numbers_at_once),
      cmocka_unit_test(other_numbers_change_when_they_are_due),
      cmocka_unit_test(numbers_are_of_what_is_in_view),
      cmocka_unit_test(numbers_end_at_the_edge),
      cmocka_unit_test(the_live_value_is_the_readers_own),
      cmocka_unit_test(states),
      cmocka_unit_test(what_times_are_counted_in),
      cmocka_unit_test(the_windows_part_is_left_alone),
      cmocka_unit_test(an_outline_before_the_first_frame),
      cmocka_unit_test(the_extent_is_that_of_what_is_seen),
      cmocka_unit_test(a_cleared_scene),
      cmocka_unit_test(the_unit_of_an_axis),
      cmocka_unit_test(samples_of_a_time_already_painted),
      cmocka_unit_test(the_same_input_makes_the_same_scene),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
