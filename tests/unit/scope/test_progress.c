/* How far a file has been read, and that this is said to terminals only, not at once, and taken away again. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/clock.h"
#include "scope/progress.h"

static int make_file(off_t size)
{
  const int fd = memfd_create("input", MFD_CLOEXEC);
  assert_int_equal(ftruncate(fd, size), 0);
  return fd;
}

static void per_cent(void **state)
{
  (void)state;
  struct progress p;
  const int fd = make_file(1000);
  progress_init(&p, fd, "f", 0);
  assert_int_equal(progress_percent(&p), 0);
  lseek(fd, 427, SEEK_SET);
  assert_int_equal(progress_percent(&p), 42);
  lseek(fd, 1000, SEEK_SET);
  assert_int_equal(progress_percent(&p), 100);
  assert_int_equal(ftruncate(fd, 500), 0);
  assert_int_equal(progress_percent(&p), 100);
  assert_int_equal(ftruncate(fd, 0), 0);
  assert_int_equal(progress_percent(&p), -1);
  close(fd);
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  progress_init(&p, ends[0], "f", 0);
  assert_int_equal(progress_percent(&p), -1);
  progress_init(&p, -1, "f", 0);
  assert_int_equal(progress_percent(&p), -1);
  close(ends[0]);
  close(ends[1]);
}

/* What a descriptor holds by now. */
static const char *seen(int fd)
{
  static char text[4096];
  const ssize_t n = read(fd, text, sizeof text - 1);
  text[n > 0 ? n : 0] = '\0';
  return text;
}

static void on_a_terminal(void **state)
{
  (void)state;
  const int person = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  char name[64];
  assert_true(person >= 0 && grantpt(person) == 0 && unlockpt(person) == 0);
  assert_int_equal(ptsname_r(person, name, sizeof name), 0);
  const int terminal = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  const int saved = dup(STDERR_FILENO);
  const int fd = make_file(100);
  struct progress p;
  const int64_t start_ns = 5 * (int64_t)CLOCK_SECOND_NS;
  progress_init(&p, fd, "a\033b", start_ns);
  lseek(fd, 7, SEEK_SET);
  dup2(terminal, STDERR_FILENO);
  progress_say(&p, start_ns + CLOCK_SECOND_NS - 1);
  const bool early = seen(person)[0] != '\0';
  progress_say(&p, start_ns + CLOCK_SECOND_NS);
  const bool said = strcmp(seen(person), "\r\033[Kscope: a\\x1Bb: 7 %") == 0;
  progress_say(&p, start_ns + CLOCK_SECOND_NS + 1);
  const bool again = seen(person)[0] != '\0';
  lseek(fd, 100, SEEK_SET);
  progress_say(&p, start_ns + 2 * (int64_t)CLOCK_SECOND_NS);
  const bool gone = strcmp(seen(person), "\r\033[K") == 0;
  progress_end(&p);
  const bool once = seen(person)[0] == '\0';
  tcflow(terminal, TCOOFF);
  lseek(fd, 8, SEEK_SET);
  progress_say(&p, start_ns + 3 * (int64_t)CLOCK_SECOND_NS); /* does not wait */
  tcflow(terminal, TCOON);
  dup2(saved, STDERR_FILENO);
  assert_true(!early && said && !again && gone && once);
  close(saved);
  close(fd);
  close(terminal);
  close(person);
}

static void on_no_terminal(void **state)
{
  (void)state;
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  const int saved = dup(STDERR_FILENO);
  const int fd = make_file(100);
  struct progress p;
  progress_init(&p, fd, "f", 0);
  dup2(ends[1], STDERR_FILENO);
  progress_say(&p, 9 * (int64_t)CLOCK_SECOND_NS);
  progress_end(&p);
  dup2(saved, STDERR_FILENO);
  assert_string_equal(seen(ends[0]), "");
  close(saved);
  close(fd);
  close(ends[0]);
  close(ends[1]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(per_cent),
      cmocka_unit_test(on_a_terminal),
      cmocka_unit_test(on_no_terminal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
