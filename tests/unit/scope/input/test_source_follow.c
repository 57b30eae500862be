/* A file that is followed: every line once and in order, however it is rotated, and a line that broke off never. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "random.h"
#include "scope/input/source.h"

static char folder[32], path[64], rotated[64];
static char buffer[2 * FRAGMENT_MAX];

static int make_place(void **state)
{
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/scope-follow-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/log", folder);
  snprintf(rotated, sizeof rotated, "%s/log.1", folder);
  return 0;
}

static int remove_place(void **state)
{
  (void)state;
  unlink(path);
  unlink(rotated);
  return rmdir(folder);
}

static void put(const char *name, const char *text)
{
  const int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  close(fd);
}

static void copy(const char *from, const char *to)
{
  static char bytes[1 << 20];
  const int in = open(from, O_RDONLY | O_CLOEXEC);
  const int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const ssize_t n = read(in, bytes, sizeof bytes);
  assert_true(n >= 0 && write(out, bytes, (size_t)n) == n);
  close(in);
  close(out);
}

static struct source start(int64_t tail)
{
  struct source source;
  assert_int_equal(source_open_follow(&source, path, tail), 0);
  return source;
}

static void stop(struct source *source)
{
  follow_close(source->follow);
  free(source->follow);
}

static char said[FOLLOW_TEXT_MAX];

/* All that comes until nothing does for 30 ms. What was worth saying meanwhile is kept in `said`. */
static const char *all(struct source *source)
{
  said[0] = '\0';
  static char text[1 << 20];
  size_t length = 0;
  while (source_wait(source, -1, -1, 30) == SOURCE_READY) {
    const ssize_t n = source_read(source, buffer, sizeof buffer);
    assert_true(n > 0 || n == SOURCE_AGAIN);
    if (n > 0) {
      assert_true(length + (size_t)n < sizeof text);
      memcpy(text + length, buffer, (size_t)n);
      length += (size_t)n;
    }
    const char *news = source_news(source);
    if (news)
      snprintf(said, sizeof said, "%s", news);
  }
  text[length] = '\0';
  return text;
}

static void a_file_that_grows(void **state)
{
  (void)state;
  put(path, "1\n2\n");
  struct source source = start(-1);
  assert_int_equal(source.kind, SOURCE_FOLLOW);
  assert_string_equal(all(&source), "1\n2\n");
  put(path, "3\n4");
  assert_string_equal(all(&source), "3\n");
  put(path, "5\n");
  assert_string_equal(all(&source), "45\n");
  assert_string_equal(said, "");
  stop(&source);
}

/* What was written to the old file before anybody went on to the new one belongs before it. */
static void renamed_and_created(void **state)
{
  (void)state;
  put(path, "1\n");
  struct source source = start(-1);
  assert_string_equal(all(&source), "1\n");
  assert_int_equal(rename(path, rotated), 0);
  put(rotated, "2\n");
  assert_string_equal(all(&source), "2\n");
  put(path, ""); /* created, and not written to yet */
  assert_string_equal(all(&source), "");
  put(rotated, "3\n");
  put(path, "4\n");
  assert_string_equal(all(&source), "3\n4\n");
  assert_int_equal(unlink(path), 0);
  assert_string_equal(all(&source), "");
  put(path, "5\n");
  assert_string_equal(all(&source), "5\n");
  assert_string_equal(said, ""); /* a rotation is nothing to speak of */
  stop(&source);
}

static void copied_and_truncated(void **state)
{
  (void)state;
  put(path, "1\n2\n");
  struct source source = start(-1);
  assert_string_equal(all(&source), "1\n2\n");
  put(path, "3\n4\n"); /* not read before the end of it */
  copy(path, rotated);
  assert_int_equal(truncate(path, 0), 0);
  put(path, "5\n");
  assert_string_equal(all(&source), "3\n4\n5\n");
  /* At once longer than before: its length says nothing. */
  copy(path, rotated);
  assert_int_equal(truncate(path, 0), 0);
  put(path, "6\n7\n8\n9\n");
  assert_string_equal(all(&source), "6\n7\n8\n9\n");
  /* Without a copy, what was not read is gone. */
  unlink(rotated);
  assert_int_equal(truncate(path, 0), 0);
  put(path, "10\n");
  assert_string_equal(all(&source), "10\n");
  stop(&source);
}

/* A file beside it that is no copy of this one: other bytes, or an old one. */
static void what_is_no_copy(void **state)
{
  (void)state;
  put(path, "1\n2\n");
  struct source source = start(-1);
  assert_string_equal(all(&source), "1\n2\n");
  put(rotated, "7\n8\n9\n");
  assert_int_equal(truncate(path, 0), 0);
  put(path, "3\n");
  assert_string_equal(all(&source), "3\n");
  copy(path, rotated);
  put(rotated, "99\n");
  const struct timespec times[] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
  assert_int_equal(utimensat(AT_FDCWD, rotated, times, 0), 0);
  assert_int_equal(truncate(path, 0), 0);
  put(path, "4\n");
  assert_string_equal(all(&source), "4\n");
  stop(&source);
}

static void a_line_that_broke_off(void **state)
{
  (void)state;
  put(path, "1\n2");
  struct source source = start(-1);
  assert_string_equal(all(&source), "1\n");
  assert_int_equal(rename(path, rotated), 0);
  put(path, "5\n");
  assert_string_equal(all(&source), "5\n"); /* not 25 */
  assert_non_null(strstr(said, "in the middle of a line"));
  stop(&source);
}

