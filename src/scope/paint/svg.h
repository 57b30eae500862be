/*
 * A picture as vectors: what a canvas would paint, as the elements of an SVG file. A canvas with an svg draws here (see
 * canvas.h), so that the picture is the same one: rectangles, real text, and each trace as paths with a few points for a
 * column of pixels. Main thread.
 */
#ifndef SCOPE_SVG_H
#define SCOPE_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/paint/rect.h"
#include "scope/paint/spans.h"

struct svg;

/* An empty picture of so many pixels. NULL: no memory. */
struct svg *svg_new(int width, int height);
void svg_free(struct svg *s); /* NULL is fine */

/* The file so far, ended; it stays the svg's. NULL: there was no memory for it. */
const char *svg_text_of(struct svg *s, size_t *length);

void svg_rect(struct svg *s, struct rect r, uint32_t colour);
void svg_dot(struct svg *s, double x, double y, double radius, uint32_t colour);

/* A line of UTF-8 from x on, `width` pixels long in the fonts of the window; letters `pixels` high (em). */
void svg_text(struct svg *s, int x, int baseline, int width, int pixels, const char *family, bool bold,
              const char *line, uint32_t colour);

/* A trace of a plot, as far as it lies within clip, drawn as plot.h paints it. */
void svg_trace(struct svg *s, const struct spans *spans, struct rect plot, struct rect clip, double thickness,
               int side_quarters, uint32_t colour);

#endif
