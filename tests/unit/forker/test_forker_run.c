/* What a run's end means: success, the status that stands for it, and the values to plot. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/clock.h"
#include "forker/run.h"

/* A run that has ended with 0 after 3.25 ms. */
static struct run ended(void)
{
  struct run run = {
      .state = RUN_RUNNING,
      .pid = 4711,
      .exec_fd = -1,
      .out_fd = -1,
      .start_ns = CLOCK_SECOND_NS,
      .exec_ns = CLOCK_SECOND_NS + 500000,
      .end_ns = CLOCK_SECOND_NS + 3250000,
      .deadline_ns = INT64_MAX,
      .end = {.pid = 4711, .usage = {.ru_utime = {.tv_sec = 1, .tv_usec = 250}, .ru_stime = {.tv_usec = 4000}}}};
  run.end.usage.ru_maxrss = 1536; /* KiB */
  last_number_init(&run.number);
  return run;
}

static void alive(void **state)
{
  (void)state;
  static const bool expected[] = {
      [RUN_FREE] = false, [RUN_EXECUTING] = true, [RUN_RUNNING] = true, [RUN_LINGERING] = false};
  for (int i = RUN_FREE; i <= RUN_LINGERING; i++)
    assert_true(run_alive(&(struct run){.state = (enum run_state)i}) == expected[i]);
}

static void statuses(void **state)
{
  (void)state;
  static const struct {
    int start_error, exec_error, last_signal;
    bool signalled;
    int code;
    int status;
  } cases[] = {
      {0, 0, 0, false, 0, 0},
      {0, 0, 0, false, 1, 1},
      {0, 0, 0, false, 255, 255},
      {0, 0, 0, true, SIGHUP, 129},
      {0, 0, 0, true, SIGKILL, 137},
      {0, 0, 0, true, SIGTERM, 143},
      {0, 0, 0, true, 64, 192},
      /* out of time, however it ended then */
      {0, 0, SIGTERM, true, SIGTERM, 124},
      {0, 0, SIGTERM, false, 0, 124},
      {0, 0, SIGTERM, false, 3, 124},
      {0, 0, SIGKILL, true, SIGKILL, 124},
      /* never executed */
      {0, ENOENT, 0, false, 127, 127},
      {0, EACCES, 0, false, 126, 126},
      {0, ENOEXEC, 0, false, 126, 126},
      {0, ENOTDIR, 0, false, 126, 126},
      {0, ENOENT, 0, false, 0, 127},
      {0, ENOENT, SIGTERM, true, SIGTERM, 127},
      /* no child */
      {EAGAIN, 0, 0, false, 0, 1},
      {ENOMEM, 0, 0, false, 0, 1},
      {EMFILE, ENOENT, 0, false, 0, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct run run = ended();
    run.start_error = cases[i].start_error;
    run.exec_error = cases[i].exec_error;
    run.last_signal = cases[i].last_signal;
    run.end.signalled = cases[i].signalled;
    run.end.code = cases[i].code;
    if (run_status(&run) != cases[i].status)
      fail_msg("case %zu: %d, not %d", i, run_status(&run), cases[i].status);
    assert_true(run_succeeded(&run) == (cases[i].status == 0));
  }
  struct run run = ended();
  for (run.end.code = 0; run.end.code < 256; run.end.code++)
    assert_int_equal(run_status(&run), run.end.code);
}

static void equal(double value, double expected)
{
  if (!(fabs(value - expected) < 1e-9))
    fail_msg("%.17g, not %.17g", value, expected);
}

static void values(void **state)
{
  (void)state;
  struct run run = ended();
  last_number_feed(&run.number, "1 2.5", 5);
  struct sample_values v = run_values(&run);
  equal(v.of[SAMPLE_WALL], 3.25);
  equal(v.of[SAMPLE_USER], 1000.25);
  equal(v.of[SAMPLE_SYS], 4);
  equal(v.of[SAMPLE_MAXRSS], 1.5);
  equal(v.of[SAMPLE_SPAWN], 0.5);
  equal(v.of[SAMPLE_OUT], 2.5); /* that has no newline, too */

  run = ended(); /* nothing printed */
  v = run_values(&run);
  assert_true(isnan(v.of[SAMPLE_OUT]));
  equal(v.of[SAMPLE_WALL], 3.25);
}

/* A failed run took its time, and what it printed is no result. */
static void values_of_failures(void **state)
{
  (void)state;
  for (int i = 0; i < 3; i++) {
    struct run run = ended();
    last_number_feed(&run.number, "1 2.5\n", 6);
    if (i == 0) {
      run.end.code = 3;
    } else if (i == 1) {
      run.end.signalled = true;
      run.end.code = SIGSEGV;
    } else {
      run.last_signal = SIGTERM;
    }
    const struct sample_values v = run_values(&run);
    assert_true(isnan(v.of[SAMPLE_OUT]));
    equal(v.of[SAMPLE_WALL], 3.25);
    equal(v.of[SAMPLE_USER], 1000.25);
    equal(v.of[SAMPLE_SPAWN], 0.5);
  }
}

static void values_of_what_never_started(void **state)
{
  (void)state;
  for (int i = 0; i < 2; i++) {
    struct run run = ended();
    if (i == 0)
      run.start_error = EAGAIN;
    else
      run.exec_error = ENOENT;
    const struct sample_values v = run_values(&run);
    for (int kind = 0; kind < SAMPLE_KINDS; kind++)
      assert_true(isnan(v.of[kind]));
  }
}

static void released(void **state)
{
  (void)state;
  struct run run = ended();
  int exec_ends[2];
  int out_ends[2];
  assert_int_equal(pipe2(exec_ends, O_CLOEXEC), 0);
  assert_int_equal(pipe2(out_ends, O_CLOEXEC), 0);
  run.exec_fd = exec_ends[0];
  run.out_fd = out_ends[0];
  run.forward.line = malloc(100); /* a leak is for the sanitizer to see */
  run.forward.size = 100;
  struct outlet outlet;
  const int file = memfd_create("out", MFD_CLOEXEC);
  outlet_open(&outlet, file);
  assert_non_null(run.forward.line);
  memcpy(run.forward.line, "rest", 4); /* of a line that gets its end now */
  run.forward.length = 4;
  run_release(&run, &outlet, &outlet);
  assert_int_equal(outlet_waiting(&outlet), 5);
  assert_memory_equal(outlet.buffer + outlet.start, "rest\n", 5);
  assert_int_equal(fcntl(exec_ends[0], F_GETFD), -1);
  assert_int_equal(fcntl(out_ends[0], F_GETFD), -1);
  assert_int_equal(run.state, RUN_FREE);
  assert_int_equal(run.exec_fd, -1);
  assert_int_equal(run.out_fd, -1);
  assert_null(run.forward.line);
  run_release(&run, &outlet, &outlet);
  assert_int_equal(outlet_waiting(&outlet), 5);
  outlet_destroy(&outlet);
  close(file);
  close(exec_ends[1]);
  close(out_ends[1]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(alive),
      cmocka_unit_test(statuses),
      cmocka_unit_test(values),
      cmocka_unit_test(values_of_failures),
      cmocka_unit_test(values_of_what_never_started),
      cmocka_unit_test(released),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
