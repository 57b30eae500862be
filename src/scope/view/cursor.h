/*
 * The two cursors of a view: times, which stay where they are whatever the view does; but in sweeps they go from each to
 * the next with the crossing (view.c). They are never moved out of what there is, from the first sample to now. Main thread.
 */
#ifndef SCOPE_CURSOR_H
#define SCOPE_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/store/history.h"
#include "scope/view/view.h"

/* Shown where they were, if that is in view; else a third of what is drawn from either end. */
void cursors_show(struct view *v);
void cursors_hide(struct view *v);

/* The earlier or the later one is the active one from now on. */
void cursors_choose(struct view *v, bool later);

/* One of them (0 or 1) to a time, as near as there is something. It is the active one from now on. */
void cursors_move(struct view *v, int which, int64_t time);

/* Both to where `from` has them and so many ticks on, as far as both stay within what there is. */
void cursors_move_both(struct view *v, const struct cursors *from, int64_t ticks);

/* The active one so many ticks after the other one. False: there is nothing; it stays. */
bool cursors_span(struct view *v, int64_t ticks);

/* The active one to the next sample of what is switched on, or to the one before. */
void cursors_step(struct view *v, const struct history *h, bool later);

/* One of them to the nearest sample of what is switched on, if that lies within `reach` columns. */
void cursors_snap(struct view *v, const struct history *h, int which, int reach);

/* So many columns of the view later, or earlier. */
void cursors_pan(struct view *v, int columns);

/* Pans the view until the active one is in it. */
void cursors_reveal(struct view *v);

#endif
