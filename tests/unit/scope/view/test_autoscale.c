/* A value axis that follows the data: it lands, grows at once, shrinks late, stays calm, and always contains the data. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/autoscale.h"
#include "scope/view/ticks.h"

static const int64_t SECOND = 1000000000;

/* The axis of a program that was started with --autoscale. */
struct fitting {
  struct autoscale autoscale;
  struct value_axis axis;
};

static struct fitting new_fitting(void)
{
  struct fitting f = {.axis = {.low = -10, .high = 10, .rows = 100}};
  autoscale_switch(&f.autoscale, true);
  return f;
}

enum { TICKS = 8 };

static bool see_with(struct fitting *f, double low, double high, int ticks, int64_t moment_ns)
{
  const struct autoscale_sight sight = {.low = low, .high = high, .ticks = ticks, .moment_ns = moment_ns};
  return autoscale_step(&f->autoscale, &f->axis, &sight);
}

static bool see(struct fitting *f, double low, double high, int64_t moment_ns)
{
  return see_with(f, low, high, TICKS, moment_ns);
}

static bool see_last(struct fitting *f, double low, double high, int64_t moment_ns)
{
  const struct autoscale_sight sight = {
      .low = low, .high = high, .ticks = TICKS, .final = true, .moment_ns = moment_ns};
  return autoscale_step(&f->autoscale, &f->axis, &sight);
}

static void it_lands_on_the_first_data(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  assert_false(see(&f, INFINITY, -INFINITY, 0)); /* nothing is in view yet */
  assert_true(f.axis.low == -10 && f.axis.high == 10);
  assert_true(see(&f, 0, 3, 0));
  assert_true(f.axis.low == 0 && f.axis.high >= 3 && f.axis.high < 5);
  assert_false(see(&f, 0, 3, 1));
}

static void zeros_are_seen_from_zero_to_one(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  assert_true(see(&f, 0, 0, 0));
  assert_true(f.axis.low == 0 && f.axis.high == 1);
  assert_true(see(&f, 0, 30, 1));
  assert_true(f.axis.low == 0 && f.axis.high >= 30 && f.axis.high <= 50);
}

/* What has one sign gets no part of the axis with the other one, when the first values are large, too. */
static void the_margin_does_not_cross_zero(void **state)
{
  (void)state;
  struct fitting up = new_fitting();
  see(&up, 100, 110, 0);
  see(&up, 0, 110, 1);
  assert_true(up.axis.low == 0 && up.axis.high >= 110);
  struct fitting down = new_fitting();
  see(&down, -110, -100, 0);
  see(&down, -110, 0, 1);
  assert_true(down.axis.high == 0 && down.axis.low <= -110);
  struct fitting both = new_fitting();
  see(&both, -1, 50, 0);
  assert_true(both.axis.low <= -1);
}

static void a_constant_lies_within(void **state)
{
  (void)state;
  static const double constants[] = {1, -1, 1e-9, 230.5, -1e12, 1e300, 5e-324};
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
    struct fitting f = new_fitting();
    see(&f, constants[i], constants[i], 0);
    assert_true(f.axis.low < constants[i] && constants[i] < f.axis.high);
  }
}

static void it_grows_at_once_and_only_where_needed(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, 0, 3, 0);
  assert_true(see(&f, 0, 47, 1));
  assert_true(f.axis.high >= 47 && f.axis.high <= 70);
  assert_true(f.axis.low == 0);
  const double high = f.axis.high;
  assert_true(see(&f, -100, 3, 2));
  assert_true(f.axis.low <= -100);
  assert_true(f.axis.high == high);
}

/* Less than half of the range has been used for three seconds. */
static void it_shrinks_late(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, -100, 100, 1);
  const double high = f.axis.high;
  for (int64_t t = 2; t < 3 * SECOND; t += SECOND / 100)
    assert_false(see(&f, -1, 1, t));
  assert_true(f.axis.high == high);
  assert_true(see(&f, -1, 1, 3 * SECOND + 2));
  assert_true(f.axis.high < 3);
}

