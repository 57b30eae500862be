/*
 * The sink that feeds the stream: rows come out as columns, each channel's values in order and with their times, whatever
 * channels the rows have and however they come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/clock.h"
#include "random.h"
#include "scope/input/ring.h"

enum { SMALLEST = 2 * CHANNELS_MAX, CHANNELS = 4, STREAMS_MAX = 8 };

static const struct time_base by_number = {.kind = TIME_NUMBER};

static struct stream *new_stream(void)
{
  static struct stream *kept[STREAMS_MAX]; /* streams live as long as the process */
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(SMALLEST);
  assert_non_null(kept[n]);
  return kept[n++];
}

static void put_row(struct ring *ring, int64_t time, size_t count, const uint8_t *channel, const double *value)
{
  const struct sink_row row = {.time = time, .count = count, .channel = channel, .value = value};
  ring->sink.row(&ring->sink, &row);
}

static void end_arrival(struct ring *ring, int64_t next_time)
{
  const struct sink_progress progress = {.counts = {.rows = 7}, .next_time = next_time};
  ring->sink.end_arrival(&ring->sink, &progress);
}

/* Pops the next block: its channel, count, first time and first value. */
static void expect_block(struct stream *s, uint32_t channel, uint32_t count, int64_t time, double value)
{
  const struct stream_block *b = stream_peek(s);
  assert_non_null(b);
  assert_int_equal(b->channel, channel);
  assert_int_equal(b->count, count);
  assert_int_equal(stream_block_time(b, 0), time);
  assert_true(b->value[0] == value);
  stream_pop(s);
}

static void rows_become_columns(void **state)
{
  (void)state;
  static struct ring ring;
  struct stream *s = new_stream();
  ring_init(&ring, s, &by_number);
  assert_int_equal(stream_settled_until(s, INT64_MAX), 0); /* row 0 is to come */
  ring.sink.add_channel(&ring.sink, 0, "a", "");
  ring.sink.add_channel(&ring.sink, 1, "b", "V");
  assert_string_equal(stream_channel_name(s, 1), "b");
  static const uint8_t both[] = {0, 1};
  for (int i = 0; i < 300; i++)
    put_row(&ring, i, 2, both, (double[]){i, 1000 + i});
  put_row(&ring, 300, 1, &both[1], (double[]){1300});
  put_row(&ring, 301, 2, both, (double[]){301, 1301});
  assert_null(stream_peek(s)); /* not before the arrival ends */
  end_arrival(&ring, 302);
  assert_true(stream_latest(s, 0) == 301 && stream_latest(s, 1) == 1301);
  struct stream_counts counts;
  stream_counts(s, &counts);
  assert_int_equal(counts.rows, 7);
  expect_block(s, 0, 256, 0, 0);
  expect_block(s, 1, 256, 0, 1000);
  expect_block(s, 0, 45, 256, 256);
  expect_block(s, 1, 46, 256, 1256);
  assert_null(stream_peek(s));
  assert_int_equal(stream_settled_until(s, INT64_MAX), 302);
  ring.sink.end(&ring.sink, true);
  assert_true(stream_ended(s) && stream_failed(s));
}

static void columns_come_behind_the_rows(void **state)
{
  (void)state;
  static struct ring ring;
  struct stream *s = new_stream();
  ring_init(&ring, s, &by_number);
  static const uint8_t first = 0;
  put_row(&ring, 1, 1, &first, (double[]){10});
  struct stream_room room = ring_reserve(&ring, 0);
  assert_true(room.samples >= 2);
  memcpy(room.time, (int64_t[]){2, 3}, 2 * sizeof(int64_t));
  memcpy(room.value, (double[]){20, 30}, 2 * sizeof(double));
  ring_commit(&ring, 0, 2);
  put_row(&ring, 4, 1, &first, (double[]){40});
  ring.sink.column(&ring.sink, 0, (int64_t[]){5, 6}, (double[]){50, 60}, 2);
  ring_reserve(&ring, 0);
  ring_commit(&ring, 0, 0);
  end_arrival(&ring, 7);
  const struct stream_block *b = stream_peek(s);
  assert_non_null(b);
  assert_int_equal(b->count, 6);
  for (int i = 0; i < 6; i++)
    assert_true(stream_block_time(b, (size_t)i) == i + 1 && b->value[i] == 10 * (i + 1));
}

