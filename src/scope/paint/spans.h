/*
 * The geometry of a trace: for each pixel column what the trace covers there, to 1/256 of a pixel. What is to be seen is
 * decided here, in numbers; plot.h only turns the numbers into pixels. Values become rows by the pane's value axis, and
 * by nothing else. Pure but for the memory; main thread.
 */
#ifndef SCOPE_SPANS_H
#define SCOPE_SPANS_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/view/columns.h"
#include "scope/view/value_axis.h"

enum {
  SPANS_SUB = 256,           /* parts of a pixel */
  SPANS_NOWHERE = INT32_MIN, /* no row */
};

/*
 * What a trace does in a column, in 1/256 pixel from the upper edge of row 0. It has a bar, a stroke, both or neither.
 *
 * The bar fills the column from top down to bottom, which lie within 0 .. height * SPANS_SUB; there is none where top >=
 * bottom. Between body_top and body_bottom it is drawn strong: where many samples lie in the column that is around their
 * mean, else all of it. A step's upright bar is as wide as its line is thick: it has sides, which the plot adds.
 *
 * The stroke is the middle of a line, from the row at the left edge of the column over `via`, which lies `at` parts of
 * the column from its left edge, to the row at the right edge. Each of the three may be nowhere; one alone is no stroke.
 */
struct span {
  int32_t top, bottom, body_top, body_bottom;
  int32_t from, via, to;
  int16_t at, sides;
};

/* Zeroed at first. */
struct spans {
  int width, height; /* pixels */
  struct span *span;
};

/* How traces are drawn. */
struct spans_pen {
  double thickness;
  bool steps; /* values hold: a sample is an upright stroke */
  bool dots;  /* samples alone */
};

/* Makes room, and covers nothing. False: no memory; spans_destroy is to be called all the same. */
bool spans_resize(struct spans *s, int width, int height);
void spans_destroy(struct spans *s);

/* Covers nothing. */
void spans_clear(struct spans *s);

/* Covers what `width` columns cover on an axis of `height` rows. */
void spans_trace(struct spans *s, const struct column *columns, const struct value_axis *axis,
                 const struct spans_pen *pen);

/*
 * Makes a round dot of `size` pixels of what stands alone (a sample between two gaps): a line needs two ends to be seen.
 * The dot lies within the plot, also where the sample is on its edge.
 */
void spans_show_isolated(struct spans *s, double size);

/* Lets each bar cover `radius` columns to both sides as well: for points, and for lines of several pixels. */
void spans_widen(struct spans *s, int radius);

/*
 * Breaks the trace into dashes. `dash` has lengths in columns, one drawn, one not, and so on over and over, ended by 0;
 * `first` is the number of the leftmost column, to which dashes are anchored. What is higher than `most` pixels in a
 * column stays: no spike falls into a gap.
 */
void spans_dash(struct spans *s, const int *dash, int64_t first, double most);

/* The rows of a column that its own bar and stroke may touch, as [*from, *to) in whole pixels; empty: from >= to. */
void spans_rows(const struct spans *s, int x, double thickness, int *from, int *to);

static inline bool span_has_bar(const struct span *s)
{
  return s->top < s->bottom;
}

static inline bool span_has_stroke(const struct span *s)
{
  return (s->from != SPANS_NOWHERE) + (s->via != SPANS_NOWHERE) + (s->to != SPANS_NOWHERE) > 1;
}

#endif
