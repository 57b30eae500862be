/* What a column shows, against what a trace is (trace_model.h); and by hand, where a sample lies just on a border. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/columns.h"
#include "trace_model.h"

static const double GAP = (double)NAN;
static const size_t MEMORY = (size_t)64 << 20;
static const int64_t EPOCH_NS = 1767225600123456789;

static struct column_rule rule_of(enum column_style style, int64_t width, int64_t edge)
{
  return (struct column_rule){.time = {.width = width, .columns = 1}, .edge = edge, .style = style};
}

static struct history *history_from_list(const int64_t *time, const double *value, size_t n)
{
  struct history *h = history_new(MEMORY);
  assert_non_null(h);
  assert_true(history_append(h, 0, time, value, n));
  return h;
}

struct range {
  double low, high;
};

/* Columns 0 to n - 1 are these. */
static void check(const struct history *h, const struct column_rule *rule, const struct range *expected, size_t n)
{
  struct column out[20];
  assert_true(n <= 20);
  columns_compute(h, 0, rule, 0, n, out);
  for (size_t i = 0; i < n; i++)
    if (!same(out[i].low, expected[i].low) || !same(out[i].high, expected[i].high))
      fail_msg("column %zu shows %g to %g, not %g to %g", i, out[i].low, out[i].high, expected[i].low,
               expected[i].high);
}

/* ---- By hand ---- */

static void nothing_to_draw(void **state)
{
  (void)state;
  struct history *h = history_new(MEMORY);
  for (int style = COLUMN_STEP; style <= COLUMN_POINTS; style++) {
    const struct column_rule rule = rule_of((enum column_style)style, 10, 1000);
    check(h, &rule, (const struct range[]){{GAP, GAP}, {GAP, GAP}, {GAP, GAP}}, 3);
  }
  history_free(h);
}

/* The plain case: 0 from the start, held until a value comes, held again to the edge and no further. */
static void a_value_is_held(void **state)
{
  (void)state;
  struct history *h = history_new(MEMORY);
  history_set_initial(h, 0, (struct history_sample){.time = 15, .value = 0});
  const struct column_rule rule = rule_of(COLUMN_STEP, 10, 75);
  check(h, &rule,
        (const struct range[]){
            {GAP, GAP}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {GAP, GAP}, {GAP, GAP}},
        10);
  assert_true(history_append(h, 0, (const int64_t[]){40, 54}, (const double[]){7, GAP}, 2));
  check(h, &rule,
        (const struct range[]){{GAP, GAP}, {0, 0}, {0, 0}, {0, 0}, {0, 7}, {7, 7}, {GAP, GAP}, {GAP, GAP}, {GAP, GAP}},
        9);
  history_free(h);
}

/* However soon the first value comes: the column shows what was held before it. */
static void what_was_held_first_is_seen_in_the_first_column(void **state)
{
  (void)state;
  struct history *h = history_new(MEMORY);
  history_set_initial(h, 0, (struct history_sample){.time = 0, .value = 0});
  assert_true(history_append(h, 0, (const int64_t[]){8}, (const double[]){5}, 1));
  const struct column_rule step = rule_of(COLUMN_STEP, 10, 30);
  check(h, &step, (const struct range[]){{0, 5}, {5, 5}, {5, 5}, {GAP, GAP}}, 4);
  const struct column_rule line = rule_of(COLUMN_LINE, 10, 30);
  check(h, &line, (const struct range[]){{0, 5}, {GAP, GAP}}, 2);
  const struct column_rule points = rule_of(COLUMN_POINTS, 10, 30);
  check(h, &points, (const struct range[]){{5, 5}, {GAP, GAP}}, 2);
  history_free(h);
}

static void a_line_ends_at_its_last_sample_and_at_the_edge(void **state)
{
  (void)state;
  struct history *h = history_from_list((const int64_t[]){5, 25, 35}, (const double[]){0, 20, 20}, 3);
  struct column_rule rule = rule_of(COLUMN_LINE, 10, 100);
  check(h, &rule, (const struct range[]){{0, 5}, {5, 15}, {15, 20}, {20, 20}, {GAP, GAP}}, 5);
  rule.edge = 15; /* nothing at or after it */
  check(h, &rule, (const struct range[]){{0, 5}, {5, 10}, {GAP, GAP}, {GAP, GAP}, {GAP, GAP}}, 5);
  rule.edge = 10; /* a border */
  check(h, &rule, (const struct range[]){{0, 5}, {GAP, GAP}}, 2);
  history_free(h);
}

