/*
 * The geometry of a trace: for each pixel column the stretch of rows that the trace covers there, to 1/256 of a pixel.
 * What is to be seen is decided here, in numbers; plot.h only turns the numbers into pixels. Values become rows by the
 * pane's value axis, and by nothing else. Pure but for the memory; main thread.
 */
#ifndef SCOPE_SPANS_H
#define SCOPE_SPANS_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/view/columns.h"
#include "scope/view/value_axis.h"

enum { SPANS_SUB = 256 }; /* parts of a pixel */

/*
 * Column x is covered from top[x] down to bottom[x], in 1/256 pixel from the upper edge of row 0; it is not covered
 * where top[x] >= bottom[x]. What is covered lies within 0 .. height * SPANS_SUB. Zeroed at first.
 */
struct spans {
  int width, height; /* pixels */
  int32_t *top, *bottom;
};

/* Makes room, and covers nothing. False: no memory; spans_destroy is to be called all the same. */
bool spans_resize(struct spans *s, int width, int height);
void spans_destroy(struct spans *s);

/* Covers nothing. */
void spans_clear(struct spans *s);

/* Covers what `width` columns cover on an axis of `height` rows, with a stroke `thickness` pixels high. */
void spans_trace(struct spans *s, const struct column *columns, const struct value_axis *axis, double thickness);

/*
 * Makes a dot of `size` pixels, three columns wide, of each span that stands alone (a sample between two gaps): a line
 * needs two ends to be seen.
 */
void spans_show_isolated(struct spans *s, double size);

/* Lets each span cover `radius` columns to both sides as well: for points, and for lines of several pixels. */
void spans_widen(struct spans *s, int radius);

#endif
