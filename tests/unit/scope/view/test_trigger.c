/* Where a trigger fires: against a search sample by sample, in any portions; what it costs is bounded by sweeps. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/trace_model.h"
#include "scope/view/trigger.h"

static const int64_t SECOND = 1000000000;

/* What a trigger is: beyond the level by the hysteresis, then across the level; and after the sweep before. */
struct found {
  uint64_t sweeps;
  int64_t crossing, before;
};

static int64_t where(const struct model *m, size_t i, double level, enum column_style style)
{
  if (style == COLUMN_STEP)
    return m->time[i];
  const double share = (level - m->value[i - 1]) / (m->value[i] - m->value[i - 1]);
  return m->time[i - 1] + (int64_t)round(share * (double)(m->time[i] - m->time[i - 1]));
}

static struct found search(const struct model *m, const struct trigger *t, const struct trigger_rule *rule)
{
  struct found f = {0, 0, 0};
  const double sign = t->falling ? -1 : 1;
  bool armed = false;
  for (size_t i = 0; i < m->n && m->time[i] < rule->edge; i++) {
    const double v = m->value[i];
    if (is_gap(v)) {
      armed = false;
    } else if (armed && sign * v >= sign * t->level) {
      const int64_t crossing = where(m, i, t->level, rule->style);
      armed = false;
      if (f.sweeps > 0 && crossing < f.crossing + rule->sweep)
        continue;
      f.before = f.crossing;
      f.crossing = crossing;
      f.sweeps++;
    } else if (sign * v < sign * rule->arm) {
      armed = true;
    }
  }
  return f;
}

static void check(const struct trigger *t, const struct found *expected)
{
  assert_int_equal(t->sweeps, expected->sweeps);
  if (t->sweeps > 0)
    assert_true(llabs(t->crossing - expected->crossing) <= 1); /* halves round either way */
  if (t->sweeps > 1)
    assert_true(llabs(t->before - expected->before) <= 1);
}

static void any_signal_in_any_portions(void **state)
{
  (void)state;
  static const enum column_style style[] = {COLUMN_STEP, COLUMN_LINE, COLUMN_POINTS};
  struct random r = random_seeded(1);
  uint64_t sweeps = 0;
  for (int round = 0; round < SCALED(400, 60); round++) {
    struct model m = random_model(&r, (size_t)random_between(&r, 1, 4000), 0, random_between(&r, 1, 1000));
    struct history *h = history_of(&m, m.n);
    struct trigger t = {
        .on = true, .level = random_unit(&r) * 20 - 10, .falling = random_once_in(&r, 2), .from = INT64_MIN};
    const double hysteresis = random_unit(&r) * (random_once_in(&r, 4) ? 12 : 1);
    struct trigger_rule rule = {.style = style[round % 3],
                                .sweep = random_between(&r, 1, random_once_in(&r, 3) ? m.time[m.n - 1] + 1 : 2000),
                                .arm = t.falling ? t.level + hysteresis : t.level - hysteresis};
    while (rule.edge <= m.time[m.n - 1]) {
      rule.edge += random_between(&r, 1, random_once_in(&r, 3) ? m.time[m.n - 1] + 1 : 3000);
      trigger_look(&t, h, &rule);
      if (random_once_in(&r, 5)) {
        const struct found expected = search(&m, &t, &rule);
        check(&t, &expected);
      }
    }
    const struct found expected = search(&m, &t, &rule);
    check(&t, &expected);
    sweeps += t.sweeps;
    history_free(h);
    model_destroy(&m);
  }
  assert_true(sweeps > 1000);
}

static struct model noisy_sine(struct random *r, size_t n, int64_t each, double hz, double noise)
{
  struct model m = {.n = n, .time = calloc(n, sizeof *m.time), .value = calloc(n, sizeof *m.value)};
  assert_true(m.time && m.value);
  for (size_t i = 0; i < n; i++) {
    double sum = 0; /* of twelve uniform ones: close to a normal distribution of sd 1 */
    for (int k = 0; k < 12 && noise > 0; k++)
      sum += random_unit(r);
    m.time[i] = (int64_t)i * each;
    m.value[i] = 10 * sin(2 * M_PI * hz * (double)m.time[i] / 1e9) + noise * (sum - 6);
  }
  return m;
}

/*
 * 50 Hz of full range (-10 to 10) with noise of 0.5 % of it, 10,000 samples a second, over 20 seconds: hysteresis of 2 %
 * sees a crossing a period, each where the sine crosses, to what the noise moves it.
 */
