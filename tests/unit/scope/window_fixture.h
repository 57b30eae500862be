/*
 * All that a window has but the window: what comes in, view, scene, screen and canvas, keys and mouse, on a virtual
 * clock. For tests of what a person sees and does.
 */
#ifndef TESTS_WINDOW_FIXTURE_H
#define TESTS_WINDOW_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/controls.h"
#include "scope/frame.h"
#include "scope/settings.h"

enum { WINDOW_STREAMS_MAX = 256 };
static const int64_t SECOND = 1000000000;
static const int64_t MILLISECOND = 1000000;

struct window_fixture {
  struct stream *stream;
  struct intake *intake;
  struct settings settings;
  struct stream_counts counts;
  struct frame frame;
  struct controls controls;
  struct canvas canvas;
  struct damage damage; /* of the last frame */
  int64_t now;
  const char *said; /* by the last event */
  bool shift, ctrl; /* held down */
};

static inline int64_t window_clock(void *context)
{
  return ((struct window_fixture *)context)->now;
}

static inline struct canvas window_canvas_new(int width, int height)
{
  struct canvas c = {.width = width, .height = height, .stride = width};
  c.pixel = calloc((size_t)width * (size_t)height, sizeof *c.pixel);
  assert_non_null(c.pixel);
  return c;
}

static inline void window_start(struct window_fixture *w, const struct time_base *base, const struct settings *settings,
                                int width, int height)
{
  static struct stream *kept[WINDOW_STREAMS_MAX]; /* a stream lives as long as the process: all stay reachable */
  static size_t n;
  assert_true(n < WINDOW_STREAMS_MAX);
  memset(w, 0, sizeof *w);
  w->stream = kept[n++] = stream_new(1024);
  assert_non_null(w->stream);
  stream_arrival_end(w->stream); /* the reader's first word: nothing is on its way */
  w->settings = *settings;
  w->intake = intake_new(w->stream, base, (size_t)64 << 20, false);
  assert_non_null(w->intake);
  frame_init(&w->frame, &w->settings, w->intake, "standard input", 0);
  assert_true(frame_open(&w->frame, &w->settings, 1));
  controls_init(&w->controls, &w->frame);
  w->canvas = window_canvas_new(width, height);
}

static inline void window_stop(struct window_fixture *w)
{
  frame_destroy(&w->frame);
  intake_free(w->intake);
  free(w->canvas.pixel);
}

static inline void window_resize(struct window_fixture *w, int width, int height)
{
  free(w->canvas.pixel);
  w->canvas = window_canvas_new(width, height);
  screen_invalidate(w->frame.screen);
}

/* Samples of one channel, as the reader would publish them; `next` is what it says of those to come, without a clock. */
static inline void window_feed(struct window_fixture *w, size_t channel, const int64_t *time, const double *value,
                               size_t n, int64_t next)
{
  while (n > 0) {
    const size_t some = n < 4096 ? n : 4096;
    stream_arrival_begin(w->stream, window_clock, w);
    stream_put(w->stream, channel, time, value, some);
    w->counts.rows += some;
    w->counts.lines += some;
    stream_publish(w->stream, &w->counts);
    stream_arrival_end(w->stream);
    if (!time_base_runs(intake_time_base(w->intake)))
      stream_state_next(w->stream, some == n ? next : time[some]);
    assert_true(intake_take(w->intake, INT64_MAX));
    time += some;
    value += some;
    n -= some;
  }
}

static inline void window_row(struct window_fixture *w, size_t channel, double value)
{
  window_feed(w, channel, &w->now, &value, 1, w->now + 1);
}

static inline void window_draw(struct window_fixture *w)
{
  w->damage.count = 0;
  assert_true(intake_take(w->intake, INT64_MAX));
  intake_advance(w->intake, w->now);
  assert_true(frame_draw(&w->frame, &w->canvas, w->now, true, &w->damage));
}

static inline bool window_event(struct window_fixture *w, struct show_event event)
{
  bool changed;
  event.shift = event.shift || w->shift;
  event.ctrl = event.ctrl || w->ctrl;
  event.moment_ns = w->now;
  controls_serve(&w->controls, &event, &changed, &w->said);
  return changed;
}

static inline void window_key(struct window_fixture *w, int key)
{
  window_event(w, (struct show_event){.kind = SHOW_KEY, .key = key});
}

static inline void window_wheel(struct window_fixture *w, int x, int y, double steps)
{
  window_event(w, (struct show_event){.kind = SHOW_WHEEL, .x = x, .y = y, .wheel_y = steps});
}

static inline void window_drag(struct window_fixture *w, int x, int y, int to_x, int to_y)
{
  window_event(w, (struct show_event){.kind = SHOW_MOVE, .x = x, .y = y});
  window_event(w, (struct show_event){.kind = SHOW_PRESS, .button = BUTTON_LEFT, .x = x, .y = y});
  window_event(w, (struct show_event){.kind = SHOW_MOVE, .x = (x + to_x) / 2, .y = (y + to_y) / 2});
  window_event(w, (struct show_event){.kind = SHOW_MOVE, .x = to_x, .y = to_y});
  window_event(w, (struct show_event){.kind = SHOW_RELEASE, .button = BUTTON_LEFT, .x = to_x, .y = to_y});
}

/* The place of a pane's plot, found by asking for each place of the window. */
static inline struct rect window_plot(const struct window_fixture *w, int pane)
{
  struct rect all = {0};
  for (int y = 0; y < w->canvas.height; y++)
    for (int x = 0; x < w->canvas.width; x++) {
      const struct screen_spot spot = screen_pick(w->frame.screen, x, y);
      if (spot.part == SCREEN_PLOT && spot.pane == pane)
        all = rect_union(all, (struct rect){x, y, 1, 1});
    }
  return all;
}

static inline int window_count(const struct canvas *c, struct rect r, uint32_t colour)
{
  int count = 0;
  for (int y = r.y; y < r.y + r.h; y++)
    for (int x = r.x; x < r.x + r.w; x++)
      count += c->pixel[(long)y * c->stride + x] == colour;
  return count;
}

/* The canvas is what a frame without a past paints. */
static inline void window_check_fresh(struct window_fixture *w)
{
  struct screen *was = w->frame.screen;
  struct canvas shown = w->canvas;
  struct damage damage = {.count = 0};
  w->frame.screen = screen_new(w->settings.theme == THEME_LIGHT ? &theme_light : &theme_dark, 1);
  assert_non_null(w->frame.screen);
  w->canvas = window_canvas_new(shown.width, shown.height);
  assert_true(frame_draw(&w->frame, &w->canvas, w->now, false, &damage));
  assert_memory_equal(w->canvas.pixel, shown.pixel, (size_t)shown.width * (size_t)shown.height * sizeof *shown.pixel);
  screen_free(w->frame.screen);
  free(w->canvas.pixel);
  w->frame.screen = was;
  w->canvas = shown;
}

#endif
