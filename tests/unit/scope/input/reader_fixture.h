/* A reader thread of a test's own, on a pipe or a terminal; waiting for what it does; and taking what it brings. */
#ifndef TESTS_READER_FIXTURE_H
#define TESTS_READER_FIXTURE_H

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/clock.h"
#include "scope/input/demo.h"
#include "scope/input/reader.h"

enum {
  SMALLEST = 2 * CHANNELS_MAX,
  ROOMY = 4096, /* no test that does not want to fills it */
  STREAMS_MAX = 256,
  PATIENCE_MS = 20000, /* for what must come */
};

static const struct time_base by_arrival = {.kind = TIME_ARRIVAL};
static const struct time_base by_number = {.kind = TIME_NUMBER};

static inline struct stream *new_stream(size_t blocks)
{
  static struct stream *kept[STREAMS_MAX]; /* streams live as long as the process */
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(blocks);
  assert_non_null(kept[n]);
  return kept[n++];
}

/* A reader of a pipe, whose writing end is ours. */
struct piped {
  struct stream *stream;
  int in, out;
};

static inline void start(struct stream *stream, int fd, const struct time_base *base)
{
  const struct reader_config config = {
      .source = {.fd = fd, .keeper = -1, .name = "the test"}, .base = *base, .prompt_fd = -1};
  assert_int_equal(reader_start(&config, stream), 0);
}

static inline struct piped start_piped(size_t blocks, const struct time_base *base)
{
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  const struct piped p = {.stream = new_stream(blocks), .in = ends[1], .out = ends[0]};
  start(p.stream, p.out, base);
  return p;
}

static inline void put(int fd, const char *bytes, size_t n)
{
  while (n > 0) {
    const ssize_t written = write(fd, bytes, n);
    assert_true(written > 0);
    bytes += written;
    n -= (size_t)written;
  }
}

static inline void put_text(int fd, const char *text)
{
  put(fd, text, strlen(text));
}

static inline bool readable(int fd, int timeout_ms)
{
  struct pollfd p = {.fd = fd, .events = POLLIN};
  return poll(&p, 1, timeout_ms) == 1;
}

static inline void wait_for_acknowledgement(struct stream *s)
{
  assert_true(readable(stream_acknowledged_fd(s), PATIENCE_MS));
  assert_true(stream_acknowledged(s));
}

static inline struct stream_counts counts_of(const struct stream *s)
{
  struct stream_counts counts;
  stream_counts(s, &counts);
  return counts;
}

/* Until the reader has seen so many lines; what it says about them is published by then. */
static inline void wait_for_lines(const struct stream *s, uint64_t lines)
{
  const int64_t deadline = clock_now_ns() + (int64_t)PATIENCE_MS * CLOCK_MS_NS;
  while (counts_of(s).lines < lines) {
    assert_true(clock_now_ns() < deadline);
    clock_wait_until_ns(clock_now_ns() + 100000);
  }
}

/* Until the reader has stated a time from which the past is complete. */
static inline void wait_for_edge(const struct stream *s, int64_t edge)
{
  const int64_t deadline = clock_now_ns() + (int64_t)PATIENCE_MS * CLOCK_MS_NS;
  while (stream_settled_until(s, INT64_MAX) < edge) {
    assert_true(clock_now_ns() < deadline);
    clock_wait_until_ns(clock_now_ns() + 100000);
  }
}

/* Until all that was written to the pipe has been read out of it. */
static inline void wait_until_read(int fd)
{
  const int64_t deadline = clock_now_ns() + (int64_t)PATIENCE_MS * CLOCK_MS_NS;
  int left;
  while (ioctl(fd, FIONREAD, &left) == 0 && left > 0) {
    assert_true(clock_now_ns() < deadline);
    clock_wait_until_ns(clock_now_ns() + 20000);
  }
}

/* What was taken out of the ring. */
struct taken {
  size_t n[CHANNELS_MAX];
  double value[3][3000]; /* the first ones of the first channels */
  int64_t time[3][3000];
  int64_t edge; /* the highest that the stream said */
};

static inline void take(struct stream *s, struct taken *t)
{
  const struct stream_block *b;
  for (; (b = stream_peek(s)); stream_pop(s)) {
    size_t *n = &t->n[b->channel];
    for (uint32_t i = 0; i < b->count; i++, (*n)++) {
      assert_true(stream_block_time(b, i) >= t->edge); /* what was complete is not revised */
      if (b->channel < 3 && *n < 3000) {
        t->value[b->channel][*n] = b->value[i];
        t->time[b->channel][*n] = stream_block_time(b, i);
      }
    }
  }
}

static inline void take_to_the_end(struct stream *s, struct taken *t)
{
  while (!stream_ended(s)) {
    stream_wait(s, -1, PATIENCE_MS);
    take(s, t);
  }
  wait_for_acknowledgement(s);
}

#endif
