/* Pinches on a touchpad: what they zoom, that they never end following, and that each is one step of undo. */
#include "gesture_fixture.h"

#include <stdlib.h>

static void start(struct bench *b)
{
  bench_start(b, steady_model(60000, MILLISECOND), COLUMN_STEP, 10 * SECOND);
  bench_run(b, 40 * SECOND);
}

static int64_t shown(const struct bench *b)
{
  return time_axis_end(&b->view.time) - time_axis_begin(&b->view.time);
}

/* From a distance to `times` as much of it, in as many events. */
static void pinch(struct bench *b, double times, int events)
{
  bench_pinch(b, PINCH_BEGINS, 1);
  for (int i = 0; i < events; i++) {
    bench_pinch(b, PINCH_CHANGES, pow(times, 1.0 / events));
    bench_run(b, 10 * MILLISECOND);
  }
  bench_pinch(b, PINCH_ENDS, 1);
}

static void fingers_twice_as_far_apart_show_half_the_time(void **state)
{
  (void)state;
  static const double times[] = {2, 0.5, 4, 0.25, 1.5};
  struct bench b;
  start(&b);
  bench_point(&b, 50, 50);
  for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
    const int64_t before = shown(&b);
    pinch(&b, times[i], 8);
    assert_int_equal(b.view.state, VIEW_FOLLOWS);
    assert_true(llabs(shown(&b) - (int64_t)((double)before / times[i])) <= COLUMNS * b.view.time.width / 100);
    assert_true(time_axis_end(&b.view.time) >= b.now);
    assert_true(time_axis_end(&b.view.time) - b.now <= b.view.time.width);
    bench_check_columns(&b);
  }
  bench_stop(&b);
}

static void when_held_it_is_about_the_pointer(void **state)
{
  (void)state;
  struct bench b;
  start(&b);
  bench_drag(&b, 50, 50, 150, 50);
  assert_int_equal(b.view.state, VIEW_HELD);
  bench_point(&b, 120, 50);
  const int64_t about = time_axis_time(&b.view.time, b.view.time.first + 120) + b.view.time.width / 2;
  bench_pinch(&b, PINCH_BEGINS, 1);
  for (int i = 0; i < 40; i++) {
    bench_pinch(&b, PINCH_CHANGES, i < 20 ? 1.1 : 1 / 1.1);
    assert_int_equal(time_axis_column(&b.view.time, about) - b.view.time.first, 120);
  }
  bench_pinch(&b, PINCH_ENDS, 1);
  assert_true(llabs(shown(&b) - 10 * SECOND) <= SECOND / 10);
  bench_stop(&b);
}

static void a_pinch_is_one_step_of_undo(void **state)
{
  (void)state;
  struct bench b;
  start(&b);
  bench_point(&b, 50, 50);
  pinch(&b, 2, 7);
  pinch(&b, 2, 7);
  pinch(&b, 1, 0); /* fingers that only touch are none */
  assert_int_equal(b.undo.now, 2);
  assert_true(undo_back(&b.undo, &b.view));
  bench_run(&b, SECOND);
  assert_true(llabs(shown(&b) - 5 * SECOND) <= SECOND / 10);
  assert_true(undo_back(&b.undo, &b.view));
  bench_run(&b, SECOND);
  assert_int_equal(shown(&b), 10 * SECOND);
  assert_int_equal(b.view.state, VIEW_FOLLOWS);
  assert_true(undo_forward(&b.undo, &b.view));
  assert_true(undo_forward(&b.undo, &b.view));
  bench_run(&b, SECOND);
  assert_true(llabs(shown(&b) - 5 * SECOND / 2) <= SECOND / 10);
  bench_stop(&b);
}

static void what_was_not_meant_leaves_nothing_behind(void **state)
{
  (void)state;
  struct bench b;
  start(&b);
  bench_point(&b, 50, 50);
  bench_pinch(&b, PINCH_CHANGES, 3); /* of none that has begun */
  bench_pinch(&b, PINCH_ENDS, 1);
  assert_int_equal(shown(&b), 10 * SECOND);
  for (int escape = 0; escape < 2; escape++) {
    bench_pinch(&b, PINCH_BEGINS, 1);
    bench_pinch(&b, PINCH_CHANGES, 3);
    assert_true(shown(&b) < 4 * SECOND);
    if (escape)
      assert_true(gesture_cancel(&b.gesture, &b.view));
    else
      bench_pinch(&b, PINCH_CANCELLED, 1);
    bench_pinch(&b, PINCH_CHANGES, 3); /* what still comes of it */
    bench_run(&b, SECOND);
    assert_int_equal(shown(&b), 10 * SECOND);
    assert_int_equal(b.view.state, VIEW_FOLLOWS);
    assert_int_equal(b.undo.now, 0);
  }
  bench_stop(&b);
}

/* Nor does a drag end by a pinch, nor is a mouse dead whose touchpad never told the end. */
static void it_keeps_apart_from_the_mouse(void **state)
{
  (void)state;
  struct bench b;
  start(&b);
  bench_point(&b, 50, 50);
  bench_press(&b, BUTTON_LEFT);
  pinch(&b, 3, 1);
  assert_int_equal(shown(&b), 10 * SECOND);
  assert_int_equal(b.gesture.drag, DRAG_PLOT);
  bench_release(&b, BUTTON_LEFT);
  bench_pinch(&b, PINCH_BEGINS, 1);
  bench_pinch(&b, PINCH_CHANGES, 2);
  bench_press(&b, BUTTON_LEFT);
  assert_int_equal(b.undo.now, 1);
  assert_int_equal(b.gesture.drag, DRAG_PLOT);
  bench_release(&b, BUTTON_LEFT);
  bench_stop(&b);
}

static void axes_are_their_own(void **state)
{
  (void)state;
  struct bench b;
  start(&b);
  bench_point(&b, -10, ROWS / 2);
  pinch(&b, 2, 4);
  const struct value_axis *values = &b.view.pane[0].axis;
  assert_true(fabs(values->high - values->low - 10) < 0.01);
  assert_int_equal(shown(&b), 10 * SECOND);
  bench_point(&b, 50, ROWS + 5);
  pinch(&b, 2, 4);
  assert_true(llabs(shown(&b) - 5 * SECOND) <= SECOND / 20);
  bench_point(&b, 50, LEGEND_Y + 5);
  pinch(&b, 2, 4);
  assert_true(llabs(shown(&b) - 5 * SECOND) <= SECOND / 20);
  assert_true(fabs(values->high - values->low - 10) < 0.01);
  bench_stop(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fingers_twice_as_far_apart_show_half_the_time),
      cmocka_unit_test(when_held_it_is_about_the_pointer),
      cmocka_unit_test(a_pinch_is_one_step_of_undo),
      cmocka_unit_test(what_was_not_meant_leaves_nothing_behind),
      cmocka_unit_test(it_keeps_apart_from_the_mouse),
      cmocka_unit_test(axes_are_their_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
