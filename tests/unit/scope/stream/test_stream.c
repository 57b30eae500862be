/*
 * What the reader and the main thread share: first each promise alone, on one thread, then all of them under load, on
 * two, with a ring so small that the reader keeps running into its end.
 */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
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
#include <sys/resource.h>
#include <unistd.h>

#include "common/clock.h"
#include "random.h"
#include "scale.h"
#include "scope/stream/stream.h"

enum { SMALLEST = 2 * CHANNELS_MAX, CHANNELS = 5, STREAMS_MAX = 32 };

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
static void put(struct stream *s, size_t channel, int64_t t, double value, size_t n)
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
  char longer[CHANNEL_NAME_MAX + 100];
  memset(longer, 'x', sizeof longer);
  longer[sizeof longer - 1] = '\0';
  assert_int_equal(stream_channels(s), 0);
  assert_int_equal(stream_channel_add(s, longer), 0);
  assert_int_equal(strlen(stream_channel_name(s, 0)), CHANNEL_NAME_MAX - 1);
  for (int i = 1; i < CHANNELS_MAX; i++)
    assert_int_equal(stream_channel_add(s, "b"), i);
  assert_int_equal(stream_channel_add(s, "c"), -1);
  assert_int_equal(stream_channels(s), CHANNELS_MAX);
  assert_string_equal(stream_channel_name(s, CHANNELS_MAX - 1), "b");
}

static void blocks_hold_256_samples_of_one_channel(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  put(s, 1, 10, 0, 600);
  put(s, 2, 10, 5000, 1);
  put(s, 1, 11, 600, 1);
  put(s, 3, 11, 0, 0);
  assert_null(stream_peek(s)); /* not before it is published */
  publish(s);
  put(s, 1, 12, 601, 1);
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
  put(s, 0, 1, 40, 3);
  assert_true(stream_latest(s, 0) == 0);
  const struct stream_counts in = {.rows = 1, .samples = 2, .rejected = 3, .numbers = 4, .fast = 5};
  stream_publish(s, &in);
  assert_true(stream_latest(s, 0) == 42);
  assert_true(stream_latest(s, 1) == 0);
  struct stream_counts out;
  stream_counts(s, &out);
  assert_memory_equal(&in, &out, sizeof in);
  put(s, 0, 2, (double)NAN, 1);
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
      put(s, 0, i, put_next, n);
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
  assert_true(stream_settled_until(s, 90) == INT64_MIN); /* the reader has said nothing yet */
  stream_arrival_end(s);
  assert_int_equal(stream_settled_until(s, -50), -50);
  assert_int_equal(stream_settled_until(s, 90), 90);
  int64_t clock = 100;
  assert_int_equal(stream_arrival_begin(s, fixed_clock, &clock), 100);
  assert_int_equal(stream_settled_until(s, 150), 100); /* something is coming since 100 */
  put(s, 0, 120, 0, 300);
  put(s, 1, 110, 0, 1);
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

/*
 * The reader is held up between its look at the clock and the announcement; the consumer looks meanwhile. Its answer
 * stands: the time that samples get is not older.
 */
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

static void what_was_settled_stays(void **state)
{
  (void)state;
  struct slow_clock clock = {.stream = new_stream(SMALLEST)};
  stream_arrival_end(clock.stream);
  assert_int_equal(stream_arrival_begin(clock.stream, slow_clock, &clock), 21);
  assert_true(stream_settled_until(clock.stream, 30) <= 21);
}

static void without_a_clock_the_reader_says_how_far(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  stream_state_next(s, 0);
  assert_int_equal(stream_settled_until(s, INT64_MAX), 0);
  put(s, 0, 0, 1, 1);
  put(s, 0, 1000, 2, 1);
  assert_int_equal(stream_settled_until(s, INT64_MAX), 0);
  publish(s);
  stream_state_next(s, 2000);
  assert_int_equal(stream_settled_until(s, INT64_MAX), 0); /* the samples are not popped yet */
  stream_pop(s);
  assert_int_equal(stream_settled_until(s, INT64_MAX), 2000);
  stream_end(s, false);
  assert_int_equal(stream_settled_until(s, INT64_MAX), 2000); /* the last sample has its row's width */
}

/* What is reserved and written is one with what is put; what is not used is given back. */
static void room_in_the_ring(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  struct stream_room room = stream_reserve(s, 3);
  assert_int_equal(room.samples, STREAM_BLOCK_SAMPLES);
  stream_commit(s, 3, 0);
  publish(s);
  assert_null(stream_peek(s)); /* a block of nothing never goes over */

  put(s, 3, 1, 10, 250);
  room = stream_reserve(s, 3);
  assert_int_equal(room.samples, 6);
  for (int i = 0; i < 2; i++) {
    room.time[i] = 2;
    room.value[i] = 260 + i;
  }
  stream_commit(s, 3, 2);
  stream_reserve(s, 3);
  stream_commit(s, 3, 0); /* the block has samples: it stays */
  put(s, 3, 3, 262, 5);
  publish(s);
  assert_true(stream_latest(s, 3) == 266);
  double next = 10;
  for (int block = 0; block < 2; block++) {
    const struct stream_block *b = stream_peek(s);
    assert_non_null(b);
    assert_int_equal(b->channel, 3);
    assert_int_equal(b->count, block == 0 ? 256 : 1);
    for (uint32_t i = 0; i < b->count; i++)
      assert_true(b->value[i] == next++);
    stream_pop(s);
  }
  assert_null(stream_peek(s));

  /* As often as the ring has blocks, and once more: a block that was kept would fill it, and the next wait for ever. */
  for (int i = 0; i < 2 * SMALLEST; i++) {
    stream_reserve(s, 5);
    stream_commit(s, 5, 0);
    publish(s);
  }
  assert_null(stream_peek(s));
}

/* Evenly spaced or not, put or written in place, in any order: each sample comes out with its time. */
static void even_times(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  struct random r = random_seeded(31);
  enum { N = 2000 };
  for (int round = 0; round < SCALED(300, 60); round++) {
    static int64_t wanted[N];
    double value[N];
    size_t n = 0;
    int64_t t = 0;
    while (n < N - 300) {
      const size_t part = 1 + random_below(&r, random_once_in(&r, 3) ? 300 : 5);
      const int64_t step = random_between(&r, 0, 2);
      const int64_t first = n > 0 && random_once_in(&r, 2) ? wanted[n - 1] + step : t + random_between(&r, 0, 1);
      for (size_t i = 0; i < part; i++) {
        wanted[n + i] = first + (int64_t)i * step;
        value[n + i] = (double)(n + i);
      }
      t = wanted[n + part - 1];
      const uint64_t way = random_below(&r, 4);
      if (way == 0) {
        stream_put(s, 1, wanted + n, value + n, part);
      } else if (way == 1) {
        stream_put_even(s, 1, first, step, value + n, part);
      } else {
        for (size_t done = 0; done < part;) {
          const struct stream_room room = stream_reserve(s, 1);
          const size_t fits = part - done < room.samples ? part - done : room.samples;
          memcpy(room.value, value + n + done, fits * sizeof *value);
          if (way == 2)
            memcpy(room.time, wanted + n + done, fits * sizeof *wanted);
          if (way == 2)
            stream_commit(s, 1, fits);
          else
            stream_commit_even(s, 1, wanted[n + done], step, fits);
          done += fits;
        }
      }
      n += part;
    }
    publish(s);
    size_t at = 0;
    const struct stream_block *b;
    while ((b = stream_peek(s)) != NULL) {
      for (uint32_t i = 0; i < b->count; i++, at++)
        assert_true(stream_block_time(b, i) == wanted[at] && b->value[i] == value[at]);
      stream_pop(s);
    }
    assert_int_equal(at, n);
  }
}

/* A sample that came alone does not keep its block from being evenly spaced: that would cost a time for each. */
static void a_lone_sample_fits_any_spacing(void **state)
{
  (void)state;
  static const struct {
    int64_t second; /* after one at 100 that came alone */
    int64_t step;
    size_t n;
    bool even;
  } cases[] = {
      {110, 10, 3, true}, {110, 0, 1, true},   {110, 7, 1, true},
      {100, 0, 3, true},  {105, 10, 3, false}, {110, 0, 2, false},
  };
  struct stream *s = new_stream(SMALLEST);
  const double value[] = {1, 2, 3, 4};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    stream_put_even(s, 2, 100, 0, value, 1);
    stream_put_even(s, 2, cases[i].second, cases[i].step, value + 1, cases[i].n);
    publish(s);
    const struct stream_block *b = stream_peek(s);
    assert_non_null(b);
    assert_int_equal(b->count, 1 + cases[i].n);
    assert_int_equal(b->even, cases[i].even);
    assert_int_equal(stream_block_time(b, 0), 100);
    for (size_t k = 0; k < cases[i].n; k++)
      assert_int_equal(stream_block_time(b, 1 + k), cases[i].second + (int64_t)k * cases[i].step);
    stream_pop(s);
  }
  /* Nor does one behind others, if it comes in their step. */
  stream_put_even(s, 2, 100, 10, value, 3);
  stream_put_even(s, 2, 130, 0, value + 3, 1);
  publish(s);
  const struct stream_block *b = stream_peek(s);
  assert_non_null(b);
  assert_true(b->even && b->count == 4 && stream_block_time(b, 3) == 130);
}

