/* Which stretch of time is shown: what follows, what is held, what is frozen, all there is, and the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/view.h"
#include "scope/view/view_fixture.h"

static void a_new_view_follows(void **state)
{
  (void)state;
  const struct view v = new_view(EPOCH_NS, 10 * SECOND);
  assert_int_equal(v.state, VIEW_FOLLOWS);
  assert_false(v.frozen || v.settled);
  assert_int_equal(v.hidden, 0);
  assert_int_equal(v.panes, 1);
  assert_true(v.pane[0].channels == UINT64_MAX); /* all in one */
  assert_true(v.pane[0].axis.low == -10 && v.pane[0].axis.high == 10);
  assert_false(v.pane[0].autoscale.on);
  assert_int_equal(v.time.origin, EPOCH_NS);
}

static void the_newest_is_in_the_last_column(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  for (int i = 0; i < SCALED(20000, 4000); i++) {
    const int64_t origin = random_once_in(&r, 2) ? 0 : EPOCH_NS;
    const int64_t span = random_between(&r, 1, 100 * SECOND);
    struct view v = new_view(origin, span);
    resize(&v, (int)random_between(&r, 1, 3000));
    int64_t edge = origin;
    for (int k = 0; k < 3; k++) {
      edge += random_once_in(&r, 3) ? v.time.width * random_between(&r, 0, 5) : random_between(&r, 0, 300 * SECOND);
      view_advance(&v, origin, edge);
      assert_true(end_of(&v) >= edge);
      assert_true(end_of(&v) - v.time.width < edge);
      /* All that was asked for, and less than a tick a column more. */
      const int64_t off = width_of(&v) - span;
      assert_true(off >= 0 && (off < v.time.columns || v.time.width == 1));
    }
  }
}

static void scrolling_keeps_the_columns(void **state)
{
  (void)state;
  struct view v = new_view(EPOCH_NS, 10 * SECOND);
  resize(&v, 1200);
  view_advance(&v, EPOCH_NS, EPOCH_NS + SECOND);
  struct view before = v;
  for (int64_t edge = SECOND; edge < 3 * SECOND; edge += 1234567) { /* a column has 8333333 */
    view_advance(&v, EPOCH_NS, EPOCH_NS + edge);
    assert_true(time_axis_same_columns(&v.time, &before.time));
    assert_in_range(v.time.first - before.time.first, 0, 1);
    before = v;
  }
  assert_int_equal(v.edge, v.right);
}

static void another_width_keeps_the_right_end(void **state)
{
  (void)state;
  struct view v = new_view(0, 10 * SECOND);
  resize(&v, 1000);
  view_advance(&v, 0, 25 * SECOND);
  assert_int_equal(v.time.width, SECOND / 100);
  resize(&v, 500);
  assert_int_equal(v.time.columns, 500);
  assert_int_equal(v.time.width, SECOND / 50);
  assert_int_equal(end_of(&v), 25 * SECOND);
  assert_int_equal(begin_of(&v), 15 * SECOND);
}

static void rows_are_the_panes_own(void **state)
{
  (void)state;
  struct view v = new_view(0, 10 * SECOND);
  resize(&v, 1000);
  const struct time_axis before = v.time;
  const struct scene_size size = {.columns = 1000, .rows = {123}};
  view_resize(&v, &size);
  assert_int_equal(v.pane[0].axis.rows, 123);
  assert_true(time_axis_same_columns(&before, &v.time));
}

static void what_is_held_stays(void **state)
{
  (void)state;
  struct view v = new_view(EPOCH_NS, 10 * SECOND);
  resize(&v, 1000);
  view_advance(&v, EPOCH_NS, EPOCH_NS + 30 * SECOND);
  view_hold(&v, EPOCH_NS + 20 * SECOND);
  assert_int_equal(v.state, VIEW_HELD);
  assert_int_equal(end_of(&v), EPOCH_NS + 20 * SECOND);
  assert_int_equal(begin_of(&v), EPOCH_NS + 10 * SECOND);
  const struct view held = v;
  for (int64_t edge = 30 * SECOND; edge < 50 * SECOND; edge += SECOND) {
    view_advance(&v, EPOCH_NS, EPOCH_NS + edge);
    assert_same_time(&v, &held);
    assert_int_equal(v.right, EPOCH_NS + 20 * SECOND);
    assert_int_equal(v.edge, EPOCH_NS + edge); /* data go on: what is in view and new is drawn */
  }
  resize(&v, 500);
  assert_int_equal(end_of(&v), EPOCH_NS + 20 * SECOND);
  view_follow(&v);
  view_advance(&v, EPOCH_NS, EPOCH_NS + 51 * SECOND);
  assert_int_equal(v.state, VIEW_FOLLOWS);
  assert_int_equal(end_of(&v), EPOCH_NS + 51 * SECOND);
}

