/* The consumer's side: what is taken, until when, how far the past is complete, and how it ends. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <unistd.h>

#include "capture.h"
#include "common/clock.h"
#include "scale.h"
#include "scope/store/intake.h"

enum { BLOCKS = 2 * CHANNELS_MAX, MIB = 1 << 20, STREAMS_MAX = 16 };

static const struct time_base by_number = {.kind = TIME_NUMBER, .start_ns = 77};
static const struct time_base by_arrival = {.kind = TIME_ARRIVAL, .start_ns = 1000};

static struct stream *new_stream(size_t blocks)
{
  static struct stream *kept[STREAMS_MAX]; /* streams live as long as the process */
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(blocks);
  assert_non_null(kept[n]);
  return kept[n++];
}

static void put(struct stream *s, size_t channel, int64_t time, double value)
{
  stream_put(s, channel, &time, &value, 1);
}

static void publish(struct stream *s)
{
  stream_publish(s, &(struct stream_counts){.rows = 0});
}

static void an_intake_takes_what_is_there(void **state)
{
  (void)state;
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &by_number, MIB, false);
  assert_non_null(in);
  assert_true(intake_stream(in) == s && intake_time_base(in)->kind == TIME_NUMBER);
  assert_int_equal(intake_channels(in), 0);
  assert_int_equal(intake_last_taken_ns(in), 77);
  assert_int_equal(intake_begin(in), 0);
  assert_true(intake_take(in, INT64_MAX));
  assert_int_equal(intake_taken(in), 0);

  stream_channel_add(s, "a");
  stream_channel_add(s, "b");
  put(s, 0, 300, 1);
  put(s, 1, 200, 2);
  put(s, 1, 400, 3);
  publish(s);
  const int64_t before = clock_now_ns();
  assert_true(intake_take(in, INT64_MAX));
  assert_in_range(intake_last_taken_ns(in), before, clock_now_ns());
  assert_int_equal(intake_taken(in), 3);
  assert_int_equal(intake_taken(in), 3); /* a question changes nothing */
  assert_int_equal(history_items(intake_history(in), 1), 2);
  assert_int_equal(intake_begin(in), 200); /* of all channels, not of the first */
  assert_int_equal(intake_channels(in), 2);
  assert_string_equal(intake_channel_name(in, 1), "b");
  assert_false(intake_lost(in));
  intake_free(in);
  intake_free(NULL);
}

static void the_initial_zero(void **state)
{
  (void)state;
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &by_arrival, MIB, true);
  assert_int_equal(intake_channels(in), 1);
  assert_string_equal(intake_channel_name(in, 0), "1");
  stream_channel_add(s, "volts");
  assert_string_equal(intake_channel_name(in, 0), "volts");
  put(s, 0, 500, 1);
  publish(s);
  intake_take(in, INT64_MAX);
  assert_int_equal(intake_begin(in), 0);
  struct history_sample held;
  assert_true(history_before(intake_history(in), 0, 500, &held) && held.value == 0);
  intake_free(in);
}

/* The deadline is looked at after each block: a full ring does not cost a frame. */
static void a_deadline_ends_the_taking(void **state)
{
  (void)state;
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &by_number, MIB, false);
  for (int i = 0; i < 10; i++) {
    put(s, 0, i, i);
    publish(s); /* a block each */
  }
  assert_false(intake_take(in, clock_now_ns() - 1));
  assert_int_equal(intake_taken(in), 1); /* but something is taken each time, or it would never end */
  assert_false(intake_take(in, 0));
  assert_int_equal(intake_taken(in), 2);
  assert_true(intake_take(in, clock_now_ns() + 10 * (int64_t)CLOCK_SECOND_NS));
  assert_int_equal(intake_taken(in), 10);
  assert_true(intake_take(in, 0)); /* nothing was left to take */
  intake_free(in);
}

static int64_t fixed_clock(void *context)
{
  return *(const int64_t *)context;
}

static void the_edge_with_a_clock(void **state)
{
  (void)state;
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &by_arrival, MIB, false);
  assert_int_equal(intake_edge(in), 0);
  intake_advance(in, 1500);
  assert_int_equal(intake_edge(in), 0); /* the reader has said nothing */
  stream_arrival_end(s);
  intake_advance(in, 1600);
  assert_int_equal(intake_edge(in), 600); /* since the start, which was at 1000 */
  int64_t clock = 700;
  stream_arrival_begin(s, fixed_clock, &clock);
  assert_int_equal(intake_edge(in), 600);
  intake_advance(in, 1900);
  assert_int_equal(intake_edge(in), 700); /* something is coming since then */
  clock = 650;
  stream_arrival_begin(s, fixed_clock, &clock);
  intake_advance(in, 1950);
  assert_int_equal(intake_edge(in), 700); /* never falls */
  put(s, 0, 710, 1);
  publish(s);
  stream_arrival_end(s);
  intake_advance(in, 2000);
  assert_int_equal(intake_edge(in), 710); /* it is in the ring still */
  intake_take(in, INT64_MAX);
  intake_advance(in, 2100);
  assert_int_equal(intake_edge(in), 1100);
  stream_end(s, false);
  assert_false(intake_ended(in));
  intake_advance(in, 2200);
  assert_true(intake_ended(in));
  assert_int_equal(intake_edge(in), 1200);
  intake_advance(in, 9000);
  assert_int_equal(intake_edge(in), 1200); /* the plot stands */
  intake_free(in);
}