static void a_sample_on_a_border_is_right_of_it(void **state)
{
  (void)state;
  struct history *h = history_from_list((const int64_t[]){0, 10, 20}, (const double[]){1, 2, 5}, 3);
  const struct column_rule step = rule_of(COLUMN_STEP, 10, 40);
  check(h, &step, (const struct range[]){{1, 1}, {1, 2}, {2, 5}, {5, 5}, {GAP, GAP}}, 5);
  const struct column_rule points = rule_of(COLUMN_POINTS, 10, 40);
  check(h, &points, (const struct range[]){{1, 1}, {2, 2}, {5, 5}, {GAP, GAP}}, 4);
  const struct column_rule line = rule_of(COLUMN_LINE, 10, 40); /* it comes to the sample within the column before */
  check(h, &line, (const struct range[]){{1, 2}, {2, 5}, {5, 5}, {GAP, GAP}}, 4);
  history_free(h);
}

/* No line leads over a gap: the column before a border has nothing of the sample that lies on it after a gap. */
static void after_a_gap_a_border_is_crossed_by_nothing(void **state)
{
  (void)state;
  struct history *h =
      history_from_list((const int64_t[]){2, 5, 20, 30, 30, 40}, (const double[]){3, GAP, 7, GAP, 9, 9}, 6);
  const struct column_rule line = rule_of(COLUMN_LINE, 10, 100);
  check(h, &line, (const struct range[]){{3, 3}, {GAP, GAP}, {7, 7}, {9, 9}, {9, 9}, {GAP, GAP}}, 6);
  const struct column_rule points = rule_of(COLUMN_POINTS, 10, 100);
  check(h, &points, (const struct range[]){{3, 3}, {GAP, GAP}, {7, 7}, {9, 9}, {9, 9}, {GAP, GAP}}, 6);
  history_free(h);

  /* The first sample of all comes from nowhere, too. */
  h = history_from_list((const int64_t[]){10, 20}, (const double[]){4, 6}, 2);
  check(h, &line, (const struct range[]){{GAP, GAP}, {4, 6}, {6, 6}, {GAP, GAP}}, 4);
  history_free(h);
}

static void samples_at_one_time_are_a_stroke(void **state)
{
  (void)state;
  struct history *h = history_from_list((const int64_t[]){0, 20, 20, 20, 30}, (const double[]){1, 4, -8, 2, 2}, 5);
  const struct column_rule step = rule_of(COLUMN_STEP, 10, 40);
  check(h, &step, (const struct range[]){{1, 1}, {1, 1}, {-8, 4}, {2, 2}}, 4);
  const struct column_rule line = rule_of(COLUMN_LINE, 10, 40); /* heading for the first of them */
  check(h, &line, (const struct range[]){{1, 2.5}, {2.5, 4}, {-8, 4}, {2, 2}}, 4);
  history_free(h);
}

/* ---- Against the meaning ---- */

static bool near(double a, double b)
{
  return same(a, b) || fabs(a - b) <= 1e-11;
}

/* A rule whose borders often meet the samples, and whose edge does. */
static struct column_rule random_rule(struct random *r, const struct model *m, int64_t quantum)
{
  static const int64_t most[] = {3, 10, 100, 10000};
  const int64_t width = random_between(r, 1, most[random_below(r, 4)]);
  struct column_rule rule = rule_of((enum column_style)random_below(r, 3), width, INT64_MAX);
  if (random_once_in(r, 2))
    rule.time.width *= quantum;
  rule.time.origin = random_once_in(r, 2) ? m->time[0] : m->time[0] + random_between(r, -1000, 1000);
  const int64_t at = m->time[random_below(r, m->n)];
  switch (random_below(r, 4)) {
  case 0: /* all that there is */
    break;
  case 1: /* a border */
    rule.edge = time_axis_time(&rule.time, time_axis_column(&rule.time, at));
    break;
  case 2: /* a sample */
    rule.edge = at;
    break;
  default:
    rule.edge = at + random_between(r, -5, 500);
  }
  return rule;
}

