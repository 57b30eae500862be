/*
 * The cursors on the plots: their lines, and on the first plot a handle at the top of each with the bar between that
 * moves both. Pure; main thread.
 */
#ifndef SCOPE_CURSOR_MARKS_H
#define SCOPE_CURSOR_MARKS_H

#include "scope/paint/look.h"
#include "scope/paint/mark_list.h"
#include "scope/paint/rect.h"
#include "scope/view/scene.h"

enum cursor_part { CURSOR_NONE, CURSOR_FIRST, CURSOR_SECOND, CURSOR_BOTH };

/* Adds the marks of pane number `index`, whose plot lies at `plot`. */
void cursor_marks_set(struct marks_list *list, const struct look *look, const struct scene *scene, int index,
                      struct rect plot);

/*
 * What of the cursors lies at a place of a plot of so many columns, from its top left corner; the bar between their
 * handles is only on the first pane.
 */
enum cursor_part cursor_marks_pick(const struct look *look, const struct cursors_scene *cursors, bool first_pane,
                                   int columns, int column, int row);

#endif
