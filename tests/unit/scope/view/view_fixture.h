/* A view of a test's own, and where its columns are. */
#ifndef TESTS_VIEW_FIXTURE_H
#define TESTS_VIEW_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scope/view/view.h"

static const int64_t SECOND = 1000000000;
static const int64_t EPOCH_NS = 1767225600123456789;

static inline struct view new_view(int64_t origin, int64_t span)
{
  const struct view_config config = {
      .origin = origin, .span = span, .least = span ? 0 : SECOND, .low = -10, .high = 10};
  struct view v;
  view_init(&v, &config);
  return v;
}

static inline void resize(struct view *v, int columns)
{
  const struct scene_size size = {.columns = columns, .rows = {400}};
  view_resize(v, &size);
}

static inline int64_t begin_of(const struct view *v)
{
  return time_axis_begin(&v->time);
}

static inline int64_t end_of(const struct view *v)
{
  return time_axis_end(&v->time);
}

static inline int64_t width_of(const struct view *v)
{
  return end_of(v) - begin_of(v);
}

static inline void assert_same_time(const struct view *a, const struct view *b)
{
  assert_true(time_axis_same_columns(&a->time, &b->time));
  assert_int_equal(a->time.first, b->time.first);
  assert_int_equal(a->time.columns, b->time.columns);
}

#endif