static void a_large_value_begins_the_patience_anew(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, -100, 100, 5 * SECOND);
  see(&f, -1, 1, 6 * SECOND);
  see(&f, -90, 50, 8 * SECOND);
  see(&f, -1, 1, 8 * SECOND + 1);
  assert_false(see(&f, -1, 1, 10 * SECOND));
  assert_true(see(&f, -1, 1, 12 * SECOND));
}

static void growing_begins_the_patience_anew(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, -100, 100, 5 * SECOND);
  see(&f, -1, 1, 6 * SECOND);
  see(&f, -200, 1, 8 * SECOND);
  see(&f, -1, 1, 8 * SECOND + 1);
  assert_false(see(&f, -1, 1, 10 * SECOND));
  assert_true(see(&f, -1, 1, 12 * SECOND));
}

static void less_than_half_of_the_range_is_not(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, 0, 100, 1);
  assert_false(see(&f, 0, 30, 2));
  assert_true(see(&f, 0, 30, 4 * SECOND));
  assert_true(f.axis.low == 0 && f.axis.high >= 30 && f.axis.high < 50);
}

/* More than half in use is not too wide, however long. */
static void half_of_the_range_is_enough(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, 0, 100, 1);
  for (int64_t t = 1; t < 20; t++)
    assert_false(see(&f, 0, 60, t * SECOND));
}

static void the_last_fit_is_at_once(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, -100, 100, 1);
  assert_true(see_last(&f, -1, 1, 2));
  assert_true(f.axis.high < 3 && f.axis.low > -3);
  assert_false(see_last(&f, -1, 1, 3));
}

static void a_steady_signal_leaves_it_calm(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  struct fitting f = new_fitting();
  int changes = 0;
  for (int64_t t = 0; t < 60 * SECOND; t += SECOND / 100)
    changes += see(&f, -1 - 0.1 * random_unit(&r), 1 + 0.1 * random_unit(&r), t);
  assert_true(changes <= 2);
}

static double any_magnitude(struct random *r)
{
  return ldexp(random_unit(r) - 0.5, (int)random_between(r, -1000, 1020));
}

static void it_always_contains_the_data(void **state)
{
  (void)state;
  struct random r = random_seeded(4);
  for (int round = 0; round < SCALED(2000, 400); round++) {
    struct fitting f = new_fitting();
    for (int i = 0; i < 20; i++) {
      const double a = random_once_in(&r, 100) ? DBL_MAX : any_magnitude(&r);
      const double b = random_once_in(&r, 3) ? a : any_magnitude(&r);
      see(&f, fmin(a, b), fmax(a, b), i * SECOND);
      assert_true(isfinite(f.axis.high) && isfinite(f.axis.low));
      assert_true(f.axis.low < f.axis.high);
      assert_true(f.axis.low <= fmin(a, b) && f.axis.high >= fmax(a, b));
    }
  }
}

/* Whatever the data, and however few ticks there is room for: the axis begins and ends on a tick that it will have. */
static void both_ends_are_ticks(void **state)
{
  (void)state;
  struct random r = random_seeded(5);
  for (int round = 0; round < SCALED(2000, 400); round++) {
    struct fitting f = new_fitting();
    const double size = pow(10, (double)random_between(&r, -30, 30));
    const double about = random_once_in(&r, 2) ? 0 : random_unit(&r) * size * 1e6;
    for (int i = 0; i < 20; i++) {
      const int ticks = (int)random_between(&r, VALUE_TICKS_LEAST, 12);
      const double a = about + (random_unit(&r) - 0.3) * size;
      const double b = about + (random_unit(&r) - 0.3) * size;
      see_with(&f, fmin(a, b), fmax(a, b), ticks, i * SECOND);
      struct value_ticks t;
      value_ticks_choose(f.axis.low, f.axis.high, ticks, &t);
      assert_in_range(t.count, 2, ticks);
      assert_true(fabs(value_ticks_value(&t, 0) - f.axis.low) <= t.step * 1e-6);
      assert_true(fabs(value_ticks_value(&t, t.count - 1) - f.axis.high) <= t.step * 1e-6);
    }
  }
}

