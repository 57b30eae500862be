/*
 * Pictures as sixels (DEC's VT300 series, chapter 14 of its manual): six rows of pixels at a time, a colour after the
 * other. Appends to bytes that are sent later. Main thread.
 */
#ifndef SCOPE_SIXEL_H
#define SCOPE_SIXEL_H

#include "scope/paint/canvas.h"
#include "scope/paint/theme.h"
#include "scope/show/bytes.h"

enum { SIXEL_ROWS = 6, SIXEL_COLOURS_MAX = 256, SIXEL_CACHE = 4096 };

/* The colours of a theme and mixtures of them, as many as the terminal has registers for. */
struct sixel {
  int colours;
  uint32_t colour[SIXEL_COLOURS_MAX];
  struct {
    uint32_t pixel;  /* 1 more than it, 0: free */
    uint8_t nearest; /* its place in the palette */
  } cache[SIXEL_CACHE];
};

/* registers: 2 to SIXEL_COLOURS_MAX. */
void sixel_init(struct sixel *s, const struct theme *theme, int registers);

/* The part r of a canvas, from the cursor's cell on. Where the cursor is then differs from terminal to terminal. */
void sixel_show(struct sixel *s, struct bytes *out, const struct canvas *c, struct rect r);

#endif
