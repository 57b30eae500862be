/*
 * The reader thread, bytes in and stream out: rows arrive whole and with their times however the bytes come, and a stop
 * tears none.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "common/clock.h"
#include "random.h"
#include "scale.h"
#include "scope/input/demo.h"
#include "scope/input/reader.h"
#include "scope/input/reader_fixture.h"

static const char TEXT[] = "a b c\n1 2 3\n-4.5 5e1 6\nnan 8 9\n\n10 11 12";

static void expect_text_taken(const struct taken *t)
{
  static const double expected[3][4] = {{1, -4.5, 0, 10}, {2, 50, 8, 11}, {3, 6, 9, 12}};
  for (size_t c = 0; c < 3; c++) {
    assert_int_equal(t->n[c], 4);
    for (size_t i = 0; i < 4; i++) {
      if (c == 0 && i == 2)
        assert_true(t->value[c][i] != t->value[c][i]);
      else
        assert_true(t->value[c][i] == expected[c][i]);
      assert_int_equal(t->time[c][i], (int64_t)i * TIME_TICKS_PER_SAMPLE);
    }
  }
}

static void rows_arrive_whole(void **state)
{
  (void)state;
  const struct piped p = start_piped(ROOMY, &by_number);
  put_text(p.in, TEXT);
  close(p.in);
  static struct taken t;
  take_to_the_end(p.stream, &t);
  expect_text_taken(&t);
  assert_string_equal(stream_channel_name(p.stream, 2), "c");
  const struct stream_counts counts = counts_of(p.stream);
  assert_int_equal(counts.rows, 4);
  assert_int_equal(counts.samples, 12);
  assert_int_equal(counts.rejected, 0);
  assert_false(stream_failed(p.stream));
  assert_int_equal(stream_settled_until(p.stream, INT64_MAX), 4 * (int64_t)TIME_TICKS_PER_SAMPLE);
  close(p.out);
}

static void cut_at_any_byte(void **state)
{
  (void)state;
  for (size_t cut = 1; cut < sizeof TEXT - 1; cut++) {
    const struct piped p = start_piped(SMALLEST, &by_number);
    put(p.in, TEXT, cut);
    wait_until_read(p.out);
    put(p.in, TEXT + cut, sizeof TEXT - 1 - cut);
    close(p.in);
    static struct taken t;
    memset(&t, 0, sizeof t);
    take_to_the_end(p.stream, &t);
    expect_text_taken(&t);
    close(p.out);
  }
}

/* Reads of one byte up to many rows, single numbers, which take the quick road where they can. */
static void reads_of_any_length(void **state)
{
  (void)state;
  static char text[20000];
  size_t length = 0;
  for (int i = 0; i < 2000; i++)
    length += (size_t)snprintf(text + length, sizeof text - length, "%d\n", i);
  struct random r = random_seeded(11);
  const struct piped p = start_piped(ROOMY, &by_number);
  for (size_t at = 0; at < length;) {
    size_t n = random_below(&r, random_once_in(&r, 4) ? 3000 : 9) + 1;
    n = n < length - at ? n : length - at;
    put(p.in, text + at, n);
    if (random_once_in(&r, 2))
      wait_until_read(p.out);
    at += n;
  }
  close(p.in);
  static struct taken t;
  take_to_the_end(p.stream, &t);
  assert_int_equal(t.n[0], 2000);
  for (int i = 0; i < 2000; i++)
    assert_true(t.value[0][i] == i && t.time[0][i] == (int64_t)i * TIME_TICKS_PER_SAMPLE);
  assert_int_equal(counts_of(p.stream).numbers, 2000);
  close(p.out);
}

/* Single numbers behind labelled ones belong to another channel than the reader expects. */
static void columns_find_their_channel(void **state)
{
  (void)state;
  const struct piped p = start_piped(ROOMY, &by_number);
  put_text(p.in, "a=1\n5\n6\n7\na=2\n8\n9\n");
  close(p.in);
  static struct taken t;
  take_to_the_end(p.stream, &t);
  assert_string_equal(stream_channel_name(p.stream, 0), "a");
  assert_int_equal(t.n[0], 2);
  assert_int_equal(t.n[1], 5);
  static const int row[] = {1, 2, 3, 5, 6};
  for (int i = 0; i < 5; i++) {
    assert_true(t.value[1][i] == 5 + i);
    assert_int_equal(t.time[1][i], row[i] * (int64_t)TIME_TICKS_PER_SAMPLE);
  }
  close(p.out);
}

static void one_read_has_one_time(void **state)
{
  (void)state;
  const struct time_base base = {.kind = TIME_ARRIVAL, .start_ns = clock_now_ns()};
  const struct piped p = start_piped(ROOMY, &base);
  const int64_t before = clock_now_ns() - base.start_ns;
  put_text(p.in, "1\n2\n3\n");
  wait_for_lines(p.stream, 3);
  const int64_t between = clock_now_ns() - base.start_ns;
  put_text(p.in, "4\n");
  close(p.in);
  static struct taken t;
  take_to_the_end(p.stream, &t);
  assert_int_equal(t.n[0], 4);
  assert_true(before <= t.time[0][0] && t.time[0][0] == t.time[0][2] && t.time[0][2] <= between);
  assert_true(between <= t.time[0][3]);
  close(p.out);
}

