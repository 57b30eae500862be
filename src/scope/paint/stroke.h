/*
 * How much of each pixel of a column the strokes of a trace cover: the area, exact but for rounding, at every slope. A
 * stroke is a chain of rectangles, cut off square where it ends; what they cover twice at a bend counts twice, up to
 * all of the pixel. Pure.
 */
#ifndef SCOPE_STROKE_H
#define SCOPE_STROKE_H

#include <stdint.h>

#include "scope/paint/spans.h"

/* How many columns to each side a stroke of this thickness may reach. */
int stroke_reach(double thickness);

/*
 * Coverage (0..255) of the rows from *from on of column x, by its own strokes and by those that reach into it; the number
 * of rows. It depends on the spans alone, not on what is to be painted of it. sum: height + 2 floats, all 0 before and
 * after; alpha: height bytes.
 */
int stroke_cover(const struct spans *s, int x, double thickness, float *sum, uint8_t *alpha, int *from);

#endif
