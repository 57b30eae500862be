/* The line above the plot: unit and title at the left; rejected lines, rate and state at the right. Main thread. */
#ifndef SCOPE_STATE_LINE_H
#define SCOPE_STATE_LINE_H

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/look.h"
#include "scope/view/scene.h"

/* What is on the canvas. Zeroed at first. */
struct state_line {
  char all[8 * SCENE_TEXT_MAX]; /* what the line says, one part after the other; empty: nothing is painted */
};

/* The canvas lost it. */
void state_line_forget(struct state_line *line);

/* Paints the line, at the top of the canvas, if it says anything else than before. */
void state_line_draw(struct state_line *line, const struct look *look, const struct scene *scene, struct canvas *c,
                     struct rect plot, struct damage *damage);

#endif
