/* The window in time and the range of values: where they stand, how they move, how calm autoscale is. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "scope/view/columns.h"
#include "scope/view/view.h"

static const int64_t SECOND = 1000000000;

static int64_t right_end(const struct view *v)
{
  return (v->first + v->columns) * v->column_width;
}

static void test_window_ends_at_the_edge(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  struct view v;
  for (int i = 0; i < 10000; i++) {
    view_init(&v, random_between(&r, 1, 100 * SECOND), 1, -10, 10, false);
    view_resize(&v, (int)random_between(&r, 1, 3000));
    int64_t edge = random_between(&r, 0, 1000 * SECOND);
    view_advance(&v, 0, edge);
    assert_true(right_end(&v) >= edge);
    assert_true(right_end(&v) - v.column_width < edge);
    /* As wide as asked, to half a tick a column. */
    assert_true(llabs(v.columns * v.column_width - v.window) <= v.columns / 2 + 1 || v.column_width == 1);
  }
}

static void test_scrolling_keeps_the_column_width(void **state)
{
  (void)state;
  struct view v;
  view_init(&v, 10 * SECOND, 1, -10, 10, false);
  view_resize(&v, 1200);
  view_advance(&v, 0, SECOND);
  int64_t width = v.column_width;
  int64_t first = v.first;
  for (int64_t edge = SECOND; edge < 3 * SECOND; edge += 1234567) {
    view_advance(&v, 0, edge);
    assert_int_equal(v.column_width, width);
    assert_true(v.first >= first && v.first - first <= 1);
    first = v.first;
  }
}

static void test_everything_fits(void **state)
{
  (void)state;
  struct random r = random_seeded(2);
  struct view v;
  view_init(&v, 0, 1, -10, 10, false);
  for (int round = 0; round < 200; round++) {
    view_resize(&v, (int)random_between(&r, 1, 2000));
    int64_t edge = 0;
    int changes = 0;
    for (int i = 0; i < 300; i++) {
      int64_t width = v.column_width;
      edge += random_between(&r, 0, edge / 50 + 1000);
      view_advance(&v, 0, edge);
      assert_true(v.first <= 0);
      assert_true(right_end(&v) >= edge);
      changes += v.column_width != width;
    }
    assert_true(changes < 120); /* not with every frame */
    v.settled = true;
    view_advance(&v, 0, edge);
    assert_true(right_end(&v) >= edge);
    assert_true((v.column_width - 1) * v.columns < edge || v.column_width == 1);
    v.settled = false;
  }
}

static void test_pause_freezes(void **state)
{
  (void)state;
  struct view v;
  view_init(&v, 10 * SECOND, 1, -10, 10, false);
  view_resize(&v, 500);
  view_advance(&v, 0, 20 * SECOND);
  int64_t first = v.first;
  view_pause(&v, true);
  view_advance(&v, 0, 30 * SECOND);
  assert_int_equal(v.first, first);
  assert_int_equal(v.edge, 20 * SECOND);
  view_pause(&v, false);
  view_advance(&v, 0, 30 * SECOND);
  assert_true(v.first > first);
}

static void test_autoscale_lands_on_the_first_data(void **state)
{
  (void)state;
  struct view v;
  view_init(&v, SECOND, 1, -10, 10, true);
  assert_false(view_autoscale(&v, INFINITY, -INFINITY, 0)); /* nothing in view yet */
  assert_true(view_autoscale(&v, 0, 3, 0));
  assert_true(v.low <= 0 && v.high >= 3 && v.high - v.low < 5);
}

static void test_autoscale_of_zeros(void **state)
{
  (void)state;
  struct view v;
  view_init(&v, SECOND, 1, -10, 10, true);
  assert_true(view_autoscale(&v, 0, 0, 0));
  assert_true(v.low == 0 && v.high == 1);
  assert_true(view_autoscale(&v, 0, 30, 1));
  assert_true(v.low == 0 && v.high >= 30 && v.high <= 50);
}

/* What is never negative gets no negative part of the axis, when the first values are large, too. */
static void test_autoscale_grows_down_to_zero(void **state)
{
  (void)state;
  struct view v;
  view_init(&v, SECOND, 1, -10, 10, true);
  view_autoscale(&v, 100, 110, 0);
  view_autoscale(&v, 0, 110, 1);
  assert_true(v.low == 0 && v.high >= 110);
}

