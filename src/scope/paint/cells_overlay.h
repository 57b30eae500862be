/* What lies over a picture of cells, in its middle: the list of keys, or why there is nothing to be seen. Main thread. */
#ifndef SCOPE_CELLS_OVERLAY_H
#define SCOPE_CELLS_OVERLAY_H

#include "scope/paint/cells.h"
#include "scope/paint/theme.h"
#include "scope/view/scene.h"

void cells_overlay_draw(struct cells *c, const struct theme *theme, const struct scene *scene);

#endif
