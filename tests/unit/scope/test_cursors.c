/*
 * Cursors by keys and mouse, through all that a window has but the window, on a virtual clock: where they go, what is
 * read out there, and what is copied.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scope/controls.h"
#include "scope/copy.h"
#include "scope/cursor_controls.h"
#include "scope/cursors_fixture.h"
#include "scope/frame.h"
#include "scope/settings.h"

static void c_shows_them_on_samples_and_hides_them(void **state)
{
  (void)state;
  struct bench b;
  start(&b, true);
  key(&b, 'c', false);
  assert_true(cursors(&b)->on && cursors(&b)->time[0] < cursors(&b)->time[1]);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(cursors(&b)->time[i] % MILLISECOND, 0);
    assert_in_range(b.frame.scene.cursors.column[i], 0, b.frame.scene.time.columns - 1);
  }
  key(&b, 'c', false);
  assert_false(cursors(&b)->on);
  key(&b, 'c', false);
  key(&b, KEY_ESCAPE, false);
  assert_false(cursors(&b)->on);
  assert_int_equal(b.wish, WISH_NOTHING);
  key(&b, KEY_ESCAPE, false);
  assert_int_equal(b.wish, WISH_CLOSE);
  stop(&b);
}

static void arrows_move_the_active_one_by_a_sample(void **state)
{
  (void)state;
  struct bench b;
  start(&b, true);
  const struct time_axis before = b.frame.view.time;
  place(&b, 1000, 2000);
  key(&b, '<', false);
  key(&b, KEY_RIGHT, false);
  key(&b, KEY_RIGHT, false);
  assert_int_equal(cursors(&b)->time[0], 1002 * MILLISECOND);
  key(&b, '.', true); /* where > is typed so */
  key(&b, KEY_LEFT, false);
  assert_int_equal(cursors(&b)->time[1], 1999 * MILLISECOND);
  assert_int_equal(cursors(&b)->time[0], 1002 * MILLISECOND);
  key(&b, KEY_RIGHT, true);
  assert_true(cursors(&b)->time[1] > 2040 * MILLISECOND);
  assert_int_equal(b.frame.view.time.first, before.first); /* nothing was panned */
  key(&b, KEY_PAGE_UP, false);
  assert_true(b.frame.view.time.first < before.first);
  /* At both ends of what there is they stay. */
  place(&b, 0, SAMPLES - 1);
  key(&b, '<', false);
  key(&b, KEY_LEFT, false);
  key(&b, '>', false);
  key(&b, KEY_RIGHT, false);
  assert_true(cursors(&b)->time[0] == 0 && cursors(&b)->time[1] == (SAMPLES - 1) * MILLISECOND);
  key(&b, 'c', false);
  const int64_t first = b.frame.view.time.first;
  key(&b, KEY_LEFT, false); /* without cursors it pans */
  assert_true(b.frame.view.time.first <= first);
  stop(&b);
}

static void a_distance_is_typed(void **state)
{
  (void)state;
  struct bench b;
  start(&b, true);
  key(&b, '=', false);
  assert_non_null(strstr(b.said, "c shows them"));
  place(&b, 1000, 2000);
  key(&b, '>', false);
  key(&b, '=', false);
  assert_true(b.frame.scene.cursors.typing);
  type(&b, "0.5q");
  assert_int_equal(b.wish, WISH_NOTHING); /* q is a letter now */
  key(&b, KEY_ENTER, false);
  assert_non_null(strstr(b.said, "number of seconds"));
  assert_false(b.frame.scene.cursors.typing);
  assert_true(cursors(&b)->time[0] == SECOND && cursors(&b)->time[1] == 2 * SECOND);
  key(&b, '=', false);
  key(&b, KEY_ENTER, false); /* nothing */
  assert_int_equal(cursors(&b)->time[1], 2 * SECOND);
  key(&b, '=', false);
  type(&b, "0.57");
  key(&b, KEY_BACKSPACE, false);
  key(&b, KEY_ENTER, false);
  assert_true(cursors(&b)->time[0] == SECOND && cursors(&b)->time[1] == SECOND * 3 / 2);
  /* The active one moves, also backwards; Esc leaves it, and what is not there is said. */
  key(&b, '<', false);
  key(&b, '=', false);
  type(&b, "-250ms");
  key(&b, KEY_ENTER, false);
  assert_true(cursors(&b)->time[0] == SECOND * 5 / 4 && cursors(&b)->time[1] == SECOND * 3 / 2);
  key(&b, '=', false);
  type(&b, "100");
  key(&b, KEY_ENTER, false);
  assert_non_null(strstr(b.said, "nothing so far"));
  key(&b, '=', false);
  type(&b, "1");
  key(&b, KEY_ESCAPE, false);
  assert_true(cursors(&b)->on && !b.frame.scene.cursors.typing);
  assert_int_equal(cursors(&b)->time[0], SECOND * 5 / 4);
  stop(&b);
}