/* A view of everything is held like any other: what it shows stays, whatever comes after it. */
static void everything_can_be_held(void **state)
{
  (void)state;
  struct view v = new_view(0, 0);
  resize(&v, 100);
  view_advance(&v, 0, 100 * SECOND);
  const int64_t width = v.time.width;
  view_hold(&v, end_of(&v));
  const struct view held = v;
  assert_int_equal(v.time.width, width);
  assert_int_equal(begin_of(&v), 0);
  for (int64_t edge = 100 * SECOND; edge < 900 * SECOND; edge += 50 * SECOND) {
    view_advance(&v, 0, edge);
    assert_same_time(&v, &held);
  }
  view_home(&v); /* as wide as it was */
  view_advance(&v, 0, 900 * SECOND);
  assert_int_equal(end_of(&v), 900 * SECOND);
  assert_int_equal(width_of(&v), width * 100);
  view_home(&v); /* as at the start */
  view_advance(&v, 0, 900 * SECOND);
  assert_int_equal(begin_of(&v), 0);
  assert_true(end_of(&v) >= 900 * SECOND);
}

static void a_frozen_view_shows_what_it_showed(void **state)
{
  (void)state;
  static const int64_t spans[] = {10000000000, 0};
  for (int i = 0; i < 2; i++) {
    struct view v = new_view(0, spans[i]);
    resize(&v, 500);
    view_autoscale(&v, true);
    view_advance(&v, 0, 20 * SECOND);
    view_fit(&v, 0, -1, 1, 0);
    view_freeze(&v, true);
    const struct view frozen = v;
    view_advance(&v, 0, 90 * SECOND);
    assert_same_time(&v, &frozen);
    assert_int_equal(v.edge, 20 * SECOND);
    assert_int_equal(v.right, 20 * SECOND);
    assert_int_equal(v.state, VIEW_FOLLOWS);
    assert_false(view_fit(&v, 0, -1e6, 1e6, 0));
    view_freeze(&v, false);
    assert_true(view_fit(&v, 0, -1e6, 1e6, 0));
    view_advance(&v, 0, 91 * SECOND);
    assert_int_equal(v.edge, 91 * SECOND);
    assert_true(end_of(&v) >= 91 * SECOND);
  }
}

/* What was held before is held after it, too; back to live ends both. */
static void freezing_is_apart_from_holding(void **state)
{
  (void)state;
  struct view v = new_view(0, 10 * SECOND);
  resize(&v, 1000);
  view_advance(&v, 0, 40 * SECOND);
  view_hold(&v, 20 * SECOND);
  view_freeze(&v, true);
  view_advance(&v, 0, 41 * SECOND);
  assert_int_equal(v.edge, 40 * SECOND);
  view_freeze(&v, false);
  view_advance(&v, 0, 42 * SECOND);
  assert_int_equal(v.edge, 42 * SECOND);
  assert_int_equal(end_of(&v), 20 * SECOND);
  view_freeze(&v, true);
  view_follow(&v);
  assert_false(v.frozen);
  view_advance(&v, 0, 43 * SECOND);
  assert_int_equal(end_of(&v), 43 * SECOND);
}

static void the_end_holds_the_view(void **state)
{
  (void)state;
  struct view v = new_view(0, 10 * SECOND);
  resize(&v, 1000);
  view_advance(&v, 0, 20 * SECOND);
  view_settle(&v);
  view_advance(&v, 0, 21 * SECOND); /* the edge of the end */
  assert_int_equal(v.state, VIEW_HELD);
  assert_int_equal(end_of(&v), 21 * SECOND);
  view_advance(&v, 0, 25 * SECOND);
  assert_int_equal(end_of(&v), 21 * SECOND);
  view_hold(&v, 15 * SECOND);
  view_advance(&v, 0, 21 * SECOND);
  assert_int_equal(end_of(&v), 15 * SECOND);
  view_follow(&v); /* Home: the newest there is */
  view_advance(&v, 0, 21 * SECOND);
  assert_int_equal(end_of(&v), 21 * SECOND);
}

static void an_end_while_frozen_is_seen_afterwards(void **state)
{
  (void)state;
  struct view v = new_view(0, 10 * SECOND);
  resize(&v, 1000);
  view_advance(&v, 0, 20 * SECOND);
  view_freeze(&v, true);
  view_settle(&v);
  view_advance(&v, 0, 30 * SECOND);
  assert_int_equal(end_of(&v), 20 * SECOND);
  view_freeze(&v, false);
  view_advance(&v, 0, 30 * SECOND);
  assert_int_equal(end_of(&v), 30 * SECOND);
  assert_int_equal(v.state, VIEW_HELD);
}

