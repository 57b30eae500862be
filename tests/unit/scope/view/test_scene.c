/* From samples to what is to be seen: columns, extents, states, and what the painter is told beside. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scope/store/intake.h"
#include "scope/view/scene.h"
#include "scope/view/scene_fixture.h"
#include "scope/view/view.h"

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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_plain_case_holds_zero_and_then_the_value),
      cmocka_unit_test(the_style_says_how_samples_are_joined),
      cmocka_unit_test(a_wider_plot_has_more_columns),
      cmocka_unit_test(states),
      cmocka_unit_test(what_times_are_counted_in),
      cmocka_unit_test(the_windows_part_is_left_alone),
      cmocka_unit_test(an_outline_before_the_first_frame),
      cmocka_unit_test(the_extent_is_that_of_what_is_seen),
      cmocka_unit_test(the_unit_of_an_axis),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
