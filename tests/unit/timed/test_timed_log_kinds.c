/* The log to what is no pipe: a socket, a file, a terminal, stopped or full, and a device that fails. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

#include "log_reader.h"

static void other_failures(void **state)
{
  (void)state;
  const int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    skip();
  log_open(&logged, fd, false);
  log_line(&logged, "no room");
  assert_true(log_flush(&logged)); /* it waits for room */
  assert_int_equal(logged.outlet.error, 0);
  assert_int_equal(logged.outlet.full, ENOSPC);
  assert_int_equal(log_close(&logged), 1);
  close(fd);
  log_open(&logged, fd, false);
  log_line(&logged, "closed");
  assert_false(log_flush(&logged));
  assert_int_equal(logged.outlet.error, EBADF);
  log_close(&logged);
}

static void socket_full_and_resumed(void **state)
{
  (void)state;
  int ends[2];
  const int small = 4096;
  int count = 0;
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  assert_int_equal(setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
  reader.fd = ends[0];
  const int flags = fcntl(ends[1], F_GETFL);
  log_open(&logged, ends[1], false);
  assert_int_equal(logged.outlet.fd, ends[1]);
  while (logged.lost < 10) {
    write_numbered(count++, 100);
    log_flush(&logged); /* does not wait, though the descriptor would */
  }
  assert_true(log_flush(&logged));
  assert_int_equal(fcntl(ends[1], F_GETFL), flags);
  take_all();
  assert_true(check_numbers(count) >= 10);

  signal(SIGPIPE, SIG_DFL); /* it would end this test */
  close(ends[0]);
  log_line(&logged, "for nobody");
  assert_false(log_flush(&logged));
  assert_int_equal(logged.outlet.error, EPIPE);
  signal(SIGPIPE, SIG_IGN);
  log_close(&logged);
  close(ends[1]);
}

/* A file is written where the descriptor stands, which all that share it have in common. */
static void regular_file(void **state)
{
  (void)state;
  const int fd = memfd_create("log", MFD_CLOEXEC);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, "before\n", 7), 7);
  const int flags = fcntl(fd, F_GETFL);
  log_open(&logged, fd, false);
  for (int i = 0; i < 1000; i++)
    write_numbered(i, 60);
  assert_false(log_flush(&logged));
  assert_int_equal(logged.lost, 0);
  assert_int_equal(fcntl(fd, F_GETFL), flags);
  assert_int_equal(write(fd, "after\n", 6), 6);
  log_close(&logged);
  const ssize_t length = pread(fd, reader.text, TEXT_MAX, 0);
  assert_int_equal(length, 7 + 1000 * 60 + 6);
  assert_memory_equal(reader.text, "before\n", 7);
  assert_memory_equal(reader.text + length - 6, "after\n", 6);
  reader.text[length - 6] = '\0';
  memmove(reader.text, reader.text + 7, (size_t)length - 6 - 7 + 1);
  assert_int_equal(check_numbers(1000), 0);
  close(fd);
}

/* Both ends of a terminal that passes bytes on as they are. */
static void open_terminal(int ends[2])
{
  struct termios form;
  ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ends[0] < 0 || grantpt(ends[0]) != 0 || unlockpt(ends[0]) != 0)
    skip();
  ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY | O_CLOEXEC);
  assert_true(ends[1] >= 0);
  assert_int_equal(tcgetattr(ends[1], &form), 0);
  cfmakeraw(&form);
  assert_int_equal(tcsetattr(ends[1], TCSANOW, &form), 0);
  reader.fd = ends[0];
}

/* As Ctrl-S and Ctrl-Q. */
static void stopped_terminal(void **state)
{
  (void)state;
  int ends[2];
  open_terminal(ends);
  const int flags = fcntl(ends[1], F_GETFL);
  log_open(&logged, ends[1], false);
  log_line(&logged, "before");
  assert_false(log_flush(&logged));
  assert_int_equal(tcflow(ends[1], TCOOFF), 0);
  log_line(&logged, "stopped");
  assert_true(log_flush(&logged));
  assert_true(log_flush(&logged));
  assert_int_equal(fcntl(ends[1], F_GETFL), flags);
  assert_int_equal(tcflow(ends[1], TCOON), 0);
  while (log_flush(&logged)) {
    struct pollfd wait = {.fd = logged.outlet.fd, .events = POLLOUT};
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
  }
  static const char expected[] = "before\nstopped\n";
  while (reader.length < strlen(expected)) {
    struct pollfd wait = {.fd = ends[0], .events = POLLIN};
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
    take(TEXT_MAX);
  }
  assert_string_equal(reader.text, expected);
  log_close(&logged);
  close_both(ends);
}

/* A terminal that nobody reads takes some, in pieces if it likes, and the rest later. */
static void full_terminal(void **state)
{
  (void)state;
  int ends[2];
  int count = 0;
  open_terminal(ends);
  log_open(&logged, ends[1], false);
  while (logged.lost < 10) {
    write_numbered(count++, 100);
    log_flush(&logged);
  }
  take_all();
  take_numbers(count);
  assert_true(check_numbers(count) >= 10);
  log_close(&logged);
  close_both(ends);
}

/*
 * A terminal that may not be opened again, as after su: one that polls writable may have room for less than a line, and a
 * write would wait for more.
 */
static void terminal_of_somebody_else(void **state)
{
  (void)state;
  int ends[2];
  int count = 0;
  open_terminal(ends);
  const uid_t uid = geteuid();
  assert_int_equal(fchmod(ends[1], 0), 0);
  if (uid == 0)
    assert_int_equal(seteuid(65534), 0);
  log_open(&logged, ends[1], false);
  if (uid == 0)
    assert_int_equal(seteuid(0), 0);
  assert_true(logged.outlet.relayed);
  while (logged.lost < 10) {
    write_numbered(count++, 100);
    log_flush(&logged);
  }
  while (log_flush(&logged)) {
    struct pollfd wait = {.fd = ends[0], .events = POLLIN};
    assert_true(poll(&wait, 1, WAIT_MS) == 1 || !log_flush(&logged));
    take(TEXT_MAX);
  }
  write_numbered(count++, 100);
  assert_false(log_flush(&logged));
  take_numbers(count);
  assert_true(check_numbers(count) >= 10);
  log_close(&logged);
  close_both(ends);
}

int main(void)
{
  signal(SIGPIPE, SIG_IGN);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(other_failures, forget_reader),
      cmocka_unit_test_setup(terminal_of_somebody_else, forget_reader),
      cmocka_unit_test_setup(socket_full_and_resumed, forget_reader),
      cmocka_unit_test_setup(regular_file, forget_reader),
      cmocka_unit_test_setup(stopped_terminal, forget_reader),
      cmocka_unit_test_setup(full_terminal, forget_reader),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
