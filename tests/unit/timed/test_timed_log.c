/* The log to a pipe that is read at any pace or not at all: no wait, no half lines, and each loss counted. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>

#include "log_reader.h"
#include "random.h"

static void open_pipe(int ends[2], int size)
{
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  assert_true(fcntl(ends[1], F_SETPIPE_SZ, size) >= size);
  reader.fd = ends[0];
}

static void lines_through_a_pipe(void **state)
{
  (void)state;
  int ends[2];
  open_pipe(ends, PIPE_BUF);
  const int flags = fcntl(ends[1], F_GETFL);
  log_open(&logged, ends[1], false);
  log_line(&logged, "one");
  log_line(&logged, "%s %d", "two", 2);
  log_line(&logged, "%s", "a\x1B[m\n\xC2\x9B");
  log_line(&logged, "%s", "");
  assert_int_equal(take(TEXT_MAX), 0); /* not before log_flush */
  assert_false(log_flush(&logged));
  take(TEXT_MAX);
  assert_string_equal(reader.text, "one\ntwo 2\na\\x1B[m\\n\\xC2\\x9B\n\n");
  assert_false(log_flush(&logged));

  /* The description that others share is as it was; our own does not wait and is not passed on. */
  assert_int_equal(fcntl(ends[1], F_GETFL), flags);
  assert_false(flags & O_NONBLOCK);
  assert_true(logged.outlet.own_fd >= 0 && logged.outlet.fd == logged.outlet.own_fd && logged.outlet.fd != ends[1]);
  assert_true(fcntl(logged.outlet.fd, F_GETFL) & O_NONBLOCK);
  assert_int_equal(fcntl(logged.outlet.fd, F_GETFD), FD_CLOEXEC);

  /* What waits is tried once more at the end; ours is closed, theirs is not. */
  const int own_fd = logged.outlet.own_fd;
  log_line(&logged, "last");
  log_close(&logged);
  log_line(&logged, "too late");
  assert_false(log_flush(&logged));
  log_close(&logged);
  assert_int_equal(fcntl(own_fd, F_GETFD), -1);
  assert_int_equal(fcntl(ends[1], F_GETFD), FD_CLOEXEC);
  take(TEXT_MAX);
  assert_string_equal(reader.text, "one\ntwo 2\na\\x1B[m\\n\\xC2\\x9B\n\nlast\n");
  close_both(ends);
}

static void lines_over_the_limit(void **state)
{
  (void)state;
  static char text[LOG_LINE_MAX + 200];
  int ends[2];
  open_pipe(ends, 2 * PIPE_BUF);
  log_open(&logged, ends[1], false);
  memset(text, 'x', sizeof text - 1);
  for (int length = LOG_LINE_MAX - 3; length < LOG_LINE_MAX + 4; length++) {
    reader.length = 0;
    log_line(&logged, "%.*s", length, text);
    log_line(&logged, "next");
    assert_false(log_flush(&logged));
    take(TEXT_MAX);
    const size_t expected = length < LOG_LINE_MAX - 1 ? (size_t)length : LOG_LINE_MAX - 1;
    assert_int_equal(strspn(reader.text, "x"), expected);
    assert_string_equal(reader.text + expected, "\nnext\n");
  }
  log_close(&logged);
  close_both(ends);
}

/* A pipe that nobody reads, then somebody does: 64 KiB are kept, the rest is counted, no line is in pieces. */
static void full_pipe(void **state)
{
  (void)state;
  enum { LINES = 3000, LINE = 60 };
  int ends[2];
  open_pipe(ends, PIPE_BUF);
  log_open(&logged, ends[1], false);
  for (int i = 0; i < LINES; i++) {
    write_numbered(i, LINE);
    if (i == 200)
      assert_true(log_flush(&logged)); /* full */
  }
  const int kept = (PIPE_BUF / LINE) + (LOG_BUFFER / LINE);
  assert_int_equal(logged.lost, LINES - kept);
  while (log_flush(&logged)) {
    assert_true(take(PIPE_BUF) > 0);
    assert_int_equal(reader.text[reader.length - 1], '\n'); /* writes were of whole lines */
  }
  take(TEXT_MAX);
  write_numbered(LINES, LINE); /* all as before */
  take_all();
  assert_int_equal(check_numbers(LINES + 1), LINES - kept);
  log_close(&logged);
  close_both(ends);
}

