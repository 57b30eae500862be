/* Messages are one line in one write, whatever was given; write_all gets everything out. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "capture.h"
#include "common/message.h"
#include "common/write.h"

static void says_program_and_text(void **state)
{
  (void)state;
  struct capture capture = capture_start(STDERR_FILENO);
  errno = EPIPE;
  message("%s: %d", "what", 7);
  assert_int_equal(errno, EPIPE);
  capture_end(&capture);
  assert_string_equal(capture.text, "scope: what: 7\n");
}

static void errno_survives_a_failing_stderr(void **state)
{
  (void)state;
  const int saved = dup(STDERR_FILENO);
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  assert_int_equal(dup2(full, STDERR_FILENO), STDERR_FILENO);
  errno = EPIPE;
  message("what");
  const int after_message = errno;
  message_usage("what");
  const int after_usage = errno;
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(full);
  assert_int_equal(after_message, EPIPE);
  assert_int_equal(after_usage, EPIPE);
}

static void usage_adds_the_hint(void **state)
{
  (void)state;
  struct capture capture = capture_start(STDERR_FILENO);
  message_usage("unknown option '%s'", "--frob");
  capture_end(&capture);
  assert_string_equal(capture.text, "scope: unknown option '--frob'\nTry 'scope --help' for more information.\n");
}

static void control_bytes_are_escaped(void **state)
{
  (void)state;
  struct capture capture = capture_start(STDERR_FILENO);
  message("%s", "a\nb\x1b[31m\xC3\n\x7F 21.5\u00B0C\r \xC2\x9B");
  capture_end(&capture);
  assert_string_equal(capture.text, "scope: a\\nb\\x1B[31m\\xC3\\n\\x7F 21.5\u00B0C\\r \\xC2\\x9B\n");
}

/* Whatever the position of the cut, no half of a character remains, and the newline does. */
static void long_text_is_cut_between_characters(void **state)
{
  (void)state;
  for (size_t shift = 0; shift < 4; shift++) {
    char text[3000];
    memset(text, 'x', sizeof text);
    for (size_t i = shift; i + 3 < sizeof text; i += 3)
      memcpy(text + i, "\u20AC", 3);
    text[sizeof text - 1] = '\0';

    struct capture capture = capture_start(STDERR_FILENO);
    message("%s", text);
    capture_end(&capture);

    const size_t length = strlen(capture.text);
    assert_in_range(length, 1024 - 4, 1024);
    assert_int_equal(capture.text[length - 1], '\n');
    assert_int_equal((length - 1 - strlen("scope: ") - shift) % 3, 0);
  }
}

/* Both lines in one write: a datagram socket keeps the writes apart. */
static void a_usage_message_is_one_write(void **state)
{
  (void)state;
  int ends[2];
  char text[4096];
  assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
  const int saved = dup(STDERR_FILENO);
  assert_int_equal(dup2(ends[0], STDERR_FILENO), STDERR_FILENO);
  message_usage("what: why");
  assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
  const ssize_t length = recv(ends[1], text, sizeof text, MSG_DONTWAIT);
  assert_true(length > 0);
  assert_memory_equal(text + length - 2, ".\n", 2);
  assert_int_equal(recv(ends[1], text, sizeof text, MSG_DONTWAIT), -1);
  close(saved);
  close(ends[0]);
  close(ends[1]);
}

enum { MANY = 1 << 20 };

/* Bytes that tell their place, so that none can be lost, doubled or out of order unseen. */
static char byte_at(size_t place)
{
  return (char)(place * 31 + (place >> 8) + (place >> 16));
}

/* A reader in a thread of its own, as slow as the machine likes. */
struct drain {
  int fd;
  size_t total;
  size_t wrong;
};

static void *drain(void *given)
{
  struct drain *self = given;
  char buffer[4096];
  ssize_t got;
  while ((got = read(self->fd, buffer, sizeof buffer)) > 0)
    for (ssize_t i = 0; i < got; i++)
      self->wrong += buffer[i] != byte_at(self->total++);
  return NULL;
}

/* A full non-blocking pipe means short writes and EAGAIN. */
static void write_all_waits_for_a_full_pipe(void **state)
{
  (void)state;
  static char data[MANY];
  int ends[2];
  pthread_t thread;
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
  struct drain reader = {.fd = ends[0]};
  assert_int_equal(pthread_create(&thread, NULL, drain, &reader), 0);
  for (size_t i = 0; i < sizeof data; i++)
    data[i] = byte_at(i);
  assert_int_equal(write_all(ends[1], data, sizeof data), 0);
  close(ends[1]);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(reader.total, MANY);
  assert_int_equal(reader.wrong, 0);
  close(ends[0]);
}

static void write_all_says_what_failed(void **state)
{
  (void)state;
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  assert_true(full >= 0);
  assert_int_equal(write_all(full, "x", 1), ENOSPC);
  assert_int_equal(write_all(full, "", 0), 0);
  close(full);
  assert_int_equal(write_all(full, "x", 1), EBADF);
}

/* A terminal that nobody reads has room for some bytes, and a longer write into it would wait for ever. */
static void a_terminal_that_takes_nothing(void **state)
{
  (void)state;
  static char text[1 << 20];
  for (size_t i = 0; i < sizeof text; i++)
    text[i] = i % 81 == 80 ? '\n' : 'x'; /* a newline becomes two bytes, so that what is left is no whole piece */
  const int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  assert_true(ours >= 0 && grantpt(ours) == 0 && unlockpt(ours) == 0);
  const int theirs = open(ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
  assert_true(isatty(theirs));
  assert_int_equal(write_patiently(theirs, text, sizeof text, 10, -1), ETIMEDOUT);
  int cancel[2];
  assert_int_equal(pipe2(cancel, O_CLOEXEC), 0);
  assert_int_equal(write(cancel[1], "x", 1), 1);
  assert_int_equal(write_patiently(theirs, text, sizeof text, -1, cancel[0]), ECANCELED);
  assert_int_equal(fcntl(theirs, F_GETFL) & O_NONBLOCK, 0);
  close(cancel[0]);
  close(cancel[1]);
  close(theirs);
  close(ours);
}

int main(void)
{
  message_program("scope");
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(says_program_and_text),
      cmocka_unit_test(errno_survives_a_failing_stderr),
      cmocka_unit_test(usage_adds_the_hint),
      cmocka_unit_test(control_bytes_are_escaped),
      cmocka_unit_test(long_text_is_cut_between_characters),
      cmocka_unit_test(a_usage_message_is_one_write),
      cmocka_unit_test(write_all_waits_for_a_full_pipe),
      cmocka_unit_test(write_all_says_what_failed),
      cmocka_unit_test(a_terminal_that_takes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
