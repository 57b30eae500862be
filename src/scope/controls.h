/*
 * What keys and mouse do: events become calls of the view, changes of the scene's window part, and wishes that only who
 * has the window can fulfil. Each change of the view is a step of undo. Neither SDL nor clock; main thread.
 */
#ifndef SCOPE_CONTROLS_H
#define SCOPE_CONTROLS_H

#include <stdbool.h>

#include "scope/frame.h"
#include "scope/gesture.h"
#include "scope/show/event.h"
#include "scope/view/undo.h"

struct controls {
  struct frame *frame; /* borrowed; opened, and laid out at least once when events of the mouse come */
  struct gesture gesture;
  struct undo undo;
  bool mouse; /* there is one: an event of it came */
};

/* What an event asks of the loop. */
enum wish {
  WISH_NOTHING,
  WISH_QUIT,
  WISH_CLOSE, /* leave full screen, else quit */
  WISH_FULL_SCREEN,
  WISH_SAVE_PNG,
  WISH_SAVE_SVG,
  WISH_EXPORT,
  WISH_CLEAR,
  WISH_COPY,
};

void controls_init(struct controls *c, struct frame *frame);

/* All was cleared: there is nothing to undo, and nothing is being dragged. */
void controls_clear(struct controls *c);

/*
 * Serves a key or an event of the mouse. *changed: something is to be drawn. *said: what is to be said of it in the plot
 * for a while, or NULL.
 */
enum wish controls_serve(struct controls *c, const struct show_event *event, bool *changed, const char **said);

#endif