static void the_edge_without_a_clock(void **state)
{
  (void)state;
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &by_number, MIB, false);
  stream_state_next(s, 0);
  intake_advance(in, 123456);
  assert_int_equal(intake_edge(in), 0);
  put(s, 0, 0, 1);
  put(s, 0, 1000000, 2);
  publish(s);
  stream_state_next(s, 2000000);
  stream_end(s, false);
  intake_advance(in, 123456);
  assert_int_equal(intake_edge(in), 0);
  assert_false(intake_ended(in)); /* there are samples to take */
  intake_take(in, INT64_MAX);
  assert_false(intake_ended(in)); /* that is noticed at a moment */
  intake_advance(in, 123456);
  assert_true(intake_ended(in));
  assert_int_equal(intake_edge(in), 2000000); /* the last sample is as wide as the others */
  intake_free(in);
}

static void an_end_before_the_end(void **state)
{
  (void)state;
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &by_arrival, MIB, false);
  stream_arrival_end(s);
  intake_end(in, 3000);
  assert_true(intake_ended(in));
  assert_int_equal(intake_edge(in), 2000);
  put(s, 0, 2500, 1);
  publish(s);
  assert_true(intake_take(in, INT64_MAX));
  assert_int_equal(intake_taken(in), 0); /* it would stand right of the edge */
  intake_end(in, 4000);
  intake_advance(in, 4000);
  assert_int_equal(intake_edge(in), 2000);
  intake_free(in);
}

static void no_memory(void **state)
{
  (void)state;
  if (SCALED(0, 1))
    skip(); /* a sanitizer's own memory would run out */
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &by_number, (size_t)1 << 40, false);
  struct rlimit before;
  struct capture capture = capture_start(STDERR_FILENO);
  getrlimit(RLIMIT_AS, &before);
  const struct rlimit none = {.rlim_cur = 1, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_AS, &none);
  bool lost = false;
  for (int64_t i = 0; i < 10000 && !lost; i++) {
    int64_t time[STREAM_BLOCK_SAMPLES];
    double value[STREAM_BLOCK_SAMPLES] = {0};
    for (int k = 0; k < STREAM_BLOCK_SAMPLES; k++)
      time[k] = i;
    stream_put(s, (size_t)i % CHANNELS_MAX, time, value, STREAM_BLOCK_SAMPLES);
    publish(s);
    intake_take(in, INT64_MAX);
    lost = intake_lost(in);
  }
  setrlimit(RLIMIT_AS, &before);
  put(s, 0, 20000, 1);
  publish(s);
  intake_take(in, INT64_MAX);
  capture_end(&capture);
  assert_true(lost && intake_lost(in));
  const char *said = strstr(capture.text, "out of memory");
  assert_non_null(said);
  assert_null(strstr(said + 1, "out of memory")); /* once */
  intake_free(in);
}

/* ---- Two threads ---- */

struct reader {
  struct stream *stream;
  int64_t rows; /* of three values each */
  bool silent;  /* never acknowledges */
};

/* A reader that has read all its rows already: a stop does not shorten them. */
static void *read_rows(void *argument)
{
  struct reader *reader = argument;
  for (int64_t i = 0; i < reader->rows; i += 100) {
    for (size_t c = 0; c < 3; c++)
      for (int64_t k = i; k < i + 100; k++)
        put(reader->stream, c, k, (double)k);
  }
  publish(reader->stream);
  stream_state_next(reader->stream, reader->rows);
  if (reader->silent)
    return NULL;
  stream_end(reader->stream, false);
  stream_acknowledge(reader->stream);
  return NULL;
}

static void finishing_tears_no_row(void **state)
{
  (void)state;
  struct reader reader = {.stream = new_stream(BLOCKS), .rows = 100000}; /* nine times what the ring holds */
  struct intake *in = intake_new(reader.stream, &by_number, (size_t)64 * MIB, false);
  pthread_t thread;
  stream_state_next(reader.stream, 0);
  assert_int_equal(pthread_create(&thread, NULL, read_rows, &reader), 0);
  stream_wait(reader.stream, -1, -1); /* a full ring is published before the reader sleeps */
  assert_true(intake_finish(in, clock_now_ns() + 20 * (int64_t)CLOCK_SECOND_NS));
  assert_true(stream_stop_asked(reader.stream));
  for (size_t c = 0; c < 3; c++)
    assert_int_equal(history_items(intake_history(in), c), 100000);
  assert_true(intake_ended(in));
  assert_int_equal(intake_edge(in), 100000);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_true(intake_finish(in, clock_now_ns())); /* again: it is done */
  intake_free(in);
}

