/* A serial device, played by a pseudo-terminal: whole lines alone, and again after it was gone. */
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/clock.h"
#include "scope/input/source.h"

struct board {
  int fd; /* its end */
  char folder[32], path[64];
};

/* Plugs it in under the path; the first time that is made up. */
static void plug_in(struct board *b)
{
  char name[64];
  if (!b->folder[0]) {
    snprintf(b->folder, sizeof b->folder, "/tmp/scope-serial-XXXXXX");
    assert_non_null(mkdtemp(b->folder));
    snprintf(b->path, sizeof b->path, "%s/tty", b->folder);
  }
  b->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  assert_true(b->fd >= 0 && grantpt(b->fd) == 0 && unlockpt(b->fd) == 0);
  assert_int_equal(ptsname_r(b->fd, name, sizeof name), 0);
  unlink(b->path);
  assert_int_equal(symlink(name, b->path), 0);
}

static void pull_out(struct board *b)
{
  unlink(b->path);
  close(b->fd);
}

static void remove_board(struct board *b)
{
  pull_out(b);
  assert_int_equal(rmdir(b->folder), 0);
}

static void send(const struct board *b, const char *text)
{
  assert_int_equal(write(b->fd, text, strlen(text)), strlen(text));
}

static void close_source(struct source *source)
{
  serial_close(source->serial);
  free(source->serial);
}

/* Past the moment in which bytes are the rest of a line. */
static void let_settle(void)
{
  clock_wait_until_ns(clock_now_ns() + clock_from_ms(SERIAL_MIDDLE_MS + 5));
}

/* Reads until so many bytes have come. */
static void expect_text(struct source *source, const char *text)
{
  static char buffer[2 * FRAGMENT_MAX];
  size_t length = 0;
  const int64_t deadline = clock_now_ns() + 5 * (int64_t)CLOCK_SECOND_NS;
  while (length < strlen(text)) {
    assert_true(clock_now_ns() < deadline);
    if (source_wait(source, -1, -1, 100) != SOURCE_READY)
      continue;
    const ssize_t n = source_read(source, buffer + length, sizeof buffer - length);
    assert_true(n > 0 || n == SOURCE_AGAIN);
    length += n > 0 ? (size_t)n : 0;
  }
  assert_int_equal(length, strlen(text));
  assert_memory_equal(buffer, text, length);
}

static void expect_news(struct source *source, const char *text)
{
  const int64_t deadline = clock_now_ns() + 5 * (int64_t)CLOCK_SECOND_NS;
  const char *news;
  while (!(news = source_news(source))) {
    char buffer[2 * FRAGMENT_MAX];
    assert_true(clock_now_ns() < deadline);
    if (source_wait(source, -1, -1, 100) == SOURCE_READY)
      assert_int_equal(source_read(source, buffer, sizeof buffer), SOURCE_AGAIN);
  }
  assert_non_null(strstr(news, text));
  assert_null(source_news(source)); /* once */
}

static void any_rate(void **state)
{
  (void)state;
  static const uint32_t rates[] = {9600, 115200, 250000, 74880, 31250, 1, 12345};
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
    struct board b = {.fd = -1};
    struct source source;
    struct termios2 mode;
    plug_in(&b);
    assert_null(source_open_serial(&source, b.path, rates[i], true));
    assert_int_equal(source.kind, SOURCE_SERIAL);
    assert_int_equal(ioctl(source.fd, TCGETS2, &mode), 0);
    assert_int_equal(mode.c_ospeed, rates[i]);
    assert_int_equal(mode.c_cflag & (CSIZE | PARENB | CSTOPB | HUPCL | CLOCAL), CS8 | CLOCAL);
    assert_int_equal(mode.c_lflag & (ICANON | ECHO | ISIG), 0);
    assert_int_equal(mode.c_iflag & (ICRNL | IXON | ISTRIP), 0);
    close_source(&source);
    remove_board(&b);
  }
}

