/* When frames are due: on their grid, each late one counted and skipped, and none owed after a rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/pace.h"

static const int64_t MS = 1000000;
static const int64_t START_NS = 123456789;

static struct pace new_pace(void)
{
  struct pace p;
  pace_init(&p, START_NS, 10 * MS);
  return p;
}

static void the_first_frame_is_due_at_once(void **state)
{
  (void)state;
  const struct pace p = new_pace();
  assert_int_equal(p.due_ns, START_NS);
}

/* However long a frame takes within its period: the next one is due on the grid, and not a period after this one. */
static void frames_stay_on_the_grid(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  struct pace p = new_pace();
  for (int64_t frame = 1; frame < 1000; frame++) {
    assert_int_equal(pace_advance(&p, p.due_ns + random_between(&r, 0, 10 * MS)), 0);
    assert_int_equal(p.due_ns, START_NS + frame * 10 * MS);
  }
}

static void late_frames_are_counted_and_skipped(void **state)
{
  (void)state;
  static const struct {
    int64_t now_ms;
    uint64_t missed;
    int64_t due_ms;
  } cases[] = {
      {0, 0, 10},  {9, 0, 10},  {10, 0, 10}, /* it is due right now */
      {11, 1, 20}, {19, 1, 20}, {20, 1, 20}, {21, 2, 30}, {100, 9, 100}, {1000005, 100000, 1000010},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct pace p = new_pace();
    assert_int_equal(pace_advance(&p, START_NS + cases[i].now_ms * MS), cases[i].missed);
    assert_int_equal(p.due_ns, START_NS + cases[i].due_ms * MS);
  }
}

/* Every moment of the grid had its frame, or is counted as missed: none twice, and no burst after them. */
static void every_moment_is_drawn_or_missed(void **state)
{
  (void)state;
  struct random r = random_seeded(2);
  struct pace p = new_pace();
  int64_t now = START_NS;
  uint64_t drawn = 0;
  uint64_t missed = 0;
  for (int i = 0; i < SCALED(100000, 10000); i++) {
    now = now > p.due_ns ? now : p.due_ns; /* the loop waits */
    now += random_between(&r, 0, random_once_in(&r, 10) ? 50 * MS : 9 * MS);
    missed += pace_advance(&p, now);
    drawn++;
    assert_int_equal(p.due_ns, START_NS + (int64_t)(drawn + missed) * 10 * MS);
    assert_true(p.due_ns >= now && p.due_ns - now <= 10 * MS);
  }
}

static void after_a_rest_nothing_is_owed(void **state)
{
  (void)state;
  static const struct {
    int64_t now_ms, due_ms;
  } cases[] = {{0, 0}, {1, 10}, {10, 10}, {11, 20}, {60000, 60000}, {60001, 60010}, {-25, -20}, {-30, -30}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct pace p = new_pace();
    pace_advance(&p, START_NS);
    pace_resume(&p, START_NS + cases[i].now_ms * MS);
    assert_int_equal(p.due_ns, START_NS + cases[i].due_ms * MS);
  }
}

static void another_pace_has_another_grid(void **state)
{
  (void)state;
  struct pace p = new_pace();
  pace_advance(&p, START_NS + 5 * MS);
  pace_change(&p, START_NS + 35 * MS, 20 * MS);
  assert_int_equal(p.due_ns, START_NS + 40 * MS);
  assert_int_equal(pace_advance(&p, START_NS + 41 * MS), 0);
  assert_int_equal(p.due_ns, START_NS + 60 * MS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_frame_is_due_at_once),      cmocka_unit_test(frames_stay_on_the_grid),
      cmocka_unit_test(late_frames_are_counted_and_skipped), cmocka_unit_test(every_moment_is_drawn_or_missed),
      cmocka_unit_test(after_a_rest_nothing_is_owed),        cmocka_unit_test(another_pace_has_another_grid),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
