/*
 * What the reader and the main thread share: first each promise alone, on one thread, then all of them under load, on
 * two, with a ring so small that the reader keeps running into its end.
 */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/clock.h"
#include "random.h"
#include "scale.h"
#include "scope/stream/stream.h"

enum { SMALLEST = 2 * STREAM_CHANNELS, CHANNELS = 5, STREAMS_MAX = 32 };

/* Streams live as long as the process: this keeps them reachable. */
static struct stream *new_stream(size_t blocks)
{
  static struct stream *kept[STREAMS_MAX];
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(blocks);
  assert_non_null(kept[n]);
  return kept[n++];
}

/* Puts n samples at the time, with values from `value` on. */
static bool put(struct stream *s, size_t channel, int64_t t, double value, size_t n)
{
  int64_t time[1000];
  double values[1000];
  assert_true(n <= 1000);
  for (size_t i = 0; i < n; i++) {
    time[i] = t;
    values[i] = value + (double)i;
  }
  return stream_put(s, channel, time, values, n);
}

static void publish(struct stream *s)
{
  stream_publish(s, &(struct stream_counts){.rows = 0});
}

static int64_t fixed_clock(void *context)
{
  return *(const int64_t *)context;
}

static bool readable(int fd)
{
  struct pollfd p = {.fd = fd, .events = POLLIN};
  return poll(&p, 1, 0) == 1;
}

/* ---- One thread ---- */

static void names(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  char longer[100];
  memset(longer, 'x', sizeof longer);
  longer[99] = '\0';
  assert_int_equal(stream_channels(s), 0);
  assert_int_equal(stream_channel_add(s, longer), 0);
  assert_int_equal(strlen(stream_channel_name(s, 0)), STREAM_NAME_MAX - 1);
  for (int i = 1; i < STREAM_CHANNELS; i++)
    assert_int_equal(stream_channel_add(s, "b"), i);
  assert_int_equal(stream_channel_add(s, "c"), -1);
  assert_int_equal(stream_channels(s), STREAM_CHANNELS);
  assert_string_equal(stream_channel_name(s, STREAM_CHANNELS - 1), "b");
}

static void blocks_hold_256_samples_of_one_channel(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  assert_true(put(s, 1, 10, 0, 600));
  assert_true(put(s, 2, 10, 5000, 1));
  assert_true(put(s, 1, 11, 600, 1));
  assert_true(put(s, 3, 11, 0, 0));
  assert_null(stream_peek(s)); /* not before it is published */
  publish(s);
  assert_true(put(s, 1, 12, 601, 1));
  publish(s); /* a half-filled block is gone: this one opened another */
  publish(s);
  static const struct {
    uint32_t channel, count;
    double first;
  } expected[] = {{1, 256, 0}, {1, 256, 256}, {1, 89, 512}, {2, 1, 5000}, {1, 1, 601}};
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    const struct stream_block *b = stream_peek(s);
    assert_non_null(b);
    assert_ptr_equal(b, stream_peek(s));
    assert_int_equal(b->channel, expected[i].channel);
    assert_int_equal(b->count, expected[i].count);
    for (uint32_t j = 0; j < b->count; j++)
      assert_true(b->value[j] == expected[i].first + j);
    stream_pop(s);
  }
  assert_null(stream_peek(s));
}

static void latest_values_and_counts(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  assert_true(stream_latest(s, 0) == 0);
  assert_true(put(s, 0, 1, 40, 3));
  assert_true(stream_latest(s, 0) == 0);
  const struct stream_counts in = {.rows = 1, .samples = 2, .rejected = 3, .numbers = 4, .fast = 5};
  stream_publish(s, &in);
  assert_true(stream_latest(s, 0) == 42);
  assert_true(stream_latest(s, 1) == 0);
  struct stream_counts out;
  stream_counts(s, &out);
  assert_memory_equal(&in, &out, sizeof in);
  assert_true(put(s, 0, 2, (double)NAN, 1));
  assert_true(stream_latest(s, 0) == 42);
  publish(s);
  assert_true(isnan(stream_latest(s, 0)));
}

static void the_ring_goes_round(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  struct random r = random_seeded(20);
  double put_next = 0;
  double popped = 0;
  size_t in_ring = 0; /* at most */
  for (int i = 0; i < SCALED(100000, 10000); i++) {
    const size_t n = (size_t)random_between(&r, 1, 700);
    if (in_ring + n / STREAM_BLOCK_SAMPLES + 1 < SMALLEST) {
      assert_true(put(s, 0, i, put_next, n));
      put_next += (double)n;
      publish(s);
      in_ring += (n + STREAM_BLOCK_SAMPLES - 1) / STREAM_BLOCK_SAMPLES;
    }
    for (uint64_t k = random_below(&r, 6); k > 0; k--) {
      const struct stream_block *b = stream_peek(s);
      if (!b)
        break;
      assert_true(b->value[0] == popped);
      popped += b->count;
      stream_pop(s);
      in_ring--;
    }
  }
}

static void the_past_is_settled_up_to(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  assert_int_equal(stream_settled_until(s, -50), -50);
  assert_int_equal(stream_settled_until(s, 90), 90);
  int64_t clock = 100;
  assert_int_equal(stream_arrival_begin(s, fixed_clock, &clock), 100);
  assert_int_equal(stream_settled_until(s, 150), 100); /* something is coming since 100 */
  assert_true(put(s, 0, 120, 0, 300));
  assert_true(put(s, 1, 110, 0, 1));
  assert_int_equal(stream_settled_until(s, 160), 100);
  publish(s);
  assert_int_equal(stream_settled_until(s, 160), 100); /* there may be more of it */
  stream_arrival_end(s);
  assert_int_equal(stream_settled_until(s, 170), 110); /* the third block has the oldest sample */
  stream_pop(s);
  stream_pop(s);
  assert_int_equal(stream_settled_until(s, 180), 110);
  stream_pop(s);
  assert_int_equal(stream_settled_until(s, 190), 190);
}

