/* Counters as rates, the names they go by, and a replay's moments. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scope/input/counter.h"
#include "scope/input/name_list.h"
#include "scope/input/replay.h"

static const int64_t SECOND = TIME_TICKS_PER_SECOND;
static const struct time_base in_seconds = {.kind = TIME_ARRIVAL};

/* A sink that keeps what it gets. */
struct kept {
  struct sink sink;
  size_t n, rows, arrivals, ends, restarts;
  char unit[2][CHANNEL_UNIT_MAX + 2];
  int64_t time[1000];
  double value[1000];
  size_t channel[1000];
};

static void keep(struct sink *sink, size_t channel, int64_t time, double value)
{
  struct kept *k = (struct kept *)sink;
  assert_true(k->n < 1000);
  k->channel[k->n] = channel;
  k->time[k->n] = time;
  k->value[k->n++] = value;
}

static void keep_unit(struct sink *sink, size_t channel, const char *unit)
{
  snprintf(((struct kept *)sink)->unit[channel], CHANNEL_UNIT_MAX + 2, "%s", unit);
}

static void keep_channel(struct sink *sink, size_t channel, const char *name, const char *unit)
{
  keep_unit(sink, channel, unit);
  assert_non_null(name);
}

static void keep_row(struct sink *sink, const struct sink_row *row)
{
  ((struct kept *)sink)->rows++;
  for (size_t i = 0; i < row->count; i++)
    keep(sink, row->channel[i], row->time, row->value[i]);
}

static void keep_column(struct sink *sink, size_t channel, const int64_t *time, const double *value, size_t n)
{
  for (size_t i = 0; i < n; i++)
    keep(sink, channel, time[i], value[i]);
}

static void keep_arrival(struct sink *sink, const struct sink_progress *progress)
{
  (void)progress;
  ((struct kept *)sink)->arrivals++;
}

static void keep_end(struct sink *sink, bool failed)
{
  ((struct kept *)sink)->ends += failed;
}

static void keep_restart(struct sink *sink, const struct sink_progress *progress)
{
  (void)progress;
  ((struct kept *)sink)->restarts++;
}

static struct kept kept;
static struct counter counter;

static void start(const char *names, const struct time_base *base)
{
  kept = (struct kept){.sink = {.add_channel = keep_channel,
                                .set_unit = keep_unit,
                                .row = keep_row,
                                .column = keep_column,
                                .end_arrival = keep_arrival,
                                .restart = keep_restart,
                                .end = keep_end}};
  counter_init(&counter, names, base, &kept.sink);
  counter.sink.add_channel(&counter.sink, 0, "a", "B");
  counter.sink.add_channel(&counter.sink, 1, "b", "");
}

static void column(size_t n, const int64_t *time, const double *value)
{
  counter.sink.column(&counter.sink, 0, time, value, n);
}

static void expect(size_t place, int64_t time, double value)
{
  assert_true(place < kept.n);
  assert_int_equal(kept.time[place], time);
  assert_true(kept.value[place] == value || (isnan(kept.value[place]) && isnan(value)));
}

static void rates(void **state)
{
  (void)state;
  start("", &in_seconds);
  const int64_t time[] = {0, SECOND, SECOND * 3 / 2, 4 * SECOND, 5 * SECOND, 6 * SECOND, 7 * SECOND};
  const double value[] = {100, 110, 120, 3, 5, NAN, 9};
  column(7, time, value);
  assert_int_equal(kept.n, 7);
  expect(0, 0, NAN);
  expect(1, SECOND, 10);
  expect(2, SECOND * 3 / 2, 20);
  expect(3, 4 * SECOND, NAN); /* it went back */
  expect(4, 5 * SECOND, 2);
  expect(5, 6 * SECOND, NAN);
  expect(6, 7 * SECOND, 2); /* over both seconds */
  assert_string_equal(kept.unit[0], "B/s");
  assert_string_equal(kept.unit[1], ""); /* not known yet */
  counter.sink.set_unit(&counter.sink, 1, "km");
  assert_string_equal(kept.unit[1], "km/s");
}

