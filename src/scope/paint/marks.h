/*
 * What lies over a pane's traces: the cursors, marks of what is off scale, the read-out at the pointer with the samples as
 * dots, a box that is being dragged. What is under it is painted anew whenever any of it changes. Main thread.
 */
#ifndef SCOPE_MARKS_H
#define SCOPE_MARKS_H

#include <stdbool.h>

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/legend.h"
#include "scope/paint/look.h"
#include "scope/paint/mark_list.h"
#include "scope/paint/plot.h"
#include "scope/paint/time_strip.h"
#include "scope/view/scene.h"

/* What is on the canvas, and what is to be. Zeroed at first. */
struct marks {
  struct marks_list now, before;
};

/* The canvas lost it. */
void marks_forget(struct marks *m);

/* Takes over what the scene has for pane number `index`, whose plot lies at `plot`. */
void marks_set(struct marks *m, const struct look *look, const struct scene *scene, int index, struct rect plot,
               const struct legend_numbers *numbers, const struct time_strip_ticks *ticks);

/* Where the handle of a trigger's level can be taken hold of, when the level lies in this row of the plot. */
struct rect marks_handle(const struct look *look, struct rect plot, int row);

/* What the pane is called, at its upper left corner; after marks_set. */
void marks_add_title(struct marks *m, const struct look *look, struct rect plot, const char *text, uint32_t colour);

/* Paints them over the plot, if they changed or the plot painted over them: damage from number `first` on. */
void marks_draw(struct marks *m, const struct look *look, const struct plot *plot, struct canvas *c, int first,
                struct damage *damage);

#endif
