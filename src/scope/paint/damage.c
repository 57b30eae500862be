#include "scope/paint/damage.h"

void damage_add(struct damage *d, struct rect r)
{
  if (rect_empty(r))
    return;
  if (d->count < DAMAGE_MAX) {
    d->rect[d->count++] = r;
    return;
  }
  int best = 0;
  long least = -1;
  for (int i = 0; i < d->count; i++) {
    long growth = rect_area(rect_union(d->rect[i], r)) - rect_area(d->rect[i]);
    if (least < 0 || growth < least) {
      least = growth;
      best = i;
    }
  }
  d->rect[best] = rect_union(d->rect[best], r);
}

bool damage_touches(const struct damage *d, int first, struct rect r)
{
  for (int i = first; i < d->count; i++)
    if (!rect_empty(rect_intersection(d->rect[i], r)))
      return true;
  return false;
}
