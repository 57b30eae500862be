/* The numbers of the legend, against what a stretch of a channel amounts to, one sample after the other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/statistics.h"
#include "trace_model.h"

static const double NOTHING = (double)NAN;
static const int64_t EPOCH_NS = 1767225600123456789;

static void check(const struct history *h, enum column_style style, int64_t from, int64_t to,
                  const struct statistics *expected)
{
  const struct statistics s = statistics_between(h, 0, style, from, to);
  assert_true(same(s.last, expected->last));
  assert_true(same(s.min, expected->min));
  assert_true(same(s.max, expected->max));
  assert_true(same(s.mean, expected->mean));
}

static void of_nothing_there_is_nothing_to_say(void **state)
{
  (void)state;
  const struct statistics nothing = {NOTHING, NOTHING, NOTHING, NOTHING};
  struct history *h = history_new((size_t)1 << 20);
  for (int style = COLUMN_STEP; style <= COLUMN_POINTS; style++)
    check(h, (enum column_style)style, 0, 100, &nothing);
  assert_true(history_append(h, 0, (const int64_t[]){50}, (const double[]){7}, 1));
  for (int style = COLUMN_STEP; style <= COLUMN_POINTS; style++)
    check(h, (enum column_style)style, 0, 50, &nothing); /* the sample at the end is not within */
  history_free(h);
}

static void by_hand(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)1 << 20);
  assert_true(history_append(h, 0, (const int64_t[]){10, 20, 30, 40}, (const double[]){8, 1, 6, (double)NAN}, 4));
  /* 20 and 30 are within; a step still holds the 8 as it begins, which is no sample of it. */
  check(h, COLUMN_LINE, 15, 40, &(struct statistics){.last = 6, .min = 1, .max = 6, .mean = 3.5});
  check(h, COLUMN_STEP, 15, 40, &(struct statistics){.last = 6, .min = 1, .max = 8, .mean = 3.5});
  check(h, COLUMN_POINTS, 15, 40, &(struct statistics){.last = 6, .min = 1, .max = 6, .mean = 3.5});
  /* None is within: a step holds on, a line has no samples here. */
  check(h, COLUMN_STEP, 31, 39, &(struct statistics){.last = 6, .min = 6, .max = 6, .mean = NOTHING});
  check(h, COLUMN_LINE, 31, 39, &(struct statistics){NOTHING, NOTHING, NOTHING, NOTHING});
  /* A gap is the last thing known. */
  check(h, COLUMN_STEP, 25, 99, &(struct statistics){.last = NOTHING, .min = 1, .max = 6, .mean = 6});
  check(h, COLUMN_STEP, 50, 99, &(struct statistics){NOTHING, NOTHING, NOTHING, NOTHING});
  history_free(h);
}

/* The plain case: 0 is seen from its time on, and no sample. */
static void the_initial_value_is_held_like_a_sample(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)1 << 20);
  history_set_initial(h, 0, (struct history_sample){.time = 20, .value = 0});
  const struct statistics zero = {.last = 0, .min = 0, .max = 0, .mean = NOTHING};
  const struct statistics nothing = {NOTHING, NOTHING, NOTHING, NOTHING};
  check(h, COLUMN_STEP, 0, 20, &nothing);
  check(h, COLUMN_STEP, 0, 21, &zero);
  check(h, COLUMN_STEP, 30, 40, &zero);
  check(h, COLUMN_POINTS, 0, 40, &nothing);
  assert_true(history_append(h, 0, (const int64_t[]){50}, (const double[]){7}, 1));
  check(h, COLUMN_STEP, 0, 60, &(struct statistics){.last = 7, .min = 0, .max = 7, .mean = 7});
  check(h, COLUMN_STEP, 51, 60, &(struct statistics){.last = 7, .min = 7, .max = 7, .mean = NOTHING});
  history_free(h);
}

static void against_one_sample_after_the_other(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  for (int round = 0; round < SCALED(300, 40); round++) {
    struct model m = random_model(&r, (size_t)random_between(&r, 1, 3000), random_once_in(&r, 2) ? -5000 : EPOCH_NS, 1);
    struct history *h = history_of(&m, m.n);
    for (int i = 0; i < 50; i++) {
      const enum column_style style = (enum column_style)random_below(&r, 3);
      const int64_t from = m.time[random_below(&r, m.n)] + random_between(&r, -300, 300);
      const int64_t to = from + random_between(&r, 1, random_once_in(&r, 2) ? 100 : 30000);
      struct column seen = {.low = NOTHING, .high = NOTHING};
      double last = NOTHING;
      if (style == COLUMN_STEP && m.has_initial && m.initial.time < to)
        last = m.initial.value;
      bool within = false; /* an item of the stretch was met: until then `last` is what it begins with */
      long double sum = 0;
      size_t count = 0;
      for (size_t k = 0; k < m.n && m.time[k] < to; k++) {
        if (m.time[k] < from) {
          last = style == COLUMN_STEP ? m.value[k] : NOTHING;
          continue;
        }
        if (!within && !is_gap(last))
          column_show(&seen, last);
        within = true;
        last = m.value[k];
        if (is_gap(last))
          continue;
        column_show(&seen, last);
        sum += last;
        count++;
      }
      if (!within && !is_gap(last))
        column_show(&seen, last);
      const struct statistics s = statistics_between(h, 0, style, from, to);
      assert_true(same(s.last, last) && same(s.min, seen.low) && same(s.max, seen.high));
      assert_true(count ? fabs(s.mean - (double)(sum / (long double)count)) < 1e-12 : is_gap(s.mean));
    }
    history_free(h);
    model_destroy(&m);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(of_nothing_there_is_nothing_to_say),
      cmocka_unit_test(by_hand),
      cmocka_unit_test(the_initial_value_is_held_like_a_sample),
      cmocka_unit_test(against_one_sample_after_the_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
