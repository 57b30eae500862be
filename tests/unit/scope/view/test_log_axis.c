/* Logarithmic value axes: rows against what a logarithm is, zoom and pan, ticks, and ranges that follow the data. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/autoscale.h"
#include "scope/view/ticks.h"
#include "scope/view/value_axis.h"

static struct value_axis new_axis(double low, double high, int rows)
{
  struct value_axis axis = {.scale = VALUE_LOG, .rows = rows};
  value_axis_set(&axis, low, high);
  return axis;
}

static bool near(double a, double b, double tolerance)
{
  return fabs(a - b) <= tolerance;
}

/* ---- Rows ---- */

static void decades_are_equally_high(void **state)
{
  (void)state;
  const struct value_axis up = new_axis(0.01, 1000, 500); /* five decades of 100 rows */
  const struct value_axis down = new_axis(-1000, -0.01, 500);
  static const struct {
    double value, row;
  } cases[] = {{1000, 0}, {100, 100}, {1, 300}, {0.01, 500}, {0.001, 600}, {1e5, -200}, {31.6227766016837952, 150}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_true(near(value_axis_row(&up, cases[i].value), cases[i].row, 1e-9));
    assert_true(near(value_axis_row(&down, -cases[i].value), 500 - cases[i].row, 1e-9));
    assert_true(near(value_axis_value(&up, cases[i].row), cases[i].value, cases[i].value * 1e-12));
    assert_true(near(value_axis_value(&down, 500 - cases[i].row), -cases[i].value, cases[i].value * 1e-12));
  }
  assert_true(value_axis_value(&up, 0) == 1000 && value_axis_value(&up, 500) == 0.01); /* the edges are exact */
  /* Zero and what is beyond it are off scale, however far one looks. */
  assert_int_equal(value_axis_pixel(&up, 0), 499);
  assert_int_equal(value_axis_pixel(&up, -5), 499);
  assert_int_equal(value_axis_pixel(&down, 0), 0);
  assert_true(value_axis_row(&up, 0) > 1e300 && value_axis_row(&down, 5) < -1e300);
  assert_true(isnan(value_axis_row(&up, (double)NAN)));
}

/* With zero in the range both sides mirror each other: six decades and more, and between these what is linear. */
static void an_axis_across_zero_is_symmetric(void **state)
{
  (void)state;
  const struct value_axis axis = new_axis(-1e6, 1e6, 1400); /* 6 decades and one that is linear, twice */
  assert_true(near(axis.around_zero, 1, 1e-12));
  for (int power = 0; power <= 6; power++) {
    assert_true(near(value_axis_row(&axis, pow(10, power)), 600 - 100 * power, 1e-6));
    assert_true(near(value_axis_row(&axis, -pow(10, power)), 800 + 100 * power, 1e-6));
  }
  assert_true(near(value_axis_row(&axis, 0), 700, 1e-9));
  assert_true(near(value_axis_row(&axis, 0.25), 675, 1e-9));
  assert_true(near(value_axis_row(&axis, -0.5), 750, 1e-9));
  const struct value_axis from_zero = new_axis(0, 1e6, 700);
  assert_true(near(value_axis_row(&from_zero, 0), 700, 1e-9));
  assert_true(near(value_axis_row(&from_zero, 1), 600, 1e-9));
}

/* Any range that a person may come to, as rows and back. */
static struct value_axis any_axis(struct random *r)
{
  const double a = ldexp(random_unit(r) + 0.5, (int)random_between(r, -1073, 1022));
  const double b = ldexp(random_unit(r) + 0.5, (int)random_between(r, -1073, 1022));
  const int rows = (int)random_between(r, 1, 5000);
  const double low = a < b ? a : b;
  const double high = a < b ? b : a;
  if (high < low * 1.001)
    return new_axis(low, fmin(low * 10, DBL_MAX / 2), rows);
  switch (random_below(r, 4)) {
  case 0:
    return new_axis(-a, b, rows);
  case 1:
    return new_axis(-high, -low, rows);
  case 2:
    return new_axis(0, a, rows);
  default:
    return new_axis(low, high, rows);
  }
}

