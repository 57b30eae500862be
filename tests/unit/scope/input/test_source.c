/*
 * Where bytes come from: what a wait and a read say for each kind, and a FIFO whose writers come and go. A terminal in the
 * background is left to the end-to-end tests, which have a shell.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scope/input/source.h"

struct place {
  char folder[32], path[64];
};

static struct place make_place(void)
{
  struct place place = {.folder = "/tmp/scope-source-XXXXXX"};
  assert_non_null(mkdtemp(place.folder));
  snprintf(place.path, sizeof place.path, "%s/input", place.folder);
  return place;
}

static void remove_place(const struct place *place)
{
  unlink(place->path);
  assert_int_equal(rmdir(place->folder), 0);
}

static void close_source(struct source *source)
{
  close(source->fd);
  if (source->keeper >= 0)
    close(source->keeper);
}

static int lowest_free_descriptor(void)
{
  const int fd = dup(0);
  assert_true(fd >= 0);
  close(fd);
  return fd;
}

static bool has_something_within(const struct source *source, int timeout_ms)
{
  struct pollfd p = {.fd = source->fd, .events = POLLIN};
  return poll(&p, 1, timeout_ms) > 0;
}

static bool has_something(const struct source *source)
{
  return has_something_within(source, 0);
}

/* Waits for the input alone. Where there is none the test fails, instead of waiting for ever. */
static enum source_wait wait_for(struct source *source)
{
  assert_true(has_something_within(source, 2000));
  return source_wait(source, -1, -1, -1);
}

static void put(int fd, const char *text)
{
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void expect_text(struct source *source, const char *text)
{
  char buffer[100];
  assert_int_equal(wait_for(source), SOURCE_READY);
  assert_int_equal(source_read(source, buffer, sizeof buffer), strlen(text));
  assert_memory_equal(buffer, text, strlen(text));
}

static void expect(struct source *source, ssize_t what)
{
  char buffer[100];
  assert_int_equal(wait_for(source), SOURCE_READY);
  assert_int_equal(source_read(source, buffer, sizeof buffer), what);
}

static void a_regular_file(void **state)
{
  (void)state;
  const struct place place = make_place();
  const int fd = open(place.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  put(fd, "1\n2\n");
  close(fd);
  struct source source;
  assert_int_equal(source_open(&source, place.path, true), 0);
  assert_int_equal(source.kind, SOURCE_REGULAR);
  assert_string_equal(source.name, place.path);
  expect_text(&source, "1\n2\n");
  expect(&source, SOURCE_END);
  close_source(&source);
  remove_place(&place);
}

static void what_cannot_be_opened(void **state)
{
  (void)state;
  const struct place place = make_place();
  const int free_before = lowest_free_descriptor();
  struct source source;
  assert_int_equal(source_open(&source, place.folder, true), EISDIR);
  assert_string_equal(source.name, place.folder);
  assert_int_equal(source_open(&source, place.path, true), ENOENT);
  assert_string_equal(source.name, place.path);
  assert_int_equal(lowest_free_descriptor(), free_before);
  remove_place(&place);
}

/* Standard input, by no name or by "-": a pipe. */
static void a_pipe(void **state)
{
  (void)state;
  const int saved = dup(0);
  for (int i = 0; i < 2; i++) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], 0), 0);
    close(ends[0]);
    struct source source;
    assert_int_equal(source_open(&source, i == 0 ? NULL : "-", true), 0);
    assert_int_equal(source.kind, SOURCE_STREAM);
    assert_int_equal(source.fd, 0);
    assert_string_equal(source.name, "standard input");
    assert_false(has_something(&source));
    put(ends[1], "7");
    expect_text(&source, "7");
    close(ends[1]);
    expect(&source, SOURCE_END);
  }
  assert_int_equal(dup2(saved, 0), 0);
  close(saved);
}

static void a_read_that_fails(void **state)
{
  (void)state;
  struct source source = {.fd = open("/", O_RDONLY | O_CLOEXEC), .keeper = -1};
  char byte;
  assert_int_equal(source_read(&source, &byte, 1), SOURCE_FAILED);
  assert_int_equal(errno, EISDIR);
  close(source.fd);
}