static int64_t random_origin(struct random *r)
{
  const int64_t origins[] = {0, EPOCH_NS, -EPOCH_NS, random_between(r, -100000, 100000)};
  return origins[random_below(r, 4)];
}

static void against_the_meaning_of_a_trace(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  for (int round = 0; round < SCALED(400, 60); round++) {
    const int64_t quantum = random_once_in(&r, 2) ? 10 : 1;
    struct model m = random_model(&r, (size_t)random_between(&r, 1, 2000), random_origin(&r), quantum);
    struct history *h = history_of(&m, m.n);
    for (int i = 0; i < 20; i++) {
      const struct column_rule rule = random_rule(&r, &m, quantum);
      struct trace trace = trace_of(&m, m.n, rule.style);
      const int64_t first = time_axis_column(&rule.time, m.time[random_below(&r, m.n)]) - random_between(&r, 0, 100);
      struct column out[200];
      const size_t n = (size_t)random_between(&r, 1, 200);
      columns_compute(h, 0, &rule, first, n, out);
      for (size_t k = 0; k < n; k++) {
        const int64_t begin = rule.time.origin + (first + (int64_t)k) * rule.time.width;
        const struct column expected = trace_column(&trace, begin, begin + rule.time.width, rule.edge);
        if (!near(out[k].enter, expected.enter) || !near(out[k].leave, expected.leave))
          fail_msg("round %d, style %d, column [%lld, %lld), edge %lld: enters at %.17g and leaves at %.17g, not %.17g "
                   "and %.17g",
                   round, (int)rule.style, (long long)begin, (long long)(begin + rule.time.width), (long long)rule.edge,
                   out[k].enter, out[k].leave, expected.enter, expected.leave);
        if (!near(out[k].low, expected.low) || !near(out[k].high, expected.high))
          fail_msg("round %d, style %d, column [%lld, %lld), edge %lld: %.17g to %.17g, not %.17g to %.17g", round,
                   (int)rule.style, (long long)begin, (long long)(begin + rule.time.width), (long long)rule.edge,
                   out[k].low, out[k].high, expected.low, expected.high);
      }
      trace_destroy(&trace);
    }
    history_free(h);
    model_destroy(&m);
  }
}

/* Count, mean and standard deviation of the samples that lie in the column, and where the only one of them lies. */
static void columns_know_their_samples(void **state)
{
  (void)state;
  struct random r = random_seeded(31);
  for (int round = 0; round < SCALED(200, 30); round++) {
    struct model m = random_model(&r, (size_t)random_between(&r, 1, 2000), random_origin(&r), 1);
    struct history *h = history_of(&m, m.n);
    const struct column_rule rule = random_rule(&r, &m, 1);
    struct column out[100];
    const int64_t first = time_axis_column(&rule.time, m.time[random_below(&r, m.n)]) - 50;
    columns_compute(h, 0, &rule, first, 100, out);
    size_t i = 0;
    for (size_t k = 0; k < 100; k++) {
      const int64_t begin = rule.time.origin + (first + (int64_t)k) * rule.time.width;
      const int64_t end = begin + rule.time.width < rule.edge ? begin + rule.time.width : rule.edge;
      long double sum = 0;
      long double squares = 0;
      uint32_t count = 0;
      size_t from;
      for (; i < m.n && m.time[i] < begin; i++)
        ;
      from = i;
      for (; i < m.n && m.time[i] < end; i++)
        if (!is_gap(m.value[i])) {
          sum += m.value[i];
          count++;
        }
      for (size_t j = from; j < i; j++)
        if (!is_gap(m.value[j]))
          squares += (m.value[j] - sum / count) * (m.value[j] - sum / count);
      assert_int_equal(out[k].count, count);
      assert_true(count > 0 || (is_gap(out[k].mean) && is_gap(out[k].sd)));
      assert_true(count == 0 || fabs(out[k].mean - (double)(sum / count)) <= 1e-12);
      assert_true(count == 0 || fabs(out[k].sd - (double)sqrtl(squares / count)) <= 1e-7);
      if (count == 1 && i - from == 1)
        assert_true(fabs((double)out[k].at - (double)(m.time[from] - begin) / (double)rule.time.width) <= 1e-6);
    }
    history_free(h);
    model_destroy(&m);
  }
}

