/* Two channels in a window, a sample a millisecond for four seconds, and a hand at keys and mouse that moves cursors. */
#ifndef TESTS_CURSORS_FIXTURE_H
#define TESTS_CURSORS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scope/controls.h"
#include "scope/copy.h"
#include "scope/cursor_controls.h"
#include "scope/frame.h"
#include "scope/settings.h"

enum { WIDTH = 900, HEIGHT = 600, SAMPLES = 4000 };
static const int64_t MILLISECOND = 1000000;
static const int64_t SECOND = 1000000000;

/* Two channels, a sample a millisecond for four seconds: a square wave of 5 Hz, above for 60 ms, and 1000 times the time. */
struct bench {
  struct stream *stream;
  struct intake *intake;
  struct settings settings;
  struct frame frame;
  struct controls controls;
  struct canvas canvas;
  int64_t now;
  const char *said;
  enum wish wish;
};

/* A stream lives as long as the process: this keeps those of all tests reachable. */
enum { STREAMS_MAX = 32 };
extern struct stream *all_streams[STREAMS_MAX];
struct stream *all_streams[STREAMS_MAX];
static int streams;

static inline int64_t bench_clock(void *context)
{
  return ((struct bench *)context)->now;
}

static inline double square(int64_t i)
{
  return i % 200 < 60 ? 3 : -1;
}

static inline void draw(struct bench *b)
{
  struct damage damage = {.count = 0};
  assert_true(intake_take(b->intake, INT64_MAX));
  intake_advance(b->intake, b->now);
  assert_true(frame_draw(&b->frame, &b->canvas, b->now, true, &damage));
}

static inline void feed(struct bench *b, int64_t from, int64_t to)
{
  static const struct stream_counts counts;
  stream_arrival_begin(b->stream, bench_clock, b);
  for (int64_t i = from; i < to; i++) {
    const int64_t time = i * MILLISECOND;
    const double value[] = {square(i), (double)i};
    stream_put(b->stream, 0, &time, &value[0], 1);
    stream_put(b->stream, 1, &time, &value[1], 1);
    if (i % 64 == 0) {
      stream_publish(b->stream, &counts);
      assert_true(intake_take(b->intake, INT64_MAX));
    }
  }
  stream_publish(b->stream, &counts);
  stream_arrival_end(b->stream);
  b->now = to * MILLISECOND;
}

static inline void start(struct bench *b, bool ended)
{
  const struct time_base base = {.kind = TIME_ARRIVAL};
  *b = (struct bench){.stream = stream_new(1024), .settings = settings_default};
  assert_true(streams < STREAMS_MAX);
  all_streams[streams++] = b->stream;
  b->settings.window_s = 4;
  b->intake = intake_new(b->stream, &base, (size_t)64 << 20, false);
  assert_non_null(b->intake);
  assert_int_equal(stream_channel_add(b->stream, "square"), 0);
  assert_int_equal(stream_channel_add(b->stream, "ramp"), 1);
  stream_arrival_end(b->stream);
  b->canvas = (struct canvas){.width = WIDTH, .height = HEIGHT, .stride = WIDTH};
  b->canvas.pixel = calloc((size_t)WIDTH * HEIGHT, sizeof *b->canvas.pixel);
  assert_non_null(b->canvas.pixel);
  frame_init(&b->frame, &b->settings, b->intake, NULL, 0);
  assert_true(frame_open(&b->frame, &b->settings, 1));
  controls_init(&b->controls, &b->frame);
  feed(b, 0, SAMPLES);
  if (ended)
    stream_end(b->stream, false);
  draw(b);
}

static inline void stop(struct bench *b)
{
  frame_destroy(&b->frame);
  intake_free(b->intake);
  free(b->canvas.pixel);
}

static inline void key(struct bench *b, int code, bool shift)
{
  const struct show_event event = {.kind = SHOW_KEY, .key = code, .shift = shift};
  bool changed;
  b->wish = controls_serve(&b->controls, &event, &changed, &b->said);
  draw(b);
}

static inline void type(struct bench *b, const char *text)
{
  for (; *text; text++)
    key(b, *text, false);
}

static inline void mouse(struct bench *b, enum show_event_kind kind, int x, int y)
{
  const struct show_event event = {.kind = kind, .x = x, .y = y, .button = BUTTON_LEFT, .moment_ns = b->now};
  bool changed;
  controls_serve(&b->controls, &event, &changed, &b->said);
  b->now += SECOND; /* no click is a double one */
  draw(b);
}

static inline void drag(struct bench *b, int x, int y, int to_x, int to_y)
{
  mouse(b, SHOW_MOVE, x, y);
  mouse(b, SHOW_PRESS, x, y);
  mouse(b, SHOW_MOVE, (x + to_x) / 2, (y + to_y) / 2);
  mouse(b, SHOW_MOVE, to_x, to_y);
  mouse(b, SHOW_RELEASE, to_x, to_y);
}

/* The left upper corner of the plot, found as the mouse finds it. */
static inline void find_plot(const struct bench *b, int *left, int *top)
{
  *left = *top = 0;
  for (int x = 0; x < WIDTH && *left == 0; x++)
    for (int y = 0; y < HEIGHT && *left == 0; y++)
      if (screen_pick(b->frame.screen, x, y).part == SCREEN_PLOT) {
        *left = x;
        *top = y;
      }
  assert_true(*left > 0 && *top > 0);
}

static const struct cursors *cursors(const struct bench *b)
{
  return &b->frame.view.cursors;
}

static inline void place(struct bench *b, int64_t first, int64_t second)
{
  if (!cursors(b)->on)
    key(b, 'c', false);
  b->frame.view.cursors.time[0] = first * MILLISECOND;
  b->frame.view.cursors.time[1] = second * MILLISECOND;
  draw(b);
}

#endif
