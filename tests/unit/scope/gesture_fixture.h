/*
 * A view with data that flow on a virtual clock, and a mouse over it, without a screen: where a pixel lies is said by a
 * plain layout. For the tests of gestures. One channel, that of a model (view/trace_model.h), from the time 0 on.
 *
 * The plot is COLUMNS x ROWS pixels from (0, 0) on; left of it is its axis, under it the time axis (20 rows), the strip
 * (10 rows), and the legend, a channel every 10 rows.
 */
#ifndef TESTS_GESTURE_FIXTURE_H
#define TESTS_GESTURE_FIXTURE_H

#include <string.h>

#include "scope/gesture.h"
#include "scope/store/intake.h"
#include "scope/view/scene.h"
#include "scope/view/trace_model.h"
#include "scope/view/undo.h"

enum { COLUMNS = 200, ROWS = 100, STRIP_Y = ROWS + 20, LEGEND_Y = ROWS + 30, STREAMS_MAX = 512 };
static const int64_t SECOND = 1000000000;
static const int64_t MILLISECOND = 1000000;

struct bench {
  struct stream *stream;
  struct intake *intake;
  struct view view;
  struct undo undo;
  struct gesture gesture;
  struct scene scene;
  struct scene_columns columns;
  enum column_style style;
  struct model model;
  size_t fed;
  int64_t now;
  int x, y; /* of the pointer */
  bool shift, ctrl;
};

/* `n` samples, `each` ticks apart: a sawtooth. */
static inline struct model steady_model(size_t n, int64_t each)
{
  struct model m = {.n = n, .time = calloc(n + 1, sizeof *m.time), .value = calloc(n + 1, sizeof *m.value)};
  assert_true(m.time && m.value);
  for (size_t i = 0; i < n; i++) {
    m.time[i] = (int64_t)i * each;
    m.value[i] = (double)(i % 1000) / 100 - 5;
  }
  return m;
}

/* A stream lives as long as the process: this keeps those of all tests reachable. */
static inline struct stream *bench_stream(void)
{
  static struct stream *kept[STREAMS_MAX];
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(1024);
  assert_non_null(kept[n]);
  return kept[n++];
}

static inline int64_t bench_clock(void *context)
{
  return ((struct bench *)context)->now;
}

/* The model is taken over. */
static inline void bench_start(struct bench *b, struct model model, enum column_style style, int64_t span)
{
  const struct time_base base = {.kind = TIME_ARRIVAL};
  const struct view_config config = {.span = span, .least = SECOND, .low = -10, .high = 10};
  const struct scene_size size = {.columns = COLUMNS, .rows = {ROWS}, .ticks = {5}};
  *b = (struct bench){.stream = bench_stream(), .style = style, .model = model};
  b->intake = intake_new(b->stream, &base, (size_t)256 << 20, false);
  assert_non_null(b->intake);
  stream_arrival_end(b->stream);
  view_init(&b->view, &config);
  view_resize(&b->view, &size);
}

static inline void bench_stop(struct bench *b)
{
  scene_columns_destroy(&b->columns);
  intake_free(b->intake);
  model_destroy(&b->model);
}

/* Time passes: what the model has until then comes in, and a frame is built. */
static inline void bench_run(struct bench *b, int64_t ns)
{
  static const struct stream_counts counts;
  const struct scene_source source = {.intake = b->intake, .view = &b->view, .style = b->style};
  b->now += ns;
  while (b->fed < b->model.n && b->model.time[b->fed] < b->now) {
    size_t n = 0;
    while (n < 4096 && b->fed + n < b->model.n && b->model.time[b->fed + n] < b->now)
      n++;
    stream_arrival_begin(b->stream, bench_clock, b);
    stream_put(b->stream, 0, b->model.time + b->fed, b->model.value + b->fed, n);
    stream_publish(b->stream, &counts);
    stream_arrival_end(b->stream);
    b->fed += n;
    assert_true(intake_take(b->intake, INT64_MAX));
  }
  intake_advance(b->intake, b->now);
  if (intake_ended(b->intake))
    view_settle(&b->view);
  view_advance(&b->view, intake_begin(b->intake), intake_edge(b->intake));
  assert_true(scene_build(&b->scene, &b->columns, &source, true));
}