static void distances_are_read(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int64_t ticks;
  } good[] = {{"1", 1000000000},    {"0.02", 20000000},    {"20m", 20000000},   {"20ms", 20000000},
              {"1e-3", 1000000},    {"-5us", -5000},       {"2,5", 2500000000}, {"7ns", 7},
              {"1.5s", 1500000000}, {"2k", 2000000000000}, {"3\xC2\xB5s", 3000}};
  static const char *const bad[] = {"", "x", "1x", "ms", "--1", "1e300", "nan", "inf", "1 2"};
  int64_t ticks;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_true(cursor_controls_read(good[i].text, SECOND, true, &ticks));
    assert_int_equal(ticks, good[i].ticks);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(cursor_controls_read(bad[i], SECOND, true, &ticks));
  assert_true(cursor_controls_read("12", 1000000, false, &ticks));
  assert_int_equal(ticks, 12000000);
  assert_false(cursor_controls_read("12s", 1000000, false, &ticks));
}

static void each_is_dragged(void **state)
{
  (void)state;
  struct bench b;
  int left;
  int top;
  start(&b, true);
  place(&b, 1000, 3000);
  find_plot(&b, &left, &top);
  const struct time_axis before = b.frame.view.time;
  const int *column = b.frame.scene.cursors.column;
  const int from = column[0];
  drag(&b, left + from + 2, top + 100, left + from + 102, top + 120); /* taken beside its middle */
  assert_int_equal(cursors(&b)->active, 0);
  const int64_t moved = cursors(&b)->time[0];
  assert_int_equal(moved % MILLISECOND, 0); /* on a sample */
  assert_true(llabs(moved - SECOND - 100 * before.width) <= 6 * before.width);
  assert_int_equal(cursors(&b)->time[1], 3 * SECOND);
  assert_true(b.frame.view.time.first == before.first); /* the view stays */
  /* By its handle at the top, beyond the end of the plot: as far as there are samples. */
  drag(&b, left + column[1], top + 3, WIDTH - 1, top + 3);
  assert_int_equal(cursors(&b)->active, 1);
  assert_true(cursors(&b)->time[1] > 3900 * MILLISECOND);
  /* Beside a cursor the plot is dragged. */
  const int64_t kept = cursors(&b)->time[0];
  drag(&b, left + column[0] + 40, top + 100, left + column[0] + 140, top + 100);
  assert_int_equal(cursors(&b)->time[0], kept);
  assert_true(b.frame.view.time.first < before.first);
  stop(&b);
}

static void the_bar_drags_both(void **state)
{
  (void)state;
  struct bench b;
  int left;
  int top;
  start(&b, true);
  place(&b, 1000, 2000);
  find_plot(&b, &left, &top);
  const int *column = b.frame.scene.cursors.column;
  const int middle = left + (column[0] + column[1]) / 2;
  drag(&b, middle, top + 3, middle + 50, top + 3);
  assert_int_equal(cursors(&b)->time[1] - cursors(&b)->time[0], SECOND);
  assert_int_equal(cursors(&b)->time[0] - SECOND, 50 * b.frame.view.time.width);
  drag(&b, left + (column[0] + column[1]) / 2, top + 3, left - 2000, top + 3);
  assert_true(cursors(&b)->time[0] == 0 && cursors(&b)->time[1] == SECOND);
  /* Esc while dragging takes it back. */
  mouse(&b, SHOW_PRESS, left + (column[0] + column[1]) / 2, top + 3);
  mouse(&b, SHOW_MOVE, left + 500, top + 3);
  key(&b, KEY_ESCAPE, false);
  mouse(&b, SHOW_RELEASE, left + 500, top + 3);
  assert_true(cursors(&b)->on && cursors(&b)->time[0] == 0 && cursors(&b)->time[1] == SECOND);
  stop(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(c_shows_them_on_samples_and_hides_them),
      cmocka_unit_test(arrows_move_the_active_one_by_a_sample),
      cmocka_unit_test(a_distance_is_typed),
      cmocka_unit_test(distances_are_read),
      cmocka_unit_test(each_is_dragged),
      cmocka_unit_test(the_bar_drags_both),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
