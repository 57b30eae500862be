/*
 * The whole picture in the cells of a terminal: what screen.h is to pixels. It takes the same scene; axes, legend and
 * state line are real text, the traces quarters of blocks (cells_plot.h). Everything is painted for each frame: there is
 * little of it, and whoever sends it knows what the terminal has already. Main thread.
 */
#ifndef SCOPE_CELLS_SCREEN_H
#define SCOPE_CELLS_SCREEN_H

#include <stdbool.h>

#include "scope/paint/cells.h"
#include "scope/paint/theme.h"
#include "scope/view/scene.h"

struct cells_screen;

struct cells_screen *cells_screen_new(const struct theme *theme); /* NULL: no memory */
void cells_screen_free(struct cells_screen *s);                   /* NULL is fine */

/* Lays the scene out on columns x rows cells, both >= 1, and tells how many columns and rows the plots have. */
void cells_screen_layout(struct cells_screen *s, int columns, int rows, const struct scene *scene,
                         struct scene_size *size);

/* Paints the scene that was laid out, on so many cells. False: no memory. */
bool cells_screen_draw(struct cells_screen *s, struct cells *c, const struct scene *scene);

#endif
