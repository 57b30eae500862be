/* A stream of a test's own, and what the reader does with it: puts samples, and publishes. */
#ifndef TESTS_STREAM_FIXTURE_H
#define TESTS_STREAM_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>

#include "scope/stream/stream.h"

enum { SMALLEST = 2 * CHANNELS_MAX, CHANNELS = 5, STREAMS_MAX = 32 };

/* Streams live as long as the process: this keeps them reachable. */
static inline struct stream *new_stream(size_t blocks)
{
  static struct stream *kept[STREAMS_MAX];
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(blocks);
  assert_non_null(kept[n]);
  return kept[n++];
}

/* Puts n samples at the time, with values from `value` on. */
static inline void put(struct stream *s, size_t channel, int64_t t, double value, size_t n)
{
  int64_t time[1000];
  double values[1000];
  assert_true(n <= 1000);
  for (size_t i = 0; i < n; i++) {
    time[i] = t;
    values[i] = value + (double)i;
  }
  stream_put(s, channel, time, values, n);
}

static inline void publish(struct stream *s)
{
  stream_publish(s, &(struct stream_counts){.rows = 0});
}

static inline int64_t fixed_clock(void *context)
{
  return *(const int64_t *)context;
}

static inline bool readable(int fd)
{
  struct pollfd p = {.fd = fd, .events = POLLIN};
  return poll(&p, 1, 0) == 1;
}

#endif
