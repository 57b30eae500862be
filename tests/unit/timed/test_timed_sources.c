/* The table of sources: any mix of arrivals and departures counts as a plain list would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "timed/sources.h"

enum { KEYS_MAX = 600 };

/* What the table should hold, kept the slow way. */
struct model {
  uint64_t keys[KEYS_MAX];
  uint32_t counts[KEYS_MAX];
  size_t key_count;
};

static void assert_alike(const struct sources *sources, const struct model *model)
{
  size_t taken = 0;
  size_t expected = 0;
  for (size_t i = 0; i < model->key_count; i++) {
    assert_int_equal(sources_count(sources, model->keys[i]), model->counts[i]);
    expected += model->counts[i] > 0;
  }
  for (size_t place = 0; place <= sources->mask; place++)
    taken += sources->table[place].count > 0;
  assert_int_equal(taken, expected);
}

/* A place in the table that the code gives key when all is empty. */
static size_t home_of(const struct sources *sources, uint64_t key)
{
  struct sources copy = {.mask = sources->mask, .secret = sources->secret};
  struct source table[2048];
  assert_true(copy.mask < sizeof table / sizeof table[0]);
  memset(table, 0, sizeof table);
  copy.table = table;
  sources_add(&copy, key);
  for (size_t place = 0; place <= copy.mask; place++)
    if (table[place].count > 0)
      return place;
  fail_msg("a key went nowhere");
  return 0;
}

/* Different keys whose home is one of the span places from first on, round the end of the table. */
static void choose_colliding(struct model *model, const struct sources *sources, struct random *random, size_t first,
                             size_t span)
{
  for (size_t i = 0; i < model->key_count; i++) {
    do
      model->keys[i] = random_u64(random);
    while (((home_of(sources, model->keys[i]) - first) & sources->mask) >= span);
    model->counts[i] = 0;
  }
}

static void churn(struct sources *sources, struct model *model, struct random *random, size_t most, int steps)
{
  size_t present = 0;
  for (int step = 0; step < steps; step++) {
    const size_t i = (size_t)random_below(random, model->key_count);
    if (model->counts[i] > 0 && (random_once_in(random, 2) || present == most)) {
      sources_remove(sources, model->keys[i]);
      present -= --model->counts[i] == 0;
    } else if (model->counts[i] > 0 || present < most) {
      sources_add(sources, model->keys[i]);
      present += model->counts[i]++ == 0;
    }
    if (step % 16 == 0)
      assert_alike(sources, model);
  }
  for (size_t i = 0; i < model->key_count; i++)
    for (; model->counts[i] > 0; model->counts[i]--)
      sources_remove(sources, model->keys[i]);
  assert_alike(sources, model);
}

static void same_as_a_list(void **state)
{
  (void)state;
  struct random random = random_seeded(1);
  for (int round = 0; round < 40; round++) {
    const size_t most = 1 + (size_t)random_below(&random, 200);
    struct model model = {.key_count = 1 + (size_t)random_below(&random, KEYS_MAX)};
    struct sources sources;
    assert_true(sources_init(&sources, most));
    for (size_t i = 0; i < model.key_count; i++) /* neighbours, as addresses are */
      model.keys[i] = round % 2 == 0 ? i : random_u64(&random);
    churn(&sources, &model, &random, most, 3000);
    sources_destroy(&sources);
  }
}

static void keys_that_meet(void **state)
{
  (void)state;
  struct random random = random_seeded(2);
  for (int round = 0; round < 30; round++) {
    struct model model = {.key_count = 8};
    struct sources sources;
    assert_true(sources_init(&sources, 8));
    assert_int_equal(sources.mask, 15);
    /* In one place, then in a few; each round begins elsewhere, so that runs go round the end, too. */
    choose_colliding(&model, &sources, &random, (size_t)round, 1 + (size_t)round % 4);
    churn(&sources, &model, &random, 8, 2000);
    sources_destroy(&sources);
  }
}

/* As many sources as were promised room, and all gone again in another order. */
static void nearly_full(void **state)
{
  (void)state;
  static const size_t sizes[] = {1, 7, 8, 9, 16, 31, 32, 33, 512};
  struct random random = random_seeded(3);
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    struct model model = {.key_count = sizes[s]};
    struct sources sources;
    assert_true(sources_init(&sources, sizes[s]));
    assert_true(sources.mask + 1 >= 2 * sizes[s]);
    assert_int_equal(sources.mask & (sources.mask + 1), 0);
    for (size_t i = 0; i < model.key_count; i++) {
      model.keys[i] = random_u64(&random);
      model.counts[i] = 1;
      sources_add(&sources, model.keys[i]);
    }
    assert_alike(&sources, &model);
    assert_int_equal(sources_count(&sources, random_u64(&random)), 0);
    while (model.key_count > 0) {
      const size_t i = (size_t)random_below(&random, model.key_count);
      sources_remove(&sources, model.keys[i]);
      assert_int_equal(sources_count(&sources, model.keys[i]), 0);
      model.keys[i] = model.keys[--model.key_count];
      if (model.key_count % 8 == 0)
        assert_alike(&sources, &model);
    }
    sources_destroy(&sources);
  }
}

static void strangers_and_extremes(void **state)
{
  (void)state;
  static const uint64_t keys[] = {0, 1, UINT64_MAX, UINT64_C(1) << 63};
  struct sources sources;
  assert_true(sources_init(&sources, 4));
  sources_remove(&sources, 5); /* never added: nothing happens */
  for (size_t i = 0; i < 4; i++)
    for (uint32_t count = 1; count <= 3; count++) {
      sources_add(&sources, keys[i]);
      assert_int_equal(sources_count(&sources, keys[i]), count);
    }
  sources_remove(&sources, 5);
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(sources_count(&sources, keys[i]), 3);
  assert_int_equal(sources_count(&sources, 5), 0);
  sources_destroy(&sources);
  assert_null(sources.table);
  sources_destroy(&sources);
}

/* Who knows the code still does not know the places. */
static void each_table_has_its_secret(void **state)
{
  (void)state;
  struct sources a;
  struct sources b;
  assert_true(sources_init(&a, 1));
  assert_true(sources_init(&b, 1));
  assert_true(a.secret != b.secret);
  sources_destroy(&a);
  sources_destroy(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(same_as_a_list),
      cmocka_unit_test(keys_that_meet),
      cmocka_unit_test(nearly_full),
      cmocka_unit_test(strangers_and_extremes),
      cmocka_unit_test(each_table_has_its_secret),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
