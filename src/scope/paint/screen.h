/*
 * The whole picture: panes, axes, legend, state line, help. Takes a scene (what is to be seen) and brings a canvas from
 * the scene before to this one, painting only what differs. The picture depends on the scene and the size alone, never
 * on what was painted before.
 *
 * A frame is: screen_layout, scene_build for the size it tells, screen_layout again, as range, channels and numbers are
 * other ones now (and scene_build again if it tells another size), screen_draw. Main thread.
 */
#ifndef SCOPE_SCREEN_H
#define SCOPE_SCREEN_H

#include <stdbool.h>

#include "scope/paint/canvas.h"
#include "scope/paint/cursor_marks.h"
#include "scope/paint/damage.h"
#include "scope/paint/theme.h"
#include "scope/view/scene.h"

struct screen;

/* scale: pixels to a pixel of a 96 dpi display. NULL after a message. */
struct screen *screen_new(const struct theme *theme, double scale);
void screen_free(struct screen *s); /* NULL is fine */

/*
 * Lays the scene out on width x height pixels and tells how many columns and rows the plots have, each at least 1. Of
 * the scene it looks at the panes' ranges, and the legend's names and numbers. Cheap when nothing changed. False: out of
 * memory.
 */
bool screen_layout(struct screen *s, int width, int height, const struct scene *scene, struct scene_size *size);

/* The canvas lost what was painted on it: the next screen_draw paints everything. */
void screen_invalidate(struct screen *s);

/*
 * Paints the scene that was laid out, on a canvas of the size that it was laid out for; adds what it touched to the
 * damage. The scene's time axis has the columns that screen_layout told. False: out of memory.
 */
bool screen_draw(struct screen *s, struct canvas *c, const struct scene *scene, struct damage *damage);

/* What there is at a place of the window. */
enum screen_part {
  SCREEN_NOTHING,
  SCREEN_PLOT,
  SCREEN_VALUE_AXIS,
  SCREEN_TIME_AXIS,
  SCREEN_STRIP, /* of all the history: as wide as the plot, column 0 is its begin */
  SCREEN_LEGEND,
  SCREEN_TRIGGER, /* the handle of its level, on the value axis of its pane */
};

struct screen_spot {
  enum screen_part part;
  int pane;                /* of the scene, for SCREEN_PLOT, SCREEN_VALUE_AXIS and SCREEN_TRIGGER; else -1 */
  int channel;             /* SCREEN_LEGEND; else -1 */
  enum cursor_part cursor; /* SCREEN_PLOT; else CURSOR_NONE */
  int column, row; /* from the top left corner of the pane (of the lowest one); outside of it for what is no plot */
};

/* Part, pane, column and row at x, y, as laid out last. */
struct screen_spot screen_pick(const struct screen *s, int x, int y);

/* How far the legend can be scrolled, in rows, as laid out last: 0 where all of it is seen. */
int screen_legend_scroll(const struct screen *s);

#endif
