/*
 * Clearing, and the texts that the reader leaves for the window: what belongs to which generation, first step by step,
 * then under load, where each value, name, unit and text says the generation that it is of.
 */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>

#include "random.h"
#include "scale.h"
#include "scope/stream/mailbox.h"
#include "scope/stream/stream.h"

enum { SMALLEST = 2 * CHANNELS_MAX, STREAMS_MAX = 16, CLEARINGS = SCALED(3000, 600) };

/* Streams live as long as the process: this keeps them reachable. */
static struct stream *new_stream(void)
{
  static struct stream *kept[STREAMS_MAX];
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(SMALLEST);
  assert_non_null(kept[n]);
  return kept[n++];
}

static void put(struct stream *s, size_t channel, int64_t time, double value)
{
  stream_put(s, channel, &time, &value, 1);
}

static bool readable(int fd)
{
  struct pollfd p = {.fd = fd, .events = POLLIN};
  return poll(&p, 1, 0) == 1;
}

static void clearing_step_by_step(void **state)
{
  (void)state;
  struct stream *s = new_stream();
  struct stream_counts counts = {.lines = 7, .rows = 5, .samples = 6, .rejected = 2, .numbers = 6, .fast = 4};
  struct stream_counts seen;
  stream_channel_add(s, "old");
  stream_channel_set_unit(s, 0, "mV");
  put(s, 0, 10, 1);
  stream_refused(s, "line 3: no");
  stream_publish(s, &counts);
  stream_state_next(s, 11);
  assert_int_equal(stream_settled_until(s, INT64_MAX), 10);
  assert_string_equal(stream_channel_unit(s, 0), "mV");
  assert_string_equal(stream_last_refusal(s), "line 3: no");
  assert_false(stream_clear_asked(s) || readable(stream_ask_fd(s)));

  stream_ask_clear(s); /* at once, for the consumer, all that was is nothing */
  assert_int_equal(stream_channels(s), 0);
  assert_string_equal(stream_channel_unit(s, 0), "");
  assert_string_equal(stream_last_refusal(s), "");
  assert_false(stream_generation_began(s));
  assert_true(stream_peek(s)->generation != stream_generation(s));
  assert_int_equal(stream_settled_until(s, INT64_MAX), 11); /* the old sample does not hold anything up */
  stream_counts_since_clear(s, &seen);
  assert_int_equal(seen.lines + seen.rows + seen.samples + seen.rejected + seen.numbers + seen.fast, 0);
  stream_counts(s, &seen);
  assert_int_equal(seen.lines, 7);

  assert_true(stream_clear_asked(s) && readable(stream_ask_fd(s)) && !readable(stream_stop_fd(s)));
  stream_take_notice(s);
  assert_false(readable(stream_ask_fd(s)));
  put(s, 0, 12, 2); /* the reader had that already */
  counts.lines = counts.rows = 8;
  stream_publish(s, &counts);
  stream_refused(s, "line 8: neither");
  stream_begin_generation(s, &counts, 3);
  assert_false(stream_clear_asked(s));
  assert_true(stream_generation_began(s));
  assert_true(isnan(stream_latest(s, 0)));
  assert_string_equal(stream_last_refusal(s), "");
  assert_int_equal(stream_channels(s), 0);
  assert_int_equal(stream_settled_until(s, INT64_MAX), 3); /* times begin anew */
  stream_counts_since_clear(s, &seen);
  assert_int_equal(seen.lines + seen.rows + seen.samples + seen.rejected, 0);

  assert_int_equal(stream_channel_add(s, "new"), 0);
  assert_string_equal(stream_channel_name(s, 0), "new");
  assert_string_equal(stream_channel_unit(s, 0), "");
  stream_channel_set_unit(s, 0, "A");
  stream_channel_set_unit(s, 0, "V"); /* the first one stays */
  assert_string_equal(stream_channel_unit(s, 0), "A");
  put(s, 0, 4, 3);
  counts = (struct stream_counts){.lines = 10, .rows = 9, .samples = 7, .rejected = 3, .numbers = 7, .fast = 5};
  stream_publish(s, &counts);
  stream_counts_since_clear(s, &seen);
  assert_true(seen.lines == 2 && seen.rows == 1 && seen.samples == 1 && seen.rejected == 1 && seen.numbers == 1);
  assert_true(stream_latest(s, 0) == 3);
  for (int i = 0; i < 2; i++) {
    assert_true(stream_peek(s)->generation != stream_generation(s));
    stream_pop(s);
  }
  assert_true(stream_peek(s)->generation == stream_generation(s) && stream_peek(s)->value[0] == 3);
}

/* Asked twice before the reader gets to it, one beginning answers both. */
static void asked_twice(void **state)
{
  (void)state;
  struct stream *s = new_stream();
  stream_ask_clear(s);
  stream_ask_clear(s);
  stream_begin_generation(s, &(struct stream_counts){.lines = 1}, INT64_MIN);
  assert_true(stream_generation_began(s) && !stream_clear_asked(s));
  assert_int_equal(stream_settled_until(s, 5), INT64_MIN); /* nothing was stated, and nothing is now */
}

/* To stop wakes the reader at the same place. */
static void stopping_wakes_too(void **state)
{
  (void)state;
  struct stream *s = new_stream();
  stream_ask_stop(s);
  assert_true(readable(stream_ask_fd(s)) && !stream_clear_asked(s));
}

