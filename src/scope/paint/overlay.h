/* A panel over the plots: the list of keys, or one line of note. Main thread. */
#ifndef SCOPE_OVERLAY_H
#define SCOPE_OVERLAY_H

#include <stdbool.h>

#include "scope/paint/canvas.h"
#include "scope/paint/look.h"
#include "scope/view/scene.h"

/* What is on the canvas. Zeroed at first. */
struct overlay {
  const struct scene_help *help;
  bool noted;
  char note[SCENE_TEXT_MAX];
  struct rect place; /* of the panel; empty: there is none */
};

/* Takes over what the scene wants to be read. True when that is not what is on the canvas. */
bool overlay_update(struct overlay *o, const struct scene *scene);

/* Paints the panel, if there is to be one, in the middle of the plots; its place is o->place then. */
void overlay_draw(struct overlay *o, const struct look *look, struct canvas *c, struct rect plots);

#endif