static void what_ends_a_wait(void **state)
{
  (void)state;
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  struct source source = {.fd = ends[0], .keeper = -1};
  const int stop = eventfd(0, EFD_CLOEXEC);
  const int out = eventfd(0, EFD_CLOEXEC); /* takes what is written to it */
  assert_int_equal(source_wait(&source, stop, out, -1), SOURCE_WRITABLE);
  put(ends[1], "1");
  assert_int_equal(source_wait(&source, stop, out, -1), SOURCE_READY);
  assert_int_equal(source_wait(&source, stop, -1, -1), SOURCE_READY);
  assert_int_equal(eventfd_write(stop, 1), 0);
  assert_int_equal(source_wait(&source, stop, out, -1), SOURCE_ASKED); /* first of all */
  close(stop);
  close(out);
  close(ends[0]);
  close(ends[1]);
}

static int open_writer(const char *path)
{
  const int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  assert_true(fd >= 0);
  return fd;
}

static void writers_of_a_fifo_come_and_go(void **state)
{
  (void)state;
  const struct place place = make_place();
  assert_int_equal(mkfifo(place.path, 0600), 0);
  struct source source;
  assert_int_equal(source_open(&source, place.path, true), 0);
  assert_int_equal(source.kind, SOURCE_FIFO);
  const int free_before = lowest_free_descriptor();
  for (int i = 0; i < 50; i++) {
    assert_false(has_something(&source)); /* waiting for a writer is no spinning */
    const int writer = open_writer(place.path);
    assert_false(has_something(&source));
    put(writer, "1\n");
    expect_text(&source, "1\n");
    assert_false(has_something(&source));
    put(writer, "2");
    expect_text(&source, "2");
    close(writer);
    expect(&source, SOURCE_WRITER_LEFT); /* at once: its last line has no newline */
    assert_int_equal(lowest_free_descriptor(), free_before);
  }
  /* A writer that writes nothing goes unnoticed. */
  close(open_writer(place.path));
  assert_false(has_something(&source));
  close_source(&source);
  remove_place(&place);
}

static void a_fifo_that_ends_with_its_writer(void **state)
{
  (void)state;
  const struct place place = make_place();
  assert_int_equal(mkfifo(place.path, 0600), 0);
  struct source source;
  assert_int_equal(source_open(&source, place.path, false), 0);
  assert_int_equal(source.kind, SOURCE_STREAM);
  assert_false(has_something(&source)); /* its writer may come later */
  const int writer = open_writer(place.path);
  put(writer, "1\n");
  expect_text(&source, "1\n");
  assert_false(has_something(&source));
  close(writer);
  expect(&source, SOURCE_END);
  close_source(&source);
  remove_place(&place);
}

/* Another FIFO stands under the name by now, and somebody reads it: that one is none of ours. */
static void a_fifo_made_anew_under_its_name(void **state)
{
  (void)state;
  const struct place place = make_place();
  assert_int_equal(mkfifo(place.path, 0600), 0);
  struct source source;
  assert_int_equal(source_open(&source, place.path, true), 0);
  int writer = open_writer(place.path);
  put(writer, "1\n");
  expect_text(&source, "1\n");

  assert_int_equal(unlink(place.path), 0);
  assert_int_equal(mkfifo(place.path, 0600), 0);
  const int other = open(place.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  assert_true(other >= 0);
  close(writer);
  expect(&source, SOURCE_WRITER_LEFT);
  assert_false(has_something(&source)); /* spun, and took a descriptor each time */
  char byte;
  assert_int_equal(read(other, &byte, 1), 0); /* it has no writer, so not us either */
  close(other);
  close_source(&source);
  remove_place(&place);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_regular_file),
      cmocka_unit_test(what_cannot_be_opened),
      cmocka_unit_test(a_pipe),
      cmocka_unit_test(a_read_that_fails),
      cmocka_unit_test(what_ends_a_wait),
      cmocka_unit_test(writers_of_a_fifo_come_and_go),
      cmocka_unit_test(a_fifo_that_ends_with_its_writer),
      cmocka_unit_test(a_fifo_made_anew_under_its_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