/* What there is to say comes once, through the same wait and read. */
static void expect_news(struct source *source, const char *text)
{
  const int64_t deadline = clock_now_ns() + 5 * (int64_t)CLOCK_SECOND_NS;
  const char *news;
  while (!(news = source_news(source))) {
    assert_true(clock_now_ns() < deadline);
    if (source_wait(source, -1, -1, 30) == SOURCE_READY)
      source_read(source, buffer, sizeof buffer);
  }
  assert_non_null(strstr(news, path));
  assert_non_null(strstr(news, text));
  assert_string_equal(all(source), "");
  assert_string_equal(said, "");
}

static void not_there_and_gone(void **state)
{
  (void)state;
  struct source source = start(-1);
  expect_news(&source, "waiting for it");
  put(path, "1\n");
  assert_string_equal(all(&source), "1\n");
  unlink(path);
  expect_news(&source, "gone");
  put(path, "2\n");
  assert_string_equal(all(&source), "2\n");
  stop(&source);
}

static void its_last_lines(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int64_t tail;
    const char *expected; /* after "0\n" was added */
  } cases[] = {
      {"1\n2\n3\n", 2, "2\n3\n0\n"},    {"1\n2\n3\n", 0, "0\n"}, {"1\n2\n3\n", 3, "1\n2\n3\n0\n"},
      {"1\n2\n3\n", 9, "1\n2\n3\n0\n"}, {"1\n2\n3", 1, "30\n"},  {"1\n2\n3", 0, "30\n"},
      {"\n\n\n", 1, "\n0\n"},           {"", 5, "0\n"},          {"1\n2\n3\n", INT64_MAX, "1\n2\n3\n0\n"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    unlink(path);
    put(path, cases[i].text);
    struct source source = start(cases[i].tail);
    put(path, "0\n");
    assert_string_equal(all(&source), cases[i].expected);
    stop(&source);
  }
}

/* Of ten gigabytes that are mostly nothing: to read them all takes a processor more than a second. */
static void the_end_of_a_long_file(void **state)
{
  (void)state;
  const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const off_t end = (off_t)10 << 30;
  if (pwrite(fd, "\n1\n2\n", 5, end) != 5)
    skip();
  close(fd);
  const clock_t before = clock();
  struct source source = start(2);
  assert_string_equal(all(&source), "1\n2\n");
  assert_true(clock() - before < CLOCKS_PER_SEC / 2);
  stop(&source);
}

static void what_cannot_be_followed(void **state)
{
  (void)state;
  struct source source;
  assert_int_equal(source_open_follow(&source, folder, -1), EISDIR);
  assert_null(source.follow);
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_int_equal(source_open_follow(&source, path, -1), ESPIPE);
  assert_null(source.follow);
}

struct text {
  size_t length;
  char bytes[1 << 20];
};

static void add(struct text *text, const char *bytes, size_t n)
{
  memcpy(text->bytes + text->length, bytes, n);
  text->length += n;
}

/* At most so many steps of what the reader does. */
static void step(struct source *source, struct text *got, uint64_t steps)
{
  for (; steps > 0 && source_wait(source, -1, -1, 0) == SOURCE_READY; steps--) {
    const ssize_t n = source_read(source, buffer, sizeof buffer);
    if (n > 0)
      add(got, buffer, (size_t)n);
    source_news(source);
  }
}

static void put_line(struct text *expected, int n)
{
  char line[16];
  const int length = snprintf(line, sizeof line, "%d\n", n);
  add(expected, line, (size_t)length);
  put(path, line);
}

/*
 * Lines and rotations of all kinds by the one who writes; the reader does a few steps now and then. It is behind at
 * rotations, but has noticed each file; of one that is copied and truncated it has all but the last lines.
 */
static void random_rotations(void **state)
{
  (void)state;
  struct random r = random_seeded(12);
  put(path, "");
  struct source source = start(-1);
  static struct text got;
  static struct text expected;
  for (int n = 0; n < 20000;) {
    put_line(&expected, n++);
    if (random_once_in(&r, 30)) {
      const uint64_t kind = random_below(&r, 3);
      step(&source, &got, kind == 1 ? UINT64_MAX : 1);
      for (uint64_t i = random_below(&r, 4); i > 0; i--)
        put_line(&expected, n++);
      unlink(rotated); /* not its bytes: who has it open keeps them */
      if (kind == 0)
        rename(path, rotated);
      else if (kind == 1)
        copy(path, rotated);
      if (kind == 1)
        assert_int_equal(truncate(path, 0), 0);
      else if (kind == 2)
        unlink(path);
      if (random_once_in(&r, 2))
        put(path, "");
      step(&source, &got, 1);
    }
    if (random_once_in(&r, 20))
      step(&source, &got, random_below(&r, 3));
  }
  step(&source, &got, UINT64_MAX);
  assert_int_equal(got.length, expected.length);
  assert_memory_equal(got.bytes, expected.bytes, got.length);
  stop(&source);
}

#define FOLLOW_TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int main(void)
{
  const struct CMUnitTest tests[] = {
      FOLLOW_TEST(a_file_that_grows), FOLLOW_TEST(renamed_and_created),    FOLLOW_TEST(copied_and_truncated),
      FOLLOW_TEST(what_is_no_copy),   FOLLOW_TEST(a_line_that_broke_off),  FOLLOW_TEST(not_there_and_gone),
      FOLLOW_TEST(its_last_lines),    FOLLOW_TEST(the_end_of_a_long_file), FOLLOW_TEST(what_cannot_be_followed),
      FOLLOW_TEST(random_rotations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