/* The reader is held up between its look at the clock and the announcement; the consumer looks meanwhile. */
struct slow_clock {
  struct stream *stream;
  int calls;
};

static int64_t slow_clock(void *context)
{
  struct slow_clock *c = context;
  if (c->calls++ > 0)
    return 21;
  assert_int_equal(stream_settled_until(c->stream, 20), 20);
  return 10;
}

static void a_promise_is_never_taken_back(void **state)
{
  (void)state;
  struct slow_clock clock = {.stream = new_stream(SMALLEST)};
  assert_int_equal(stream_arrival_begin(clock.stream, slow_clock, &clock), 21);
  assert_int_equal(stream_settled_until(clock.stream, 30), 20);
}

static void the_end_comes_after_the_last_block(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  assert_false(stream_ended(s));
  assert_true(put(s, 0, 1, 1, 1));
  publish(s);
  stream_end(s, false);
  assert_false(stream_ended(s));
  stream_pop(s);
  assert_true(stream_ended(s));
}

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
  assert_true(put(s, 0, 1, 1, 1));
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

static void nothing(int signal)
{
  (void)signal;
}

static void stopping(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  assert_false(readable(stream_stop_fd(s)) || stream_stop_asked(s));

  /* Nobody acknowledges; signals that keep coming do not make it wait for ever. */
  const struct sigaction action = {.sa_handler = nothing};
  struct sigaction before;
  sigaction(SIGALRM, &action, &before);
  const struct itimerval often = {.it_interval.tv_usec = 5000, .it_value.tv_usec = 5000};
  const struct itimerval never = {.it_value.tv_usec = 0};
  setitimer(ITIMER_REAL, &often, NULL);
  const int64_t start = clock_now_ns();
  assert_false(stream_stop(s, 60));
  const int64_t waited = clock_now_ns() - start;
  setitimer(ITIMER_REAL, &never, NULL);
  sigaction(SIGALRM, &before, NULL);
  assert_true(waited >= 50 * (int64_t)CLOCK_MS_NS);

  assert_true(readable(stream_stop_fd(s)) && stream_stop_asked(s));
  stream_acknowledge(s);
  assert_true(stream_stop(s, 0));
  assert_true(stream_stop(s, 0)); /* for ever */
  /* Asked to stop, the reader may still put what fits. */
  assert_true(put(s, 0, 1, 1, 1));
}

/* ---- Two threads ---- */

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

/* Fills the ring, which nobody empties, until it is asked to stop. */
static void *fill(void *argument)
{
  struct reader *reader = argument;
  while (put(reader->stream, 0, 1, reader->taken[0], 1000))
    reader->taken[0] += 1000;
  publish(reader->stream);
  stream_end(reader->stream, false);
  stream_acknowledge(reader->stream);
  return NULL;
}

static void a_reader_that_waits_for_space_can_be_stopped(void **state)
{
  (void)state;
  struct reader reader = {.stream = new_stream(SMALLEST)};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, fill, &reader), 0);
  stream_wait(reader.stream, -1, -1); /* a full ring is published before the reader sleeps */
  assert_true(stream_stop(reader.stream, 10000));
  assert_int_equal(pthread_join(thread, NULL), 0);

  double next = 0;
  const struct stream_block *b;
  for (size_t blocks = 0; (b = stream_peek(reader.stream)); blocks++) {
    assert_true(blocks < SMALLEST);
    for (uint32_t i = 0; i < b->count; i++)
      assert_true(b->value[i] == next++);
    stream_pop(reader.stream);
  }
  /* What fitted of the last thousand was taken, the rest was not; and the read-out knows it. */
  assert_true(next == (double)SMALLEST * STREAM_BLOCK_SAMPLES);
  assert_true(next >= reader.taken[0] && next < reader.taken[0] + 1000);
  assert_true(stream_latest(reader.stream, 0) == next - 1);
  assert_true(stream_ended(reader.stream));
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
      if (!put(s, c, t, reader->taken[c], n))
        return NULL; /* nobody asks it to stop: the test will miss the rest */
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
    assert_true(settled >= promised);
    promised = settled;
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
        assert_true(b->time[i] >= promised);
        assert_true(b->value[i] == popped[b->channel]++);
      }
      stream_pop(s);
    }
    if (random_once_in(r, 10))
      clock_wait_until_ns(clock_now_ns() + random_between(r, 0, 500000));
    if (random_once_in(r, 4))
      stream_wait(s, -1, random_once_in(r, 2) ? -1 : 1);
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
    assert_true(stream_stop(reader.stream, 0));
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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names),
      cmocka_unit_test(blocks_hold_256_samples_of_one_channel),
      cmocka_unit_test(latest_values_and_counts),
      cmocka_unit_test(the_ring_goes_round),
      cmocka_unit_test(the_past_is_settled_up_to),
      cmocka_unit_test(a_promise_is_never_taken_back),
      cmocka_unit_test(the_end_comes_after_the_last_block),
      cmocka_unit_test(waiting),
      cmocka_unit_test(stopping),
      cmocka_unit_test(a_reader_that_waits_for_space_can_be_stopped),
      cmocka_unit_test(under_load),
      cmocka_unit_test(no_wake_up_is_lost),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
