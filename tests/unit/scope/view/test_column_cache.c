/* Columns kept between frames: they are what would be computed, whatever is done to the view, and they are kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/view/column_cache.h"
#include "trace_model.h"

static const int64_t EPOCH_NS = 1767225600123456789;

static struct column_rule rule_of(enum column_style style, int64_t width, int64_t edge)
{
  return (struct column_rule){.time = {.width = width, .columns = 1}, .edge = edge, .style = style};
}

/* Scroll, zoom, pan, append, back and forth: the cache always gives what would be computed. */
static void it_gives_what_would_be_computed(void **state)
{
  (void)state;
  enum { MOST = 400 };
  struct random r = random_seeded(6);
  for (int round = 0; round < SCALED(300, 40); round++) {
    const int64_t origin = random_once_in(&r, 2) ? 0 : random_once_in(&r, 2) ? EPOCH_NS : -EPOCH_NS;
    struct model m = random_model(&r, 6000, origin + random_between(&r, -300000, 0), 10);
    size_t known = (size_t)random_between(&r, 0, 1000);
    struct history *h = history_of(&m, known);
    struct column_cache cache;
    column_cache_init(&cache);
    struct column_rule rule = rule_of((enum column_style)random_below(&r, 3), random_between(&r, 1, 2000),
                                      known ? m.time[known - 1] : m.time[0]);
    rule.time.origin = origin;
    size_t n = 100;
    int64_t first = time_axis_column(&rule.time, rule.edge) - (int64_t)n;
    for (int step = 0; step < 200; step++) {
      const int64_t before = rule.edge;
      switch (random_below(&r, 9)) {
      case 0: /* zoom */
        rule.time.width = random_between(&r, 1, 2000);
        first = time_axis_column(&rule.time, rule.edge) - (int64_t)n + random_between(&r, -20, 20);
        break;
      case 1: /* another style */
        rule.style = (enum column_style)random_below(&r, 3);
        break;
      case 2: /* resize */
        n = (size_t)random_between(&r, 1, MOST);
        break;
      case 3: /* pan, near or far */
        first += random_between(&r, -30, 30) * (random_once_in(&r, 5) ? 100 : 1);
        break;
      case 4: /* a look at an older edge */
        rule.edge -= random_between(&r, 0, 1000);
        break;
      case 5: /* another origin */
        rule.time.origin = origin + random_between(&r, 0, 3);
        break;
      default: { /* live: samples not older than the edge, a later edge, the view at it */
        size_t more = (size_t)random_between(&r, 0, 60);
        more = more < m.n - known ? more : m.n - known;
        assert_true(history_append(h, 0, m.time + known, m.value + known, more));
        known += more;
        const int64_t last = known ? m.time[known - 1] : m.time[0];
        rule.edge = last + (known < m.n && random_once_in(&r, 2) ? (m.time[known] - last) / 2 : 0);
        first = time_axis_column(&rule.time, rule.edge) - (int64_t)n + 1;
      }
      }
      struct column cached[MOST];
      struct column computed[MOST];
      assert_true(column_cache_get(&cache, h, 0, &rule, first, n, cached));
      columns_compute(h, 0, &rule, first, n, computed);
      for (size_t k = 0; k < n; k++)
        assert_true(same(cached[k].low, computed[k].low) && same(cached[k].high, computed[k].high) &&
                    same(cached[k].enter, computed[k].enter) && same(cached[k].leave, computed[k].leave));
      if (rule.edge < before && known < m.n)
        rule.edge = before; /* what is still to come is not older than the latest edge */
    }
    column_cache_destroy(&cache);
    history_free(h);
    model_destroy(&m);
  }
}

/* The point of it: columns that are kept are not computed again. A change in the past, which never is, goes unseen. */
static void it_keeps_what_is_final(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)1 << 20);
  assert_true(history_append(h, 0, (const int64_t[]){0}, (const double[]){1}, 1));
  struct column_cache cache;
  column_cache_init(&cache);
  struct column_rule rule = rule_of(COLUMN_STEP, 10, 1005);
  struct column out[100];
  assert_true(column_cache_get(&cache, h, 0, &rule, 0, 100, out));
  assert_true(out[50].high == 1);
  assert_true(history_append(h, 0, (const int64_t[]){500}, (const double[]){9}, 1));
  rule.edge = 1025;
  assert_true(column_cache_get(&cache, h, 0, &rule, 3, 100, out));
  assert_true(out[47].high == 1 && out[97].high == 9); /* column 50 was kept, column 100 was not final */
  column_cache_clear(&cache);
  assert_true(column_cache_get(&cache, h, 0, &rule, 3, 100, out));
  assert_true(out[47].high == 9);
  column_cache_destroy(&cache);
  history_free(h);
}

/* Scrolling on for longer than the ring is: still nothing is computed twice but what was not final. */
static void it_keeps_while_it_scrolls(void **state)
{
  (void)state;
  enum { WIDE = 100, FAR = 1000 };
  struct history *h = history_new((size_t)1 << 20);
  assert_true(history_append(h, 0, (const int64_t[]){0}, (const double[]){1}, 1));
  struct column_cache cache;
  column_cache_init(&cache);
  struct column out[WIDE];
  struct column_rule rule = rule_of(COLUMN_STEP, 10, 0);
  for (int64_t first = 0; first <= FAR; first++) {
    rule.edge = (first + WIDE) * 10;
    assert_true(column_cache_get(&cache, h, 0, &rule, first, WIDE, out));
  }
  assert_true(history_append(h, 0, (const int64_t[]){INT64_C(10) * FAR}, (const double[]){9}, 1));
  assert_true(column_cache_get(&cache, h, 0, &rule, FAR, WIDE, out));
  for (int k = 0; k < WIDE; k++)
    assert_true(out[k].high == 1);
  column_cache_destroy(&cache);
  history_free(h);
}

/* A line of a channel that has no sample yet: nothing is final, and nothing is kept. */
static void of_nothing_it_keeps_nothing(void **state)
{
  (void)state;
  enum { WIDE = 20 };
  struct history *h = history_new((size_t)1 << 20);
  struct column_cache cache;
  column_cache_init(&cache);
  const struct column_rule rule = rule_of(COLUMN_LINE, 1000, 5000);
  struct column out[WIDE];
  for (int64_t first = -30; first < 30; first += 7) {
    assert_true(column_cache_get(&cache, h, 0, &rule, first, WIDE, out));
    for (int i = 0; i < WIDE; i++)
      assert_true(is_gap(out[i].low) && is_gap(out[i].high));
  }
  assert_true(history_append(h, 0, (const int64_t[]){6000, 8000}, (const double[]){1, 1}, 2));
  const struct column_rule later = rule_of(COLUMN_LINE, 1000, 9000);
  assert_true(column_cache_get(&cache, h, 0, &later, 0, WIDE, out));
  assert_true(is_gap(out[5].low) && out[6].low == 1 && out[7].low == 1);
  column_cache_destroy(&cache);
  history_free(h);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_gives_what_would_be_computed),
      cmocka_unit_test(it_keeps_what_is_final),
      cmocka_unit_test(it_keeps_while_it_scrolls),
      cmocka_unit_test(of_nothing_it_keeps_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
