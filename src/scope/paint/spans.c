#include "scope/paint/spans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  MANY = 16,         /* samples in a column, from which on their body is set apart */
  FAR_ROWS = 1 << 20 /* a value that is further off scale counts as that far: its row may not fit an integer */
};
static const double SMOOTH = 0.5; /* rows that a line may leave the way from edge to edge, and still is that way */
static const double PEAK = 4;     /* the same on one side only: the line has a peak there */

static const struct span nothing = {.from = SPANS_NOWHERE, .via = SPANS_NOWHERE, .to = SPANS_NOWHERE};

bool spans_resize(struct spans *s, int width, int height)
{
  spans_destroy(s);
  *s = (struct spans){.width = width, .height = height};
  s->span = malloc((size_t)width * sizeof *s->span);
  if (s->span)
    spans_clear(s);
  return s->span != NULL;
}

void spans_destroy(struct spans *s)
{
  free(s->span);
  *s = (struct spans){0};
}

void spans_clear(struct spans *s)
{
  for (int x = 0; x < s->width; x++)
    s->span[x] = nothing;
}

static double clamp(double value, double low, double high)
{
  return value < low ? low : value > high ? high : value;
}

/* A row in parts of a pixel, rounded to the nearest; NaN is nowhere. */
static int32_t parts(double row)
{
  if (row != row)
    return SPANS_NOWHERE;
  return (int32_t)lrint(clamp(row, -FAR_ROWS, FAR_ROWS) * SPANS_SUB);
}

/* Cuts off what lies above the first row or below the last one. */
static void set_bar(const struct spans *s, struct span *span, double top, double bottom)
{
  const double beyond = s->height + 1;
  span->top = parts(clamp(top, 0, beyond));
  span->bottom = parts(clamp(bottom, -1, s->height));
  span->body_top = span->top;
  span->body_bottom = span->bottom;
}

/* What turns values into rows: the positions of an axis, and these into rows. */
struct rows {
  const struct value_axis *axis;
  struct value_axis straight;
};

static double row_of(const struct rows *rows, double value)
{
  return value_axis_linear_row(&rows->straight, value_axis_position(rows->axis, value));
}

/* The bar of a column; its body is drawn strong where many samples lie in it. */
static void trace_bar(const struct spans *s, struct span *span, const struct column *c, const struct rows *rows,
                      double half)
{
  set_bar(s, span, row_of(rows, c->high) - half, row_of(rows, c->low) + half);
  if (c->count < MANY || !isfinite(c->sd))
    return;
  const double top = row_of(rows, fmin(c->mean + c->sd, c->high)) - half;
  const double bottom = row_of(rows, fmax(c->mean - c->sd, c->low)) + half;
  span->body_top = parts(clamp(top, 0, s->height + 1));
  span->body_bottom = parts(clamp(bottom, -1, s->height));
}

/* The stroke of a column, if the trace is a line in it; false when it is none. */
static bool trace_stroke(struct span *span, const struct column *c, const struct rows *rows, bool steps)
{
  const double from = row_of(rows, c->enter);
  const double to = row_of(rows, c->leave);
  if (c->count < 2) {
    if (steps || (c->enter != c->enter && c->leave != c->leave))
      return false;
    span->from = parts(from);
    span->to = parts(to);
    if (c->count == 1) {
      span->via = parts(row_of(rows, c->mean));
      span->at = (int16_t)clamp((double)c->at * SPANS_SUB, 0, SPANS_SUB);
    }
    return span_has_stroke(span);
  }
  if (from != from || to != to)
    return false;
  const double top = row_of(rows, c->high);
  const double bottom = row_of(rows, c->low);
  const double above = fmin(from, to) - top;
  const double below = bottom - fmax(from, to);
  const double most = c->count == 2 ? FAR_ROWS : PEAK;
  if (!(fmin(above, below) <= SMOOTH && fmax(above, below) <= most))
    return false;
  span->from = parts(from);
  span->to = parts(to);
  if (fmax(above, below) > SMOOTH) {
    span->via = parts(above > below ? top : bottom);
    span->at = SPANS_SUB / 2;
  }
  return true;
}

