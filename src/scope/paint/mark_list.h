/* What is to lie over a pane's traces, as a list: who puts something there adds to it, marks.h paints it. Main thread. */
#ifndef SCOPE_MARK_LIST_H
#define SCOPE_MARK_LIST_H

#include <stdint.h>

#include "scope/paint/rect.h"
#include "scope/view/scene.h"

enum { MARKS_MAX = 40, MARKS_TEXT_MAX = 192, MARKS_DOTS = 4 + SCENE_MARKS_MAX };

enum mark_kind {
  MARK_ABOVE,
  MARK_BELOW,
  MARK_READ_OUT,
  MARK_HINT,
  MARK_EDGE,
  MARK_TITLE,
  MARK_LABEL,
  MARK_LEVEL,
  MARK_CROSSING
};

/* What of it is in use is plain data without holes that are not zeroed: compared as bytes. */
struct marks_list {
  int count;
  struct mark {
    enum mark_kind kind;
    uint32_t colour;
    struct rect place;
    char text[MARKS_TEXT_MAX];
  } mark[MARKS_MAX];
  int dots;
  struct mark_dot {
    int x, radius; /* pixels of the canvas */
    double row;
    uint32_t colour;
  } dot[MARKS_DOTS];
};

/* Adds a mark, or NULL where the list is full; a dot, unless it is far off. */
struct mark *mark_list_add(struct marks_list *list, enum mark_kind kind, uint32_t colour, struct rect place);
void mark_list_add_dot(struct marks_list *list, int x, double row, int radius, uint32_t colour);

#endif
