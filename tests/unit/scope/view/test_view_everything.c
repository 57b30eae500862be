/* A view of everything: it fits while more comes, and at the end, in any width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/view.h"
#include "scope/view/view_fixture.h"

/* While more comes it fits, from the first sample on, and does not change its width with every frame. */
static void everything_fits(void **state)
{
  (void)state;
  static const int64_t begins[] = {0, 5000000007, -777777777, 1767225600123456789};
  struct random r = random_seeded(2);
  for (int round = 0; round < SCALED(200, 40); round++) {
    const int64_t begin = begins[random_below(&r, 4)];
    struct view v = new_view(random_once_in(&r, 2) ? 0 : begin, 0);
    v.least = 1;
    int64_t edge = begin;
    for (int size = 0; size < 2; size++) {
      resize(&v, (int)random_between(&r, 3, 2000));
      view_advance(&v, begin, edge);
      int changes = 0;
      for (int i = 0; i < 300; i++) {
        const int64_t width = v.time.width;
        edge += random_between(&r, 0, (edge - begin) / 50 + 1000);
        view_advance(&v, begin, edge);
        assert_true(begin_of(&v) <= begin && begin < begin_of(&v) + v.time.width);
        assert_true(end_of(&v) >= edge);
        changes += v.time.width != width;
      }
      assert_true(changes < 120);
    }
    /* At the end no column is wasted: with a tick less in each it would not fit. */
    view_settle(&v);
    view_advance(&v, begin, edge);
    assert_true(begin_of(&v) <= begin && end_of(&v) >= edge);
    const int64_t less = v.time.width - 1;
    assert_true(less == 0 || less * (v.time.columns - 1) < edge - begin);
  }
}

/* A plot of a single pixel: its one column begins at the origin, long before the data. That is found at once. */
static void everything_fits_a_single_column(void **state)
{
  (void)state;
  static const int columns[] = {1, 2, 3};
  for (int i = 0; i < 3; i++) {
    struct view v = new_view(0, 0);
    resize(&v, columns[i]);
    view_advance(&v, SECOND - 7, 400000 * SECOND);
    assert_true(begin_of(&v) <= SECOND - 7 && end_of(&v) >= 400000 * SECOND);
    view_show_times(&v, 17 * SECOND + 3, 90000 * SECOND);
    assert_true(begin_of(&v) <= 17 * SECOND + 3 && end_of(&v) >= 90000 * SECOND);
  }
}

static void everything_is_not_less_than_a_unit(void **state)
{
  (void)state;
  struct view v = new_view(0, 0);
  resize(&v, 100);
  view_advance(&v, 0, 0);
  assert_true(width_of(&v) >= SECOND);
  view_settle(&v);
  view_advance(&v, 0, 3);
  assert_int_equal(begin_of(&v), 0);
  assert_int_equal(width_of(&v), SECOND);
}

/* A wider window shows what there is as large as if it had been so wide from the start. */
static void another_width_measures_everything_anew(void **state)
{
  (void)state;
  struct view v = new_view(0, 0);
  resize(&v, 100);
  view_advance(&v, 0, 100 * SECOND);
  resize(&v, 150);
  struct view wide = new_view(0, 0);
  resize(&wide, 150);
  view_advance(&wide, 0, 100 * SECOND);
  assert_same_time(&v, &wide);
}

/* A hundred samples in a hundred columns: each has its own. */
static void everything_at_the_end_by_hand(void **state)
{
  (void)state;
  struct view v = new_view(0, 0);
  resize(&v, 100);
  view_advance(&v, 0, 70 * SECOND);
  view_settle(&v);
  view_advance(&v, 0, 100 * SECOND);
  assert_int_equal(begin_of(&v), 0);
  assert_int_equal(v.time.width, SECOND);
  assert_int_equal(end_of(&v), 100 * SECOND);
  resize(&v, 50); /* still all of it */
  assert_int_equal(begin_of(&v), 0);
  assert_int_equal(v.time.width, 2 * SECOND);
  resize(&v, 200);
  assert_int_equal(v.time.width, SECOND / 2);
}

static void everything_begins_where_the_data_do(void **state)
{
  (void)state;
  struct view v = new_view(0, 0);
  resize(&v, 100);
  view_advance(&v, 1000 * SECOND, 1010 * SECOND);
  assert_true(begin_of(&v) <= 1000 * SECOND && begin_of(&v) > 999 * SECOND);
  assert_true(end_of(&v) >= 1010 * SECOND && end_of(&v) <= 1025 * SECOND);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_fits),
      cmocka_unit_test(everything_fits_a_single_column),
      cmocka_unit_test(everything_is_not_less_than_a_unit),
      cmocka_unit_test(another_width_measures_everything_anew),
      cmocka_unit_test(everything_at_the_end_by_hand),
      cmocka_unit_test(everything_begins_where_the_data_do),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
