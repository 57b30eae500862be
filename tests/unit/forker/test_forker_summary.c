/* What is summed up of many runs: percentiles of each figure, whenever they are asked for, and without what a run lacks. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/clock.h"
#include "forker/summary.h"

/* A run that was executed spawn_ms after its start, or not known to be (0), and took wall_ms. */
static struct run run_of(int64_t wall_ms, int64_t spawn_ms)
{
  struct run run;
  run_init(&run);
  run.start_ns = CLOCK_SECOND_NS;
  run.exec_ns = spawn_ms > 0 ? run.start_ns + clock_from_ms(spawn_ms) : 0;
  run.end_ns = run.start_ns + clock_from_ms(wall_ms);
  run.end.usage.ru_utime.tv_sec = wall_ms / 1000;
  run.end.usage.ru_utime.tv_usec = wall_ms % 1000 * 1000;
  run.end.usage.ru_stime.tv_sec = 2;
  run.end.usage.ru_maxrss = wall_ms * 1024;
  return run;
}

static void expect(struct summary *summary, const char *figures)
{
  char text[SUMMARY_TEXT];
  const size_t length = summary_as_text(summary, text);
  assert_int_equal(length, strlen(text));
  const char *line = strstr(text, "forker: median");
  assert_string_equal(line ? line : "", figures);
}

/* By nearest rank: of 1 to n the value itself, ceil(n * percent / 100). Asked for again, and in between. */
static void percentiles_at_any_time(void **state)
{
  (void)state;
  struct summary summary;
  summary_init(&summary);
  expect(&summary, "");
  for (int64_t i = 1; i <= 1000; i++) {
    const struct run run = run_of(1001 - i, 1);
    summary_add(&summary, &run);
    if (i == 1)
      expect(&summary,
             "forker: median, p95, p99: wall 1000.000 1000.000 1000.000 ms, user 1000.000 1000.000 1000.000 ms, "
             "sys 2000.000 2000.000 2000.000 ms, maxrss 1000.000 1000.000 1000.000 MiB, "
             "spawn 1.000 1.000 1.000 ms\n");
    if (i == 100) /* 901 to 1000 */
      for (int again = 0; again < 2; again++)
        expect(&summary, "forker: median, p95, p99: wall 950.000 995.000 999.000 ms, user 950.000 995.000 999.000 ms, "
                         "sys 2000.000 2000.000 2000.000 ms, maxrss 950.000 995.000 999.000 MiB, "
                         "spawn 1.000 1.000 1.000 ms\n");
  }
  expect(&summary, "forker: median, p95, p99: wall 500.000 950.000 990.000 ms, user 500.000 950.000 990.000 ms, "
                   "sys 2000.000 2000.000 2000.000 ms, maxrss 500.000 950.000 990.000 MiB, "
                   "spawn 1.000 1.000 1.000 ms\n");
  summary_destroy(&summary);
}

/* A run that was not executed has no figures; one that was ended before its exec was known has no spawn. */
static void what_a_run_lacks(void **state)
{
  (void)state;
  struct summary summary;
  summary_init(&summary);
  for (int i = 0; i < 300; i++) {
    struct run run = run_of(5, i % 3 == 0 ? 2 : 0);
    run.exec_error = i % 3 == 1 ? ENOENT : 0;
    run.end_ns += run.exec_error ? CLOCK_SECOND_NS : 0;
    summary_add(&summary, &run);
  }
  char text[SUMMARY_TEXT];
  summary_as_json(&summary, text);
  assert_non_null(strstr(text, "\"wall_ms\":{\"median\":5.000,\"p95\":5.000,\"p99\":5.000}"));
  assert_non_null(strstr(text, "\"spawn_ms\":{\"median\":2.000,\"p95\":2.000,\"p99\":2.000}"));
  assert_int_equal(summary.figures[SUMMARY_WALL].count, 200);
  assert_int_equal(summary.figures[SUMMARY_SPAWN].count, 100);
  summary_destroy(&summary);
  summary_destroy(&summary);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(percentiles_at_any_time),
      cmocka_unit_test(what_a_run_lacks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
