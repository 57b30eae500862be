/* What the reader and the main thread share: each promise alone, on one thread. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <unistd.h>

#include "random.h"
#include "scale.h"
#include "scope/stream/stream.h"
#include "scope/stream/stream_fixture.h"

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
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
