/* Percentiles against a sorted list of all values, below and above the limit of those that are kept. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/percentiles.h"
#include "random.h"

enum { MANY = 20000 };
static double all[MANY];

static int compare(const void *one, const void *other)
{
  const double a = *(const double *)one;
  const double b = *(const double *)other;
  return (a > b) - (a < b);
}

/* Of n sorted values: the smallest with at least percent of all at or below it. */
static double expected(int count, double percent)
{
  int place = 0;
  while (100.0 * (place + 1) < percent * count)
    place++;
  return all[place];
}

static void check(int count, size_t exact_max, double tolerance)
{
  static const double percents[] = {0.1, 5, 25, 50, 75, 95, 99, 99.9, 100};
  struct percentiles percentiles;
  percentiles_init(&percentiles, exact_max);
  for (int i = 0; i < count; i++)
    assert_true(percentiles_add(&percentiles, all[i]));
  qsort(all, (size_t)count, sizeof all[0], compare);
  for (size_t i = 0; i < sizeof percents / sizeof percents[0]; i++) {
    const double wanted = expected(count, percents[i]);
    const double got = percentiles_at(&percentiles, percents[i]);
    if (!(fabs(got - wanted) <= tolerance * fabs(wanted)))
      fail_msg("%d values, %g %%: %.9g, expected %.9g", count, percents[i], got, wanted);
  }
  percentiles_destroy(&percentiles);
}

static void none(void **state)
{
  (void)state;
  struct percentiles percentiles;
  percentiles_init(&percentiles, 10);
  assert_true(isnan(percentiles_at(&percentiles, 50)));
  percentiles_destroy(&percentiles);
}

static void exact_while_few(void **state)
{
  (void)state;
  struct random random = random_seeded(3);
  static const int counts[] = {1, 2, 3, 4, 19, 20, 21, 99, 100, 101, 1000};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    for (int n = 0; n < counts[i]; n++)
      all[n] = (double)random_below(&random, 1000) / 8;
    check(counts[i], 1000, 0);
  }
}

/* From a nanosecond to a year, in ms. */
static void close_when_many(void **state)
{
  (void)state;
  struct random random = random_seeded(4);
  for (int n = 0; n < MANY; n++)
    all[n] = pow(10, (double)random_between(&random, -6000, 10500) / 1000);
  check(MANY, 100, 0.001);
  for (int n = 0; n < MANY; n++)
    all[n] = n % 3 ? 0 : 1;
  check(MANY, 100, 0.001);
}

/* Both signs, and from the least double to the largest. */
static void of_any_size(void **state)
{
  (void)state;
  struct random random = random_seeded(5);
  for (int kind = 0; kind < 4; kind++) {
    for (int n = 0; n < MANY; n++) {
      const double size = kind == 0   ? ldexp(1 + random_unit(&random), (int)random_between(&random, -1070, 1022))
                          : kind == 1 ? 1e9 + random_unit(&random)
                          : kind == 2 ? random_unit(&random) * 1e-320
                                      : random_unit(&random);
      all[n] = random_once_in(&random, 10) ? 0 : random_once_in(&random, 3) ? -size : size;
    }
    all[7] = DBL_MAX;
    all[8] = -DBL_MAX;
    check(MANY, MANY, 0);
    check(MANY, 100, 0.001);
  }
}

static void cleared(void **state)
{
  (void)state;
  struct percentiles percentiles;
  percentiles_init(&percentiles, 2);
  for (int round = 0; round < 3; round++) {
    for (int i = 1; i <= 5; i++)
      percentiles_add(&percentiles, i * 100);
    assert_true(fabs(percentiles_at(&percentiles, 50) - 300) <= 0.3);
    percentiles_clear(&percentiles);
    assert_true(isnan(percentiles_at(&percentiles, 50)));
    percentiles_add(&percentiles, 7);
    assert_true(percentiles_at(&percentiles, 1) == 7);
    percentiles_clear(&percentiles);
  }
  percentiles_destroy(&percentiles);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(none),        cmocka_unit_test(exact_while_few), cmocka_unit_test(close_when_many),
      cmocka_unit_test(of_any_size), cmocka_unit_test(cleared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
