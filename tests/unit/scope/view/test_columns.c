/* Columns against brute force: what a column covers, that neighbours connect, that time moves none, that a cache lies not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/columns.h"

static const double GAP = (double)NAN;
static const size_t MEMORY = (size_t)64 << 20;

/* All that one channel was given. */
struct model {
  size_t n;
  int64_t *time;
  double *value;
  bool has_initial;
  struct history_sample initial;
};

static bool same(double a, double b)
{
  return a == b || (a != a && b != b);
}

static struct model random_model(struct random *r, size_t n, int64_t start)
{
  struct model m = {.n = n, .time = calloc(n, sizeof *m.time), .value = calloc(n, sizeof *m.value)};
  assert_true(m.time && m.value);
  int64_t t = start;
  for (size_t i = 0; i < n; i++) {
    if (!random_once_in(r, 4)) /* else at the same time as the one before */
      t += random_once_in(r, 50) ? random_between(r, 0, 20000) : random_between(r, 0, 200);
    m.time[i] = t;
    m.value[i] = random_once_in(r, 20) ? GAP : random_once_in(r, 10) ? 1 : random_unit(r) * 20 - 10;
  }
  if (random_once_in(r, 2)) {
    m.has_initial = true;
    m.initial = (struct history_sample){.time = start - random_between(r, 0, 3000), .value = 0.25};
  }
  return m;
}

static void model_destroy(struct model *m)
{
  free(m->time);
  free(m->value);
}

static struct history *history_of(const struct model *m, size_t n)
{
  struct history *h = history_new(MEMORY);
  assert_non_null(h);
  if (m->has_initial)
    history_set_initial(h, 0, m->initial);
  assert_true(history_append(h, 0, m->time, m->value, n));
  return h;
}

/* ---- Brute force ---- */

