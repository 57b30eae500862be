/*
 * The traces and the grid, painted on a canvas: only where they changed.
 *
 * For each pixel column and channel the plot knows which rows the trace covers, to 1/256 of a pixel, now and in the
 * frame before. What differs becomes damage, gathered in tiles of 16 columns; damage is painted anew from background
 * to top channel. A slow signal touches a few thousand pixels a frame, whatever the size of the window.
 *
 * Lines are anti-aliased: upwards by the fractional end pixels of each column's span, sideways by the halo. Coordinates are within the plot's rect.
 * No SDL; main thread.
 */
#ifndef SCOPE_PLOT_H
#define SCOPE_PLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/view/columns.h"

enum { PLOT_CHANNELS = 64 };

/* Rows covered in each column, in 1/256 pixel from the top; top >= bottom: none. */
struct plot_spans {
  int32_t *top, *bottom;
};

struct plot {
  struct rect rect; /* on the canvas */
  uint32_t background, grid_colour;
  int channels;
  uint32_t colour[PLOT_CHANNELS];
  bool
      halo; /* columns shine a quarter onto their neighbours: upright strokes are then 1.5 pixels wide, like level ones */

  /* This frame and the one before. */
  struct plot_spans now[PLOT_CHANNELS], before[PLOT_CHANNELS];
  uint8_t *grid_now, *grid_before; /* per column: a vertical grid line */
  uint8_t *grid_row;               /* per row: a horizontal grid line */
  bool everything;                 /* all is to be painted */
};

void plot_init(struct plot *p);
void plot_destroy(struct plot *p);

/* Sets the place; everything is then to be painted. False: no memory. */
bool plot_resize(struct plot *p, struct rect rect);

/* Everything is to be painted: colours, range or channels changed. */
void plot_invalidate(struct plot *p);

/* Starts a frame with so many channels: no vertical grid lines, spans as they were before; all are to be set. */
bool plot_begin(struct plot *p, int channels);

/* The trace of a channel, one column for each of the plot's; thickness in pixels. Hidden: columns NULL. */
void plot_trace(struct plot *p, int channel, const struct column *columns, double low, double high, double thickness);

/* Makes a span that stands alone (a sample between two gaps) a dot of `size` pixels: a line needs two ends to be seen. */
void plot_show_isolated(struct plot *p, int channel, double size);

/* Widens each span by `radius` columns to both sides: for points, and for lines of several pixels. */
void plot_widen(struct plot *p, int channel, int radius);

/* Row (0 at the top) of a value, for grid lines and labels. */
int plot_row(const struct plot *p, double value, double low, double high);

/* Horizontal grid lines: rows, count. Changing them needs plot_invalidate. */
void plot_grid_rows(struct plot *p, const int *rows, int count);
void plot_grid_column(struct plot *p, int column);

/* Paints what differs from the frame before; adds it to the damage, in canvas coordinates. */
void plot_paint(struct plot *p, struct canvas *c, struct damage *damage);

#endif
