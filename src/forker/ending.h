/*
 * The end of all descendants: who is told, when, and by what. A part of forker's loop; main thread.
 */
#ifndef FORKER_ENDING_H
#define FORKER_ENDING_H

#include "forker/family.h"
#include "forker/state.h"

/*
 * Notes the children that this process has already, from before it became forker: they are not ours to end. False when
 * memory is short.
 */
bool ending_init(struct forker *forker);
void ending_destroy(struct forker *forker);

/* Reaps a child that is of no run, and forgets its number. False when it was one from before. */
bool ending_reap_orphan(struct forker *forker, pid_t pid);

/* The child of a run with this pid and group was reaped. */
void ending_forget(struct forker *forker, pid_t pid);

/* Goes on to a later phase, in which runs are told to end; does nothing in it or after it. */
void ending_enter(struct forker *forker, enum phase phase, int64_t now_ns);

/*
 * What is due: from FINISHING to ENDING when no run is left, to KILLING when the grace is over, to ENDED when nobody is
 * left or nothing helps. In ENDING and KILLING orphans get the signal of the phase as they come to us, one generation
 * after the other: SIGTERM once, as many a program takes a second one for more than a request. children: what
 * family_look said last.
 */
void ending_step(struct forker *forker, enum family_state children, int64_t now_ns);

/* When ending_step is to be called at the latest; INT64_MAX: when some child ends. */
int64_t ending_deadline_ns(const struct forker *forker, int64_t now_ns);

#endif
