/* The set of pids against a plain array that is indexed by them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "forker/pids.h"
#include "random.h"

enum { PIDS = 3000, STEPS = 200000 };

static void against_an_array(void **state)
{
  (void)state;
  static int numbers[PIDS + 1];
  struct random random = random_seeded(5);
  struct pids pids = {0};
  size_t count = 0;
  for (int i = 0; i <= PIDS; i++)
    numbers[i] = -1;
  for (int step = 0; step < STEPS; step++) {
    const int spread = step / 20000 % 2 ? PIDS : 40; /* nearly empty, too */
    const pid_t pid = (pid_t)random_between(&random, 1, spread);
    assert_int_equal(pids_get(&pids, pid), numbers[pid]);
    if (random_once_in(&random, 2)) {
      count += numbers[pid] < 0;
      numbers[pid] = (int)random_below(&random, 1000);
      assert_true(pids_put(&pids, pid, numbers[pid]));
    } else {
      count -= numbers[pid] >= 0;
      numbers[pid] = -1;
      pids_remove(&pids, pid);
    }
    assert_int_equal(pids.count, count);
  }
  for (pid_t pid = 1; pid <= PIDS; pid++)
    assert_int_equal(pids_get(&pids, pid), numbers[pid]);
  pids_destroy(&pids);
  assert_int_equal(pids_get(&pids, 1), -1);
  pids_remove(&pids, 1);
}

/* Far apart as in a large pid space, and more than any limit. */
static void many(void **state)
{
  (void)state;
  struct pids pids = {0};
  for (pid_t pid = 1; pid < 4000000; pid += 37)
    assert_true(pids_put(&pids, pid, pid % 91));
  for (pid_t pid = 1; pid < 4000000; pid += 37)
    assert_int_equal(pids_get(&pids, pid), pid % 91);
  assert_int_equal(pids_get(&pids, 2), -1);
  pids_destroy(&pids);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(against_an_array),
      cmocka_unit_test(many),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