static void finishing_has_a_deadline(void **state)
{
  (void)state;
  struct reader reader = {.stream = new_stream(BLOCKS), .rows = 100, .silent = true};
  struct intake *in = intake_new(reader.stream, &by_number, MIB, false);
  read_rows(&reader);
  const int64_t start = clock_now_ns();
  assert_false(intake_finish(in, start + 60 * (int64_t)CLOCK_MS_NS));
  const int64_t passed = clock_now_ns() - start;
  assert_true(passed >= 60 * (int64_t)CLOCK_MS_NS);
  assert_int_equal(intake_taken(in), 300);
  assert_false(intake_ended(in)); /* the reader may still have something: it is asked again, or given up */
  intake_end(in, clock_now_ns());
  assert_true(intake_ended(in));
  intake_free(in);
}

/* Cleared: nothing that was there or on its way is left, and what comes then is the first. */
static void a_cleared_intake(void **state)
{
  (void)state;
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &by_number, MIB, false);
  stream_channel_add(s, "a");
  stream_channel_add(s, "b");
  for (int i = 0; i < 1000; i++)
    put(s, 0, 100 + i, i);
  put(s, 1, 150, 1);
  publish(s);
  intake_take(in, INT64_MAX);
  stream_state_next(s, 2000);
  intake_advance(in, 0);
  put(s, 0, 2000, 5); /* in the ring */
  publish(s);
  assert_false(intake_cleared(in));
  intake_clear(in);
  assert_true(intake_cleared(in));
  assert_int_equal(intake_channels(in), 0);
  assert_int_equal(history_items(intake_history(in), 0), 0);
  assert_int_equal(intake_edge(in), 2000); /* time goes on */
  assert_int_equal(intake_begin(in), 2000);
  put(s, 0, 2001, 6); /* not known to the reader yet */
  stream_begin_generation(s, &(struct stream_counts){.lines = 3}, INT64_MIN);
  stream_channel_add(s, "c");
  put(s, 0, 2003, 7);
  publish(s);
  stream_state_next(s, 2004);
  assert_true(intake_take(in, INT64_MAX));
  intake_advance(in, 0);
  assert_int_equal(intake_edge(in), 2004);
  assert_int_equal(intake_begin(in), 2003);
  assert_int_equal(intake_channels(in), 1);
  assert_string_equal(intake_channel_name(in, 0), "c");
  struct history_summary total;
  history_total(intake_history(in), 0, &total);
  assert_true(total.items == 1 && total.min == 7);
  history_total(intake_history(in), 1, &total);
  assert_int_equal(total.items, 0);
  intake_free(in);
}

/* Where a column states them, times begin anew: an edge of the old ones would hide the new. */
static void stated_times_begin_anew(void **state)
{
  (void)state;
  const struct time_base stated = {.kind = TIME_STATED};
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &stated, MIB, false);
  stream_channel_add(s, "a");
  put(s, 0, 5000, 1);
  publish(s);
  stream_state_next(s, 5001);
  intake_take(in, INT64_MAX);
  intake_advance(in, 0);
  assert_int_equal(intake_edge(in), 5001);
  intake_clear(in);
  intake_advance(in, 0); /* what the reader says still belongs to the old times */
  assert_int_equal(intake_edge(in), 0);
  stream_begin_generation(s, &(struct stream_counts){.lines = 1}, 0);
  intake_advance(in, 0);
  assert_int_equal(intake_edge(in), 0);
  stream_channel_add(s, "a");
  put(s, 0, 0, 2);
  put(s, 0, 30, 3);
  publish(s);
  stream_state_next(s, 31);
  intake_take(in, INT64_MAX);
  intake_advance(in, 0);
  assert_int_equal(intake_edge(in), 31);
  assert_int_equal(intake_begin(in), 0);
  intake_free(in);
}

/* In the plain case the plot shows 0 again, from the moment of the clearing on; after the end nothing. */
static void zero_again(void **state)
{
  (void)state;
  struct stream *s = new_stream(BLOCKS);
  struct intake *in = intake_new(s, &by_arrival, MIB, true);
  stream_arrival_end(s);
  intake_advance(in, 1500);
  assert_int_equal(intake_edge(in), 500);
  intake_clear(in);
  struct history_sample first;
  assert_true(history_first(intake_history(in), 0, &first) && first.time == 500 && first.value == 0);
  assert_int_equal(intake_channels(in), 1);
  stream_end(s, false);
  intake_advance(in, 1600);
  assert_true(intake_ended(in));
  intake_clear(in);
  assert_int_equal(intake_channels(in), 0);
  assert_true(intake_ended(in));
  intake_free(in);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_intake_takes_what_is_there),
      cmocka_unit_test(the_initial_zero),
      cmocka_unit_test(a_deadline_ends_the_taking),
      cmocka_unit_test(the_edge_with_a_clock),
      cmocka_unit_test(the_edge_without_a_clock),
      cmocka_unit_test(an_end_before_the_end),
      cmocka_unit_test(no_memory),
      cmocka_unit_test(finishing_tears_no_row),
      cmocka_unit_test(finishing_has_a_deadline),
      cmocka_unit_test(a_cleared_intake),
      cmocka_unit_test(stated_times_begin_anew),
      cmocka_unit_test(zero_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
