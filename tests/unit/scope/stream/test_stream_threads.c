/*
 * What the reader and the main thread share: who waits and what wakes him, and then all promises under load, on two
 * threads, with a ring so small that the reader keeps running into its end.
 */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "random.h"
#include "scale.h"
#include "scope/stream/stream.h"
#include "scope/stream/stream_fixture.h"

static void waiting(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  int64_t start = clock_now_ns();
  stream_wait(s, -1, 30);
  assert_true(clock_now_ns() - start >= 29 * (int64_t)CLOCK_MS_NS);

  /* None of these wait: the test would not end. */
  const int fd = eventfd(1, EFD_CLOEXEC);
  stream_wait(s, fd, -1);
  close(fd);
  put(s, 0, 1, 1, 1);
  publish(s);
  stream_wait(s, -1, -1);
  stream_wait(s, -1, -1);
  stream_pop(s);
  start = clock_now_ns();
  stream_wait(s, -1, 30); /* what woke it before is forgotten */
  assert_true(clock_now_ns() - start >= 29 * (int64_t)CLOCK_MS_NS);
  stream_end(s, false);
  stream_wait(s, -1, -1);
  stream_wait(s, -1, -1);
}

/* How the loop waits: which blocks wake it is its choice, and it is woken once. */
static void waking(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  const int fd = stream_data_fd(s);
  assert_true(stream_prepare_wait(s, STREAM_WAKE_FIRST));
  assert_false(readable(fd));
  put(s, 0, 1, 1, 1);
  assert_false(readable(fd));
  publish(s);
  assert_true(readable(fd));
  stream_finish_wait(s);
  assert_false(readable(fd));
  assert_false(stream_prepare_wait(s, STREAM_WAKE_FIRST)); /* it has not been taken */
  stream_finish_wait(s);

  /* A sleep until the next frame lasts until a quarter of the ring is full. */
  assert_true(stream_prepare_wait(s, STREAM_WAKE_FILLING));
  for (int blocks = 2; blocks < SMALLEST / 4; blocks++) {
    put(s, 0, 1, 1, 1);
    publish(s);
    assert_false(readable(fd));
  }
  put(s, 0, 1, 1, 1);
  publish(s);
  assert_true(readable(fd));
  stream_finish_wait(s);
  assert_false(stream_prepare_wait(s, STREAM_WAKE_FILLING));
  stream_finish_wait(s);
  stream_pop(s);
  assert_true(stream_prepare_wait(s, STREAM_WAKE_FILLING));
  stream_finish_wait(s);

  /* Awake, it is not woken. */
  put(s, 0, 1, 1, 1000);
  publish(s);
  assert_false(readable(fd));

  while (stream_peek(s))
    stream_pop(s);
  assert_true(stream_prepare_wait(s, STREAM_WAKE_FILLING));
  stream_end(s, false);
  assert_true(readable(fd));
  stream_finish_wait(s);
  assert_false(stream_prepare_wait(s, STREAM_WAKE_FILLING));
  assert_false(stream_prepare_wait(s, STREAM_WAKE_FIRST));
  stream_finish_wait(s);
}

static void stopping(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  assert_false(readable(stream_stop_fd(s)) || stream_stop_asked(s));
  for (int i = 0; i < 2; i++) {
    stream_ask_stop(s);
    assert_true(readable(stream_stop_fd(s)) && stream_stop_asked(s));
  }
  put(s, 0, 1, 1, 1); /* asked to stop, the reader still puts what it has */
  assert_false(stream_acknowledged(s) || readable(stream_acknowledged_fd(s)));
  stream_acknowledge(s);
  assert_true(stream_acknowledged(s) && readable(stream_acknowledged_fd(s)));
}

struct reader {
  struct stream *stream;
  uint64_t seed;
  uint64_t samples; /* of each channel, at least */
  double taken[CHANNELS];
};

static int64_t real_clock(void *context)
{
  (void)context;
  return clock_now_ns();
}