/* To the last bit: where the trace goes over a border, the columns on either side of it share a value. */
static void neighbours_connect(void **state)
{
  (void)state;
  struct random r = random_seeded(4);
  for (int round = 0; round < SCALED(200, 30); round++) {
    struct model m = random_model(&r, 2000, random_origin(&r), 1);
    struct history *h = history_of(&m, m.n);
    for (int i = 0; i < 20; i++) {
      struct column_rule rule = random_rule(&r, &m, 1);
      rule.style = random_once_in(&r, 2) ? COLUMN_STEP : COLUMN_LINE;
      struct trace trace = trace_of(&m, m.n, rule.style);
      const int64_t first = time_axis_column(&rule.time, m.time[random_below(&r, m.n)]) - 50;
      struct column out[101];
      columns_compute(h, 0, &rule, first, 101, out);
      for (int64_t k = 1; k < 101; k++) {
        const int64_t border = rule.time.origin + (first + k) * rule.time.width;
        const size_t p = trace_find(&trace, border);
        if (border < rule.edge && p < trace.n && trace.piece[p].from < border)
          assert_true(out[k - 1].low <= out[k].high && out[k].low <= out[k - 1].high);
      }
      trace_destroy(&trace);
    }
    history_free(h);
    model_destroy(&m);
  }
}

/* ---- What is final ---- */

static void final_by_hand(void **state)
{
  (void)state;
  struct history *h = history_new(MEMORY);
  struct column_rule step = rule_of(COLUMN_STEP, 10, 40);
  struct column_rule line = rule_of(COLUMN_LINE, 10, 40);
  assert_int_equal(columns_final_before(h, 0, &step), 4); /* nothing older than 40 will come */
  assert_true(columns_final_before(h, 0, &line) <= 0);
  assert_true(history_append(h, 0, (const int64_t[]){5, 29}, (const double[]){0, 1}, 2));
  step.edge = 39;
  assert_int_equal(columns_final_before(h, 0, &step), 3);
  assert_int_equal(columns_final_before(h, 0, &line), 2); /* a line will leave the last sample */
  line.edge = 15;
  assert_int_equal(columns_final_before(h, 0, &line), 1);
  history_free(h);
}

static void assert_bits(const struct column *a, const struct column *b, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    assert_true(same(a[i].low, b[i].low) && same(a[i].high, b[i].high));
    assert_true(same(a[i].enter, b[i].enter) && same(a[i].leave, b[i].leave));
  }
}

/* Time goes on and samples come, none older than the edge was: final columns stay as they are to the last bit. */
static void final_columns_never_change(void **state)
{
  (void)state;
  enum { LOOK = 300 };
  struct random r = random_seeded(5);
  int promises = 0;
  for (int round = 0; round < SCALED(600, 100); round++) {
    const int64_t quantum = random_once_in(&r, 2) ? 10 : 1;
    struct model m = random_model(&r, 3000, random_origin(&r), quantum);
    size_t known = (size_t)random_between(&r, 0, random_once_in(&r, 4) ? 3 : 2000);
    struct history *h = history_of(&m, known);
    struct column_rule rule = random_rule(&r, &m, quantum);
    /* The edge lies between what is known and what is still to come. */
    const int64_t low = known ? m.time[known - 1] : m.time[0] - 1000;
    rule.edge = random_once_in(&r, 3) ? m.time[known] : random_between(&r, low, m.time[known]);
    const int64_t final = columns_final_before(h, 0, &rule);
    if (final > INT64_MIN) {
      promises++;
      struct column old[LOOK];
      const int64_t first = final - LOOK;
      columns_compute(h, 0, &rule, first, LOOK, old);
      for (int step = 0; step < 4; step++) {
        struct column now[LOOK];
        const size_t more = (size_t)random_between(&r, 0, 200);
        assert_true(history_append(h, 0, m.time + known, m.value + known, more));
        known += more;
        const int64_t last = known ? m.time[known - 1] : low;
        rule.edge = last > rule.edge ? last : rule.edge;
        rule.edge = random_once_in(&r, 3) ? rule.edge : rule.edge + random_between(&r, 0, 3000);
        /* Another first column, as after a pan: the numbers depend on the column alone. */
        const size_t skip = (size_t)random_below(&r, LOOK - 1);
        columns_compute(h, 0, &rule, first + (int64_t)skip, LOOK - skip, now);
        assert_bits(now, old + skip, LOOK - skip);
      }
    }
    history_free(h);
    model_destroy(&m);
  }
  assert_true(promises > SCALED(300, 50));
}