static size_t lower(const struct model *m, int64_t t)
{
  size_t low = 0;
  size_t high = m->n;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (m->time[middle] >= t)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

static struct history_sample held(const struct model *m, int64_t t)
{
  const size_t i = lower(m, t);
  if (i > 0)
    return (struct history_sample){m->time[i - 1], m->value[i - 1]};
  if (m->has_initial && m->initial.time < t)
    return m->initial;
  return (struct history_sample){t, GAP};
}

static double crossing(const struct model *m, enum column_style style, int64_t t)
{
  if (style == COLUMN_POINTS)
    return GAP;
  const struct history_sample before = held(m, t);
  if (style == COLUMN_STEP)
    return before.value;
  const size_t i = lower(m, t);
  if (i == m->n)
    return GAP;
  if (m->time[i] == t)
    return m->value[i];
  if (before.value != before.value)
    return GAP;
  return before.value + (m->value[i] - before.value) * ((double)(t - before.time) / (double)(m->time[i] - before.time));
}

static void widen(struct column *c, double v)
{
  c->low = fmin(c->low, v);
  c->high = fmax(c->high, v);
}

static struct column brute(const struct model *m, const struct column_grid *grid, int64_t k)
{
  struct column c = {GAP, GAP};
  const int64_t begin = k * grid->width;
  if (begin >= grid->edge)
    return c;
  const int64_t end = begin + grid->width < grid->edge ? begin + grid->width : grid->edge;
  widen(&c, crossing(m, grid->style, begin));
  widen(&c, crossing(m, grid->style, end));
  for (size_t i = lower(m, begin); i < m->n && m->time[i] < end; i++)
    widen(&c, m->value[i]);
  return c;
}

static bool near(double a, double b)
{
  return same(a, b) || fabs(a - b) <= 1e-11;
}

static struct column_grid random_grid(struct random *r, const struct model *m)
{
  static const int64_t most[] = {3, 50, 1000, 100000};
  struct column_grid grid = {.style = (enum column_style)random_below(r, 3)};
  grid.width = random_between(r, 1, most[random_below(r, 4)]);
  grid.edge = random_once_in(r, 4) ? INT64_MAX : m->time[random_below(r, m->n)] + random_between(r, -5, 500);
  return grid;
}

/* ---- Tests ---- */

static void times_to_columns(void **state)
{
  (void)state;
  assert_int_equal(column_of(0, 10), 0);
  assert_int_equal(column_of(9, 10), 0);
  assert_int_equal(column_of(10, 10), 1);
  assert_int_equal(column_of(-1, 10), -1);
  assert_int_equal(column_of(-10, 10), -1);
  assert_int_equal(column_of(-11, 10), -2);
  assert_int_equal(column_of(INT64_MAX, 1), INT64_MAX);
  assert_int_equal(column_of(INT64_MIN, 1), INT64_MIN);
  assert_int_equal(column_of(INT64_MIN + 1, 10), INT64_MIN / 10 - 1);
}

static void nothing_to_draw(void **state)
{
  (void)state;
  struct history *h = history_new(MEMORY);
  struct column out[3];
  for (int style = COLUMN_STEP; style <= COLUMN_POINTS; style++) {
    const struct column_grid grid = {.width = 10, .edge = 1000, .style = (enum column_style)style};
    columns_compute(h, 0, &grid, -1, 3, out);
    for (size_t i = 0; i < 3; i++)
      assert_true(out[i].low != out[i].low && out[i].high != out[i].high);
  }
  history_free(h);
}

/* The plain case: 0 from the start, held until a value comes, held again to the edge and no further. */
static void a_value_is_held(void **state)
{
  (void)state;
  struct history *h = history_new(MEMORY);
  history_set_initial(h, 0, (struct history_sample){.time = 5, .value = 0});
  const struct column_grid grid = {.width = 10, .edge = 65, .style = COLUMN_STEP};
  struct column out[9];
  columns_compute(h, 0, &grid, -1, 9, out);
  for (int i = 0; i < 9; i++) {
    const bool drawn = i >= 1 && i <= 7;
    assert_true(same(out[i].low, drawn ? 0 : GAP) && same(out[i].high, drawn ? 0 : GAP));
  }
  assert_true(history_append(h, 0, (const int64_t[]){30, 44}, (const double[]){7, GAP}, 2));
  columns_compute(h, 0, &grid, -1, 9, out);
  static const double low[] = {(double)NAN, 0, 0, 0, 0, 7, (double)NAN, (double)NAN, (double)NAN};
  static const double high[] = {(double)NAN, 0, 0, 0, 7, 7, (double)NAN, (double)NAN, (double)NAN};
  for (int i = 0; i < 9; i++)
    assert_true(same(out[i].low, low[i]) && same(out[i].high, high[i]));
  history_free(h);
}

static void a_line_ends_at_its_last_sample_and_at_the_edge(void **state)
{
  (void)state;
  struct history *h = history_new(MEMORY);
  assert_true(history_append(h, 0, (const int64_t[]){5, 25, 35}, (const double[]){0, 20, 20}, 3));
  struct column_grid grid = {.width = 10, .edge = 100, .style = COLUMN_LINE};
  struct column out[5];
  columns_compute(h, 0, &grid, 0, 5, out);
  assert_true(out[0].low == 0 && out[0].high == 5);
  assert_true(out[1].low == 5 && out[1].high == 15);
  assert_true(out[2].low == 15 && out[2].high == 20);
  assert_true(out[3].low == 20 && out[3].high == 20);
  assert_true(out[4].low != out[4].low);
  grid.edge = 15; /* nothing at or after it */
  columns_compute(h, 0, &grid, 0, 5, out);
  assert_true(out[1].low == 5 && out[1].high == 10);
  assert_true(out[2].low != out[2].low);
  history_free(h);
}

static void against_brute_force(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  for (int round = 0; round < SCALED(300, 40); round++) {
    struct model m = random_model(&r, (size_t)random_between(&r, 1, 3000), random_between(&r, -100000, 1000));
    struct history *h = history_of(&m, m.n);
    for (int i = 0; i < 20; i++) {
      const struct column_grid grid = random_grid(&r, &m);
      const int64_t around = m.time[random_below(&r, m.n)];
      const int64_t first = column_of(around, grid.width) - random_between(&r, 0, 100);
      struct column out[200];
      const size_t n = (size_t)random_between(&r, 1, 200);
      columns_compute(h, 0, &grid, first, n, out);
      for (size_t k = 0; k < n; k++) {
        const struct column expected = brute(&m, &grid, first + (int64_t)k);
        assert_true(near(out[k].low, expected.low) && near(out[k].high, expected.high));
        /* The samples' own extremes are exact. */
        const struct column_grid points = {grid.width, grid.edge, COLUMN_POINTS};
        const struct column exact = brute(&m, &points, first + (int64_t)k);
        assert_true(exact.low != exact.low || (out[k].low <= exact.low && out[k].high >= exact.high));
      }
    }
    history_free(h);
    model_destroy(&m);
  }
}

/* Where the trace goes over an edge between columns, both of them reach the value it has there. */
static void neighbours_connect(void **state)
{
  (void)state;
  struct random r = random_seeded(4);
  for (int round = 0; round < SCALED(200, 30); round++) {
    struct model m = random_model(&r, 2000, -50000);
    struct history *h = history_of(&m, m.n);
    for (int i = 0; i < 20; i++) {
      struct column_grid grid = random_grid(&r, &m);
      grid.style = random_once_in(&r, 2) ? COLUMN_STEP : COLUMN_LINE;
      const int64_t first = column_of(m.time[random_below(&r, m.n)], grid.width) - 50;
      struct column out[101];
      columns_compute(h, 0, &grid, first, 101, out);
      for (int64_t k = 1; k < 101; k++) {
        const int64_t t = (first + k) * grid.width;
        const double v = crossing(&m, grid.style, t);
        if (v != v || t >= grid.edge)
          continue;
        assert_true(out[k - 1].low <= out[k].high && out[k].low <= out[k - 1].high);
        assert_true(out[k - 1].low <= v + 1e-11 && out[k - 1].high >= v - 1e-11);
      }
    }
    history_free(h);
    model_destroy(&m);
  }
}

static void assert_bits(const struct column *a, const struct column *b, size_t n)
{
  for (size_t i = 0; i < n; i++)
    assert_true(same(a[i].low, b[i].low) && same(a[i].high, b[i].high));
}

/* Time goes on and samples come, none older than the edge was: final columns stay as they are to the last bit. */
static void final_columns_never_change(void **state)
{
  (void)state;
  struct random r = random_seeded(5);
  for (int round = 0; round < SCALED(400, 60); round++) {
    struct model m = random_model(&r, 3000, -20000);
    size_t known = (size_t)random_between(&r, 0, 2000);
    struct history *h = history_of(&m, known);
    struct column_grid grid = random_grid(&r, &m);
    /* The edge lies between what is known and what is still to come. */
    int64_t low = known ? m.time[known - 1] : m.time[0] - 1000;
    grid.edge = low + (int64_t)random_below(&r, (uint64_t)(m.time[known] - low) + 1);
    const int64_t final = columns_final_before(h, 0, &grid);
    struct column old[300];
    const int64_t first = (final == INT64_MIN ? column_of(grid.edge, grid.width) : final) - 300;
    columns_compute(h, 0, &grid, first, 300, old);
    if (final == INT64_MIN) { /* no line yet: nothing is drawn, nothing is promised */
      history_free(h);
      model_destroy(&m);
      continue;
    }
    for (int step = 0; step < 4; step++) {
      struct column now[300];
      const size_t more = (size_t)random_between(&r, 0, 200);
      assert_true(history_append(h, 0, m.time + known, m.value + known, more));
      known += more;
      /* Another first column, as after a pan: the numbers depend on the column alone. */
      const size_t skip = (size_t)random_below(&r, 299);
      grid.edge = random_once_in(&r, 3) ? grid.edge : m.time[known - (known > 0)] + random_between(&r, 0, 3000);
      if (grid.edge < (first + 300) * grid.width)
        grid.edge = (first + 300) * grid.width;
      columns_compute(h, 0, &grid, first + (int64_t)skip, 300 - skip, now);
      assert_bits(now, old + skip, 300 - skip);
    }
    history_free(h);
    model_destroy(&m);
  }
}

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
        const struct column_grid grid = {.width = width, .edge = 10 * n, .style = (enum column_style)style};
        const int64_t column = column_of(spike * 10, width);
        struct column out[201];
        columns_compute(h, 0, &grid, column - 100, 201, out);
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

/* Scroll, zoom, pan, append, back and forth: the cache always gives what would be computed. */
static void the_cache_agrees(void **state)
{
  (void)state;
  struct random r = random_seeded(6);
  for (int round = 0; round < SCALED(300, 40); round++) {
    struct model m = random_model(&r, 6000, random_between(&r, -300000, 0));
    size_t known = (size_t)random_between(&r, 0, 1000);
    struct history *h = history_of(&m, known);
    struct column_cache cache;
    column_cache_init(&cache);
    struct column_grid grid = random_grid(&r, &m);
    grid.edge = known ? m.time[known - 1] : m.time[0];
    int64_t first = column_of(grid.edge, grid.width) - 100;
    size_t n = 100;
    for (int step = 0; step < 200; step++) {
      const int64_t before = grid.edge;
      switch (random_below(&r, 8)) {
      case 0: /* zoom */
        grid.width = random_between(&r, 1, 2000);
        first = column_of(grid.edge, grid.width) - (int64_t)n + random_between(&r, -20, 20);
        break;
      case 1: /* another style */
        grid.style = (enum column_style)random_below(&r, 3);
        break;
      case 2: /* resize */
        n = (size_t)random_between(&r, 1, 400);
        break;
      case 3: /* pan, near or far */
        first += random_between(&r, -30, 30) * (random_once_in(&r, 5) ? 100 : 1);
        break;
      case 4: /* a look at an older edge */
        grid.edge -= random_between(&r, 0, 1000);
        break;
      default: { /* live: samples not older than the edge, a later edge, the view at it */
        size_t more = (size_t)random_between(&r, 0, 60);
        more = more < m.n - known ? more : m.n - known;
        assert_true(history_append(h, 0, m.time + known, m.value + known, more));
        known += more;
        const int64_t last = known ? m.time[known - 1] : m.time[0];
        grid.edge = last + (known < m.n && random_once_in(&r, 2) ? (m.time[known] - last) / 2 : 0);
        first = column_of(grid.edge, grid.width) - (int64_t)n + 1;
      }
      }
      struct column cached[400];
      struct column computed[400];
      assert_true(column_cache_get(&cache, h, 0, &grid, first, n, cached));
      columns_compute(h, 0, &grid, first, n, computed);
      assert_bits(cached, computed, n);
      if (grid.edge < before && known < m.n)
        grid.edge = before; /* what is still to come is not older than the latest edge */
    }
    column_cache_destroy(&cache);
    history_free(h);
    model_destroy(&m);
  }
}

/* The point of the cache: columns that are kept are not computed again. A change in the past goes unseen. */
static void the_cache_keeps(void **state)
{
  (void)state;
  struct history *h = history_new(MEMORY);
  assert_true(history_append(h, 0, (const int64_t[]){0}, (const double[]){1}, 1));
  struct column_cache cache;
  column_cache_init(&cache);
  struct column_grid grid = {.width = 10, .edge = 1005, .style = COLUMN_STEP};
  struct column out[100];
  assert_true(column_cache_get(&cache, h, 0, &grid, 0, 100, out));
  assert_true(out[50].high == 1);
  assert_true(history_append(h, 0, (const int64_t[]){500}, (const double[]){9}, 1));
  grid.edge = 1025;
  assert_true(column_cache_get(&cache, h, 0, &grid, 3, 100, out));
  assert_true(out[47].high == 1 && out[97].high == 9); /* column 50 was kept, column 100 was not final */
  column_cache_clear(&cache);
  assert_true(column_cache_get(&cache, h, 0, &grid, 3, 100, out));
  assert_true(out[47].high == 9);
  column_cache_destroy(&cache);
  history_free(h);
}

/* Where a line crosses between neighbours near the largest doubles, and far apart in time, nothing overflows. */
static void extremes(void **state)
{
  (void)state;
  static const int64_t time[] = {-4000000000000000000, 4000000000000000000};
  static const double value[] = {-1.7976931348623157e308, 1.7976931348623157e308};
  struct history *h = history_new(MEMORY);
  assert_true(history_append(h, 0, time, value, 2));
  const struct column_grid grid = {.width = 1000000000000000, .edge = INT64_MAX, .style = COLUMN_LINE};
  struct column out[8000];
  columns_compute(h, 0, &grid, -4000, 8000, out);
  for (size_t i = 0; i < 8000; i++) {
    assert_true(isfinite(out[i].low) && isfinite(out[i].high) && out[i].low <= out[i].high);
    assert_true(i == 0 || out[i].low == out[i - 1].high);
  }
  history_free(h);
}

/* A line of a channel that has no sample yet: nothing is final, and nothing is kept. */
static void a_cache_of_nothing(void **state)
{
  (void)state;
  struct history *h = history_new(MEMORY);
  assert_non_null(h);
  struct column_cache cache;
  column_cache_init(&cache);
  const struct column_grid grid = {.width = 1000, .edge = 5000, .style = COLUMN_LINE};
  struct column columns[20];
  for (int64_t first = -30; first < 30; first += 7) {
    assert_true(column_cache_get(&cache, h, 0, &grid, first, 20, columns));
    for (int i = 0; i < 20; i++)
      assert_true(columns[i].low != columns[i].low);
  }
  column_cache_destroy(&cache);
  history_free(h);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(times_to_columns),
      cmocka_unit_test(nothing_to_draw),
      cmocka_unit_test(a_value_is_held),
      cmocka_unit_test(a_line_ends_at_its_last_sample_and_at_the_edge),
      cmocka_unit_test(against_brute_force),
      cmocka_unit_test(neighbours_connect),
      cmocka_unit_test(final_columns_never_change),
      cmocka_unit_test(one_spike_is_seen_at_any_zoom),
      cmocka_unit_test(the_cache_agrees),
      cmocka_unit_test(the_cache_keeps),
      cmocka_unit_test(extremes),
      cmocka_unit_test(a_cache_of_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