static inline struct gesture_place bench_place(int x, int y)
{
  struct screen_spot spot = {.part = SCREEN_NOTHING, .pane = -1, .channel = -1, .column = x, .row = y};
  if (y >= 0 && y < ROWS && x < COLUMNS) {
    spot.part = x < 0 ? SCREEN_VALUE_AXIS : SCREEN_PLOT;
    spot.pane = 0;
  } else if (y >= ROWS && y < STRIP_Y) {
    spot.part = SCREEN_TIME_AXIS;
  } else if (y >= STRIP_Y && y < LEGEND_Y) {
    spot.part = SCREEN_STRIP;
  } else if (y >= LEGEND_Y && y < LEGEND_Y + 20) {
    spot.part = SCREEN_LEGEND;
    spot.channel = (y - LEGEND_Y) / 10;
  }
  return (struct gesture_place){.spot = spot, .legend_scroll = 3};
}

static inline void bench_event(struct bench *b, struct show_event event)
{
  const struct gesture_place place = bench_place(b->x, b->y);
  event.x = b->x;
  event.y = b->y;
  event.shift = b->shift;
  event.ctrl = b->ctrl;
  event.moment_ns = b->now;
  gesture_serve(&b->gesture, &b->view, &b->undo, &event, &place);
}

static inline void bench_point(struct bench *b, int x, int y)
{
  b->x = x;
  b->y = y;
  bench_event(b, (struct show_event){.kind = SHOW_MOVE});
}

static inline void bench_press(struct bench *b, enum show_button button)
{
  bench_event(b, (struct show_event){.kind = SHOW_PRESS, .button = button});
}

static inline void bench_release(struct bench *b, enum show_button button)
{
  bench_event(b, (struct show_event){.kind = SHOW_RELEASE, .button = button});
}

static inline void bench_wheel(struct bench *b, double x, double y)
{
  bench_event(b, (struct show_event){.kind = SHOW_WHEEL, .wheel_x = x, .wheel_y = y});
}

static inline void bench_pinch(struct bench *b, enum show_pinch what, double apart)
{
  bench_event(b, (struct show_event){.kind = SHOW_PINCH, .pinch = what, .apart = apart});
}

static inline void bench_double_click(struct bench *b, int x, int y)
{
  bench_point(b, x, y);
  for (int i = 0; i < 2; i++) {
    bench_press(b, BUTTON_LEFT);
    bench_release(b, BUTTON_LEFT);
  }
}

static inline void bench_drag(struct bench *b, int x, int y, int to_x, int to_y)
{
  bench_point(b, x, y);
  bench_press(b, BUTTON_LEFT);
  bench_point(b, (x + to_x) / 2, (y + to_y) / 2);
  bench_point(b, to_x, to_y);
  bench_release(b, BUTTON_LEFT);
}

/* The scene's columns are those of the trace, worked out from what a trace is. */
static inline void bench_check_columns(struct bench *b)
{
  struct trace trace = trace_of(&b->model, b->fed, b->style);
  const struct time_axis *time = &b->scene.time;
  for (int k = 0; k < time->columns && b->scene.channels > 0; k++) {
    const struct column want = trace_column(&trace, time_axis_time(time, time->first + k),
                                            time_axis_time(time, time->first + k + 1), b->view.edge);
    const struct column *is = &b->scene.channel[0].columns[k];
    const double slack = b->style == COLUMN_LINE ? 1e-9 : 0;
    assert_true(is_gap(want.low) == is_gap(is->low));
    assert_true(is_gap(want.low) || fabs(want.low - is->low) <= slack);
    assert_true(is_gap(want.high) || fabs(want.high - is->high) <= slack);
  }
  trace_destroy(&trace);
}

#endif
