/*
 * Under the panes: the labels of the time axis, and below them the strip that shows where in all of the history the view
 * lies. Main thread.
 */
#ifndef SCOPE_TIME_STRIP_H
#define SCOPE_TIME_STRIP_H

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/label.h"
#include "scope/paint/look.h"
#include "scope/view/scene.h"
#include "scope/view/ticks.h"

/* The ticks of the scene's time axis, in one of its three forms (enum scene_time). */
struct time_strip_ticks {
  struct time_ticks time; /* of times that count from `zero` */
  int64_t zero;
};

/* With as many labels as the columns have room for. */
void time_strip_choose_ticks(const struct look *look, const struct scene *scene, struct time_strip_ticks *ticks);

/* The column of tick i, from the left edge of the plot; it may lie outside. */
int64_t time_strip_column(const struct scene *scene, const struct time_strip_ticks *ticks, int i);

/* The label of tick i with its unit; empty for a time before the start. */
void time_strip_label(const struct scene *scene, const struct time_strip_ticks *ticks, int i,
                      char text[FIGURE_TEXT_MAX]);

/* A time as the axis would label it, as exact as it tells columns apart, and one digit more. */
void time_strip_moment(const struct scene *scene, const struct time_strip_ticks *ticks, int64_t time,
                       char text[FIGURE_TEXT_MAX]);

/* What is on the canvas. Zeroed at first. */
struct time_strip {
  struct label_row labels;
  struct rect thumb; /* of the strip */
  bool drawn;
};

/* The canvas lost it. */
void time_strip_forget(struct time_strip *strip);

/* Height of all of it, pixels. */
int time_strip_pixels(const struct look *look);

/* The place of the strip alone, under the lowest plot. */
struct rect time_strip_place(const struct look *look, struct rect plot);

/* Paints what changed, under the lowest plot. */
void time_strip_draw(struct time_strip *strip, const struct look *look, const struct scene *scene,
                     const struct time_strip_ticks *ticks, struct canvas *c, struct rect plot, struct damage *damage);

#endif
