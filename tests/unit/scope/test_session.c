/* From blocks in the stream to what a frame shows: edges, ends, numbers of the legend, the summary. One thread. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "scope/paint/screen.h"
#include "scope/session.h"

enum { COLUMNS = 100, STREAMS_MAX = 32 };
static const int64_t SECOND = 1000000000;

struct fixture {
  struct stream *stream;
  struct session *session;
  struct scene scene;
  int64_t clock;
};

static int64_t fixture_clock(void *context)
{
  return ((struct fixture *)context)->clock;
}

/* A stream lives as long as the process: this keeps those of all tests reachable. */
static struct stream *new_stream(void)
{
  static struct stream *kept[STREAMS_MAX];
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(256);
  assert_non_null(kept[n]);
  return kept[n++];
}

static void start(struct fixture *f, struct session_config config)
{
  *f = (struct fixture){.stream = new_stream()};
  config.stream = f->stream;
  config.memory_bytes = 16U << 20;
  config.low = config.low == config.high ? -10 : config.low;
  config.high = config.low == -10 ? 10 : config.high;
  config.title = "test";
  f->session = session_new(&config);
  assert_non_null(f->session);
}

/* The stream itself is never freed: a reader might still use it. */
static void stop(struct fixture *f)
{
  session_free(f->session);
}

/* A row as the reader would publish it. */
static void row(struct fixture *f, size_t channel, int64_t time, double value)
{
  static const struct stream_counts counts;
  f->clock = time;
  stream_arrival_begin(f->stream, fixture_clock, f);
  assert_true(stream_put(f->stream, channel, &time, &value, 1));
  stream_publish(f->stream, &counts);
  stream_arrival_end(f->stream);
}

static void frame(struct fixture *f, int64_t now)
{
  assert_true(session_drain(f->session, INT64_MAX));
  assert_true(session_frame(f->session, COLUMNS, now, true, &f->scene));
}

static bool shown_at(const struct fixture *f, int channel, int64_t time, double value)
{
  const struct view *v = f->scene.view;
  int64_t k = column_of(time, v->column_width) - v->first;
  if (k < 0 || k >= COLUMNS)
    return false;
  const struct column *c = &f->scene.channel[channel].columns[k];
  return c->low <= value && c->high >= value;
}

static void the_plain_case_holds_zero_and_then_the_value(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, (struct session_config){
                .base = TIME_ARRIVAL, .window = 10 * SECOND, .style = COLUMN_STEP, .initial_zero = true});
  frame(&f, 4 * SECOND);
  assert_int_equal(f.scene.channels, 1);
  assert_true(shown_at(&f, 0, 1 * SECOND, 0));
  assert_true(shown_at(&f, 0, 4 * SECOND - 1, 0));
  assert_false(shown_at(&f, 0, -SECOND, 0));
  assert_true(f.scene.channel[0].min == 0 && f.scene.channel[0].last == 0);
  assert_true(isnan(f.scene.channel[0].mean)); /* the initial 0 is no sample */

  stream_channel_add(f.stream, "1");
  row(&f, 0, 5 * SECOND, 7);
  frame(&f, 8 * SECOND);
  assert_true(shown_at(&f, 0, 4 * SECOND, 0));
  assert_true(shown_at(&f, 0, 5 * SECOND, 0)); /* the step joins both */
  assert_true(shown_at(&f, 0, 5 * SECOND, 7));
  assert_true(shown_at(&f, 0, 8 * SECOND - 1, 7));
  assert_true(f.scene.channel[0].last == 7 && f.scene.channel[0].mean == 7);
  assert_true(f.scene.channel[0].min == 0 && f.scene.channel[0].max == 7);
  stop(&f);
}

static void what_is_on_its_way_is_not_painted_over(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, (struct session_config){
                .base = TIME_ARRIVAL, .window = 10 * SECOND, .style = COLUMN_STEP, .initial_zero = true});
  f.clock = 3 * SECOND;
  stream_arrival_begin(f.stream, fixture_clock, &f); /* reading since 3 s */
  frame(&f, 5 * SECOND);
  assert_int_equal(f.scene.view->edge, 3 * SECOND);
  stream_arrival_end(f.stream);
  frame(&f, 5 * SECOND);
  assert_int_equal(f.scene.view->edge, 5 * SECOND);
  stop(&f);
}

