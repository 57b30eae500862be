/*
 * The other end of a log: numbered lines go in, and what comes out has each number once and in order, or counts it as lost.
 * One log and one reader for each test program.
 */
#ifndef TESTS_LOG_READER_H
#define TESTS_LOG_READER_H

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "timed/log.h"

enum { WAIT_MS = 5000, TEXT_MAX = 1 << 20 };

/* All that was read, and the end to read it from. */
struct reader {
  int fd;
  size_t length;
  char text[TEXT_MAX + 1];
};

static struct reader reader;
static struct log logged;

static inline int forget_reader(void **state)
{
  (void)state;
  reader.fd = -1;
  reader.length = 0;
  return 0;
}

/* At most `most` bytes of what is there now. */
static inline size_t take(size_t most)
{
  const size_t before = reader.length;
  struct pollfd wait = {.fd = reader.fd, .events = POLLIN};
  while (reader.length - before < most && poll(&wait, 1, 0) == 1) {
    const size_t left = most - (reader.length - before);
    const size_t room = TEXT_MAX - reader.length;
    const ssize_t got = read(reader.fd, reader.text + reader.length, left < room ? left : room);
    if (got <= 0)
      break;
    reader.length += (size_t)got;
  }
  reader.text[reader.length] = '\0';
  return reader.length - before;
}

/* Reads and flushes until nothing is left, with a deadline on each wait. */
static inline void take_all(void)
{
  while (log_flush(&logged)) {
    struct pollfd wait = {.fd = reader.fd, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
    assert_true(take(TEXT_MAX) > 0);
  }
  take(TEXT_MAX);
}

/* "line 0 xx...\n" and so on: length bytes with the newline. */
static inline void write_numbered(int number, int length)
{
  char head[32];
  const int head_length = snprintf(head, sizeof head, "line %d ", number);
  log_line(
      &logged, "%s%.*s", head, length - 1 - head_length,
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

/* Reads until so many numbers have come or are counted as lost: what a terminal takes comes out of it later. */
static inline void take_numbers(int count)
{
  int told;
  do {
    struct pollfd wait = {.fd = reader.fd, .events = POLLIN};
    told = 0;
    const char *line = reader.text;
    for (const char *end; (end = strchr(line, '\n')); line = end + 1)
      told += line[0] == '(' ? (int)strtol(line + 1, NULL, 10) : 1;
    if (told < count) {
      assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
      take(TEXT_MAX);
    }
  } while (told < count);
}

/* Each number comes once and in order, or is counted as lost in its place. Returns how many were lost. */
static inline int check_numbers(int count)
{
  int next = 0;
  int lost = 0;
  char *rest = reader.text;
  while (*rest) {
    char *line = strsep(&rest, "\n");
    assert_non_null(rest); /* the last line is whole, too */
    char *end;
    if (line[0] == '(') {
      const long some = strtol(line + 1, &end, 10);
      assert_true(some > 0);
      assert_string_equal(end, some == 1 ? " line lost: nobody read it)" : " lines lost: nobody read them)");
      lost += (int)some;
      next += (int)some;
    } else {
      assert_memory_equal(line, "line ", 5);
      assert_int_equal(strtol(line + 5, &end, 10), next++);
      assert_int_equal(strspn(end, " x"), strlen(end));
    }
  }
  assert_int_equal(next, count);
  return lost;
}

static inline void close_both(const int ends[2])
{
  close(ends[0]);
  close(ends[1]);
}

#endif
