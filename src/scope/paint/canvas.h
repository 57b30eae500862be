/*
 * A picture in memory and the few ways of painting on it: fill, blend a coverage mask. The same code paints the window
 * and the PNG, and tests compare its pixels; it knows nothing of SDL.
 *
 * Pixels are 0x00RRGGBB in native byte order, rows from the top. Everything is clipped to the canvas. A canvas borrows
 * its pixels. Main thread.
 */
#ifndef SCOPE_CANVAS_H
#define SCOPE_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

struct rect {
  int x, y, w, h; /* empty when w or h is <= 0 */
};

struct canvas {
  uint32_t *pixel;
  int width, height;
  int stride; /* pixels from one row to the next */
};

bool rect_empty(struct rect r);
struct rect rect_intersection(struct rect a, struct rect b);
struct rect rect_union(struct rect a, struct rect b); /* smallest around both; an empty one does not count */

void canvas_fill(struct canvas *c, struct rect r, uint32_t colour);

/* Moves a pixel towards colour by alpha/255. */
void canvas_blend(struct canvas *c, int x, int y, uint32_t colour, int alpha);

/* Blends colour through a mask of w x h coverages (0..255), row by row `stride` bytes apart, within clip. */
void canvas_mask(struct canvas *c, int x, int y, const uint8_t *mask, int w, int h, int stride, uint32_t colour,
                 struct rect clip);

/* The colour alpha/255 of the way from a to b. */
uint32_t colour_mix(uint32_t a, uint32_t b, int alpha);

/*
 * The parts of a canvas that were painted since the last present: a short list of rectangles, which may overlap.
 * When it overflows, a new one is joined to the one that grows least by it.
 */
enum { DAMAGE_MAX = 256 };

struct damage {
  struct rect rect[DAMAGE_MAX];
  int count;
};

void damage_add(struct damage *d, struct rect r);

#endif
