/*
 * What a trace is, written down once more and apart from the code under test: a set of points in time and value, as a
 * list of pieces, and what a column shows of it. Slow and plain. For the tests of columns and their cache.
 *
 * Step: a sample's value holds from its time until the next sample, the last one's without end; where it changes there
 * is a vertical stroke at the sample's time. Line: a straight line from each sample to the next. Points: the samples.
 * Gaps have no points, and nothing leads to them or away from them. The value that a channel holds before its first
 * sample (the initial one) holds like a sample's, and a line leads from it to the first sample; it is no sample itself.
 *
 * A column shows the points of the trace with begin <= time < end, or < edge where that is sooner; and since what it
 * paints is as wide as a pixel, also where the trace is heading as it comes to the end. It is entered where a piece that
 * began before leads to its begin, and left where a piece leads on from within to its end, or to the edge.
 */
#ifndef TESTS_TRACE_MODEL_H
#define TESTS_TRACE_MODEL_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "scope/view/columns.h"

/* All that one channel was given. */
struct model {
  size_t n;
  int64_t *time;
  double *value;
  bool has_initial;
  struct history_sample initial;
};

/* A straight piece of a trace, both ends with it. Of all pieces in their order neither begins nor ends ever go back. */
struct piece {
  int64_t from, to;
  double value_from, value_to;
};

struct trace {
  size_t n;
  struct piece *piece;
};

static inline bool is_gap(double v)
{
  return v != v;
}

static inline bool same(double a, double b)
{
  return a == b || (is_gap(a) && is_gap(b));
}

/* Samples on a grid of `quantum` ticks, so that they often lie exactly where a column begins. */
static inline struct model random_model(struct random *r, size_t n, int64_t start, int64_t quantum)
{
  struct model m = {.n = n, .time = calloc(n + 1, sizeof *m.time), .value = calloc(n + 1, sizeof *m.value)};
  assert_true(m.time && m.value);
  const uint64_t gaps = random_once_in(r, 2) ? 20 : 3;
  int64_t t = start;
  for (size_t i = 0; i < n; i++) {
    if (!random_once_in(r, 4)) /* else at the same time as the one before */
      t += quantum * random_between(r, 0, random_once_in(r, 50) ? 2000 : 20);
    m.time[i] = t;
    m.value[i] = random_once_in(r, gaps) ? (double)NAN : random_once_in(r, 10) ? 1 : random_unit(r) * 20 - 10;
  }
  m.has_initial = random_once_in(r, 2);
  m.initial = (struct history_sample){.time = start - quantum * random_between(r, 0, 300), .value = 0.25};
  return m;
}

static inline void model_destroy(struct model *m)
{
  free(m->time);
  free(m->value);
}

/* A history that was given the first n samples. */
static inline struct history *history_of(const struct model *m, size_t n)
{
  struct history *h = history_new((size_t)64 << 20);
  assert_non_null(h);
  if (m->has_initial)
    history_set_initial(h, 0, m->initial);
  assert_true(history_append(h, 0, m->time, m->value, n));
  return h;
}

static inline void trace_add(struct trace *t, int64_t from, double value_from, int64_t to, double value_to)
{
  if (!is_gap(value_from) && !is_gap(value_to))
    t->piece[t->n++] = (struct piece){from, to, value_from, value_to};
}

static inline struct trace trace_of(const struct model *m, size_t n, enum column_style style)
{
  struct trace t = {.piece = calloc(2 * n + 2, sizeof *t.piece)};
  assert_non_null(t.piece);
  double before = (double)NAN; /* the value that comes to a sample from the left */
  int64_t since = 0;
  if (m->has_initial && style != COLUMN_POINTS) {
    before = m->initial.value;
    since = m->initial.time;
    if (style == COLUMN_STEP)
      trace_add(&t, since, before, n ? m->time[0] : INT64_MAX, before);
  }
  for (size_t i = 0; i < n; i++) {
    const double v = m->value[i];
    if (style == COLUMN_LINE)
      trace_add(&t, since, before, m->time[i], v);
    trace_add(&t, m->time[i], style == COLUMN_STEP && !is_gap(before) ? before : v, m->time[i], v);
    if (style == COLUMN_STEP)
      trace_add(&t, m->time[i], v, i + 1 < n ? m->time[i + 1] : INT64_MAX, v);
    before = v;
    since = m->time[i];
  }
  return t;
}

static inline void trace_destroy(struct trace *t)
{
  free(t->piece);
}

static inline void column_show(struct column *c, double v)
{
  c->low = is_gap(c->low) || v < c->low ? v : c->low;
  c->high = is_gap(c->high) || v > c->high ? v : c->high;
}

static inline double piece_at(const struct piece *p, int64_t t)
{
  if (t == p->from || t == p->to)
    return t == p->from ? p->value_from : p->value_to;
  const long double part = ((long double)t - p->from) / ((long double)p->to - p->from);
  return (double)(p->value_from + part * ((long double)p->value_to - p->value_from));
}

/* The first piece that ends at t or later. */
static inline size_t trace_find(const struct trace *t, int64_t time)
{
  size_t low = 0;
  size_t high = t->n;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (t->piece[middle].to >= time)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* What the column [begin, end) shows. */
static inline struct column trace_column(const struct trace *t, int64_t begin, int64_t end, int64_t edge)
{
  const double nothing = (double)NAN;
  struct column c = {.low = nothing, .high = nothing, .enter = nothing, .leave = nothing};
  end = end < edge ? end : edge;
  for (size_t i = trace_find(t, begin); i < t->n && t->piece[i].from < end; i++) {
    const struct piece *p = &t->piece[i];
    if (p->from < begin && begin <= p->to && begin < end)
      c.enter = piece_at(p, begin);
    if (p->from < end && end <= p->to && begin < end)
      c.leave = piece_at(p, end);
    if (p->from == p->to) { /* a stroke, or a point */
      column_show(&c, p->value_from);
      column_show(&c, p->value_to);
    } else if (begin < end) {
      column_show(&c, piece_at(p, p->from > begin ? p->from : begin));
      column_show(&c, piece_at(p, p->to < end ? p->to : end));
    }
  }
  return c;
}

#endif
