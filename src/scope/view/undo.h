/* The views before this one, to go back to, and those gone back from. Plain data; zeroed at first. Main thread. */
#ifndef SCOPE_UNDO_H
#define SCOPE_UNDO_H

#include <stdbool.h>

#include "scope/view/view.h"

enum { UNDO_MAX = 128 /* steps; the oldest is forgotten for a new one */ };

struct undo {
  struct view_shape shape[UNDO_MAX + 1]; /* ring: shape number n is at n mod (UNDO_MAX + 1) */
  unsigned oldest, now, end;             /* numbers: of the oldest shape, of the present one, behind the newest */
};

/* The view has changed: it was `before`. False when it looks as it did then, and nothing is kept. */
bool undo_note(struct undo *u, const struct view_shape *before, const struct view *v);

/* To the view before, and to the one gone back from. False when there is none. */
bool undo_back(struct undo *u, struct view *v);
bool undo_forward(struct undo *u, struct view *v);

#endif