static void the_end_stops_the_scrolling(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, (struct session_config){.base = TIME_ARRIVAL, .window = 10 * SECOND, .style = COLUMN_STEP});
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  frame(&f, 2 * SECOND);
  assert_int_equal(f.scene.state, SCREEN_LIVE);
  stream_end(f.stream, false);
  frame(&f, 4 * SECOND);
  assert_int_equal(f.scene.state, SCREEN_ENDED);
  int64_t edge = f.scene.view->edge;
  frame(&f, 9 * SECOND);
  assert_int_equal(f.scene.view->edge, edge);
  assert_true(session_ended(f.session));
  stop(&f);
}

static void rows_without_a_clock_end_with_the_last_one(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, (struct session_config){.base = TIME_NUMBER, .window = 0, .style = COLUMN_STEP});
  stream_channel_add(f.stream, "a");
  for (int i = 0; i < 50; i++)
    row(&f, 0, (int64_t)i * TIME_TICKS_PER_SAMPLE, i);
  stream_end(f.stream, false);
  frame(&f, 0);
  frame(&f, 0);
  assert_int_equal(f.scene.view->edge, 50LL * TIME_TICKS_PER_SAMPLE);
  assert_true(shown_at(&f, 0, 49LL * TIME_TICKS_PER_SAMPLE, 49));
  stop(&f);
}

static void a_pause_keeps_the_view_and_the_samples(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, (struct session_config){.base = TIME_ARRIVAL, .window = 10 * SECOND, .style = COLUMN_STEP});
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  frame(&f, 2 * SECOND);
  view_pause(session_view(f.session), true);
  row(&f, 0, 3 * SECOND, 8);
  frame(&f, 4 * SECOND);
  assert_int_equal(f.scene.view->edge, 2 * SECOND);
  assert_true(f.scene.channel[0].max == 3 && f.scene.channel[0].last == 3);
  view_pause(session_view(f.session), false);
  frame(&f, 5 * SECOND);
  assert_true(shown_at(&f, 0, 3 * SECOND, 8));
  stop(&f);
}

static void autoscale_looks_at_visible_channels(void **state)
{
  (void)state;
  struct fixture f;
  start(&f,
        (struct session_config){.base = TIME_ARRIVAL, .window = 10 * SECOND, .style = COLUMN_STEP, .autoscale = true});
  stream_channel_add(f.stream, "small");
  stream_channel_add(f.stream, "large");
  session_drain(f.session, INT64_MAX);
  session_toggle_channel(f.session, 1);
  row(&f, 0, SECOND, 1);
  row(&f, 1, SECOND, 1000);
  frame(&f, 2 * SECOND);
  assert_true(f.scene.channel[1].hidden);
  assert_true(f.scene.view->high < 100);
  session_toggle_channel(f.session, 1);
  frame(&f, 3 * SECOND);
  assert_true(f.scene.view->high >= 1000);
  stop(&f);
}

static void the_summary_reads_back_exactly(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, (struct session_config){.base = TIME_NUMBER, .window = 0, .style = COLUMN_LINE});
  stream_channel_add(f.stream, "a");
  stream_channel_add(f.stream, "never");
  const double value[] = {0.1, 1e300, -7.25, (double)NAN};
  for (int i = 0; i < 4; i++)
    row(&f, 0, i, value[i]);
  session_drain(f.session, INT64_MAX);
  struct capture out = capture_start(STDOUT_FILENO);
  assert_int_equal(session_summary(f.session, STDOUT_FILENO, -1), 0);
  capture_end(&out);
  const char expected[] = "channel\tcount\tmin\tmax\tmean\tlast\na\t3\t-7.25\t1e+300\t";
  assert_memory_equal(out.text, expected, sizeof expected - 1);
  char *end;
  double mean = strtod(out.text + sizeof expected - 1, &end);
  assert_true(fabs(mean / (1e300 / 3) - 1) < 1e-15);
  assert_string_equal(end, "\tnan\n");
  int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (full >= 0) {
    assert_int_equal(session_summary(f.session, full, -1), ENOSPC);
    close(full);
  }
  stop(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_plain_case_holds_zero_and_then_the_value),
      cmocka_unit_test(what_is_on_its_way_is_not_painted_over),
      cmocka_unit_test(the_end_stops_the_scrolling),
      cmocka_unit_test(rows_without_a_clock_end_with_the_last_one),
      cmocka_unit_test(a_pause_keeps_the_view_and_the_samples),
      cmocka_unit_test(autoscale_looks_at_visible_channels),
      cmocka_unit_test(the_summary_reads_back_exactly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