static void rows_lead_back_and_keep_the_order(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  for (int i = 0; i < SCALED(100000, 10000); i++) {
    const struct value_axis axis = any_axis(&r);
    const double row = random_unit(&r) * axis.rows;
    const double value = value_axis_value(&axis, row);
    assert_true(value >= axis.low - fabs(axis.low) * 1e-9 && value <= axis.high + fabs(axis.high) * 1e-9);
    if (fabs(value) > DBL_MIN) /* below that doubles are further apart than rows may be */
      assert_true(near(value_axis_row(&axis, value), row, 1e-7 * axis.rows + 1e-7));
    const double lower = value_axis_value(&axis, fmin(row + 1, axis.rows));
    assert_true(lower <= value);
    assert_true(value_axis_row(&axis, lower) >= value_axis_row(&axis, value));
    assert_in_range(value_axis_pixel(&axis, value), 0, axis.rows - 1);
  }
}

/* The value under the pointer stays, all others move away from it by the factor in rows; and back. */
static void zoom_is_about_its_row(void **state)
{
  (void)state;
  struct random r = random_seeded(2);
  for (int i = 0; i < SCALED(20000, 2000); i++) {
    struct value_axis axis = any_axis(&r);
    const struct value_axis before = axis;
    const double row = random_unit(&r) * axis.rows;
    const double other = random_unit(&r) * axis.rows;
    const double value = value_axis_value(&axis, other);
    if (!value_axis_zoom(&axis, row, 0.8))
      continue;
    assert_true(axis.low < axis.high);
    if (fabs(axis.low) < 1e-300 || fabs(axis.high) < 1e-300 || fabs(value) < 1e-300 || fabs(axis.high) > 1e307)
      continue; /* ends of doubles: rounded */
    assert_true(near(value_axis_row(&axis, value), row + (other - row) / 0.8, 1e-4 * axis.rows + 1e-4));
    assert_true(value_axis_zoom(&axis, row, 1.25));
    assert_true(near(axis.low, before.low, fabs(before.low) * 1e-6 + before.around_zero * 1e-9));
    assert_true(near(axis.high, before.high, fabs(before.high) * 1e-6 + before.around_zero * 1e-9));
  }
}

static void pan_moves_all_by_the_same_rows(void **state)
{
  (void)state;
  struct value_axis axis = new_axis(1, 1000, 300);
  assert_true(value_axis_pan(&axis, 100));
  assert_true(near(axis.low, 10, 1e-9) && near(axis.high, 10000, 1e-6));
  for (int i = 0; i < 50; i++) /* never down to zero, however far */
    if (!value_axis_pan(&axis, -3000))
      break;
  assert_true(axis.low > 0 && axis.high > axis.low);
  struct value_axis both = new_axis(-1e6, 1e6, 1400);
  assert_true(value_axis_pan(&both, 100));
  assert_true(near(both.low, -1e5, 1e-6) && near(both.high, 1e7, 1e-4));
  struct value_axis most = new_axis(DBL_TRUE_MIN, DBL_MAX, 500);
  assert_false(value_axis_pan(&most, 1));
  assert_false(value_axis_pan(&most, -1));
  assert_true(most.low == DBL_TRUE_MIN && most.high == DBL_MAX);
}

/* Thousands of steps in any order leave an axis that can be drawn. */
static void no_step_breaks_an_axis(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  for (int round = 0; round < SCALED(200, 40); round++) {
    struct value_axis axis = any_axis(&r);
    for (int i = 0; i < 300; i++) {
      const double row = (random_unit(&r) * 3 - 1) * axis.rows;
      switch (random_below(&r, 3)) {
      case 0:
        value_axis_zoom(&axis, row, random_once_in(&r, 2) ? 0.5 : 2);
        break;
      case 1:
        value_axis_pan(&axis, row);
        break;
      default:
        value_axis_show(&axis, value_axis_value(&axis, row + 20), value_axis_value(&axis, row));
        break;
      }
      assert_true(axis.low < axis.high && fabs(axis.low) <= DBL_MAX && fabs(axis.high) <= DBL_MAX);
      const double top = value_axis_row(&axis, axis.high);
      assert_true(near(top, 0, 1e-6) && near(value_axis_row(&axis, axis.low), axis.rows, 1e-6 * axis.rows));
    }
  }
}