static void channels_are_switched_one_by_one(void **state)
{
  (void)state;
  struct view v = new_view(0, SECOND);
  view_toggle_channel(&v, 0);
  view_toggle_channel(&v, 63);
  assert_true(v.hidden == (UINT64_C(1) | UINT64_C(1) << 63));
  view_toggle_channel(&v, 0);
  assert_true(v.hidden == UINT64_C(1) << 63);
}

static void a_pane_fits_only_if_asked_to(void **state)
{
  (void)state;
  struct view v = new_view(0, SECOND);
  assert_false(view_fit(&v, 0, 0, 1e6, 0));
  assert_true(v.pane[0].axis.low == -10 && v.pane[0].axis.high == 10);
  view_autoscale(&v, true);
  assert_false(view_fit(&v, 0, 1, -1, 0)); /* nothing is in view */
  assert_true(view_fit(&v, 0, 0, 1e6, 0));
  assert_true(v.pane[0].axis.low <= 0 && v.pane[0].axis.high >= 1e6);
  view_autoscale(&v, false);
  assert_false(view_fit(&v, 0, 0, 1e9, 1));
  assert_true(v.pane[0].axis.high < 1e9);
}

/* At the end there is no need to be calm: a range that has become too wide is left at once. */
static void at_the_end_a_pane_fits_at_once(void **state)
{
  (void)state;
  struct view v = new_view(0, SECOND);
  view_autoscale(&v, true);
  view_fit(&v, 0, 0, 1000, 0);
  assert_false(view_fit(&v, 0, 0, 1, 1));
  view_settle(&v);
  assert_true(view_fit(&v, 0, 0, 1, 2));
  assert_true(v.pane[0].axis.high < 3);
}

/* Whatever is done with a view is undone by putting a copy back: it then goes on just as the copy does. */
static void a_copy_is_the_whole_view(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  for (int round = 0; round < SCALED(2000, 300); round++) {
    struct view v = new_view(0, random_once_in(&r, 3) ? 0 : random_between(&r, 1, 100 * SECOND));
    v.least = 1;
    resize(&v, 700);
    view_advance(&v, 0, random_between(&r, 0, 100 * SECOND));
    view_autoscale(&v, random_once_in(&r, 2));
    const struct view kept = v;
    struct view other = v;
    view_hold(&v, random_between(&r, -100 * SECOND, 100 * SECOND));
    view_toggle_channel(&v, 3);
    view_autoscale(&v, true);
    view_fit(&v, 0, -1000, 1000, 5);
    resize(&v, 300);
    view_freeze(&v, random_once_in(&r, 2));
    view_settle(&v);
    view_advance(&v, 0, 500 * SECOND);
    v = kept;
    for (int i = 0; i < 10; i++) {
      const int64_t edge = kept.edge + i * SECOND;
      const int columns = (int)random_between(&r, 1, 900);
      resize(&v, columns);
      resize(&other, columns);
      view_advance(&v, 0, edge);
      view_advance(&other, 0, edge);
      assert_same_time(&v, &other);
      assert_int_equal(view_fit(&v, 0, -i, i, edge), view_fit(&other, 0, -i, i, edge));
      assert_true(v.pane[0].axis.low == other.pane[0].axis.low && v.pane[0].axis.high == other.pane[0].axis.high);
      assert_true(v.hidden == 0 && v.state == VIEW_FOLLOWS && !v.frozen && !v.settled);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_view_follows),
      cmocka_unit_test(the_newest_is_in_the_last_column),
      cmocka_unit_test(scrolling_keeps_the_columns),
      cmocka_unit_test(another_width_keeps_the_right_end),
      cmocka_unit_test(rows_are_the_panes_own),
      cmocka_unit_test(what_is_held_stays),
      cmocka_unit_test(everything_can_be_held),
      cmocka_unit_test(a_frozen_view_shows_what_it_showed),
      cmocka_unit_test(freezing_is_apart_from_holding),
      cmocka_unit_test(the_end_holds_the_view),
      cmocka_unit_test(an_end_while_frozen_is_seen_afterwards),
      cmocka_unit_test(channels_are_switched_one_by_one),
      cmocka_unit_test(a_pane_fits_only_if_asked_to),
      cmocka_unit_test(at_the_end_a_pane_fits_at_once),
      cmocka_unit_test(a_copy_is_the_whole_view),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
