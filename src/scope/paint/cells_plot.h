/*
 * Traces in cells: each cell has four quarters, which a block character paints in one colour over another one. A column
 * of the plot is half a cell wide, a row half a cell high. Main thread.
 */
#ifndef SCOPE_CELLS_PLOT_H
#define SCOPE_CELLS_PLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/cells.h"
#include "scope/paint/rect.h"
#include "scope/paint/theme.h"
#include "scope/view/scene.h"

enum { CELLS_EACH = 2 }; /* columns in a cell, and rows */

/* Zeroed at first. */
struct cells_plot {
  int columns, rows; /* quarters */
  uint8_t *quarter;  /* for each: the channel to be seen there, counted from 1; 0: none */
};

void cells_plot_destroy(struct cells_plot *p);

/* Paints the traces of a pane over what stands in the cells of `place`. False: no memory. */
bool cells_plot_draw(struct cells_plot *p, struct cells *c, struct rect place, const struct theme *theme,
                     const struct scene *scene, int pane);

#endif
