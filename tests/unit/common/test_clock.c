/* Deadlines as timeouts for poll: never too early, never a wait that is not needed, whatever the two times are. */
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/clock.h"

static const int64_t MS = CLOCK_MS_NS;

static void timeouts(void **state)
{
  (void)state;
  static const int64_t day_ns = INT64_C(86400) * CLOCK_SECOND_NS;
  static const int64_t longest_ns = (int64_t)INT_MAX * CLOCK_MS_NS;
  const struct {
    int64_t deadline_ns, now_ns;
    int timeout_ms;
  } cases[] = {
      {0, 0, 0},
      {5 * MS, 5 * MS, 0},
      {5 * MS, 5 * MS + 1, 0},
      {5 * MS, day_ns, 0},
      {INT64_MIN, day_ns, 0},
      {5 * MS + 1, 5 * MS, 1}, /* a nanosecond is waited for */
      {6 * MS - 1, 5 * MS, 1},
      {6 * MS, 5 * MS, 1},
      {6 * MS + 1, 5 * MS, 2},
      {day_ns, 0, 86400000},
      {longest_ns - MS, 0, INT_MAX - 1},
      {longest_ns - 1, 0, INT_MAX},
      {longest_ns, 0, INT_MAX},
      {longest_ns + 1, 0, INT_MAX},
      {INT64_MAX - 1, 0, INT_MAX},
      {INT64_MAX - 1, INT64_MIN, INT_MAX},
      {INT64_MAX, 0, -1},
      {INT64_MAX, INT64_MAX, -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const int timeout_ms = clock_timeout_ms(cases[i].deadline_ns, cases[i].now_ns);
    if (timeout_ms != cases[i].timeout_ms)
      fail_msg("case %zu: %d ms, not %d", i, timeout_ms, cases[i].timeout_ms);
  }
}

/* A single wait is enough: a poll that nothing else ends comes back when the deadline has passed. */
static void poll_ends_after_the_deadline(void **state)
{
  (void)state;
  for (int64_t ns = 0; ns < 3 * MS; ns += 170001) {
    const int64_t now_ns = clock_now_ns();
    poll(NULL, 0, clock_timeout_ms(now_ns + ns, now_ns));
    assert_true(clock_now_ns() >= now_ns + ns);
  }
}

static void sums_do_not_overflow(void **state)
{
  (void)state;
  assert_true(clock_after_ns(5, 7) == 12);
  assert_true(clock_after_ns(5, INT64_MAX - 6) == INT64_MAX - 1);
  assert_true(clock_after_ns(5, INT64_MAX - 5) == INT64_MAX);
  assert_true(clock_after_ns(5, INT64_MAX - 4) == INT64_MAX);
  assert_true(clock_after_ns(INT64_MAX, INT64_MAX) == INT64_MAX);
}

static void milliseconds(void **state)
{
  (void)state;
  assert_true(clock_from_ms(0) == 0);
  assert_true(clock_from_ms(5000) == INT64_C(5000000000)); /* more than an int holds */
  assert_true(clock_to_ms(0) == 0);
  assert_true(clock_to_ms(3250000) == 3.25);
  assert_true(clock_to_ms(-500000) == -0.5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(timeouts),
      cmocka_unit_test(poll_ends_after_the_deadline),
      cmocka_unit_test(sums_do_not_overflow),
      cmocka_unit_test(milliseconds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
