/*
 * The parts of a canvas that were painted since it was last shown: a short list of rectangles, which may overlap. Plain
 * data, zeroed at first.
 */
#ifndef SCOPE_DAMAGE_H
#define SCOPE_DAMAGE_H

#include <stdbool.h>

#include "scope/paint/rect.h"

enum { DAMAGE_MAX = 256 };

struct damage {
  struct rect rect[DAMAGE_MAX];
  int count;
};

/* Adds a place. When the list is full it is joined to the rectangle that grows least by it. An empty one adds nothing. */
void damage_add(struct damage *d, struct rect r);

/* Some of the rectangles from number `first` on have a pixel in common with r. */
bool damage_touches(const struct damage *d, int first, struct rect r);

#endif