/* ---- Ticks ---- */

static void check_labels(double low, double high, int most, const char *expected)
{
  const struct value_axis axis = new_axis(low, high, 500);
  struct value_ticks ticks;
  char all[1024] = "";
  value_ticks_of(&axis, most, &ticks);
  for (int i = 0; i < ticks.count; i++) {
    char label[FIGURE_TEXT_MAX];
    value_ticks_label(&ticks, i, label);
    snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? " " : "", label);
  }
  assert_string_equal(all, expected);
}

static void ticks_by_hand(void **state)
{
  (void)state;
  check_labels(1, 1000, 10, "1 2 5 10 20 50 100 200 500 1000");
  check_labels(1, 1000, 9, "1 3 10 30 100 300 1000");
  check_labels(1, 1000, 5, "1 10 100 1000");
  check_labels(1, 10, 12, "1 2 3 4 5 6 7 8 9 10");
  check_labels(1e-6, 1e6, 6, "1\xC2\xB5 1m 1 1000 1M");
  check_labels(1e-3, 100, 6, "1m 0.01 0.1 1 10 100");
  check_labels(-100, -1, 3, FIGURE_MINUS "100 " FIGURE_MINUS "10 " FIGURE_MINUS "1");
  check_labels(0, 1e6, 8, "0 1 10 100 1000 10k 100k 1M");
  check_labels(-1000, 1000, 7, FIGURE_MINUS "100 " FIGURE_MINUS "1 " FIGURE_MINUS "0.01 0 0.01 1 100");
  check_labels(-1000, 1000, 5, FIGURE_MINUS "1 0 1");
  check_labels(5e-324, 1e308, 4, "1e-300 1 1e300");
  check_labels(100, 101, 6, "100.0 100.2 100.4 100.6 100.8 101.0"); /* less than a decade: as on a linear axis */
}

/* No more than asked for, in order, in the range, each a digit times a power of ten as its label says. */
static void ticks_are_what_their_labels_say(void **state)
{
  (void)state;
  struct random r = random_seeded(4);
  for (int i = 0; i < SCALED(20000, 2000); i++) {
    const struct value_axis axis = any_axis(&r);
    const int most = (int)random_between(&r, 3, 12);
    struct value_ticks ticks;
    value_ticks_of(&axis, most, &ticks);
    if (!ticks.decades)
      continue;
    assert_in_range(ticks.count, 3, most);
    for (int k = 0; k < ticks.count; k++) {
      const double value = value_ticks_value(&ticks, k);
      char decimal[32];
      snprintf(decimal, sizeof decimal, "%de%d", ticks.log.tick[k].digit, ticks.log.tick[k].power);
      const double said = strtod(decimal, NULL);
      assert_true(near(value, said, fabs(said) * 1e-13 + 1e-323));
      assert_true(value >= axis.low - fabs(axis.low) * 1e-8 && value <= axis.high + fabs(axis.high) * 1e-8);
      assert_true(k == 0 || value > value_ticks_value(&ticks, k - 1));
    }
    double minor[LOG_MINOR_MAX];
    const int count = log_ticks_minor(&axis, &ticks.log, 20, minor);
    assert_in_range(count, 0, LOG_MINOR_MAX);
    for (int k = 0; k < count; k++)
      for (int n = 0; n < ticks.count; n++)
        assert_true(minor[k] != value_ticks_value(&ticks, n));
  }
}

static void minor_ticks_stand_between(void **state)
{
  (void)state;
  const struct value_axis axis = new_axis(1, 1000, 300);
  struct value_ticks ticks;
  double minor[LOG_MINOR_MAX];
  value_ticks_of(&axis, 4, &ticks);
  assert_int_equal(log_ticks_minor(&axis, &ticks.log, 20, minor), 24); /* 2 to 9 in each of three decades */
  assert_int_equal(log_ticks_minor(&axis, &ticks.log, 101, minor),
                   0); /* no room for these, and each decade has a tick */
}

