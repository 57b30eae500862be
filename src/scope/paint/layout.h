/*
 * Where everything of the picture stands, in pixels of the canvas: the line of state, panes under each other, the strip
 * of times under the lowest, and under that the table of the cursors and the legend. A function of scene and size; what
 * was painted before does not count. Main thread.
 */
#ifndef SCOPE_LAYOUT_H
#define SCOPE_LAYOUT_H

#include <stdbool.h>

#include "scope/paint/cursor_table.h"
#include "scope/paint/legend.h"
#include "scope/paint/look.h"
#include "scope/paint/rect.h"
#include "scope/view/scene.h"
#include "scope/view/ticks.h"
#include "scope/view/value_axis.h"

enum { PANE_TITLE_MAX = 64 /* bytes of what a pane is called */ };

/* Of panes there are those that have a place, from the top. */
struct layout {
  int width, height;
  bool state_line; /* there is room for it */
  int panes;
  int gap; /* pixels between panes; 0 where there is one, or none to give away */
  struct pane_layout {
    int index; /* in the scene */
    struct rect plot;
    struct value_axis axis;
    struct value_ticks ticks;
    const char *unit;           /* at the axis, or none: "" */
    char title[PANE_TITLE_MAX]; /* "": there is but one pane, and it needs none */
  } pane[SCENE_PANES_MAX];
  struct legend_plan legend;
  struct cursor_plan cursors;
  struct rect
      table_place; /* of the cursors' table, under the strip of times; it and the legend reach to the right edge */
  struct rect legend_place; /* under that; no height: there is none */
};

/*
 * Lays out width x height pixels, each at least 1. Every pane that is shown gets a plot within them, of at least a
 * pixel. The look is fitted to the size, the numbers are the scene's (legend_write_numbers); the table of the cursors is
 * written and planned, as the room that it takes depends on its texts. Units are borrowed from the scene.
 */
void layout_plan(struct layout *l, int width, int height, const struct look *look, const struct scene *scene,
                 const struct legend_numbers *numbers, struct cursor_table *table);

/* Nothing has moved, and what stands at the axes is the same. */
bool layout_equal(const struct layout *a, const struct layout *b);

/* The plot over the strip of times; there is one. */
struct rect layout_lowest_plot(const struct layout *l);

/* All that lies in a plot or between two. */
struct rect layout_all_plots(const struct layout *l);

/* A pane so low among others that it has its name where these have their figures. */
bool layout_titled_beside(const struct layout *l, const struct look *look, const struct pane_layout *pane);

#endif
