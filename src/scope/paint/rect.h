/* Rectangles of whole pixels: places on a canvas, and what damage is a list of. Pure. */
#ifndef SCOPE_RECT_H
#define SCOPE_RECT_H

#include <stdbool.h>

struct rect {
  int x, y, w, h; /* covers [x, x + w) and [y, y + h); empty when w or h is <= 0 */
};

bool rect_empty(struct rect r);
bool rect_contains(struct rect r, int x, int y);
bool rect_equal(struct rect a, struct rect b);
long rect_area(struct rect r);
struct rect rect_intersection(struct rect a, struct rect b);
struct rect rect_union(struct rect a, struct rect b); /* smallest around both; an empty one does not count */

#endif
