/* Times to columns and back: exact at any distance from zero, and no wrap-around where int64_t ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/time_axis.h"

static const int64_t SECOND = 1000000000;
static const int64_t EPOCH_NS = 1767225600123456789; /* a moment of our days: doubles there are 256 ns apart */

static void columns_by_hand(void **state)
{
  (void)state;
  static const struct {
    int64_t origin, width, t, column;
  } cases[] = {
      {0, 10, 0, 0},
      {0, 10, 9, 0},
      {0, 10, 10, 1},
      {0, 10, -1, -1},
      {0, 10, -10, -1},
      {0, 10, -11, -2},
      {0, 1, 1234567890123456789, 1234567890123456789},
      {1767225600123456789, 8333333, 1767225600123456789, 0},
      {1767225600123456789, 8333333, 1767225600123456788, -1},
      {1767225600123456789, 8333333, 1767225600131790121, 0},
      {1767225600123456789, 8333333, 1767225600131790122, 1},
      {-1767225600123456789, 8333333, -1767225600123456789, 0},
      {-1767225600123456789, 8333333, -1767225600123456790, -1},
      {0, 8333333, 1767225600123456789, 212067080497},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct time_axis axis = {.origin = cases[i].origin, .width = cases[i].width, .columns = 1};
    assert_int_equal(time_axis_column(&axis, cases[i].t), cases[i].column);
  }
}

/* A time lies in the column that begins at or before it and ends after it. */
static void a_time_lies_in_its_column(void **state)
{
  (void)state;
  static const int64_t around[] = {0, 1767225600123456789, -1767225600123456789, 4000000000000000000};
  struct random r = random_seeded(1);
  for (int i = 0; i < SCALED(200000, 20000); i++) {
    const struct time_axis axis = {.origin = around[random_below(&r, 4)] + random_between(&r, -100, 100),
                                   .width = random_between(&r, 1, random_once_in(&r, 2) ? 20 : 100 * SECOND),
                                   .columns = 1};
    const int64_t t = axis.origin + random_between(&r, -1000, 1000) * random_between(&r, 0, SECOND);
    const int64_t k = time_axis_column(&axis, t);
    assert_true(time_axis_time(&axis, k) <= t);
    assert_true(t < time_axis_time(&axis, k + 1));
    assert_int_equal(time_axis_time(&axis, k + 1) - time_axis_time(&axis, k), axis.width);
    assert_int_equal(time_axis_column(&axis, time_axis_time(&axis, k)), k);
    assert_int_equal(time_axis_column(&axis, time_axis_time(&axis, k + 1) - 1), k);
  }
}

static void columns_count_from_the_origin(void **state)
{
  (void)state;
  const struct time_axis axis = {.origin = EPOCH_NS, .width = 7, .first = -3, .columns = 10};
  assert_int_equal(time_axis_time(&axis, 0), EPOCH_NS);
  assert_int_equal(time_axis_time(&axis, 2), EPOCH_NS + 14);
  assert_int_equal(time_axis_begin(&axis), EPOCH_NS - 21);
  assert_int_equal(time_axis_end(&axis), EPOCH_NS + 49);
}

/* Where a time cannot be said it is the last one that can; nothing turns round to the other end. */
static void the_ends_of_all_times(void **state)
{
  (void)state;
  const struct time_axis from_zero = {.width = 10, .columns = 1};
  assert_int_equal(time_axis_column(&from_zero, INT64_MAX), INT64_MAX / 10);
  assert_int_equal(time_axis_column(&from_zero, INT64_MIN), INT64_MIN / 10 - 1); /* 9223372036854775808 ends in 8 */
  assert_int_equal(time_axis_time(&from_zero, INT64_MAX / 10 + 1), INT64_MAX);
  assert_int_equal(time_axis_time(&from_zero, INT64_MIN / 10 - 1), INT64_MIN);
  assert_int_equal(time_axis_time(&from_zero, INT64_MAX), INT64_MAX);
  assert_int_equal(time_axis_time(&from_zero, INT64_MIN), INT64_MIN);

  const struct time_axis ticks = {.width = 1, .columns = 1};
  assert_int_equal(time_axis_column(&ticks, INT64_MAX), INT64_MAX);
  assert_int_equal(time_axis_column(&ticks, INT64_MIN), INT64_MIN);

  const struct time_axis late = {.origin = EPOCH_NS, .width = 1000, .columns = 1};
  assert_int_equal(time_axis_time(&late, INT64_MAX / 1000), INT64_MAX);
  assert_true(time_axis_column(&late, INT64_MIN) <= (INT64_MIN + 1000) / 1000);
  const struct time_axis early = {.origin = -EPOCH_NS, .width = 1000, .columns = 1};
  assert_int_equal(time_axis_time(&early, INT64_MIN / 1000), INT64_MIN);
  assert_true(time_axis_column(&early, INT64_MAX) >= INT64_MAX / 1000 - 1);

  /* Order is kept up to the very end. */
  for (int64_t back = 1; back < 5000; back++) {
    assert_true(time_axis_column(&late, INT64_MAX - back) <= time_axis_column(&late, INT64_MAX - back + 1));
    assert_true(time_axis_column(&early, INT64_MIN + back) >= time_axis_column(&early, INT64_MIN + back - 1));
  }
}

