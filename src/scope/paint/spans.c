#include "scope/paint/spans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool spans_resize(struct spans *s, int width, int height)
{
  spans_destroy(s);
  *s = (struct spans){.width = width, .height = height};
  s->top = calloc((size_t)width, sizeof *s->top);
  s->bottom = calloc((size_t)width, sizeof *s->bottom);
  return s->top && s->bottom;
}

void spans_destroy(struct spans *s)
{
  free(s->top);
  free(s->bottom);
  *s = (struct spans){0};
}

void spans_clear(struct spans *s)
{
  memset(s->top, 0, (size_t)s->width * sizeof *s->top);
  memset(s->bottom, 0, (size_t)s->width * sizeof *s->bottom);
}

static bool covers(const struct spans *s, int x)
{
  return x >= 0 && x < s->width && s->top[x] < s->bottom[x];
}

/* Cuts off what lies above the first row or below the last one. */
static void set(struct spans *s, int x, int32_t top, int32_t bottom)
{
  s->top[x] = top < 0 ? 0 : top;
  s->bottom[x] = bottom > s->height * SPANS_SUB ? s->height * SPANS_SUB : bottom;
}

void spans_trace(struct spans *s, const struct column *columns, const struct value_axis *axis, double thickness)
{
  /* A value far off scale counts as one just off scale: its row may not fit an integer. */
  const double beyond = thickness + 1;
  const double half = thickness / 2;
  const int32_t offset = (int32_t)(4 * SPANS_SUB * beyond); /* more than any row is below 0: then a cast rounds down */
  for (int x = 0; x < s->width; x++) {
    double top = value_axis_row(axis, columns[x].high);
    double bottom = value_axis_row(axis, columns[x].low);
    if (!(top <= bottom)) { /* there is no trace: both are NaN */
      s->top[x] = s->bottom[x] = 0;
      continue;
    }
    top = fmin(fmax(top, -beyond), s->height + beyond) - half;
    bottom = fmin(fmax(bottom, -beyond), s->height + beyond) + half;
    set(s, x, (int32_t)(top * SPANS_SUB + 4 * SPANS_SUB * beyond) - offset,
        (int32_t)(bottom * SPANS_SUB + 4 * SPANS_SUB * beyond) - offset);
  }
}

void spans_show_isolated(struct spans *s, double size)
{
  const int32_t least = (int32_t)(size * SPANS_SUB);
  for (int x = 0; x < s->width; x++) {
    int32_t height = s->bottom[x] - s->top[x];
    if (!covers(s, x) || covers(s, x - 1) || covers(s, x + 1) || height >= least)
      continue;
    set(s, x, s->top[x] - (least - height) / 2, s->bottom[x] + (least - height) / 2);
    if (x > 0)
      set(s, x - 1, s->top[x], s->bottom[x]);
    if (x + 1 < s->width)
      set(s, x + 1, s->top[x], s->bottom[x]);
    x += 2; /* the next column is covered now, and so the one after it no longer stands alone */
  }
}

/* Joins the stretch that a neighbour covers to the one of column x. */
static void join(struct spans *s, int x, int32_t top, int32_t bottom)
{
  if (top >= bottom)
    return;
  bool none = s->top[x] >= s->bottom[x];
  s->top[x] = none || top < s->top[x] ? top : s->top[x];
  s->bottom[x] = none || bottom > s->bottom[x] ? bottom : s->bottom[x];
}

void spans_widen(struct spans *s, int radius)
{
  for (int pass = 0; pass < radius; pass++) {
    int32_t left_top = 0; /* of the column to the left, as it was before this pass */
    int32_t left_bottom = 0;
    for (int x = 0; x < s->width; x++) {
      int32_t top = s->top[x];
      int32_t bottom = s->bottom[x];
      join(s, x, left_top, left_bottom);
      if (x + 1 < s->width)
        join(s, x, s->top[x + 1], s->bottom[x + 1]);
      left_top = top;
      left_bottom = bottom;
    }
  }
}