static void a_text_is_cut_between_characters(void **state)
{
  (void)state;
  struct mailbox box;
  mailbox_init(&box);
  assert_string_equal(mailbox_look(&box)->text, "");
  mailbox_put(&box, 1, "one");
  mailbox_put(&box, 2, "two"); /* only the newest matters */
  assert_string_equal(mailbox_look(&box)->text, "two");
  assert_string_equal(mailbox_look(&box)->text, "two");
  assert_int_equal(mailbox_look(&box)->generation, 2);
  char text[2 * MAILBOX_TEXT_MAX + 1] = "";
  for (size_t i = 0; i < MAILBOX_TEXT_MAX; i++)
    memcpy(text + 2 * i, "\xC2\xB5", 3);
  mailbox_put(&box, 3, text);
  assert_int_equal(strlen(mailbox_look(&box)->text), (MAILBOX_TEXT_MAX - 1) / 2 * 2);
}

/* ---- Under load ---- */

/* A number as a text of this length, so that a mixture of two would show. */
static void spell(uint32_t number, size_t length, char *text)
{
  for (size_t i = 0; i + 8 <= length; i += 8)
    snprintf(text + i, 9, "%08x", number);
}

static bool spelt(const char *text, uint32_t number)
{
  char eight[9];
  snprintf(eight, sizeof eight, "%08x", number);
  for (; *text; text += 8)
    if (strncmp(text, eight, 8) != 0)
      return false;
  return true;
}

/* As the reader does it: rows, and now and then a look whether something is asked. */
static void *produce(void *argument)
{
  struct stream *s = argument;
  struct random r = random_seeded(5);
  struct stream_counts counts = {.lines = 0};
  uint32_t generation = 0;
  size_t channels = 0;
  while (!stream_stop_asked(s)) {
    if (stream_clear_asked(s)) {
      stream_take_notice(s);
      put(s, 0, 0, generation); /* what was held back */
      stream_publish(s, &counts);
      stream_begin_generation(s, &counts, 0);
      generation = stream_generation(s); /* fine here: nobody asks before the consumer has seen something of this one */
      channels = 0;
    }
    char text[129];
    spell(generation, 128, text);
    if (channels < 5 && random_once_in(&r, 3)) {
      stream_channel_add(s, text);
      channels++;
    }
    for (size_t c = 0; c < channels; c++) {
      double values[300];
      const size_t n = (size_t)random_between(&r, 1, 300);
      for (size_t i = 0; i < n; i++)
        values[i] = generation;
      stream_put_even(s, c, 0, 0, values, n);
      counts.samples += n;
    }
    if (channels > 0 && random_once_in(&r, 4)) {
      spell(generation, 24, text);
      text[24] = '\0';
      stream_channel_set_unit(s, random_below(&r, channels), text);
    }
    spell(generation, 128, text);
    stream_refused(s, text);
    stream_publish(s, &counts);
    stream_state_next(s, 0);
  }
  stream_end(s, false);
  stream_acknowledge(s);
  return NULL;
}

/* All that is seen is of the generation asked for last, and the ring never brings back an older one. */
static uint64_t look(struct stream *s, uint64_t *seen)
{
  const uint32_t generation = stream_generation(s);
  uint64_t samples = 0;
  const struct stream_block *block;
  while ((block = stream_peek(s))) {
    assert_true(block->generation <= generation);
    for (uint32_t i = 0; i < block->count; i++)
      assert_true(block->value[i] == block->generation);
    if (block->generation == generation) {
      assert_true(block->channel < stream_channels(s));
      samples += block->count;
    }
    stream_pop(s);
  }
  for (size_t c = 0; c < stream_channels(s); c++) {
    assert_true(spelt(stream_channel_name(s, c), generation) && spelt(stream_channel_unit(s, c), generation));
    const double latest = stream_latest(s, c);
    assert_true(isnan(latest) || latest == generation);
    *seen += stream_channel_unit(s, c)[0] != '\0';
  }
  assert_true(spelt(stream_last_refusal(s), generation));
  struct stream_counts counts;
  stream_counts_since_clear(s, &counts);
  assert_true(counts.samples < UINT64_C(1) << 60);
  return samples;
}

static void clearing_under_load(void **state)
{
  (void)state;
  struct stream *s = new_stream();
  struct random r = random_seeded(6);
  pthread_t thread;
  uint64_t samples = 0;
  uint64_t units = 0;
  assert_int_equal(pthread_create(&thread, NULL, produce, s), 0);
  for (int i = 0; i < CLEARINGS; i++) {
    uint64_t of_this = 0;
    const int64_t looks = random_between(&r, 1, 20);
    for (int64_t k = 0; k < looks || of_this == 0; k++) {
      stream_wait(s, -1, 1);
      of_this += look(s, &units);
    }
    samples += of_this;
    stream_ask_clear(s);
  }
  stream_ask_stop(s);
  while (!stream_ended(s)) {
    stream_wait(s, -1, -1);
    look(s, &units);
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_true(samples > 0 && units > 0);
  print_message("%d clearings, %llu samples, %llu units\n", CLEARINGS, (unsigned long long)samples,
                (unsigned long long)units);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(clearing_step_by_step), cmocka_unit_test(asked_twice),
      cmocka_unit_test(stopping_wakes_too),    cmocka_unit_test(a_text_is_cut_between_characters),
      cmocka_unit_test(clearing_under_load),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
