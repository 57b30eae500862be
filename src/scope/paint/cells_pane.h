/*
 * One pane in the cells of a terminal, but for its traces (cells_plot.h): axis, labels and grid under them, marks and
 * name over them. Main thread.
 */
#ifndef SCOPE_CELLS_PANE_H
#define SCOPE_CELLS_PANE_H

#include <stdbool.h>

#include "scope/paint/cells.h"
#include "scope/paint/rect.h"
#include "scope/paint/theme.h"
#include "scope/paint/time_strip.h"
#include "scope/view/scene.h"
#include "scope/view/ticks.h"

/* Where its name stands: nowhere, as there is but one; in a line above it; or where others have their figures. */
enum cells_pane_name { CELLS_PANE_NO_NAME, CELLS_PANE_ABOVE, CELLS_PANE_BESIDE };

/* As laid out, in cells. */
struct cells_pane {
  int index; /* in the scene */
  struct rect plot;
  struct value_ticks ticks;
};

/* What all panes of a screen are drawn with. */
struct cells_pane_look {
  const struct theme *theme;
  const struct time_strip_ticks *times;
  bool text; /* there are labels */
  enum cells_pane_name name_place;
};

/* Columns that the widest label needs, or the name where it stands beside the pane. */
int cells_pane_label_width(const struct cells_pane *pane, const struct scene *scene, enum cells_pane_name name_place);

/* What lies under the traces, and over them. */
void cells_pane_draw_axis(const struct cells_pane *pane, struct cells *c, const struct scene *scene,
                          const struct cells_pane_look *how);
void cells_pane_draw_marks(const struct cells_pane *pane, struct cells *c, const struct scene *scene,
                           const struct cells_pane_look *how);

#endif
