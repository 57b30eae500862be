/* A disk that is full: whole lines are in the file whenever one looks, the others wait, and nothing is written twice. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/outlet.h"

/* A disk on which a file can have this many bytes. */
static void limit_files(rlim_t size)
{
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = size;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void assert_file(const char *name, const char *expected)
{
  char text[200];
  FILE *file = fopen(name, "re");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  assert_string_equal(text, expected);
}

/* Whole lines are in the file whenever one looks; the others wait, and come when there is room: no byte is lost. */
static void full_disk(void **state)
{
  (void)state;
  static const int flags[] = {O_WRONLY, O_WRONLY | O_APPEND};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    struct outlet outlet;
    char name[] = "/tmp/outlet-XXXXXX";
    const int made = mkostemp(name, O_CLOEXEC);
    assert_true(made >= 0);
    close(made);
    const int fd = open(name, flags[i] | O_CLOEXEC);
    outlet_open(&outlet, fd);
    limit_files(10);
    assert_true(outlet_add(&outlet, "one\ntwo\nthree\nfour\n", 19, SIZE_MAX));
    const int64_t before_ns = clock_now_ns();
    assert_true(outlet_flush(&outlet));
    assert_file(name, "one\ntwo\n");
    assert_int_equal(outlet.full, EFBIG);
    assert_int_equal(outlet.error, 0);
    assert_true(outlet.retry_ns > before_ns && outlet.retry_ns <= clock_now_ns() + CLOCK_SECOND_NS);
    outlet.retry_ns = clock_now_ns() + 1000 * (int64_t)CLOCK_SECOND_NS; /* no machine stands still for so long */
    limit_files(RLIM_INFINITY);
    assert_true(outlet_flush(&outlet)); /* not before its time */
    assert_file(name, "one\ntwo\n");
    outlet.retry_ns = 0;
    assert_false(outlet_flush(&outlet));
    assert_file(name, "one\ntwo\nthree\nfour\n");
    assert_int_equal(outlet.full, 0);
    assert_int_equal(outlet.retry_ns, INT64_MAX);
    limit_files(20);
    assert_true(outlet_add(&outlet, "five\nsix\n", 9, SIZE_MAX));
    assert_true(outlet_flush(&outlet));
    assert_int_equal(outlet_give_up(&outlet), 2);
    assert_int_equal(outlet_waiting(&outlet), 0);
    assert_int_equal(outlet_give_up(&outlet), 0);
    outlet_destroy(&outlet);
    assert_file(name, "one\ntwo\nthree\nfour\n");
    limit_files(RLIM_INFINITY);
    close(fd);
    unlink(name);
  }
}

/* What others have written behind it is theirs: then a line stays cut, and goes on when there is room. */
static void full_disk_with_another_writer(void **state)
{
  (void)state;
  struct outlet outlet;
  char name[] = "/tmp/outlet-XXXXXX";
  const int fd = mkostemp(name, O_CLOEXEC);
  outlet_open(&outlet, fd);
  assert_int_equal(pwrite(fd, "other\n", 6, 20), 6);
  limit_files(6);
  assert_true(outlet_add(&outlet, "one\ntwo\n", 8, SIZE_MAX));
  assert_true(outlet_flush(&outlet));
  limit_files(RLIM_INFINITY);
  outlet.retry_ns = 0;
  assert_false(outlet_flush(&outlet));
  char text[32] = "";
  assert_int_equal(pread(fd, text, sizeof text, 0), 26);
  assert_memory_equal(text, "one\ntwo\n\0\0\0\0\0\0\0\0\0\0\0\0other\n", 26);
  outlet_destroy(&outlet);
  close(fd);
  unlink(name);
}

static void device_that_is_full(void **state)
{
  (void)state;
  struct outlet outlet;
  const int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    skip();
  outlet_open(&outlet, fd);
  assert_true(outlet_add(&outlet, "one\ntwo\n", 8, SIZE_MAX));
  assert_true(outlet_flush(&outlet));
  assert_int_equal(outlet.full, ENOSPC);
  assert_int_equal(outlet_waiting(&outlet), 8);
  assert_int_equal(outlet_give_up(&outlet), 2);
  outlet_destroy(&outlet);
  close(fd);
}

int main(void)
{
  signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to be met */
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(full_disk),
      cmocka_unit_test(full_disk_with_another_writer),
      cmocka_unit_test(device_that_is_full),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