/* More than the ring holds, in one piece, by a reader that is asked to stop as soon as the ring is full. */
static void *put_much(void *argument)
{
  struct reader *reader = argument;
  for (uint64_t i = 0; i < reader->samples; i += 1000)
    put(reader->stream, 0, 1, (double)i, 1000);
  publish(reader->stream);
  stream_end(reader->stream, false);
  stream_acknowledge(reader->stream);
  return NULL;
}

static void a_stop_with_a_full_ring_loses_nothing(void **state)
{
  (void)state;
  const uint64_t samples = (uint64_t)10 * SMALLEST * STREAM_BLOCK_SAMPLES;
  struct reader reader = {.stream = new_stream(SMALLEST), .samples = samples + 1000 - samples % 1000};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, put_much, &reader), 0);
  stream_wait(reader.stream, -1, -1); /* a full ring is published before the reader sleeps */
  stream_ask_stop(reader.stream);

  double next = 0;
  while (!stream_ended(reader.stream)) {
    stream_wait(reader.stream, -1, -1);
    const struct stream_block *b;
    while ((b = stream_peek(reader.stream))) {
      for (uint32_t i = 0; i < b->count; i++)
        assert_true(b->value[i] == next++);
      stream_pop(reader.stream);
    }
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_true(next == (double)reader.samples);
  assert_true(stream_latest(reader.stream, 0) == next - 1);
  assert_true(stream_acknowledged(reader.stream));
}

/* As the reader does: announces, reads, puts, publishes; now and then it has to wait for its input. */
static void *produce(void *argument)
{
  struct reader *reader = argument;
  struct stream *s = reader->stream;
  struct random r = random_seeded(reader->seed);
  struct stream_counts counts = {0};
  size_t channels = 0;
  for (;;) {
    bool more = false;
    const int64_t t = stream_arrival_begin(s, real_clock, NULL);
    for (uint64_t part = random_below(&r, 8); part > 0; part--) {
      if (channels < CHANNELS && random_once_in(&r, 4))
        channels = (size_t)stream_channel_add(s, "name") + 1;
      if (channels == 0)
        continue;
      const size_t c = random_below(&r, channels);
      const size_t n = (size_t)random_between(&r, 0, random_once_in(&r, 3) ? 700 : 20);
      put(s, c, t, reader->taken[c], n);
      reader->taken[c] += (double)n;
      counts.samples += n;
    }
    stream_publish(s, &counts);
    stream_arrival_end(s);
    for (size_t c = 0; c < CHANNELS; c++)
      more |= reader->taken[c] < (double)reader->samples;
    if (!more)
      break;
    if (random_once_in(&r, 20))
      clock_wait_until_ns(clock_now_ns() + random_between(&r, 0, 200000));
  }
  stream_end(s, false);
  stream_acknowledge(s);
  return NULL;
}

/*
 * Checks that every sample comes once and in order, that the latest value is never older than what was popped, and
 * that no sample is older than what stream_settled_until had promised.
 */
static void consume(struct stream *s, struct random *r, double popped[CHANNELS], uint64_t *settled_late)
{
  int64_t promised = INT64_MIN;
  double latest[CHANNELS] = {0};
  uint64_t samples = 0;
  while (!stream_ended(s)) {
    const int64_t now = clock_now_ns();
    const int64_t settled = stream_settled_until(s, now);
    assert_true(settled <= now);
    promised = settled > promised ? settled : promised;
    *settled_late += settled == now;

    struct stream_counts counts;
    stream_counts(s, &counts);
    assert_true(counts.samples >= samples);
    samples = counts.samples;
    for (size_t c = 0; c < stream_channels(s) && c < CHANNELS; c++) {
      assert_string_equal(stream_channel_name(s, c), "name");
      const double value = stream_latest(s, c);
      assert_true(value >= latest[c]);
      latest[c] = value;
    }

    const struct stream_block *b;
    for (int64_t n = random_between(r, 0, 300); n > 0 && (b = stream_peek(s)); n--) {
      assert_true(b->channel < stream_channels(s));
      assert_in_range(b->count, 1, STREAM_BLOCK_SAMPLES);
      for (uint32_t i = 0; i < b->count; i++) {
        assert_true(stream_block_time(b, i) >= promised);
        assert_true(b->value[i] == popped[b->channel]++);
      }
      stream_pop(s);
    }
    if (random_once_in(r, 10))
      clock_wait_until_ns(clock_now_ns() + random_between(r, 0, 500000));
    if (random_once_in(r, 4))
      stream_wait(s, -1, random_once_in(r, 2) ? -1 : 1);
    if (random_once_in(r, 4)) {
      struct pollfd wait = {.fd = stream_data_fd(s), .events = POLLIN};
      if (stream_prepare_wait(s, STREAM_WAKE_FILLING))
        poll(&wait, 1, 1);
      stream_finish_wait(s);
    }
  }
}