static void no_descriptors_left(void **state)
{
  (void)state;
  struct rlimit before;
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
  const int lowest = dup(0); /* from here on descriptors are free */
  close(lowest);
  for (int allowed = 0; allowed < 4; allowed++) {
    const struct rlimit few = {.rlim_cur = (rlim_t)(lowest + allowed), .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    errno = 0;
    assert_null(stream_new(SMALLEST));
    assert_int_equal(errno, EMFILE);
    setrlimit(RLIMIT_NOFILE, &before);
    const int next = dup(0);
    assert_int_equal(next, lowest); /* nothing is left open */
    close(next);
  }
}

static void the_end_comes_after_the_last_block(void **state)
{
  (void)state;
  struct stream *s = new_stream(SMALLEST);
  assert_false(stream_ended(s));
  put(s, 0, 1, 1, 1);
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
      cmocka_unit_test(names),
      cmocka_unit_test(blocks_hold_256_samples_of_one_channel),
      cmocka_unit_test(latest_values_and_counts),
      cmocka_unit_test(the_ring_goes_round),
      cmocka_unit_test(the_past_is_settled_up_to),
      cmocka_unit_test(what_was_settled_stays),
      cmocka_unit_test(without_a_clock_the_reader_says_how_far),
      cmocka_unit_test(room_in_the_ring),
      cmocka_unit_test(even_times),
      cmocka_unit_test(a_lone_sample_fits_any_spacing),
      cmocka_unit_test(no_descriptors_left),
      cmocka_unit_test(the_end_comes_after_the_last_block),
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