/* Whole rows written in place stand between those that came one by one, before and behind, each with its time. */
static void rows_in_place(void **state)
{
  (void)state;
  static struct ring ring;
  struct stream *s = new_stream();
  ring_init(&ring, s, &by_number);
  static const uint8_t pair[] = {2, 0};
  double *column[2];
  put_row(&ring, 1, 2, pair, (double[]){10, -10});
  int64_t *time = ring_reserve_rows(&ring, pair, 2, column);
  for (int i = 0; i < RING_ROWS; i++) {
    time[i] = i + 2;
    column[0][i] = 10 * (i + 2);
    column[1][i] = -10 * (i + 2);
  }
  ring_commit_rows(&ring, RING_ROWS);
  ring_reserve_rows(&ring, pair, 2, column);
  ring_commit_rows(&ring, 0); /* none after all */
  put_row(&ring, RING_ROWS + 2, 2, pair, (double[]){10 * (RING_ROWS + 2), -10 * (RING_ROWS + 2)});
  end_arrival(&ring, 7);
  int next[2] = {1, 1};
  const struct stream_block *b;
  while ((b = stream_peek(s)) != NULL) {
    int side = b->channel == 0;
    for (uint32_t i = 0; i < b->count; i++, next[side]++)
      assert_true(stream_block_time(b, i) == next[side] && b->value[i] == (side ? -10 : 10) * next[side]);
    stream_pop(s);
  }
  assert_true(next[0] == RING_ROWS + 3 && next[1] == RING_ROWS + 3);
}

/* Rows with a hole between them, as rejected lines make one. */
static void uneven_rows(void **state)
{
  (void)state;
  static struct ring ring;
  struct stream *s = new_stream();
  ring_init(&ring, s, &by_number);
  static const int64_t time[] = {1, 2, 3, 5, 6, 6};
  static const uint8_t first = 0;
  for (size_t i = 0; i < 6; i++)
    put_row(&ring, time[i], 1, &first, (double[]){1});
  end_arrival(&ring, 7);
  const struct stream_block *b = stream_peek(s);
  assert_non_null(b);
  assert_int_equal(b->count, 6);
  for (size_t i = 0; i < 6; i++)
    assert_int_equal(stream_block_time(b, i), time[i]);
}

/* Any rows: each channel has its values, in order. The times are worth as much as the values, which are the same. */
static void any_rows(void **state)
{
  (void)state;
  static struct ring ring;
  struct stream *s = new_stream();
  struct random r = random_seeded(4);
  double put[CHANNELS] = {0};
  double popped[CHANNELS] = {0};
  ring_init(&ring, s, &by_number);
  for (int arrival = 0; arrival < 2000; arrival++) {
    uint8_t channel[CHANNELS];
    double value[CHANNELS];
    for (uint64_t rows = random_below(&r, 700); rows > 0; rows--) {
      static size_t count = 1;
      if (random_once_in(&r, 50))
        count = 1 + random_below(&r, CHANNELS);
      for (size_t i = 0; i < count; i++) {
        channel[i] = (uint8_t)i;
        value[i] = put[i]++;
      }
      put_row(&ring, arrival, count, channel, value);
    }
    end_arrival(&ring, arrival + 1);
    const struct stream_block *b;
    for (; (b = stream_peek(s)); stream_pop(s))
      for (uint32_t i = 0; i < b->count; i++)
        assert_true(stream_block_time(b, i) == arrival && b->value[i] == popped[b->channel]++);
    for (int c = 0; c < CHANNELS; c++)
      assert_true(popped[c] == put[c]);
  }
}

static void with_a_clock(void **state)
{
  (void)state;
  static struct ring ring;
  struct stream *s = new_stream();
  const struct time_base base = {.kind = TIME_ARRIVAL, .start_ns = clock_now_ns() - 1000};
  ring_init(&ring, s, &base);
  assert_int_equal(stream_settled_until(s, 5000), 5000); /* nothing is coming */
  const int64_t before = clock_now_ns() - base.start_ns;
  const int64_t time = ring_arrival_begin(&ring);
  const int64_t after = clock_now_ns() - base.start_ns;
  assert_true(before <= time && time <= after);
  assert_true(stream_settled_until(s, INT64_MAX) <= time);
  end_arrival(&ring, 0);
  assert_int_equal(stream_settled_until(s, after), after);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_become_columns),
      cmocka_unit_test(columns_come_behind_the_rows),
      cmocka_unit_test(rows_in_place),
      cmocka_unit_test(uneven_rows),
      cmocka_unit_test(any_rows),
      cmocka_unit_test(with_a_clock),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