static void under_load(void **state)
{
  (void)state;
  for (uint64_t round = 0; round < 6; round++) {
    struct reader reader = {.stream = new_stream(SMALLEST), .seed = 100 + round, .samples = SCALED(2000000, 500000)};
    struct random r = random_seeded(200 + round);
    double popped[CHANNELS] = {0};
    uint64_t settled_late = 0;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, produce, &reader), 0);
    consume(reader.stream, &r, popped, &settled_late);
    assert_int_equal(pthread_join(thread, NULL), 0);
    for (size_t c = 0; c < CHANNELS; c++) {
      assert_true(popped[c] == reader.taken[c] && popped[c] >= (double)reader.samples);
      assert_true(stream_latest(reader.stream, c) == popped[c] - 1);
    }
    assert_true(stream_acknowledged(reader.stream));
    print_message("%g samples, all settled %llu times\n", popped[0] * CHANNELS, (unsigned long long)settled_late);
  }
}

/* Single samples go over, one at a time, each side asleep until the other wakes it: a lost wake-up would hang. */
static void *produce_single(void *argument)
{
  struct reader *reader = argument;
  for (uint64_t i = 0; i < reader->samples; i++) {
    put(reader->stream, 0, stream_arrival_begin(reader->stream, real_clock, NULL), (double)i, 1);
    publish(reader->stream);
    stream_arrival_end(reader->stream);
  }
  stream_end(reader->stream, false);
  return NULL;
}

static void no_wake_up_is_lost(void **state)
{
  (void)state;
  struct reader reader = {.stream = new_stream(SMALLEST), .samples = SCALED(500000, 50000)};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, produce_single, &reader), 0);
  double next = 0;
  while (!stream_ended(reader.stream)) {
    stream_wait(reader.stream, -1, -1);
    const struct stream_block *b = stream_peek(reader.stream);
    if (!b)
      continue;
    assert_true(b->value[0] == next++);
    stream_pop(reader.stream);
  }
  assert_true(next == (double)reader.samples);
  assert_int_equal(pthread_join(thread, NULL), 0);
}

/* The loop at a low refresh: it sleeps without any other reason to wake, and a ring that fills wakes it in time. */
static void a_filling_ring_wakes(void **state)
{
  (void)state;
  struct reader reader = {.stream = new_stream(SMALLEST), .samples = SCALED(20000000, 1000000)};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, put_much, &reader), 0);
  double next = 0;
  while (!stream_ended(reader.stream)) {
    struct pollfd wait = {.fd = stream_data_fd(reader.stream), .events = POLLIN};
    if (stream_prepare_wait(reader.stream, STREAM_WAKE_FILLING))
      assert_int_equal(poll(&wait, 1, -1), 1);
    stream_finish_wait(reader.stream);
    const struct stream_block *b;
    while ((b = stream_peek(reader.stream))) {
      assert_true(b->value[0] == next);
      next += b->count;
      stream_pop(reader.stream);
    }
  }
  assert_true(next >= (double)reader.samples);
  assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(waiting),
      cmocka_unit_test(waking),
      cmocka_unit_test(stopping),
      cmocka_unit_test(a_stop_with_a_full_ring_loses_nothing),
      cmocka_unit_test(under_load),
      cmocka_unit_test(no_wake_up_is_lost),
      cmocka_unit_test(a_filling_ring_wakes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