void spans_trace(struct spans *s, const struct column *columns, const struct value_axis *axis,
                 const struct spans_pen *pen)
{
  const double half = pen->thickness / 2;
  const struct rows rows = {.axis = axis, .straight = value_axis_straight(axis)};
  for (int x = 0; x < s->width; x++) {
    const struct column *c = &columns[x];
    struct span *span = &s->span[x];
    *span = nothing;
    if (!(c->low <= c->high)) /* there is no trace: both are NaN */
      continue;
    /* A level line is a bar as well, and a bar is cheaper. */
    const bool level = c->low == c->high && c->enter == c->leave;
    if (!pen->dots && !level && trace_stroke(span, c, &rows, pen->steps))
      continue;
    *span = nothing;
    trace_bar(s, span, c, &rows, half);
    span->sides = !pen->dots && c->count <= 2;
  }
}

/* Nothing is drawn in column x, or it lies outside. */
static bool empty(const struct spans *s, int x)
{
  return x < 0 || x >= s->width || (!span_has_bar(&s->span[x]) && !span_has_stroke(&s->span[x]));
}

void spans_show_isolated(struct spans *s, double size)
{
  const double radius = size / 2;
  const int reach = (int)ceil(radius) - 1;
  for (int x = 0; x < s->width; x++) {
    const struct span *span = &s->span[x];
    if (!span_has_bar(span) || !empty(s, x - 1) || !empty(s, x + 1) ||
        span->bottom - span->top >= (int32_t)(size * SPANS_SUB))
      continue;
    const double row = clamp((span->top + span->bottom) / 2.0 / SPANS_SUB, radius, s->height - radius);
    const int middle = (int)clamp(x, reach, s->width - 1 - reach);
    s->span[x] = nothing;
    for (int k = middle - reach; k <= middle + reach; k++) {
      if (k < 0 || k >= s->width || !empty(s, k))
        continue;
      const double half = sqrt(radius * radius - (double)((k - middle) * (k - middle)));
      set_bar(s, &s->span[k], row - half, row + half);
    }
    x = middle + reach + 1; /* these columns are covered now, and so the one after them no longer stands alone */
  }
}

/* Joins the bar of a neighbour, as it was before this pass, to the one of column x. */
static void join(struct span *span, const struct span *beside)
{
  if (!span_has_bar(beside))
    return;
  const bool none = !span_has_bar(span);
  span->top = none || beside->top < span->top ? beside->top : span->top;
  span->bottom = none || beside->bottom > span->bottom ? beside->bottom : span->bottom;
  span->body_top = none || beside->body_top < span->body_top ? beside->body_top : span->body_top;
  span->body_bottom = none || beside->body_bottom > span->body_bottom ? beside->body_bottom : span->body_bottom;
  span->sides = span->sides || beside->sides;
}

void spans_widen(struct spans *s, int radius)
{
  for (int pass = 0; pass < radius; pass++) {
    struct span left = nothing;
    for (int x = 0; x < s->width; x++) {
      const struct span own = s->span[x];
      join(&s->span[x], &left);
      if (x + 1 < s->width)
        join(&s->span[x], &s->span[x + 1]);
      left = own;
    }
  }
}

void spans_dash(struct spans *s, const int *dash, int64_t first, double most)
{
  int period = 0;
  for (int i = 0; dash[i]; i++)
    period += dash[i];
  int place = period ? (int)(first % period) : 0;
  place = place < 0 ? place + period : place;
  for (int x = 0; x < s->width && period; x++) {
    int i = 0;
    for (int rest = place; rest >= dash[i]; i++)
      rest -= dash[i];
    int from;
    int to;
    spans_rows(s, x, 0, &from, &to);
    if (i % 2 == 1 && to - from <= most)
      s->span[x] = nothing;
    place = place + 1 == period ? 0 : place + 1;
  }
}

void spans_rows(const struct spans *s, int x, double thickness, int *from, int *to)
{
  const struct span *span = &s->span[x];
  int32_t top = span->top < span->bottom ? span->top : INT32_MAX;
  int32_t bottom = span->top < span->bottom ? span->bottom : INT32_MIN;
  const int32_t half = (int32_t)(thickness / 2 * SPANS_SUB) + 1;
  const int32_t row[] = {span->from, span->via, span->to};
  for (int i = 0; i < 3 && span_has_stroke(span); i++) {
    if (row[i] == SPANS_NOWHERE)
      continue;
    top = row[i] - half < top ? row[i] - half : top;
    bottom = row[i] + half > bottom ? row[i] + half : bottom;
  }
  const int32_t most = s->height * SPANS_SUB;
  *from = (top < 0 ? 0 : top > most ? most : top) / SPANS_SUB;
  *to = ((bottom < 0 ? 0 : bottom > most ? most : bottom) + SPANS_SUB - 1) / SPANS_SUB;
}
