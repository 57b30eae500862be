/*
 * A picture in memory and the few ways of painting on it: fill, blend, blend through a mask. The same code paints the
 * window and the PNG, and tests compare its pixels; it knows nothing of SDL.
 *
 * Pixels are 0x00RRGGBB in native byte order, rows from the top. Everything is clipped to the canvas. A canvas borrows
 * its pixels. Main thread.
 */
#ifndef SCOPE_CANVAS_H
#define SCOPE_CANVAS_H

#include <stdint.h>

#include "scope/paint/rect.h"

struct svg;

struct canvas {
  uint32_t *pixel;
  int width, height;
  int stride; /* pixels from one row to the next, >= width */

  /* Not NULL: there are no pixels, and what would be painted is drawn there as vectors. */
  struct svg *svg;
};

/* All of the canvas. */
struct rect canvas_rect(const struct canvas *c);

void canvas_fill(struct canvas *c, struct rect r, uint32_t colour);

/* Moves a pixel towards colour by alpha/255. */
void canvas_blend(struct canvas *c, int x, int y, uint32_t colour, int alpha);

/* A disc around the point x, y, within clip. */
void canvas_dot(struct canvas *c, double x, double y, double radius, uint32_t colour, struct rect clip);

/* Blends colour through a mask of w x h coverages (0..255), row by row `stride` bytes apart, within clip. */
void canvas_mask(struct canvas *c, int x, int y, const uint8_t *mask, int w, int h, int stride, uint32_t colour,
                 struct rect clip);

/* The colour alpha/255 (0..255) of the way from a to b, each of red, green and blue rounded to the nearest. */
uint32_t colour_mix(uint32_t a, uint32_t b, int alpha);

#endif
