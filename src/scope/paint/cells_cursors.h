/*
 * The cursors on cells: their lines with a letter at the top of each, and the table of what is read out, under the plot: a
 * row a channel where all numbers fit, else a row a number in blocks, else the numbers that matter most. Main thread.
 */
#ifndef SCOPE_CELLS_CURSORS_H
#define SCOPE_CELLS_CURSORS_H

#include "scope/paint/cells.h"
#include "scope/paint/rect.h"
#include "scope/paint/theme.h"
#include "scope/paint/time_strip.h"
#include "scope/view/read_outs.h"
#include "scope/view/scene.h"

/* Where everything stands. */
struct cells_cursors {
  int rows; /* of all of it; 0: there are none */
  bool upright;
  int channels;            /* that are switched on */
  int name;                /* columns of the names */
  int blocks, each, block; /* upright: side by side, rows in one, columns of one */
  int count;               /* numbers that are shown: */
  enum read_out number[READ_OUTS];
};

/* Plans them for so many columns and at most so many rows. Pure. */
void cells_cursors_plan(struct cells_cursors *p, const struct scene *scene, int columns, int most);

/* The lines on a plot. */
void cells_cursors_draw(struct cells *c, const struct theme *theme, const struct scene *scene, struct rect plot);

/* The table, from row `top` on; a format for each channel. */
void cells_cursors_draw_table(const struct cells_cursors *p, struct cells *c, const struct theme *theme,
                              const struct scene *scene, const struct time_strip_ticks *times,
                              const struct figure_format *format, int top);

#endif
