/*
 * The traces and the grid, painted on a canvas: only where they changed.
 *
 * For each channel the plot has the spans of this frame and of the one before. What differs becomes damage, gathered in
 * tiles of 16 columns; damage is painted anew from the background to the top channel. A slow signal touches a few
 * thousand pixels a frame, whatever the size of the window.
 *
 * Lines are anti-aliased: strokes by the share of each pixel that they cover (stroke.h), bars by the parts of a pixel at
 * their ends and, where they are steps, by their sides. Columns and rows are within the plot's rect. Main thread.
 */
#ifndef SCOPE_PLOT_H
#define SCOPE_PLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/spans.h"
#include "scope/view/scene.h"

struct plot {
  struct rect rect; /* on the canvas */
  uint32_t background, grid_colour;
  int channels;
  uint32_t colour[CHANNELS_MAX];
  double thickness; /* of strokes, pixels */
  /* How much of their neighbours the upright bars of steps cover, in quarters: an upright is as thick as a level line. */
  int side_quarters;

  /*
   * Limits: rows of pixels [0, inside_from) and [inside_to, ...) are those of what is outside, and traces have
   * limit_colour there. Lines stand at two rows, -1 for none. Changing them needs plot_invalidate.
   */
  uint32_t limit_colour;
  int inside_from, inside_to, limit_row[2];

  struct spans now[CHANNELS_MAX], before[CHANNELS_MAX]; /* of this frame, and of the one before */
  uint8_t *grid_now, *grid_before;                      /* per column: a vertical grid line */
  uint8_t *grid_row;                                    /* per row: a horizontal grid line */
  bool everything;                                      /* all is to be painted */

  float *sum;     /* for stroke_cover */
  uint8_t *alpha; /* likewise */
};

void plot_init(struct plot *p);
void plot_destroy(struct plot *p);

/* Sets the place, which has a pixel at least; everything is then to be painted. False: no memory. */
bool plot_resize(struct plot *p, struct rect rect);

/* Everything is to be painted: colours, range or channels changed. */
void plot_invalidate(struct plot *p);

/*
 * Starts a frame with so many channels. There are no vertical grid lines in it yet, and the spans `now` are leftovers:
 * each channel's are to be set before plot_paint. False: no memory.
 */
bool plot_begin(struct plot *p, int channels);

/* Where the horizontal grid lines are. Changing them needs plot_invalidate. */
void plot_grid_rows(struct plot *p, const int *rows, int count);

/* A vertical grid line in this frame; beyond the plot it is none. */
void plot_grid_column(struct plot *p, int64_t column);

/* Paints a place of this frame anew, in canvas coordinates: something else lay over it. Adds it to the damage. */
void plot_restore(const struct plot *p, struct canvas *c, struct rect place, struct damage *damage);

/* Paints what differs from the frame before; adds it to the damage, in canvas coordinates. */
void plot_paint(struct plot *p, struct canvas *c, struct damage *damage);

#endif