/* ---- Ranges that follow ---- */

struct fitting {
  struct autoscale autoscale;
  struct value_axis axis;
};

static bool see(struct fitting *f, double low, double high, int64_t moment_ns)
{
  const struct autoscale_sight sight = {.low = low, .high = high, .ticks = 6, .moment_ns = moment_ns};
  return autoscale_step(&f->autoscale, &f->axis, &sight);
}

static struct fitting new_fitting(void)
{
  struct fitting f = {.axis = new_axis(-10, 10, 300)};
  autoscale_switch(&f.autoscale, true);
  return f;
}

static void ranges_by_hand(void **state)
{
  (void)state;
  static const struct {
    double low, high, from, to;
  } cases[] = {{3, 50000, 1, 1e5},
               {1, 1000, 1, 1000},
               {0.02, 0.7, 0.02, 1},
               {42, 42, 20, 50},
               {100, 100, 50, 200},
               {-7, -3, -10, -2},
               {0, 123, 0, 1000},
               {-5, 123, -10, 1000},
               {0, 0, 0, 1},
               {-3, 0, -10, 0},
               {-8e4, -2, -1e5, -1},
               {5e-324, 1e308, 5e-324, 1e308},
               {1e308, 1e308, 5e307, DBL_MAX}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct fitting f = new_fitting();
    see(&f, cases[i].low, cases[i].high, 0);
    if (!near(f.axis.low, cases[i].from, fabs(cases[i].from) * 1e-9) ||
        !near(f.axis.high, cases[i].to, fabs(cases[i].to) * 1e-9))
      fail_msg("%g to %g gave %g to %g", cases[i].low, cases[i].high, f.axis.low, f.axis.high);
  }
}

static void any_data_are_in_sight(void **state)
{
  (void)state;
  struct random r = random_seeded(6);
  struct fitting f = new_fitting();
  for (int i = 0; i < SCALED(50000, 5000); i++) {
    const struct value_axis data = any_axis(&r);
    const double low = random_once_in(&r, 5) ? data.high : data.low;
    if (random_once_in(&r, 10))
      f = new_fitting();
    see(&f, low, data.high, i * INT64_C(1000000000));
    assert_true(f.axis.low < f.axis.high);
    assert_true(low >= f.axis.low - fabs(low) * 1e-8 && data.high <= f.axis.high + fabs(data.high) * 1e-8);
    assert_true((f.axis.around_zero > 0) == (f.axis.low <= 0 && f.axis.high >= 0));
  }
}

static void it_grows_at_once_and_shrinks_late(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, 1, 900, 1);
  assert_true(see(&f, 1, 2e6, 2));
  assert_true(near(f.axis.low, 1, 1e-9) && near(f.axis.high, 1e7, 1));
  assert_false(see(&f, 1, 900, 3)); /* three of seven decades: less than half */
  assert_false(see(&f, 1, 900, INT64_C(2900000000)));
  assert_true(see(&f, 1, 900, INT64_C(3100000000)));
  assert_true(near(f.axis.high, 1000, 1e-6));
  assert_true(see(&f, -1, 900, INT64_C(3200000000))); /* across zero: it becomes symmetric */
  assert_true(f.axis.around_zero > 0 && f.axis.low <= -1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(decades_are_equally_high),
      cmocka_unit_test(an_axis_across_zero_is_symmetric),
      cmocka_unit_test(rows_lead_back_and_keep_the_order),
      cmocka_unit_test(zoom_is_about_its_row),
      cmocka_unit_test(pan_moves_all_by_the_same_rows),
      cmocka_unit_test(no_step_breaks_an_axis),
      cmocka_unit_test(ticks_by_hand),
      cmocka_unit_test(ticks_are_what_their_labels_say),
      cmocka_unit_test(minor_ticks_stand_between),
      cmocka_unit_test(ranges_by_hand),
      cmocka_unit_test(any_data_are_in_sight),
      cmocka_unit_test(it_grows_at_once_and_shrinks_late),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
