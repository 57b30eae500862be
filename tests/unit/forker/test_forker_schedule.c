/* The grid of ticks against the clock: no drift, no bursts, and each tick that was slept through is counted. */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/clock.h"
#include "forker/schedule.h"

enum { WAIT_MS = 5000, TICKS = 200 };

static const int64_t INTERVAL_NS = CLOCK_MS_NS;

static bool due(const struct schedule *schedule, int timeout_ms)
{
  return poll(&(struct pollfd){.fd = schedule->fd, .events = POLLIN}, 1, timeout_ms) == 1;
}

/* Number of the last tick that is due at a time. */
static int64_t last_due(const struct schedule *schedule, int64_t now_ns)
{
  return (now_ns - schedule->start_ns) / schedule->interval_ns + 1;
}

/* Takes a tick, which is the last that is due, no earlier and no later one; its number, or 0. */
static int64_t take(struct schedule *schedule)
{
  int64_t missed = -1;
  const int64_t before = schedule->number;
  const int64_t earliest = last_due(schedule, clock_now_ns());
  const int64_t number = schedule_read(schedule, &missed);
  const int64_t latest = last_due(schedule, clock_now_ns());
  if (number == 0) {
    assert_int_equal(missed, 0);
    assert_int_equal(schedule->number, before);
    return 0;
  }
  /* The kernel may be a moment late to say what the clock says already. */
  assert_true(number >= earliest - 1 && number <= latest);
  assert_int_equal(number, before + missed + 1);
  assert_true(missed >= 0);
  assert_int_equal(schedule->number, number);
  return number;
}

static void arithmetic(void **state)
{
  (void)state;
  const struct schedule schedule = {.fd = -1, .start_ns = 1000, .interval_ns = 7};
  assert_int_equal(schedule_due_ns(&schedule, 1), 1000);
  assert_int_equal(schedule_due_ns(&schedule, 2), 1007);
  assert_int_equal(schedule_due_ns(&schedule, 1000000000001), 1000 + INT64_C(7000000000000));
}

static void first_tick_is_due_at_once(void **state)
{
  (void)state;
  static const int64_t intervals_ns[] = {CLOCK_MS_NS, CLOCK_SECOND_NS / 2, INT64_C(300000000) * CLOCK_SECOND_NS};
  for (int i = 0; i < 3; i++) {
    struct schedule schedule;
    const int64_t before_ns = clock_now_ns();
    assert_int_equal(schedule_start(&schedule, intervals_ns[i], false), 0);
    assert_true(schedule.start_ns >= before_ns && schedule.start_ns <= clock_now_ns());
    assert_int_equal(schedule.number, 0);
    assert_true(fcntl(schedule.fd, F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(schedule.fd, F_GETFL) & O_NONBLOCK);
    assert_true(due(&schedule, WAIT_MS));
    assert_true(take(&schedule) >= 1);
    if (i > 0) {
      assert_int_equal(schedule.number, 1);
      assert_int_equal(take(&schedule), 0); /* once, and it does not wait for the next */
      assert_false(due(&schedule, 0));
    }
    schedule_stop(&schedule);
  }
}

static void ticks_keep_to_the_grid(void **state)
{
  (void)state;
  struct schedule schedule;
  assert_int_equal(schedule_start(&schedule, INTERVAL_NS, false), 0);
  const int64_t start_ns = schedule.start_ns;
  while (schedule.number < TICKS) {
    assert_true(due(&schedule, WAIT_MS));
    const int64_t number = take(&schedule);
    assert_true(number > 0);
    assert_true(clock_now_ns() >= schedule_due_ns(&schedule, number)); /* late perhaps, early never */
    assert_int_equal(schedule_due_ns(&schedule, number), start_ns + (number - 1) * INTERVAL_NS);
  }
  schedule_stop(&schedule);
}

/* After a pause one tick comes, with a number that tells of the others, and the grid is where it was. */
static void pauses_are_missed_ticks(void **state)
{
  (void)state;
  struct schedule schedule;
  assert_int_equal(schedule_start(&schedule, INTERVAL_NS, false), 0);
  const int64_t start_ns = schedule.start_ns;
  int64_t taken = 0;
  int64_t missed_sum = 0;
  for (int64_t pause = 5; pause <= 50; pause += 15) {
    const int64_t until_ns = schedule_due_ns(&schedule, schedule.number + 1 + pause) + INTERVAL_NS / 2;
    clock_wait_until_ns(until_ns);
    int64_t missed;
    const int64_t before = schedule.number;
    const int64_t number = schedule_read(&schedule, &missed);
    assert_true(missed >= pause);
    assert_int_equal(number, before + missed + 1);
    assert_true(schedule_due_ns(&schedule, number) <= clock_now_ns());
    taken++;
    missed_sum += missed;
    /* No burst: what comes now is due after the pause. */
    assert_true(due(&schedule, WAIT_MS));
    const int64_t number_before = schedule.number;
    const int64_t next = take(&schedule);
    assert_true(next > number && schedule_due_ns(&schedule, next) > until_ns - INTERVAL_NS);
    missed_sum += next - number_before - 1;
    taken++;
  }
  assert_int_equal(taken + missed_sum, schedule.number);
  assert_int_equal(schedule.start_ns, start_ns);
  schedule_stop(&schedule);
}

static void stopped(void **state)
{
  (void)state;
  struct schedule schedule;
  int64_t missed = -1;
  assert_int_equal(schedule_start(&schedule, INTERVAL_NS, false), 0);
  assert_true(due(&schedule, WAIT_MS));
  const int fd = schedule.fd;
  schedule_stop(&schedule);
  assert_int_equal(schedule.fd, -1);
  assert_int_equal(fcntl(fd, F_GETFD), -1);
  schedule_stop(&schedule);
  assert_int_equal(schedule_read(&schedule, &missed), 0);
  assert_int_equal(missed, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(arithmetic),
      cmocka_unit_test(first_tick_is_due_at_once),
      cmocka_unit_test(ticks_keep_to_the_grid),
      cmocka_unit_test(pauses_are_missed_ticks),
      cmocka_unit_test(stopped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