static void noise_fires_nothing(void **state)
{
  (void)state;
  struct random r = random_seeded(2);
  struct model m = noisy_sine(&r, 200000, SECOND / 10000, 50, 0.1);
  struct history *h = history_of(&m, m.n);
  struct trigger t = {.on = true, .level = 0, .from = INT64_MIN};
  const int64_t period = SECOND / 50;
  struct trigger_rule rule = {.style = COLUMN_LINE, .sweep = period / 2, .arm = -0.4};
  for (uint64_t n = 1; n <= 999; n++) { /* the first one is at 0, with nothing before it */
    rule.edge = (int64_t)n * period + period / 4;
    trigger_look(&t, h, &rule);
    assert_int_equal(t.sweeps, n);
    assert_true(llabs(t.crossing - (int64_t)n * period) < SECOND / 10000 * 2); /* 4 sd of noise are an eighth of that */
  }
  /* Longer than two periods: every third crossing. */
  struct trigger third = {.on = true, .level = 0, .from = INT64_MIN};
  rule.sweep = period * 5 / 2;
  trigger_look(&third, h, &rule);
  assert_int_equal(third.sweeps, 333);
  history_free(h);
  model_destroy(&m);
}

static void a_gap_breaks_the_way_up(void **state)
{
  (void)state;
  int64_t time[] = {0, 10, 20, 30, 40, 50, 60};
  double value[] = {-5, (double)NAN, 5, -5, -1, 3, 5};
  struct model m = {.n = 7, .time = time, .value = value};
  struct history *h = history_of(&m, m.n);
  struct trigger t = {.on = true, .level = 1, .from = INT64_MIN};
  const struct trigger_rule rule = {.style = COLUMN_LINE, .edge = 100, .sweep = 1, .arm = -2};
  trigger_look(&t, h, &rule);
  assert_int_equal(t.sweeps, 1);
  assert_int_equal(t.crossing, 45); /* half way from -1 to 3 */
  history_free(h);
}

static void what_never_crosses_never_fires(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  struct model m = noisy_sine(&r, 20000, SECOND / 10000, 50, 0);
  struct history *h = history_of(&m, m.n);
  const struct {
    double level, arm;
    int channel;
  } cases[] = {{11, 10.6, 0}, {-11, -11.4, 0}, {0, -30, 0}, {0, -0.4, 5}, {0, -0.4, -1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct trigger t = {.on = true, .level = cases[i].level, .channel = cases[i].channel, .from = INT64_MIN};
    const struct trigger_rule rule = {
        .style = COLUMN_LINE, .edge = 2 * SECOND, .sweep = SECOND / 100, .arm = cases[i].arm};
    trigger_look(&t, h, &rule);
    trigger_look(&t, h, &rule);
    assert_int_equal(t.sweeps, 0);
    assert_int_equal(trigger_sweep_end(&t, 5), INT64_MIN);
  }
  history_free(h);
  model_destroy(&m);
}

static void a_single_one_until_it_is_armed_again(void **state)
{
  (void)state;
  struct random r = random_seeded(4);
  struct model m = noisy_sine(&r, 20000, SECOND / 10000, 50, 0);
  struct history *h = history_of(&m, m.n);
  struct trigger t = {.on = true, .level = 0, .mode = TRIGGER_SINGLE, .from = INT64_MIN};
  struct trigger_rule rule = {.style = COLUMN_LINE, .edge = SECOND, .sweep = SECOND / 100, .arm = -0.4};
  trigger_look(&t, h, &rule);
  assert_true(t.done);
  assert_int_equal(t.sweeps, 1);
  assert_true(llabs(t.crossing - SECOND / 50) <= 1);
  rule.edge = 2 * SECOND;
  trigger_look(&t, h, &rule);
  assert_int_equal(t.sweeps, 1);
  trigger_arm(&t, SECOND + SECOND / 200);
  trigger_look(&t, h, &rule);
  assert_int_equal(t.sweeps, 2);
  assert_true(llabs(t.crossing - (SECOND + SECOND / 50)) <= 1);
  history_free(h);
  model_destroy(&m);
}

/* Ten million samples that never arm it, and ten million in one sweep: looked at whole. Buckets alone still end. */
static void quiet_is_passed_over(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)16 << 20);
  assert_non_null(h);
  enum { BLOCK = 10000, BLOCKS = 1000 };
  static double value[BLOCK];
  for (int i = 0; i < BLOCK; i++)
    value[i] = 5 + sin(i);
  for (int b = 0; b < SCALED(BLOCKS, 100); b++)
    assert_true(history_append_even(h, 0, (int64_t)b * BLOCK * 100, 100, value, BLOCK));
  const int64_t end = SCALED(BLOCKS, 100) * (int64_t)BLOCK * 100;
  const double more[] = {-5, 5, -5, 5};
  assert_true(history_append_even(h, 0, end, 100, more, 4));
  struct trigger t = {.on = true, .level = 0, .from = INT64_MIN};
  const struct trigger_rule rule = {.style = COLUMN_STEP, .edge = end + 1000, .sweep = end, .arm = -0.4};
  trigger_look(&t, h, &rule);
  assert_int_equal(t.sweeps, 1);
  assert_int_equal(t.crossing, end + 100);
  history_free(h);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_signal_in_any_portions),
      cmocka_unit_test(noise_fires_nothing),
      cmocka_unit_test(a_gap_breaks_the_way_up),
      cmocka_unit_test(what_never_crosses_never_fires),
      cmocka_unit_test(a_single_one_until_it_is_armed_again),
      cmocka_unit_test(quiet_is_passed_over),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