static void whole_lines(void **state)
{
  (void)state;
  struct board b = {.fd = -1};
  struct source source;
  plug_in(&b);
  /* At once: the rest of a line, who knows. On a machine that stands still in between it is not at once: then again. */
  char buffer[2 * FRAGMENT_MAX];
  bool at_once = false;
  for (int tries = 0; !at_once; tries++) {
    assert_true(tries < 20);
    const int64_t before = clock_now_ns();
    assert_null(source_open_serial(&source, b.path, 115200, true));
    send(&b, "99\r\n1\r\n");
    assert_int_equal(source_wait(&source, -1, -1, 2000), SOURCE_READY);
    const ssize_t n = source_read(&source, buffer, sizeof buffer);
    at_once = clock_now_ns() - before < clock_from_ms(SERIAL_MIDDLE_MS);
    if (at_once) {
      assert_int_equal(n, 5);
      assert_memory_equal(buffer, "\r\n1\r\n", 5);
    } else
      close_source(&source);
  }
  send(&b, "2");
  assert_int_equal(source_wait(&source, -1, -1, 2000), SOURCE_READY);
  assert_int_equal(source_read(&source, buffer, sizeof buffer), SOURCE_AGAIN);
  send(&b, "5\n3");
  expect_text(&source, "25\n");
  send(&b, "\r");
  expect_text(&source, "3\r");
  close_source(&source);
  remove_board(&b);
}

static void a_pause_before_the_first_line(void **state)
{
  (void)state;
  struct board b = {.fd = -1};
  struct source source;
  plug_in(&b);
  send(&b, "0\n"); /* was there before: then it is whole */
  assert_null(source_open_serial(&source, b.path, 115200, true));
  expect_text(&source, "0\n");
  close_source(&source);
  assert_null(source_open_serial(&source, b.path, 115200, true));
  let_settle();
  send(&b, "1\n");
  expect_text(&source, "1\n");
  close_source(&source);
  remove_board(&b);
}

static void gone_and_back(void **state)
{
  (void)state;
  struct board b = {.fd = -1};
  struct source source;
  plug_in(&b);
  assert_null(source_open_serial(&source, b.path, 9600, true));
  for (int i = 0; i < 3; i++) {
    let_settle();
    send(&b, "1\n2");
    expect_text(&source, "1\n");
    assert_null(source_news(&source));
    pull_out(&b);
    expect_news(&source, "gone");
    plug_in(&b);
    expect_news(&source, "back");
  }
  let_settle();
  send(&b, "5\n"); /* not 25 */
  expect_text(&source, "5\n");
  close_source(&source);
  remove_board(&b);
}

static void gone_for_good(void **state)
{
  (void)state;
  struct board b = {.fd = -1};
  struct source source;
  plug_in(&b);
  assert_null(source_open_serial(&source, b.path, 9600, false));
  pull_out(&b);
  char buffer[2 * FRAGMENT_MAX];
  assert_int_equal(source_wait(&source, -1, -1, 2000), SOURCE_READY);
  assert_int_equal(source_read(&source, buffer, sizeof buffer), SOURCE_END);
  close_source(&source);
  rmdir(b.folder);
}

static void expect_refused(const char *path, const char *what)
{
  struct source source;
  const char *why = source_open_serial(&source, path, 9600, true);
  assert_non_null(why);
  assert_non_null(strstr(why, path));
  assert_non_null(strstr(why, what));
  assert_null(source.serial);
}

static void what_cannot_be_opened(void **state)
{
  (void)state;
  struct board b = {.fd = -1};
  struct source source;
  plug_in(&b);
  assert_null(source_open_serial(&source, b.path, 9600, true));
  expect_refused(b.path, "in use by another program");
  close_source(&source);
  expect_refused("/dev/null", "no serial device");
  expect_refused("/dev/nosuch", "No such file");
  remove_board(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_rate),      cmocka_unit_test(whole_lines),   cmocka_unit_test(a_pause_before_the_first_line),
      cmocka_unit_test(gone_and_back), cmocka_unit_test(gone_for_good), cmocka_unit_test(what_cannot_be_opened),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
