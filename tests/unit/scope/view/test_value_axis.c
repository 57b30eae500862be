/* Values to rows and back: the edges of the pane, off scale, ranges as wide and as narrow as doubles go, NaN. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/value_axis.h"

static bool near(double a, double b, double tolerance)
{
  return fabs(a - b) <= tolerance;
}

static void rows_by_hand(void **state)
{
  (void)state;
  const struct value_axis axis = {.low = -10, .high = 10, .rows = 400};
  static const struct {
    double value, row;
    int pixel;
  } cases[] = {
      {10, 0, 0},          {-10, 400, 399}, {0, 200, 200},   {9.95, 1, 1},      {9.975, 0.5, 0},
      {-9.99, 399.8, 399}, {20, -200, 0},   {-20, 600, 399}, {10.025, -0.5, 0}, {-10.05, 401, 399},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_true(near(value_axis_row(&axis, cases[i].value), cases[i].row, 1e-9));
    /* A value on the border of two pixels may fall to either by its last bit. */
    const int pixel = value_axis_pixel(&axis, cases[i].value);
    const double row = cases[i].row;
    assert_true(pixel == cases[i].pixel || (row == floor(row) && pixel == cases[i].pixel - 1));
    assert_true(near(value_axis_value(&axis, cases[i].row), cases[i].value, 1e-9));
  }
  /* The edges are exact. */
  assert_true(value_axis_row(&axis, 10) == 0);
  assert_true(value_axis_row(&axis, -10) == 400);
  assert_true(value_axis_value(&axis, 0) == 10);
  assert_true(value_axis_value(&axis, 400) == -10);
}

/* There and back again is where one was, by a share of the range that no pixel shows. */
static void each_undoes_the_other(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  for (int i = 0; i < SCALED(200000, 20000); i++) {
    const double low = ldexp(random_unit(&r) * 2 - 1, (int)random_between(&r, -1000, 1020));
    const double range = ldexp(random_unit(&r) + 0.5, (int)random_between(&r, -1000, 1020));
    const struct value_axis axis = {.low = low, .high = low + range, .rows = (int)random_between(&r, 1, 16384)};
    if (!(axis.high - low > fabs(low) * 1e-6) || axis.high > VALUE_AXIS_MAX || low < -VALUE_AXIS_MAX)
      continue;
    const double row = random_unit(&r) * axis.rows;
    const double value = value_axis_value(&axis, row);
    assert_true(value >= axis.low && value <= axis.high);
    assert_true(near(value_axis_row(&axis, value), row, 1e-6 * axis.rows));
    const int pixel = value_axis_pixel(&axis, value);
    assert_in_range(pixel, 0, axis.rows - 1);
    assert_true(pixel >= row - 1 - 1e-6 * axis.rows && pixel <= row + 1e-6 * axis.rows);

    const double other = axis.low + random_unit(&r) * (axis.high - axis.low);
    assert_true(near(value_axis_value(&axis, value_axis_row(&axis, other)), other, 1e-9 * (axis.high - axis.low)));
  }
}

/* What is larger is not lower down. */
static void rows_keep_the_order(void **state)
{
  (void)state;
  struct random r = random_seeded(2);
  const struct value_axis axis = {.low = -3.7, .high = 11.1, .rows = 623};
  double row = INFINITY;
  int pixel = axis.rows;
  double value = -5;
  while (value < 13) {
    assert_true(value_axis_row(&axis, value) <= row);
    assert_true(value_axis_pixel(&axis, value) <= pixel);
    row = value_axis_row(&axis, value);
    pixel = value_axis_pixel(&axis, value);
    value += random_unit(&r) * 1e-3;
  }
}

static void as_wide_as_doubles_go(void **state)
{
  (void)state;
  const struct value_axis axis = {.low = -VALUE_AXIS_MAX, .high = VALUE_AXIS_MAX, .rows = 1000};
  assert_true(value_axis_row(&axis, VALUE_AXIS_MAX) == 0);
  assert_true(near(value_axis_row(&axis, 0), 500, 1e-9));
  assert_true(near(value_axis_row(&axis, -VALUE_AXIS_MAX), 1000, 1e-9));
  assert_int_equal(value_axis_pixel(&axis, VALUE_AXIS_MAX), 0);
  assert_int_equal(value_axis_pixel(&axis, -VALUE_AXIS_MAX), 999);
  assert_true(value_axis_value(&axis, 0) == VALUE_AXIS_MAX);
  assert_true(value_axis_value(&axis, 1000) == -VALUE_AXIS_MAX);
  assert_true(near(value_axis_value(&axis, 500) / VALUE_AXIS_MAX, 0, 1e-12));
  assert_true(near(value_axis_value(&axis, 250) / VALUE_AXIS_MAX, 0.5, 1e-12));
}

/* --range 0:1e-310 is a range, too. */
static void as_narrow_as_doubles_go(void **state)
{
  (void)state;
  static const double highs[] = {1e-300, 1e-307, 1e-310, 4e-322};
  for (size_t i = 0; i < sizeof highs / sizeof *highs; i++) {
    const struct value_axis axis = {.low = 0, .high = highs[i], .rows = 700};
    assert_true(value_axis_row(&axis, highs[i]) == 0);
    assert_true(near(value_axis_row(&axis, 0), 700, 1e-9));
    assert_true(near(value_axis_row(&axis, highs[i] / 2), 350, 10));
    assert_int_equal(value_axis_pixel(&axis, highs[i]), 0);
    assert_int_equal(value_axis_pixel(&axis, 0), 699);
    assert_true(value_axis_value(&axis, 0) == highs[i]);
    assert_true(value_axis_value(&axis, 700) == 0);
  }
  const struct value_axis ulp = {.low = 1, .high = 1 + DBL_EPSILON, .rows = 2};
  assert_true(value_axis_row(&ulp, 1) == 2 && value_axis_row(&ulp, 1 + DBL_EPSILON) == 0);
}

static void off_scale_without_end(void **state)
{
  (void)state;
  const struct value_axis axis = {.low = 0, .high = 1, .rows = 10};
  assert_true(value_axis_row(&axis, INFINITY) < 0);
  assert_true(value_axis_row(&axis, -INFINITY) > 10);
  assert_int_equal(value_axis_pixel(&axis, INFINITY), 0);
  assert_int_equal(value_axis_pixel(&axis, -INFINITY), 9);
  assert_int_equal(value_axis_pixel(&axis, 1e300), 0);
  assert_int_equal(value_axis_pixel(&axis, -1e300), 9);
}

static void no_number_has_no_row(void **state)
{
  (void)state;
  const struct value_axis axis = {.low = 0, .high = 1, .rows = 10};
  const double row = value_axis_row(&axis, (double)NAN);
  assert_true(row != row);
  assert_in_range(value_axis_pixel(&axis, (double)NAN), 0, 9);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_by_hand),
      cmocka_unit_test(each_undoes_the_other),
      cmocka_unit_test(rows_keep_the_order),
      cmocka_unit_test(as_wide_as_doubles_go),
      cmocka_unit_test(as_narrow_as_doubles_go),
      cmocka_unit_test(off_scale_without_end),
      cmocka_unit_test(no_number_has_no_row),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
