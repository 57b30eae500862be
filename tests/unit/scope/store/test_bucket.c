/* Sixteen samples at a time: what they measure, and that the ways to measure them agree to the last bit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scope/store/bucket.h"
#include "scope/store/bucket_full.h"

enum { FULL = BUCKET_SAMPLES };

/* Runs of one kind. */
enum kind { ANY_BITS, ORDINARY, FAR_FROM_ZERO, LARGE, TINY, ZEROS_BELOW, ZEROS_ABOVE, ALIKE, SPOILT, KINDS };

static double any_bits(struct random *random)
{
  const uint64_t bits = random_u64(random);
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static double signed_unit(struct random *random)
{
  return random_unit(random) * 2 - 1;
}

/* Now and then a zero of either sign among others: which one is the least or the largest is told by its place alone. */
static double zero_or(double other, struct random *random)
{
  if (!random_once_in(random, 5))
    return other;
  return random_once_in(random, 2) ? -0.0 : 0.0;
}

static double of_kind(enum kind kind, struct random *random)
{
  static const double spoilers[] = {(double)NAN, (double)INFINITY, (double)-INFINITY};
  switch (kind) {
  case ANY_BITS:
    return any_bits(random);
  case FAR_FROM_ZERO:
    return 1e9 + signed_unit(random) * 0.002;
  case LARGE:
    return signed_unit(random) * 1.7e308;
  case TINY:
    return signed_unit(random) * 1e-307 * 0x1p-40;
  case ZEROS_BELOW:
    return zero_or(1, random);
  case ZEROS_ABOVE:
    return zero_or(-1, random);
  case ALIKE:
    return random_once_in(random, 2) ? 0.1 : 0.3;
  case SPOILT:
    return random_once_in(random, 20) ? spoilers[random_below(random, 3)] : signed_unit(random);
  case ORDINARY:
  case KINDS:
    break;
  }
  return signed_unit(random) * 100;
}

static void both_ways_agree_to_the_last_bit(void **state)
{
  (void)state;
#ifdef BUCKET_HAVE_AVX2
  if (!bucket_full_here())
    skip();
  struct random random = random_seeded(16);
  size_t measured = 0;
  for (size_t round = 0; round < 80000; round++) {
    double value[FULL];
    double copy[2][FULL] = {{0}};
    struct bucket_measures measures[2];
    memset(measures, 0, sizeof measures);
    for (size_t i = 0; i < FULL; i++)
      value[i] = of_kind((enum kind)(round % KINDS), &random);
    const bool plain = bucket_full_plain(value, copy[0], &measures[0]);
    const bool avx2 = bucket_full_avx2(value, copy[1], &measures[1]);
    assert_int_equal(avx2, plain);
    assert_memory_equal(copy[0], value, sizeof value);
    assert_memory_equal(copy[1], value, sizeof value);
    if (plain)
      assert_memory_equal(&measures[1], &measures[0], sizeof measures[0]);
    measured += plain;
  }
  assert_true(measured > 40000);
#else
  skip();
#endif
}

/* The least, the largest and each rounding may come from any place. */
static void each_place_counts(void **state)
{
  (void)state;
  for (size_t place = 0; place < FULL; place++) {
    for (int sign = -1; sign <= 1; sign += 2) {
      double value[FULL] = {0};
      double copy[FULL];
      struct bucket bucket;
      value[place] = sign * FULL;
      bucket_take_full(100, 131, value, copy, &bucket);
      assert_memory_equal(copy, value, sizeof value);
      assert_int_equal(bucket.first_time, 100);
      assert_int_equal(bucket.last_time, 131);
      assert_int_equal(bucket.count, FULL);
      assert_true(bucket.min == (sign < 0 ? -FULL : 0));
      assert_true(bucket.max == (sign > 0 ? FULL : 0));
      assert_true(bucket.first == value[0] && bucket.last == value[FULL - 1]);
      assert_true(bucket.mean == sign && bucket.mean_rest == 0);
      assert_true(bucket.m2 == 31 + 31 * 31); /* thirty-one are 1 apart from the mean, one is 31 */
    }
  }
}

/* Taken in one go or from where they are, with gaps or without: the same bucket. */
static void a_bucket_does_not_tell_how_it_came_about(void **state)
{
  (void)state;
  struct random random = random_seeded(17);
  for (size_t round = 0; round < 8000; round++) {
    double value[FULL];
    double copy[FULL];
    struct bucket bucket[2];
    for (size_t i = 0; i < FULL; i++)
      value[i] = of_kind((enum kind)(round % KINDS), &random);
    bucket_take_full(-3, 4, value, copy, &bucket[0]);
    bucket_of_samples(-3, 4, value, FULL, &bucket[1]);
    assert_memory_equal(copy, value, sizeof value);
    assert_memory_equal(&bucket[0], &bucket[1], sizeof bucket[0]);
  }
}

static void gaps_are_not_counted(void **state)
{
  (void)state;
  double value[FULL];
  double copy[FULL];
  struct bucket bucket;
  for (size_t i = 0; i < FULL; i++)
    value[i] = i % 2 ? (double)NAN : (double)i; /* 0, 2, ... 30 */
  bucket_take_full(0, 0, value, copy, &bucket);
  assert_int_equal(bucket.count, 16);
  assert_true(bucket.min == 0 && bucket.max == 30 && bucket.mean == 15);
  assert_true(bucket.m2 == 2 * (225 + 169 + 121 + 81 + 49 + 25 + 9 + 1));
  assert_true(bucket.first == 0 && isnan(bucket.last));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_ways_agree_to_the_last_bit),
      cmocka_unit_test(each_place_counts),
      cmocka_unit_test(a_bucket_does_not_tell_how_it_came_about),
      cmocka_unit_test(gaps_are_not_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