static void test_autoscale_grows_at_once_and_only_where_needed(void **state)
{
  (void)state;
  struct view v;
  view_init(&v, SECOND, 1, -10, 10, true);
  view_autoscale(&v, 0, 3, 0);
  double low = v.low;
  assert_true(view_autoscale(&v, 0, 47, 1));
  assert_true(v.high >= 47 && v.high <= 70);
  assert_true(v.low <= 0 && v.low >= low - 10);
  double high = v.high;
  assert_true(view_autoscale(&v, -100, 3, 2));
  assert_true(v.low <= -100);
  assert_true(v.high == high);
}

static void test_autoscale_shrinks_slowly(void **state)
{
  (void)state;
  struct view v;
  view_init(&v, SECOND, 1, -10, 10, true);
  view_autoscale(&v, -100, 100, 1);
  double high = v.high;
  for (int64_t t = 2; t < 3 * SECOND; t += SECOND / 100)
    assert_false(view_autoscale(&v, -1, 1, t));
  assert_true(v.high == high);
  assert_true(view_autoscale(&v, -1, 1, 4 * SECOND));
  assert_true(v.high < 3);

  /* A large value in between starts the patience anew. */
  view_autoscale(&v, -100, 100, 5 * SECOND);
  view_autoscale(&v, -1, 1, 6 * SECOND);
  view_autoscale(&v, -90, 1, 8 * SECOND);
  view_autoscale(&v, -1, 1, 8 * SECOND + 1);
  assert_false(view_autoscale(&v, -1, 1, 10 * SECOND));
  assert_true(view_autoscale(&v, -1, 1, 12 * SECOND));
}

static void test_autoscale_is_calm_with_a_steady_signal(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  struct view v;
  view_init(&v, SECOND, 1, -10, 10, true);
  int changes = 0;
  for (int64_t t = 0; t < 60 * SECOND; t += SECOND / 100)
    changes += view_autoscale(&v, -1 - 0.1 * random_unit(&r), 1 + 0.1 * random_unit(&r), t);
  assert_true(changes <= 2);
}

static void test_autoscale_always_contains_the_data(void **state)
{
  (void)state;
  struct random r = random_seeded(4);
  for (int round = 0; round < 2000; round++) {
    struct view v;
    view_init(&v, SECOND, 1, -10, 10, true);
    for (int i = 0; i < 20; i++) {
      double a = ldexp(random_unit(&r) - 0.5, (int)random_between(&r, -1000, 1020));
      double b = random_once_in(&r, 3) ? a : ldexp(random_unit(&r) - 0.5, (int)random_between(&r, -1000, 1020));
      double low = fmax(fmin(a, b), -VIEW_VALUE_MAX);
      double high = fmin(fmax(a, b), VIEW_VALUE_MAX);
      view_autoscale(&v, low, high, i * SECOND);
      assert_true(isfinite(v.high - v.low));
      assert_true(v.low < v.high);
      assert_true(v.low <= low && v.high >= high);
    }
  }
}

static void test_autoscale_off_does_nothing(void **state)
{
  (void)state;
  struct view v;
  view_init(&v, SECOND, 1, -10, 10, false);
  assert_false(view_autoscale(&v, 0, 1e6, 0));
  assert_true(v.low == -10 && v.high == 10);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_window_ends_at_the_edge),
      cmocka_unit_test(test_scrolling_keeps_the_column_width),
      cmocka_unit_test(test_everything_fits),
      cmocka_unit_test(test_pause_freezes),
      cmocka_unit_test(test_autoscale_lands_on_the_first_data),
      cmocka_unit_test(test_autoscale_of_zeros),
      cmocka_unit_test(test_autoscale_grows_down_to_zero),
      cmocka_unit_test(test_autoscale_grows_at_once_and_only_where_needed),
      cmocka_unit_test(test_autoscale_shrinks_slowly),
      cmocka_unit_test(test_autoscale_is_calm_with_a_steady_signal),
      cmocka_unit_test(test_autoscale_always_contains_the_data),
      cmocka_unit_test(test_autoscale_off_does_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
