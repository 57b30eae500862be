/* The strip under the panes: the labels of the time axis, and left of them what it counts in. Main thread. */
#ifndef SCOPE_TIME_STRIP_H
#define SCOPE_TIME_STRIP_H

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/label.h"
#include "scope/paint/look.h"
#include "scope/view/scene.h"
#include "scope/view/ticks.h"

/* What is on the canvas. Zeroed at first. */
struct time_strip {
  struct label unit;
  struct label_row labels;
};

/* The ticks of the scene's time axis, with as many labels as its columns have room for. */
void time_strip_choose_ticks(const struct look *look, const struct scene *scene, struct time_ticks *ticks);

/* The canvas lost it. */
void time_strip_forget(struct time_strip *strip);

/* Paints what changed, under the lowest plot. */
void time_strip_draw(struct time_strip *strip, const struct look *look, const struct scene *scene,
                     const struct time_ticks *ticks, struct canvas *c, struct rect plot, struct damage *damage);

#endif