static void which_columns_are_the_same(void **state)
{
  (void)state;
  const struct time_axis axis = {.origin = 5, .width = 7, .first = 3, .columns = 100};
  struct time_axis other = axis;
  other.first = 40;
  other.columns = 9;
  assert_true(time_axis_same_columns(&axis, &other));
  other.width = 8;
  assert_false(time_axis_same_columns(&axis, &other));
  other = axis;
  other.origin = 6;
  assert_false(time_axis_same_columns(&axis, &other));
}

static void show_until_by_hand(void **state)
{
  (void)state;
  static const struct {
    int64_t origin, right, span;
    int columns;
    int64_t width, first;
  } cases[] = {
      {0, 100, 100, 10, 10, 0},   /* right is where column 9 ends, and that is the last one */
      {0, 101, 100, 10, 10, 1},   /* a tick of column 10 is to be seen */
      {0, 99, 100, 10, 10, 0},    /* */
      {0, 0, 100, 10, 10, -10},   /* column -1 ends at 0 */
      {0, 1, 100, 10, 10, -9},    /* */
      {0, -10, 100, 10, 10, -11}, /* */
      {5, 105, 100, 10, 10, 0},   /* the same from another origin */
      {5, 106, 100, 10, 10, 1},   /* */
      {0, 100, 101, 10, 11, 0},   /* widths are the least whole ones that show all of it */
      {0, 100, 105, 10, 11, 0},   /* */
      {0, 100, 95, 10, 10, 0},    /* */
      {0, 100, 90, 10, 9, 2},     /* column 11 ends at 108 */
      {0, 100, 3, 10, 1, 90},     /* a column is a tick at least */
      {0, 100, INT64_MAX, 1, INT64_MAX, 0},
      {EPOCH_NS, EPOCH_NS + 10 * SECOND, 10 * SECOND, 1000, 10000000, 0},
      {EPOCH_NS, EPOCH_NS + 10 * SECOND + 1, 10 * SECOND, 1000, 10000000, 1},
      {EPOCH_NS, EPOCH_NS, 10 * SECOND, 1000, 10000000, -1000},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct time_axis axis = {.origin = cases[i].origin, .width = 1, .columns = 1};
    time_axis_show_until(&axis, cases[i].right, cases[i].span, cases[i].columns);
    assert_int_equal(axis.origin, cases[i].origin);
    assert_int_equal(axis.columns, cases[i].columns);
    assert_int_equal(axis.width, cases[i].width);
    assert_int_equal(axis.first, cases[i].first);
  }
}

/* The last column is the one that ends at or after the right end: the one before it ends earlier. */
static void the_last_column_holds_the_right_end(void **state)
{
  (void)state;
  static const int64_t origins[] = {0, 1767225600123456789, -1767225600123456789};
  struct random r = random_seeded(2);
  for (int i = 0; i < SCALED(100000, 10000); i++) {
    struct time_axis axis = {.origin = origins[random_below(&r, 3)], .width = 1, .columns = 1};
    const int columns = (int)random_between(&r, 1, 3000);
    const int64_t span = random_between(&r, 1, random_once_in(&r, 2) ? 10000 : 1000 * SECOND);
    time_axis_show_until(&axis, axis.origin, span, columns);
    int64_t right = axis.origin + random_between(&r, -1000 * SECOND, 1000 * SECOND);
    if (random_once_in(&r, 2)) /* exactly where a column ends */
      right = axis.origin + random_between(&r, -3000, 3000) * axis.width;
    time_axis_show_until(&axis, right, span, columns);
    const int64_t end = time_axis_end(&axis);
    assert_true(end >= right);
    assert_true(end - axis.width < right);
    /* All that was asked for, and less than a tick a column more. */
    const int64_t shown = end - time_axis_begin(&axis);
    assert_true(shown >= span && (shown - span < columns || axis.width == 1));
  }
}