static void samples_of_one_time(void **state)
{
  (void)state;
  start("", &in_seconds);
  const int64_t time[] = {0, 0, SECOND, SECOND, 2 * SECOND, 2 * SECOND};
  const double value[] = {0, 1, 10, 11, 20, 1};
  column(6, time, value);
  assert_int_equal(kept.n, 4);
  expect(0, 0, NAN);
  expect(1, SECOND, 10);
  expect(2, 2 * SECOND, 10);
  expect(3, 2 * SECOND, NAN); /* a reset is seen all the same */
}

static void samples_without_a_clock(void **state)
{
  (void)state;
  start("", &(struct time_base){.kind = TIME_NUMBER});
  const int64_t time[] = {0, TIME_TICKS_PER_SAMPLE};
  const double value[] = {5, 8};
  column(2, time, value);
  expect(1, TIME_TICKS_PER_SAMPLE, 3);
  assert_string_equal(kept.unit[0], "B"); /* a sample's, of which there is no unit */
}

static void some_channels(void **state)
{
  (void)state;
  start("b", &in_seconds);
  assert_int_equal(counter.found, 1);
  assert_string_equal(kept.unit[0], "B"); /* no counter */
  const uint8_t channel[] = {0, 1};
  for (int i = 0; i < 3; i++) {
    const double value[] = {i, 10 * i};
    counter.sink.row(&counter.sink, &(struct sink_row){i / 2 * SECOND, 2, channel, value});
  }
  assert_int_equal(kept.rows, 3);
  assert_int_equal(kept.n, 5); /* b of the second row shares its time with the first */
  expect(1, 0, NAN);
  expect(2, 0, 1);
  expect(4, SECOND, 20);
  counter.sink.end_arrival(&counter.sink, &(struct sink_progress){.next_time = 0});
  counter.sink.end(&counter.sink, true);
  assert_int_equal(kept.arrivals, 1);
  assert_int_equal(kept.ends, 1);
}

static void long_columns(void **state)
{
  (void)state;
  static int64_t time[900];
  static double value[900];
  for (int i = 0; i < 900; i++) {
    time[i] = i * SECOND;
    value[i] = 3.0 * i;
  }
  start("", &in_seconds);
  column(900, time, value);
  assert_int_equal(kept.n, 900);
  for (size_t i = 1; i < 900; i++)
    expect(i, time[i], 3);
}

static void names(void **state)
{
  (void)state;
  assert_true(name_list_has("a,b", "b"));
  assert_true(name_list_has("rx", "eth0.rx"));
  assert_true(name_list_has("x,temp", "lab/temp"));
  assert_true(name_list_has("Core 0", "Core 0"));
  assert_false(name_list_has("a,b", "ab"));
  assert_false(name_list_has("x", "max"));
  assert_false(name_list_has("a", ""));
}

static void a_replay(void **state)
{
  (void)state;
  struct replay replay = {.speed = 0};
  assert_int_equal(replay_due_ns(&replay, 99, 7), 7);
  replay.speed = 4;
  assert_int_equal(replay_due_ns(&replay, 100 * SECOND, 50), 50);
  assert_int_equal(replay_due_ns(&replay, 102 * SECOND, 60), 50 + SECOND / 2);
  assert_int_equal(replay_time(&replay, 50 + SECOND / 4), 101 * SECOND);
  replay = (struct replay){.speed = 1e-6};
  replay_due_ns(&replay, 0, 0);
  assert_int_equal(replay_due_ns(&replay, INT64_MAX / 4, 0), INT64_MAX); /* not in our time */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rates),         cmocka_unit_test(samples_of_one_time), cmocka_unit_test(samples_without_a_clock),
      cmocka_unit_test(some_channels), cmocka_unit_test(long_columns),        cmocka_unit_test(names),
      cmocka_unit_test(a_replay),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
