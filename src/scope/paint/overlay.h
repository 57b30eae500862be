/* A panel over the plots: the list of keys, or why there is nothing to be seen. Main thread. */
#ifndef SCOPE_OVERLAY_H
#define SCOPE_OVERLAY_H

#include <stdbool.h>

#include "scope/paint/canvas.h"
#include "scope/paint/help_list.h"
#include "scope/paint/look.h"
#include "scope/view/scene.h"

/* What is on the canvas. Zeroed at first. */
struct overlay {
  const struct scene_help *help;
  bool noted;
  char note[SCENE_NOTE_MAX];
  struct rect place; /* of the panel; empty: there is none */
  struct help_letters letters;
};

void overlay_destroy(struct overlay *o);

/*
 * Takes over the list of keys, and a note for the middle of an empty plot ("": none). True when that is not what is on
 * the canvas.
 */
bool overlay_update(struct overlay *o, const struct scene *scene, const char *note);

/* Paints the panel, if there is to be one, in the middle of the plots; its place is o->place then. */
void overlay_draw(struct overlay *o, const struct look *look, struct canvas *c, struct rect plots);

#endif