static void show_until_the_end_of_all_times(void **state)
{
  (void)state;
  static const int64_t rights[] = {INT64_MAX, INT64_MAX - 1, INT64_MIN, INT64_MIN + 1};
  static const int64_t origins[] = {0, INT64_MAX / 4, -(INT64_MAX / 4)};
  for (size_t i = 0; i < 4; i++)
    for (size_t o = 0; o < 3; o++)
      for (int64_t span = 1; span < INT64_MAX / 1000; span *= 1000) {
        struct time_axis axis = {.origin = origins[o], .width = 1, .columns = 1};
        time_axis_show_until(&axis, rights[i], span, 1000);
        assert_true(time_axis_begin(&axis) <= time_axis_end(&axis));
        assert_true(rights[i] > 0 ? time_axis_begin(&axis) > 0 : time_axis_end(&axis) < 0);
      }
}

/* Columns of the axis show the stretch when the plot begins with the one that its beginning lies in. */
static bool shows(const struct time_axis *axis, int64_t from, int64_t to)
{
  return time_axis_time(axis, time_axis_column(axis, from) + axis->columns) >= to;
}

/* From the origin on no width shows it that is less and was allowed. Before it there is one that always does. */
static void widens_no_more_than_is_needed(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  for (int i = 0; i < SCALED(100000, 10000); i++) {
    struct time_axis axis = {.origin = random_between(&r, -50, 50),
                             .width = random_between(&r, 1, 3),
                             .first = 7,
                             .columns = (int)random_between(&r, 2, 20)};
    struct time_axis least = axis;
    const int64_t from = axis.origin + random_between(&r, -50, 150);
    const int64_t to = from + random_between(&r, 1, 300);
    while (!shows(&least, from, to))
      least.width++;
    time_axis_widen(&axis, from, to);
    assert_true(shows(&axis, from, to));
    if (from >= axis.origin)
      assert_int_equal(axis.width, least.width);
    else
      assert_true(axis.width == least.width || axis.width <= (to - from + axis.columns - 2) / (axis.columns - 1));
    assert_int_equal(axis.origin, least.origin);
    assert_int_equal(axis.first, 7);
  }
}

/* Far from the origin, too, and within a bounded time. */
static void widens_anywhere(void **state)
{
  (void)state;
  struct random r = random_seeded(4);
  for (int i = 0; i < SCALED(100000, 10000); i++) {
    struct time_axis axis = {.width = 1, .columns = (int)random_between(&r, 2, 3000)};
    const int64_t from = random_between(&r, -EPOCH_NS, EPOCH_NS);
    const int64_t to = from + random_between(&r, 1, random_once_in(&r, 2) ? 10000 : 1000 * SECOND);
    time_axis_widen(&axis, from, to);
    assert_true(shows(&axis, from, to));
    assert_true(axis.width <= (to - from + axis.columns - 2) / (axis.columns - 1));
  }
}

/* One column is [origin + k * width, ...): from 5 to 15 it is the first, and what the origin divides it never shows. */
static void widens_a_single_column(void **state)
{
  (void)state;
  struct time_axis axis = {.width = 1, .columns = 1};
  time_axis_widen(&axis, 5, 15);
  assert_int_equal(axis.width, 15);
  axis.width = 1;
  time_axis_widen(&axis, -15, -5);
  assert_true(shows(&axis, -15, -5));
  axis.width = 1;
  time_axis_widen(&axis, -5, 5);
  assert_int_equal(axis.width, 10);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_by_hand),
      cmocka_unit_test(a_time_lies_in_its_column),
      cmocka_unit_test(columns_count_from_the_origin),
      cmocka_unit_test(the_ends_of_all_times),
      cmocka_unit_test(which_columns_are_the_same),
      cmocka_unit_test(show_until_by_hand),
      cmocka_unit_test(the_last_column_holds_the_right_end),
      cmocka_unit_test(show_until_the_end_of_all_times),
      cmocka_unit_test(widens_no_more_than_is_needed),
      cmocka_unit_test(widens_anywhere),
      cmocka_unit_test(widens_a_single_column),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
