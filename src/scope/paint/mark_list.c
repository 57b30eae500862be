#include "scope/paint/mark_list.h"

#include <math.h>
#include <string.h>

struct mark *mark_list_add(struct marks_list *list, enum mark_kind kind, uint32_t colour, struct rect place)
{
  if (list->count == MARKS_MAX)
    return NULL;
  struct mark *mark = &list->mark[list->count++];
  memset(mark, 0, sizeof *mark);
  mark->kind = kind;
  mark->colour = colour;
  mark->place = place;
  return mark;
}

void mark_list_add_dot(struct marks_list *list, int x, double row, int radius, uint32_t colour)
{
  if (list->dots == MARKS_DOTS || !(fabs(row) < 1e6))
    return;
  struct mark_dot *dot = &list->dot[list->dots++];
  memset(dot, 0, sizeof *dot);
  dot->x = x;
  dot->row = row;
  dot->radius = radius;
  dot->colour = colour;
}
