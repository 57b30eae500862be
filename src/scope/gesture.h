/*
 * The mouse: presses, movements, wheel, pinches and their modifiers become calls of the view. Pure: where something lies
 * comes as a spot (paint/screen.h), moments come with the events, so that a script of gestures needs neither screen nor
 * clock.
 *
 * What a drag does is decided where it begins, and kept until the button is released, wherever the pointer goes. It
 * begins when the pointer has moved by a few pixels: a click never moves a view. A drag is one step of undo, and so
 * is a pinch, which is served as a drag without a button.
 */
#ifndef SCOPE_GESTURE_H
#define SCOPE_GESTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/screen.h"
#include "scope/show/event.h"
#include "scope/view/scene.h"
#include "scope/view/undo.h"
#include "scope/view/view.h"

/* What the mouse drags, or two fingers pinch. */
enum gesture_drag {
  DRAG_NOTHING,
  DRAG_PLOT,   /* time and values of a pane */
  DRAG_TIME,   /* the time axis */
  DRAG_VALUES, /* a value axis */
  DRAG_BOX,
  DRAG_STRIP,   /* the view's place in all of the history */
  DRAG_CURSOR,  /* one of the cursors */
  DRAG_CURSORS, /* both */
  DRAG_LEVEL,   /* of the trigger */
  DRAG_PINCH,   /* what lies under the pointer is zoomed */
};

/* Zeroed at first. */
struct gesture {
  enum gesture_drag drag;
  bool sideways, upright;    /* DRAG_PLOT: what it pans */
  bool moved;                /* far enough to be a drag */
  enum show_button button;   /* that is down */
  struct screen_spot from;   /* where it went down */
  int from_x, from_y;        /* the same, in pixels of the picture */
  int to_x, to_y;            /* where the pointer is */
  int64_t time;              /* at the column where it went down; DRAG_STRIP: how far right of the view's begin */
  struct value_axis values;  /* of the pane, when it went down */
  struct cursors cursors;    /* when it went down */
  double level;              /* of the trigger, likewise */
  struct view_shape before;  /* for undo */
  int64_t click_ns;          /* when the last click was, for a double one; INT64_MIN: none counts */
  enum screen_part click_on; /* and on what */
  int legend_first;          /* the legend's first row in sight */
};

/* Where the event lies, and how far the legend can be scrolled, in rows. */
struct gesture_place {
  struct screen_spot spot;
  int legend_scroll;
};

/* Does what an event of the mouse asks for; no others do anything. True when something is to be drawn anew. */
bool gesture_serve(struct gesture *g, struct view *view, struct undo *undo, const struct show_event *event,
                   const struct gesture_place *place);

/* DRAG_CURSOR: which one it is, 0 or 1. */
int gesture_cursor(const struct gesture *g);

/* Forgets what is being dragged, the view goes back to where it was. False when nothing was. */
bool gesture_cancel(struct gesture *g, struct view *view);

/* The box that is being dragged, if one is. */
void gesture_box(const struct gesture *g, const struct view *view, struct box_scene *box);

/* The level of the trigger is being dragged. */
bool gesture_moves_level(const struct gesture *g);

/* Steps of the wheel or of a key become a factor of the range: below 1 inwards. */
double gesture_factor(double steps);

#endif
