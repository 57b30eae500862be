/* Ten seconds of live input in a hundred columns on a clock of a test's own, and the scene made of it. One thread. */
#ifndef TESTS_SCENE_FIXTURE_H
#define TESTS_SCENE_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scope/store/intake.h"
#include "scope/view/scene.h"
#include "scope/view/view.h"

enum { COLUMNS = 100, STREAMS_MAX = 128 };
static const int64_t SECOND = 1000000000;

struct fixture {
  struct stream *stream;
  struct intake *intake;
  struct view view;
  enum column_style style;
  struct scene scene;
  struct scene_columns columns;
  int64_t clock;
};

static inline int64_t fixture_clock(void *context)
{
  return ((struct fixture *)context)->clock;
}

/* A stream lives as long as the process: this keeps those of all tests reachable. */
static inline struct stream *new_stream(void)
{
  static struct stream *kept[STREAMS_MAX];
  static size_t n;
  assert_true(n < STREAMS_MAX);
  kept[n] = stream_new(256);
  assert_non_null(kept[n]);
  return kept[n++];
}

/* Ten seconds of live input in a hundred columns. */
static inline void start(struct fixture *f, bool initial_zero)
{
  const struct time_base base = {.kind = TIME_ARRIVAL};
  const struct view_config config = {.span = 10 * SECOND, .low = -10, .high = 10};
  const struct scene_size size = {.columns = COLUMNS, .rows = {50}};
  *f = (struct fixture){.stream = new_stream(), .style = COLUMN_STEP};
  f->intake = intake_new(f->stream, &base, (size_t)16 << 20, initial_zero);
  assert_non_null(f->intake);
  stream_arrival_end(f->stream); /* the reader's first word: nothing is on its way */
  view_init(&f->view, &config);
  view_resize(&f->view, &size);
}

static inline void stop(struct fixture *f)
{
  scene_columns_destroy(&f->columns);
  intake_free(f->intake);
}

/* A row as the reader would publish it. */
static inline void row(struct fixture *f, size_t channel, int64_t time, double value)
{
  static const struct stream_counts counts;
  f->clock = time;
  stream_arrival_begin(f->stream, fixture_clock, f);
  stream_put(f->stream, channel, &time, &value, 1);
  stream_publish(f->stream, &counts);
  stream_arrival_end(f->stream);
}

static inline void take(struct fixture *f, int64_t now)
{
  assert_true(intake_take(f->intake, INT64_MAX));
  intake_advance(f->intake, now);
}

/* A frame, without looking for what has come. */
static inline void build(struct fixture *f, bool numbers)
{
  const struct scene_source source = {.intake = f->intake, .view = &f->view, .style = f->style};
  view_advance(&f->view, intake_begin(f->intake), intake_edge(f->intake));
  assert_true(scene_build(&f->scene, &f->columns, &source, numbers));
}

static inline void frame(struct fixture *f, int64_t now, bool numbers)
{
  take(f, now);
  if (intake_ended(f->intake))
    view_settle(&f->view);
  build(f, numbers);
}

static inline bool shown_at(const struct fixture *f, int channel, int64_t time, double value)
{
  const int64_t k = time_axis_column(&f->scene.time, time) - f->scene.time.first;
  assert_true(k >= 0 && k < COLUMNS);
  const struct column *c = &f->scene.channel[channel].columns[k];
  return c->low <= value && c->high >= value;
}

static inline bool shows(const struct channel_scene *c, double last, double min, double max, double mean)
{
  return c->last == last && c->min == min && c->max == max && c->mean == mean;
}

static inline bool says_nothing(const struct channel_scene *c)
{
  return isnan(c->last) && isnan(c->min) && isnan(c->max) && isnan(c->mean);
}

#endif
