/* One channel's bars and strokes as pixels, in a tile of a few columns. Main thread. */
#ifndef SCOPE_PLOT_TILE_H
#define SCOPE_PLOT_TILE_H

#include "scope/paint/canvas.h"
#include "scope/paint/spans.h"

enum { PLOT_TILE = 16 /* columns, at most: vector code has them all at once */ };

/* What a trace is painted with. */
struct plot_pen {
  struct rect plot; /* on the canvas */
  uint32_t colour;
  double thickness;  /* of strokes, pixels */
  int side_quarters; /* how much of their neighbours the bars of steps cover */
  float *sum;        /* for stroke_cover */
  uint8_t *alpha;    /* likewise */
};

/* Paints a trace within r, in coordinates of the plot, over what is there. */
void plot_tile_paint(const struct plot_pen *p, const struct spans *s, struct canvas *c, struct rect r);

#endif