/* `seq 200 | scope`: all of it in one read is a single stroke, and that is said; not of a few rows, or of numbered ones. */
static void a_short_crowd_is_said(void **state)
{
  static const struct {
    unsigned rows;
    const struct time_base *base;
    const char *hint;
  } cases[] = {{200, &by_arrival, READER_CROWDED_HINT}, {20, &by_arrival, ""}, {200, &by_number, ""}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    for (unsigned row = 0; row < cases[i].rows; row++)
      put_text(ends[1], "1\n");
    close(ends[1]);
    struct stream *stream = new_stream(ROOMY);
    start(stream, ends[0], cases[i].base);
    wait_for_acknowledgement(stream);
    assert_string_equal(stream_last_hint(stream), cases[i].hint);
    close(ends[0]);
  }
}

/* Rows that came one by one before a clearing are none of the crowd of what was read behind it. */
static void rows_before_a_clearing_are_no_crowd(void **state)
{
  (void)state;
  enum { READS = 200 };
  const struct piped p = start_piped(ROOMY, &by_arrival);
  for (uint64_t row = 1; row <= READS; row++) {
    put_text(p.in, "1\n");
    wait_for_lines(p.stream, row);
  }
  stream_ask_clear(p.stream);
  const int64_t deadline = clock_now_ns() + (int64_t)PATIENCE_MS * CLOCK_MS_NS;
  while (!stream_generation_began(p.stream)) {
    assert_true(clock_now_ns() < deadline);
    clock_wait_until_ns(clock_now_ns() + 100000);
  }
  put_text(p.in, "2\n");
  close(p.in);
  wait_for_acknowledgement(p.stream);
  assert_string_equal(stream_last_hint(p.stream), "");
  close(p.out);
}

/* Row n is at n / rate, and no edge lies behind the row that comes next, however the rows come. */
static void no_row_comes_behind_the_edge(void **state)
{
  (void)state;
  static const double rates[] = {1000, 3, 7, 44100, 1e9 / 3, 0.1, 1e6 / 7};
  struct random r = random_seeded(3);
  for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
    const struct time_base base = {.kind = TIME_RATE, .rate_hz = rates[k]};
    const struct piped p = start_piped(ROOMY, &base);
    static struct taken t;
    memset(&t, 0, sizeof t);
    for (uint64_t row = 0; row < 2500;) {
      char text[8000];
      size_t length = 0;
      for (uint64_t n = random_below(&r, 20) + 1; n > 0; n--)
        length += (size_t)snprintf(text + length, sizeof text - length, "%llu\n", (unsigned long long)row++);
      put(p.in, text, length);
      if (random_once_in(&r, 2))
        wait_for_lines(p.stream, row);
      take(p.stream, &t);
      const int64_t edge = stream_settled_until(p.stream, INT64_MAX);
      t.edge = edge > t.edge ? edge : t.edge;
      assert_true(t.edge <= time_base_row(&base, row));
      if (counts_of(p.stream).lines == row && t.n[0] == row)
        wait_for_edge(p.stream, time_base_row(&base, row)); /* nor before it, once all is taken */
    }
    close(p.in);
    take_to_the_end(p.stream, &t);
    for (size_t i = 0; i < t.n[0]; i++)
      assert_int_equal(t.time[0][i], time_base_row(&base, i));
    assert_int_equal(stream_settled_until(p.stream, INT64_MAX), time_base_row(&base, t.n[0]));
    close(p.out);
  }
}

static void a_read_that_fails(void **state)
{
  (void)state;
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  const int saved = dup(STDERR_FILENO);
  assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
  struct stream *s = new_stream(SMALLEST);
  const int folder = open("/", O_RDONLY | O_CLOEXEC);
  start(s, folder, &by_arrival);
  wait_for_acknowledgement(s);
  assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
  char said[200] = "";
  assert_true(read(ends[0], said, sizeof said - 1) > 0);
  assert_non_null(strstr(said, "the test: Is a directory"));
  assert_true(stream_ended(s) && stream_failed(s));
  close(saved);
  close(folder);
  close(ends[0]);
  close(ends[1]);
}

static void a_stop_ends_a_wait(void **state)
{
  (void)state;
  const struct piped p = start_piped(SMALLEST, &by_arrival);
  put_text(p.in, "1\n2"); /* of what might be 25 */
  wait_for_lines(p.stream, 1);
  stream_ask_stop(p.stream);
  static struct taken t;
  take_to_the_end(p.stream, &t);
  assert_int_equal(t.n[0], 1);
  close(p.in);
  close(p.out);
}

