/* Gestures over a live plot, on a virtual clock: what they do to the view, and that what is shown is what came in. */
#include "gesture_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/new_file.h"
#include "scale.h"
#include "scope/export.h"

static int64_t begin_of(const struct bench *b)
{
  return time_axis_begin(&b->view.time);
}

static int64_t end_of(const struct bench *b)
{
  return time_axis_end(&b->view.time);
}

static void assert_same_view(const struct view *a, const struct view *b)
{
  assert_true(time_axis_same_columns(&a->time, &b->time));
  assert_int_equal(a->time.first, b->time.first);
  assert_true(a->pane[0].axis.low == b->pane[0].axis.low && a->pane[0].axis.high == b->pane[0].axis.high);
}

/* ---- Following ---- */

static void the_wheel_never_ends_following(void **state)
{
  (void)state;
  struct bench b;
  bench_start(&b, steady_model(60000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 20 * SECOND);
  bench_point(&b, 50, 50);
  for (int i = 0; i < 40; i++) {
    bench_wheel(&b, 0, i < 20 ? 1 : -1);
    for (int k = 0; k < 5; k++) {
      bench_run(&b, 10 * MILLISECOND);
      assert_int_equal(b.view.state, VIEW_FOLLOWS);
      const int64_t newest = b.model.time[b.fed - 1]; /* the right end is now, a millisecond after it at most */
      assert_true(end_of(&b) - b.view.time.width <= newest + MILLISECOND && newest < end_of(&b));
      bench_check_columns(&b);
    }
  }
  /* In and out again by the same steps: as wide as before, to the rounding of 40 steps. */
  assert_true(llabs(end_of(&b) - begin_of(&b) - 10 * SECOND) < 10 * SECOND / 100);
  bench_stop(&b);
}

static void when_held_the_wheel_zooms_about_the_pointer(void **state)
{
  (void)state;
  struct bench b;
  bench_start(&b, steady_model(60000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 40 * SECOND);
  bench_drag(&b, 50, 50, 150, 50); /* 100 columns earlier */
  assert_int_equal(b.view.state, VIEW_HELD);
  assert_int_equal(end_of(&b), 35 * SECOND);
  bench_point(&b, 120, 50);
  const int64_t about = time_axis_time(&b.view.time, b.view.time.first + 120) + b.view.time.width / 2;
  for (int i = 0; i < 60; i++) {
    bench_wheel(&b, 0, i < 30 ? 1 : -1);
    assert_int_equal(time_axis_column(&b.view.time, about) - b.view.time.first, 120);
    bench_run(&b, 10 * MILLISECOND);
    bench_check_columns(&b);
  }
  bench_stop(&b);
}

/* Panned away, and an hour of data later: the same columns. */
static void what_is_held_is_held_for_an_hour(void **state)
{
  (void)state;
  struct bench b;
  const int seconds = SCALED(3600, 600);
  bench_start(&b, steady_model((size_t)seconds * 500, 2 * MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 30 * SECOND);
  bench_drag(&b, 50, 50, 120, 50);
  bench_run(&b, MILLISECOND);
  struct column kept[COLUMNS];
  memcpy(kept, b.scene.channel[0].columns, sizeof kept);
  const struct time_axis time = b.view.time;
  while (b.now < (seconds - 10) * SECOND)
    bench_run(&b, 7 * SECOND);
  assert_true(time_axis_same_columns(&time, &b.view.time) && time.first == b.view.time.first);
  assert_memory_equal(kept, b.scene.channel[0].columns, sizeof kept);
  assert_int_equal(b.scene.state, SCENE_HELD);
  assert_non_null(strstr(b.scene.behind, "behind"));
  bench_double_click(&b, 50, 50);
  bench_run(&b, MILLISECOND);
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  assert_true(end_of(&b) >= b.now);
  bench_stop(&b);
}

static void panning_back_to_now_follows(void **state)
{
  (void)state;
  struct bench b;
  bench_start(&b, steady_model(60000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 30 * SECOND);
  bench_drag(&b, 50, 50, 20, 50); /* there is nothing later than now */
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  bench_drag(&b, 50, 50, 53, 52); /* a click with a hand that shakes */
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  bench_run(&b, SECOND);
  bench_drag(&b, 50, 50, 90, 50);
  bench_run(&b, SECOND);
  assert_int_equal(b.view.state, VIEW_HELD);
  bench_drag(&b, 150, 50, 20, 50);
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  bench_stop(&b);
}

/* ---- Each gesture ---- */

static void axes_are_their_own(void **state)
{
  (void)state;
  struct bench b;
  bench_start(&b, steady_model(60000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 30 * SECOND);
  const struct view before = b.view;
  view_autoscale(&b.view, true);
  bench_drag(&b, -10, 20, 60, 70); /* half of the rows down */
  assert_true(b.view.pane[0].axis.low == 0 && b.view.pane[0].axis.high == 20);
  assert_false(b.view.pane[0].autoscale.on);
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  bench_drag(&b, 20, ROWS + 5, 60, 10); /* 40 columns */
  assert_int_equal(b.view.state, VIEW_HELD);
  assert_int_equal(b.view.time.first, before.time.first - 40);
  assert_true(b.view.pane[0].axis.low == 0);
  bench_point(&b, -10, 50);
  bench_wheel(&b, 0, 1);
  assert_true(fabs(b.view.pane[0].axis.high - b.view.pane[0].axis.low - 16) < 0.2);
  assert_int_equal(b.view.time.width, before.time.width);
  bench_double_click(&b, 10, ROWS + 5);
  bench_run(&b, MILLISECOND);
  assert_true(begin_of(&b) <= 0 && end_of(&b) >= b.now);
  bench_double_click(&b, -10, 50);
  assert_true(view_fit(&b.view, 0, -5, 5, b.now));
  assert_true(b.view.pane[0].axis.low <= -5 && b.view.pane[0].axis.high >= 5 && b.view.pane[0].axis.high <= 10);
  assert_false(b.view.pane[0].autoscale.on);
  bench_stop(&b);
}

static void a_box_sets_both_ends_of_both(void **state)
{
  (void)state;
  struct bench b;
  bench_start(&b, steady_model(60000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 30 * SECOND);
  b.shift = true;
  bench_drag(&b, 50, 25, 99, 74);
  b.shift = false;
  assert_int_equal(b.view.state, VIEW_HELD);
  assert_true(begin_of(&b) <= 22500 * MILLISECOND && begin_of(&b) > 22480 * MILLISECOND);
  assert_true(end_of(&b) >= 25 * SECOND && end_of(&b) < 25050 * MILLISECOND);
  assert_true(fabs(b.view.pane[0].axis.high - 5) < 1e-9 && fabs(b.view.pane[0].axis.low + 5) < 1e-9);
  bench_double_click(&b, 10, 10);
  bench_run(&b, MILLISECOND);
  const int64_t width = b.view.time.width;
  bench_double_click(&b, 10, 10); /* again: as at the start */
  bench_run(&b, MILLISECOND);
  assert_true(b.view.time.width > width);
  assert_true(b.view.pane[0].axis.low == -10 && b.view.pane[0].axis.high == 10);
  b.shift = true;
  bench_drag(&b, 100, 25, 300, 26); /* to now: it follows; no taller than a line: values stay */
  b.shift = false;
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  assert_true(b.view.pane[0].axis.low == -10);
  bench_stop(&b);
}

static void the_strip_moves_there(void **state)
{
  (void)state;
  struct bench b;
  bench_start(&b, steady_model(120000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 100 * SECOND);
  bench_point(&b, 100, STRIP_Y + 2);
  bench_press(&b, BUTTON_LEFT);
  bench_release(&b, BUTTON_LEFT);
  assert_int_equal(b.view.state, VIEW_HELD);
  assert_true(begin_of(&b) < 50 * SECOND && end_of(&b) > 50 * SECOND);
  bench_drag(&b, 100, STRIP_Y + 2, 60, 0); /* taken by where it was hit */
  assert_true(begin_of(&b) < 30 * SECOND && end_of(&b) > 30 * SECOND);
  bench_drag(&b, 60, STRIP_Y + 2, 500, STRIP_Y);
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  bench_stop(&b);
}

static void the_legend_by_mouse(void **state)
{
  (void)state;
  struct bench b;
  bench_start(&b, steady_model(100, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, SECOND);
  bench_point(&b, 5, LEGEND_Y + 12);
  bench_press(&b, BUTTON_LEFT);
  bench_release(&b, BUTTON_LEFT);
  assert_true(b.view.hidden == 2);
  b.shift = true;
  bench_press(&b, BUTTON_LEFT);
  bench_release(&b, BUTTON_LEFT);
  assert_true(b.view.hidden == ~UINT64_C(2));
  bench_press(&b, BUTTON_LEFT);
  bench_release(&b, BUTTON_LEFT);
  assert_true(b.view.hidden == 0);
  for (int i = 0; i < 9; i++)
    bench_wheel(&b, 0, -1);
  assert_int_equal(b.gesture.legend_first, 3);
  bench_wheel(&b, 0, 1);
  assert_int_equal(b.gesture.legend_first, 2);
  bench_stop(&b);
}

/* Frozen, all works, and afterwards it follows or is held as it was. */
static void frozen_it_can_be_looked_at(void **state)
{
  (void)state;
  struct bench b;
  bench_start(&b, steady_model(60000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 30 * SECOND);
  view_freeze(&b.view, true);
  bench_run(&b, 5 * SECOND);
  assert_int_equal(end_of(&b), 30 * SECOND);
  bench_wheel(&b, 0, 1);
  assert_int_equal(end_of(&b), 30 * SECOND);
  bench_drag(&b, 50, 50, 90, 50);
  assert_true(end_of(&b) < 30 * SECOND);
  bench_run(&b, SECOND);
  bench_check_columns(&b);
  view_freeze(&b.view, false);
  bench_run(&b, SECOND);
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  assert_int_equal(b.view.span, 8 * SECOND);
  assert_true(end_of(&b) >= 37 * SECOND);
  bench_stop(&b);
}

/* ---- Undo ---- */

static void random_gesture(struct bench *b, struct random *r)
{
  b->shift = random_once_in(r, 4);
  b->ctrl = random_once_in(r, 4);
  const int x = (int)random_between(r, -20, COLUMNS + 10);
  const int y = (int)random_between(r, -5, LEGEND_Y - 1);
  switch (random_below(r, 5)) {
  case 0:
  case 1:
    bench_point(b, x, y);
    bench_wheel(b, random_once_in(r, 4) ? random_unit(r) * 4 - 2 : 0, (double)random_between(r, -3, 3));
    break;
  case 2:
  case 3:
    bench_drag(b, x, y, (int)random_between(r, -50, COLUMNS + 50), (int)random_between(r, -50, ROWS + 50));
    break;
  default:
    bench_double_click(b, x, y);
    view_fit(&b->view, 0, -5, 5, b->now);
    break;
  }
  b->shift = b->ctrl = false;
}

/* Back by 50 steps and forward again: each view is the one that it was, number for number. */
static void fifty_steps_back_and_forth(void **state)
{
  (void)state;
  struct random r = random_seeded(7);
  struct bench b;
  enum { STEPS = 50 };
  static struct view view[STEPS + 1];
  bench_start(&b, steady_model(60000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 40 * SECOND);
  for (int i = 0; i < 100; i++) /* more than is kept */
    random_gesture(&b, &r);
  bench_run(&b, 0);
  view[0] = b.view;
  for (int n = 0; n < STEPS;) {
    const unsigned before = b.undo.now;
    random_gesture(&b, &r);
    bench_run(&b, 0);
    if (b.undo.now != before)
      view[++n] = b.view;
  }
  for (int round = 0; round < 2; round++) {
    for (int n = STEPS - 1; n >= 0; n--) {
      assert_true(undo_back(&b.undo, &b.view));
      bench_run(&b, 0);
      assert_same_view(&b.view, &view[n]);
    }
    for (int n = 1; n <= STEPS; n++) {
      assert_true(undo_forward(&b.undo, &b.view));
      bench_run(&b, 0);
      assert_same_view(&b.view, &view[n]);
    }
    assert_false(undo_forward(&b.undo, &b.view));
  }
  bench_stop(&b);
}

static void an_undone_zoom_still_follows(void **state)
{
  (void)state;
  struct bench b;
  bench_start(&b, steady_model(60000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(&b, 20 * SECOND);
  assert_false(undo_back(&b.undo, &b.view));
  bench_point(&b, 10, 10);
  bench_wheel(&b, 0, 2);
  bench_run(&b, 5 * SECOND);
  assert_true(undo_back(&b.undo, &b.view));
  bench_run(&b, SECOND);
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  assert_int_equal(end_of(&b), 26 * SECOND);
  assert_int_equal(begin_of(&b), 16 * SECOND);
  bench_stop(&b);
}

/* ---- What is shown is what came in ---- */

static bool next_row(FILE *file, double *time, double *value)
{
  char line[128];
  if (!fgets(line, sizeof line, file))
    return false;
  char *comma = strchr(line, ',');
  assert_non_null(comma);
  *time = strtod(line, NULL);
  *value = strtod(comma + 1, NULL);
  return true;
}

/* The exported stretch, line for line. */
static void check_export(const struct bench *b)
{
  char name[NEW_FILE_NAME_MAX];
  double time = 0;
  double value = 0;
  struct export *e = export_begin(b->intake, &b->view, 0, name, sizeof name);
  assert_non_null(e);
  while (export_step(e, 0) == EXPORT_MORE)
    continue;
  export_free(e);
  FILE *file = fopen(name, "r");
  assert_non_null(file);
  char head[64];
  assert_non_null(fgets(head, sizeof head, file));
  assert_memory_equal(head, "time", 4);
  const int64_t end = end_of(b) < b->view.edge ? end_of(b) : b->view.edge;
  for (size_t i = 0; i < b->fed; i++) {
    if (b->model.time[i] < begin_of(b) || b->model.time[i] >= end || (b->view.hidden & 1) != 0)
      continue;
    assert_true(next_row(file, &time, &value));
    assert_true(fabs(time - (double)b->model.time[i] / 1e9) < 1e-9);
    assert_true(same(value, b->model.value[i]));
  }
  assert_false(next_row(file, &time, &value));
  fclose(file);
  assert_int_equal(unlink(name), 0);
}

static void scripts_show_and_export_what_came_in(void **state)
{
  (void)state;
  static const enum column_style style[] = {COLUMN_STEP, COLUMN_LINE, COLUMN_POINTS};
  char directory[] = "/tmp/scope-gesture-XXXXXX";
  assert_non_null(mkdtemp(directory));
  assert_int_equal(chdir(directory), 0);
  for (uint64_t seed = 1; seed <= (uint64_t)SCALED(12, 3); seed++) {
    struct random r = random_seeded(seed);
    struct bench b;
    bench_start(&b, random_model(&r, 3000, 0, MILLISECOND), style[seed % 3],
                random_once_in(&r, 3) ? 0 : random_between(&r, 1, 20) * SECOND / 4);
    b.model.has_initial = false;
    bench_run(&b, SECOND);
    for (int step = 0; step < 150; step++) {
      random_gesture(&b, &r);
      if (random_once_in(&r, 20))
        view_freeze(&b.view, !b.view.frozen);
      if (random_once_in(&r, 10))
        random_once_in(&r, 3) ? undo_forward(&b.undo, &b.view) : undo_back(&b.undo, &b.view);
      bench_run(&b, random_between(&r, 0, SECOND / 5));
      bench_check_columns(&b);
      assert_in_range(b.view.time.width, 1, VIEW_SPAN_MAX);
      assert_true(b.view.pane[0].axis.low < b.view.pane[0].axis.high);
      if (step % 10 == 0 && b.scene.channels > 0)
        check_export(&b);
    }
    bench_stop(&b);
  }
  assert_int_equal(chdir("/"), 0);
  assert_int_equal(rmdir(directory), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_wheel_never_ends_following),
      cmocka_unit_test(when_held_the_wheel_zooms_about_the_pointer),
      cmocka_unit_test(what_is_held_is_held_for_an_hour),
      cmocka_unit_test(panning_back_to_now_follows),
      cmocka_unit_test(axes_are_their_own),
      cmocka_unit_test(a_box_sets_both_ends_of_both),
      cmocka_unit_test(the_strip_moves_there),
      cmocka_unit_test(the_legend_by_mouse),
      cmocka_unit_test(frozen_it_can_be_looked_at),
      cmocka_unit_test(fifty_steps_back_and_forth),
      cmocka_unit_test(an_undone_zoom_still_follows),
      cmocka_unit_test(scripts_show_and_export_what_came_in),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
