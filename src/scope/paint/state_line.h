/*
 * The line above the plot: title at the left; rejected lines, rate and state at the right. A notice takes its place, as a
 * bar, for as long as it is there. Main thread.
 */
#ifndef SCOPE_STATE_LINE_H
#define SCOPE_STATE_LINE_H

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/look.h"
#include "scope/view/scene.h"

/* What is on the canvas. Zeroed at first. */
struct state_line {
  char all[SCENE_NOTE_MAX +
           8 * SCENE_TEXT_MAX]; /* what the line says, one part after the other; empty: nothing is painted */
};

/* What else stands there. Never NULL. */
struct state_line_texts {
  const char *corner; /* over the labels of the value axis: what is to be added to them */
  const char *unit;   /* one that is too long for the axis */
  const char *note;   /* instead of all others but the state, which stays where there is room; "" for none */
};

/* The canvas lost it. */
void state_line_forget(struct state_line *line);

/* What the state is called, with all that belongs to it: "held, 12.3 s behind". */
void state_line_say(const struct scene *scene, char *text, size_t size);

/* Paints the line, at the top of the canvas, if it says anything else than before. */
void state_line_draw(struct state_line *line, const struct look *look, const struct scene *scene,
                     const struct state_line_texts *texts, struct canvas *c, struct rect plot, struct damage *damage);

#endif