static void one_line_lost(void **state)
{
  (void)state;
  int ends[2];
  open_pipe(ends, PIPE_BUF);
  log_open(&logged, ends[1], false);
  int i = 0;
  while (logged.lost == 0)
    write_numbered(i++, 64);
  take_all();
  assert_non_null(strstr(reader.text, "\n(1 line lost: nobody read it)\n"));
  assert_int_equal(check_numbers(i), 1);
  log_close(&logged);
  close_both(ends);
}

/* Lines of any length, read in pieces of any length, at any time. */
static void random_pace(void **state)
{
  (void)state;
  struct random random = random_seeded(5);
  int total_lost = 0;
  for (int round = 0; round < 6; round++) {
    int ends[2];
    int count = 0;
    open_pipe(ends, PIPE_BUF << random_below(&random, 3));
    reader.length = 0;
    log_open(&logged, ends[1], false);
    for (int step = 0; step < 2000; step++) {
      for (uint64_t i = random_below(&random, 12); i > 0; i--)
        write_numbered(count++, (int)random_between(&random, 12, 100));
      if (random_once_in(&random, 4))
        log_flush(&logged);
      if (round > 0 && random_once_in(&random, 20))
        take((size_t)random_between(&random, 1, 10000));
    }
    take_all();
    total_lost += check_numbers(count);
    log_close(&logged);
    close_both(ends);
  }
  assert_true(total_lost > 0);
}

static void no_reader(void **state)
{
  (void)state;
  for (int before = 0; before < 2; before++) { /* gone before the start, or after */
    int ends[2];
    open_pipe(ends, PIPE_BUF);
    if (before)
      close(ends[0]);
    log_open(&logged, ends[1], false);
    if (!before)
      close(ends[0]);
    log_line(&logged, "for nobody");
    assert_false(log_flush(&logged));
    assert_int_equal(logged.outlet.error, EPIPE);
    log_line(&logged, "more");
    assert_int_equal(outlet_waiting(&logged.outlet), 0);
    assert_int_equal(logged.lost, 0);
    assert_false(log_flush(&logged));
    log_close(&logged);
    close(ends[1]);
  }
}

/* Where the file cannot be opened anew, poll says whether there is room: a descriptor that blocks is not made to. */
static void without_a_descriptor_of_its_own(void **state)
{
  (void)state;
  struct rlimit limit;
  int ends[2];
  int count = 0;
  open_pipe(ends, PIPE_BUF);
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){.rlim_max = limit.rlim_max}), 0);
  log_open(&logged, ends[1], false);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
  assert_int_equal(logged.outlet.own_fd, -1);
  assert_int_equal(logged.outlet.fd, ends[1]);
  while (logged.lost < 10) {
    write_numbered(count++, 100);
    log_flush(&logged);
  }
  take_all();
  assert_true(check_numbers(count) >= 10);
  assert_false(fcntl(ends[1], F_GETFL) & O_NONBLOCK);
  log_close(&logged);
  close_both(ends);
}

int main(void)
{
  signal(SIGPIPE, SIG_IGN);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(lines_through_a_pipe, forget_reader),
      cmocka_unit_test_setup(lines_over_the_limit, forget_reader),
      cmocka_unit_test_setup(full_pipe, forget_reader),
      cmocka_unit_test_setup(one_line_lost, forget_reader),
      cmocka_unit_test_setup(random_pace, forget_reader),
      cmocka_unit_test_setup(no_reader, forget_reader),
      cmocka_unit_test_setup(without_a_descriptor_of_its_own, forget_reader),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