/* ---- Old samples, large numbers ---- */

/* One sample in ten million is seen at any zoom, wherever it is, old or new. */
static void one_spike_is_seen_at_any_zoom(void **state)
{
  (void)state;
  const int64_t n = SCALED(10000000, 1000000);
  enum { BLOCK = 1000 };
  static const struct {
    double part;
    bool coarse;
  } places[] = {{0, true}, {0.0123, true}, {0.5, true}, {0.987654, false}, {0.9999999, false}};
  for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
    const int64_t spike = (int64_t)((double)(n - 1) * places[p].part);
    struct history *h = history_new((size_t)SCALED(32, 4) << 20);
    for (int64_t i = 0; i < n; i += BLOCK) {
      int64_t time[BLOCK];
      double value[BLOCK];
      for (int j = 0; j < BLOCK; j++) {
        time[j] = (i + j) * 10;
        value[j] = i + j == spike ? 100 : 0;
      }
      assert_true(history_append(h, 0, time, value, BLOCK));
    }
    for (int style = COLUMN_STEP; style <= COLUMN_POINTS; style++)
      for (int64_t width = 1; width <= 10 * n; width *= 7) {
        const struct column_rule rule = rule_of((enum column_style)style, width, 10 * n);
        const int64_t column = spike * 10 / width;
        struct column out[201];
        columns_compute(h, 0, &rule, column - 100, 201, out);
        assert_true(out[100].high == 100);
        if (places[p].coarse)
          continue;
        /* A step ends where the next sample begins it, a line rises and falls over a sample on either side. */
        const int64_t reach = style == COLUMN_POINTS ? 0 : 10;
        for (int64_t k = 0; k < 201; k++) {
          const int64_t begin = (column - 100 + k) * width;
          if (begin + width <= spike * 10 - reach || begin > spike * 10 + reach)
            assert_true(out[k].high != 100);
        }
      }
    history_free(h);
  }
}

/* Where a line crosses between neighbours near the largest doubles, and far apart in time, nothing overflows. */
static void extremes(void **state)
{
  (void)state;
  enum { COLUMNS = 8000 };
  static const int64_t time[] = {-4000000000000000000, 4000000000000000000};
  static const double value[] = {-1.7976931348623157e308, 1.7976931348623157e308};
  struct history *h = history_from_list(time, value, 2);
  const struct column_rule rule = rule_of(COLUMN_LINE, 1000000000000000, INT64_MAX);
  struct column out[COLUMNS];
  columns_compute(h, 0, &rule, -COLUMNS / 2, COLUMNS, out);
  for (size_t i = 0; i < COLUMNS; i++) {
    assert_true(isfinite(out[i].low) && isfinite(out[i].high) && out[i].low <= out[i].high);
    assert_true(i == 0 || out[i].low == out[i - 1].high);
  }
  /* A straight line: half-way up after half of the time. */
  assert_true(out[COLUMNS / 2].low == 0);
  assert_true(fabs(out[COLUMNS / 4].low / value[0] - 0.5) < 1e-9);
  history_free(h);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_to_draw),
      cmocka_unit_test(a_value_is_held),
      cmocka_unit_test(what_was_held_first_is_seen_in_the_first_column),
      cmocka_unit_test(a_line_ends_at_its_last_sample_and_at_the_edge),
      cmocka_unit_test(a_sample_on_a_border_is_right_of_it),
      cmocka_unit_test(after_a_gap_a_border_is_crossed_by_nothing),
      cmocka_unit_test(samples_at_one_time_are_a_stroke),
      cmocka_unit_test(against_the_meaning_of_a_trace),
      cmocka_unit_test(columns_know_their_samples),
      cmocka_unit_test(neighbours_connect),
      cmocka_unit_test(final_by_hand),
      cmocka_unit_test(final_columns_never_change),
      cmocka_unit_test(one_spike_is_seen_at_any_zoom),
      cmocka_unit_test(extremes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
