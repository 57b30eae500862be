/* A report whose outputs fail: what is said of it, once, and what is no failure. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "capture.h"
#include "common/message.h"
#include "forker/report.h"

static const struct sample_list no_sample;

static void log_that_cannot_be_opened(void **state)
{
  (void)state;
  struct report report;
  struct command command;
  assert_true(command_init(&command, NULL));
  struct capture capture = capture_start(STDERR_FILENO);
  const bool ok = report_init(
      &report, &(struct report_config){.log = "/nonexistent/log", .sample = &no_sample, .command = &command});
  report_destroy(&report);
  capture_end(&capture);
  assert_false(ok);
  assert_string_equal(capture.text, "forker: --log /nonexistent/log: No such file or directory\n");
  command_destroy(&command);
}

/* A full disk is complained of once; at the end it is told how many lines it had no room for. */
static void log_that_cannot_be_written(void **state)
{
  (void)state;
  struct report report;
  struct command command;
  if (access("/dev/full", W_OK) != 0)
    skip();
  assert_true(command_init(&command, NULL));
  struct capture capture = capture_start(STDERR_FILENO);
  const bool ok =
      report_init(&report, &(struct report_config){.log = "/dev/full", .sample = &no_sample, .command = &command});
  for (int i = 0; i < 3; i++) {
    report_missed(&report, 1, 1);
    report_flush(&report);
  }
  const int error = report_error(&report);
  const int64_t retry_ns = report_retry_ns(&report);
  const bool waits = report_waits_for_reader(&report);
  const bool lost = report_give_up(&report);
  report_destroy(&report);
  capture_end(&capture);
  command_destroy(&command);
  assert_true(ok);
  assert_int_equal(error, 0);
  assert_true(retry_ns < INT64_MAX);
  assert_false(waits);
  assert_true(lost);
  assert_string_equal(capture.text, "forker: /dev/full: No space left on device\n"
                                    "forker: /dev/full: 3 lines lost: No space left on device\n");
}

/* Nobody reads standard output any more: that is an end, and no error. */
static void closed_output(void **state)
{
  (void)state;
  struct report report;
  struct command command;
  int ends[2];
  assert_true(command_init(&command, NULL));
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  const int saved = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  struct capture capture = capture_start(STDERR_FILENO);
  dup2(ends[1], STDOUT_FILENO);
  const bool ok = report_init(&report, &(struct report_config){.sample = &no_sample, .command = &command});
  close(ends[0]);
  report_tick(&report, 1, 0);
  const bool left = report_flush(&report);
  const int out_error = report.out.error;
  const int error = report_error(&report);
  report_destroy(&report);
  dup2(saved, STDOUT_FILENO);
  capture_end(&capture);
  close(saved);
  close(ends[1]);
  command_destroy(&command);
  assert_true(ok);
  assert_false(left);
  assert_int_equal(out_error, EPIPE);
  assert_int_equal(error, 0);
  assert_string_equal(capture.text, "");
}

int main(void)
{
  message_program("forker");
  signal(SIGPIPE, SIG_IGN);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(log_that_cannot_be_opened),
      cmocka_unit_test(log_that_cannot_be_written),
      cmocka_unit_test(closed_output),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
