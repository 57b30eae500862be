/* The log of events: a JSON object a line, in a file that may be there already. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#include "common/clock.h"
#include "forker/event_log.h"

enum { TEXT_MAX = 8192 };

/* A file without a name, which /proc gives one. */
struct file {
  int fd;
  char name[64];
  char text[TEXT_MAX]; /* what is in it: file_read */
};

static struct file file_with(const char *text)
{
  struct file file = {.fd = memfd_create("log", MFD_CLOEXEC)};
  assert_true(file.fd >= 0);
  snprintf(file.name, sizeof file.name, "/proc/self/fd/%d", file.fd);
  assert_int_equal(write(file.fd, text, strlen(text)), strlen(text));
  return file;
}

static void file_read(struct file *file)
{
  const ssize_t length = pread(file->fd, file->text, TEXT_MAX - 1, 0);
  assert_true(length >= 0);
  file->text[length] = '\0';
  close(file->fd);
}

__attribute__((format(printf, 3, 4))) static bool add(struct event_log *log, const char *event, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const bool taken = event_log_add(log, event, format, arguments);
  va_end(arguments);
  return taken;
}

/* Whether text begins with what the pattern says, in which # is a digit. */
static bool begins(const char *text, const char *pattern)
{
  while (*pattern != '\0' && (*text == *pattern || (*pattern == '#' && *text >= '0' && *text <= '9'))) {
    text++;
    pattern++;
  }
  return *pattern == '\0';
}

static void an_object_a_line(void **state)
{
  (void)state;
  struct file file = file_with("");
  struct event_log log;
  assert_int_equal(event_log_open(&log, file.name, clock_now_ns() - INT64_C(3) * CLOCK_SECOND_NS), 0);
  assert_true(add(&log, "fork", "\"tick\":%d,\"pid\":%d", 7, 4711));
  assert_true(add(&log, "exit", "\"status\":%d", 0));
  event_log_close(&log);
  event_log_close(&log);
  file_read(&file);
  assert_true(begins(file.text, "{\"t\":"));
  char *rest;
  assert_true(strtod(file.text + 5, &rest) >=
              3); /* seconds since the start, which was three before the log was opened */
  assert_true(begins(rest, ",\"time\":\"20##-##-##T##:##:##.######Z\",\"event\":\"fork\",\"tick\":7,\"pid\":4711}\n"));
  rest = strchr(rest, '\n') + 1;
  assert_true(begins(rest, "{\"t\":"));
  rest = strstr(rest, ",\"event\"");
  assert_non_null(rest);
  assert_string_equal(rest, ",\"event\":\"exit\",\"status\":0}\n");
}

/* What was there stays, and a line that was cut gets an end, lest two objects share a line. */
static void what_was_there_stays(void **state)
{
  (void)state;
  static const char *const texts[] = {"{\"a\":1}\n", "{\"a\":1}\n{\"a\":", ""};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    struct file file = file_with(texts[i]);
    struct event_log log;
    assert_int_equal(event_log_open(&log, file.name, clock_now_ns()), 0);
    assert_true(add(&log, "fork", "\"tick\":%d", 1));
    event_log_close(&log);
    file_read(&file);
    size_t length = strlen(texts[i]);
    assert_memory_equal(file.text, texts[i], length);
    if (length > 0 && texts[i][length - 1] != '\n')
      assert_int_equal(file.text[length++], '\n');
    assert_memory_equal(file.text + length, "{\"t\":0.", 7);
  }
}

static void what_cannot_be_opened(void **state)
{
  (void)state;
  struct event_log log;
  assert_int_equal(event_log_open(&log, "/nonexistent/log", 0), ENOENT);
  assert_int_equal(log.fd, -1);
  event_log_close(&log);
  char name[] = "/tmp/event-log-XXXXXX";
  assert_non_null(mkdtemp(name));
  char fifo[sizeof name + 8];
  snprintf(fifo, sizeof fifo, "%s/fifo", name);
  assert_int_equal(mkfifo(fifo, 0600), 0);
  assert_int_equal(event_log_open(&log, fifo, 0), ENXIO); /* nobody reads it; and it is not waited for */
  unlink(fifo);
  rmdir(name);
}

/* What nobody reads waits, up to a limit. Then it is lost, and that is said; it is not the disk's fault. */
static void what_nobody_reads(void **state)
{
  (void)state;
  int ends[2];
  char name[64];
  struct event_log log;
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  snprintf(name, sizeof name, "/proc/self/fd/%d", ends[1]);
  assert_int_equal(event_log_open(&log, name, clock_now_ns()), 0);
  char blanks[1001];
  memset(blanks, ' ', 1000);
  blanks[1000] = '\0';
  int taken = 0;
  while (taken < 2 * EVENT_LOG_WAITING_MAX / 1000 && add(&log, "fork", "%s\"tick\":%d", blanks, taken))
    taken++;
  assert_in_range(taken, EVENT_LOG_WAITING_MAX / 1200, EVENT_LOG_WAITING_MAX / 1000);
  assert_int_equal(log.lost_to_disk, 0);
  event_log_close(&log);
  close(ends[0]);
  close(ends[1]);
}

static void quoted(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    size_t size;
    const char *wanted;
  } cases[] = {
      {"echo hi", 32, "echo hi"},
      {"say \"hi\" \\n", 32, "say \\\"hi\\\" \\\\n"},
      {"", 32, ""},
      {"abc", 4, "abc"},
      {"abc", 3, "ab"},
      {"a\"", 3, "a"},       /* no escape without what it escapes */
      {"a\xC3\xA9", 3, "a"}, /* no half of a character */
      {"a\xC3\xA9", 4, "a\xC3\xA9"},
      {"abc", 1, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[32];
    event_log_quote(cases[i].text, text, cases[i].size);
    assert_string_equal(text, cases[i].wanted);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_object_a_line),
      cmocka_unit_test(what_was_there_stays),
      cmocka_unit_test(what_cannot_be_opened),
      cmocka_unit_test(what_nobody_reads),
      cmocka_unit_test(quoted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
