/* What the pointer reads out: the nearest sample of the nearest trace. Pure; main thread. */
#ifndef SCOPE_HOVER_H
#define SCOPE_HOVER_H

#include "scope/view/scene.h"

/*
 * Finds it for a pointer at column and row of a pane of a built scene. The trace is the one that passes nearest above or
 * below the pointer; of its samples the nearest in time, of several in one column the nearest in value. What is switched off
 * does not count.
 */
void hover_find(const struct scene *scene, const struct scene_source *from, int pane, int column, int row,
                struct hover_scene *out);

#endif