static void the_largest_doubles_are_not_cut(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, -1e308, 1e308, 0);
  assert_true(f.axis.low == -1.5e308 && f.axis.high == 1.5e308);
  see(&f, -DBL_MAX, DBL_MAX, 1);
  assert_true(f.axis.low == -DBL_MAX && f.axis.high == DBL_MAX);
}

/*
 * A sine of amplitude 1 and a period of a second, a single 1000 at 6 s, an offset of 3 from 20 s on; ten seconds are in
 * view. Each change of the range, as a person would expect it.
 */
static void a_scripted_signal_gives_a_golden_list(void **state)
{
  (void)state;
  static const struct {
    int centiseconds;
    double low, high;
  } golden[] = {
      {0, 0, 1},                            /* nothing but a zero */
      {60, -1, 1},                          /* below zero: it grows at once, where it needs to */
      {600, -200, 1200}, {1910, -1.5, 1.5}, /* the spike left the view at 16 s, and was forgotten three seconds later */
      {2000, -2, 4},
  };
  enum { SAMPLES = 4000, STEP = 10, SIGHT = 1000 };
  static double signal[SAMPLES];
  struct fitting f = new_fitting();
  size_t changes = 0;
  for (int i = 0; i < SAMPLES; i++)
    signal[i] = (i >= 2000 ? 3 : 0) + sin(i * 0.01 * 6.283185307179586);
  signal[600] = 1000;
  for (int i = 0; i < SAMPLES; i += STEP) {
    double low = INFINITY;
    double high = -INFINITY;
    for (int k = i < SIGHT ? 0 : i - SIGHT; k <= i; k++) {
      low = fmin(low, signal[k]);
      high = fmax(high, signal[k]);
    }
    if (!see(&f, low, high, i * (SECOND / 100)))
      continue;
    assert_true(changes < sizeof golden / sizeof *golden);
    assert_int_equal(i, golden[changes].centiseconds);
    assert_true(f.axis.low == golden[changes].low && f.axis.high == golden[changes].high);
    changes++;
  }
  assert_int_equal(changes, sizeof golden / sizeof *golden);
}

static void switched_off_it_does_nothing(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  autoscale_switch(&f.autoscale, false);
  assert_false(see(&f, 0, 1e6, 0));
  assert_true(f.axis.low == -10 && f.axis.high == 10);
}

/* Off and on again: it lands anew, also where it had been patient. */
static void switched_on_it_fits_anew(void **state)
{
  (void)state;
  struct fitting f = new_fitting();
  see(&f, -100, 100, 1);
  assert_false(see(&f, -1, 1, 2));
  autoscale_switch(&f.autoscale, false);
  autoscale_switch(&f.autoscale, true);
  assert_true(see(&f, -1, 1, 3));
  assert_true(f.axis.high < 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_lands_on_the_first_data),
      cmocka_unit_test(zeros_are_seen_from_zero_to_one),
      cmocka_unit_test(the_margin_does_not_cross_zero),
      cmocka_unit_test(a_constant_lies_within),
      cmocka_unit_test(it_grows_at_once_and_only_where_needed),
      cmocka_unit_test(it_shrinks_late),
      cmocka_unit_test(a_large_value_begins_the_patience_anew),
      cmocka_unit_test(growing_begins_the_patience_anew),
      cmocka_unit_test(half_of_the_range_is_enough),
      cmocka_unit_test(less_than_half_of_the_range_is_not),
      cmocka_unit_test(the_last_fit_is_at_once),
      cmocka_unit_test(a_steady_signal_leaves_it_calm),
      cmocka_unit_test(it_always_contains_the_data),
      cmocka_unit_test(both_ends_are_ticks),
      cmocka_unit_test(the_largest_doubles_are_not_cut),
      cmocka_unit_test(a_scripted_signal_gives_a_golden_list),
      cmocka_unit_test(switched_off_it_does_nothing),
      cmocka_unit_test(switched_on_it_fits_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
