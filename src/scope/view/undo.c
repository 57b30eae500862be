#include "scope/view/undo.h"

static struct view_shape *shape_at(struct undo *u, unsigned number)
{
  return &u->shape[number % (UNDO_MAX + 1)];
}

bool undo_note(struct undo *u, const struct view_shape *before, const struct view *v)
{
  const struct view_shape after = view_shape(v);
  if (view_shape_equal(before, &after))
    return false;
  *shape_at(u, u->now) = *before;
  u->now++;
  u->end = u->now; /* what was gone back from is out of reach */
  if (u->now - u->oldest > UNDO_MAX)
    u->oldest++;
  return true;
}

static void go(struct undo *u, struct view *v, unsigned number)
{
  *shape_at(u, u->now) = view_shape(v);
  u->now = number;
  view_restore(v, shape_at(u, number));
}

bool undo_back(struct undo *u, struct view *v)
{
  if (u->now == u->oldest)
    return false;
  if (u->now == u->end)
    u->end++; /* the newest is kept, too, to come back to */
  go(u, v, u->now - 1);
  return true;
}

bool undo_forward(struct undo *u, struct view *v)
{
  if (u->now + 1 >= u->end)
    return false;
  go(u, v, u->now + 1);
  return true;
}