/* Rows of three without end, until the pipe is closed. */
static void *write_rows(void *argument)
{
  const int fd = *(const int *)argument;
  static char text[60000];
  for (size_t i = 0; i + 6 <= sizeof text; i += 6)
    memcpy(text + i, "1 2 3\n", 6);
  while (write(fd, text, sizeof text) > 0)
    continue;
  return NULL;
}

static void a_stop_tears_no_row(void **state)
{
  (void)state;
  enum { ROUNDS = 20 };
  int late = 0;
  for (int round = 0; round < ROUNDS; round++) {
    struct piped p = start_piped(SMALLEST, &by_arrival);
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, write_rows, &p.in), 0);
    static struct taken t;
    memset(&t, 0, sizeof t);
    for (int i = 0; i < round; i++) {
      stream_wait(p.stream, -1, PATIENCE_MS);
      take(p.stream, &t);
    }
    /* The ring is full, and the reader in the middle of what it has read: 128 KiB are twice what the ring holds. */
    const int64_t deadline = clock_now_ns() + (int64_t)PATIENCE_MS * CLOCK_MS_NS;
    while (stream_prepare_wait(p.stream, STREAM_WAKE_FILLING)) {
      stream_finish_wait(p.stream);
      assert_true(clock_now_ns() < deadline);
    }
    stream_finish_wait(p.stream);
    clock_wait_until_ns(clock_now_ns() + 2 * (int64_t)CLOCK_MS_NS);

    const int64_t asked = clock_now_ns();
    stream_ask_stop(p.stream);
    take_to_the_end(p.stream, &t);
    late += clock_now_ns() - asked >= SCALED(150, 2000) * (int64_t)CLOCK_MS_NS;
    const struct stream_counts counts = counts_of(p.stream);
    for (size_t c = 0; c < 3; c++)
      assert_int_equal(t.n[c], counts.rows);
    assert_int_equal(counts.samples, 3 * counts.rows);
    assert_int_equal(counts.lines, counts.rows);
    close(p.out);
    assert_int_equal(pthread_join(writer, NULL), 0);
    close(p.in);
  }
  assert_in_range(late, 0, ROUNDS / 5); /* a machine may stand still now and then */
}

static void the_demo_by_number(void **state)
{
  (void)state;
  const struct reader_config config = {
      .demo = true, .demo_rows = 2000, .base = {.kind = TIME_RATE, .rate_hz = DEMO_RATE_HZ}, .prompt_fd = -1};
  struct stream *s = new_stream(ROOMY);
  assert_int_equal(reader_start(&config, s), 0);
  static struct taken t;
  memset(&t, 0, sizeof t);
  take_to_the_end(s, &t);
  for (int c = 0; c < DEMO_CHANNELS; c++) {
    assert_string_equal(stream_channel_name(s, (size_t)c), demo_name[c]);
    assert_int_equal(t.n[c], 2000);
    for (uint64_t i = 0; i < 2000; i++)
      assert_true(t.value[c][i] == demo_value(c, i) && t.time[c][i] == (int64_t)i * 1000000);
  }
  const struct stream_counts counts = counts_of(s);
  assert_int_equal(counts.rows, 2000);
  assert_int_equal(counts.samples, 6000);
  assert_int_equal(counts.numbers, 0); /* it converts no text */
  assert_int_equal(stream_settled_until(s, INT64_MAX), 2000 * INT64_C(1000000));
}

static void the_demo_in_real_time(void **state)
{
  (void)state;
  const struct reader_config config = {
      .demo = true, .base = {.kind = TIME_RATE, .rate_hz = DEMO_RATE_HZ, .start_ns = clock_now_ns()}, .prompt_fd = -1};
  struct stream *s = new_stream(ROOMY);
  assert_int_equal(reader_start(&config, s), 0);
  const int64_t deadline = clock_now_ns() + (int64_t)PATIENCE_MS * CLOCK_MS_NS;
  while (counts_of(s).rows < 50 && clock_now_ns() < deadline)
    clock_wait_until_ns(clock_now_ns() + CLOCK_MS_NS);
  stream_ask_stop(s);
  wait_for_acknowledgement(s);
  const uint64_t rows = counts_of(s).rows;
  assert_true(rows >= 50 && (int64_t)rows <= (clock_now_ns() - config.base.start_ns) / 1000000 + 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_arrive_whole),
      cmocka_unit_test(cut_at_any_byte),
      cmocka_unit_test(reads_of_any_length),
      cmocka_unit_test(columns_find_their_channel),
      cmocka_unit_test(one_read_has_one_time),
      cmocka_unit_test(a_short_crowd_is_said),
      cmocka_unit_test(rows_before_a_clearing_are_no_crowd),
      cmocka_unit_test(no_row_comes_behind_the_edge),
      cmocka_unit_test(a_read_that_fails),
      cmocka_unit_test(a_stop_ends_a_wait),
      cmocka_unit_test(a_stop_tears_no_row),
      cmocka_unit_test(the_demo_by_number),
      cmocka_unit_test(the_demo_in_real_time),
  };
  signal(SIGPIPE, SIG_IGN); /* a writer learns from the error that the reader of its pipe is gone */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
