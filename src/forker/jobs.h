/*
 * The runs of the command: started, executed, read from, reaped. A part of forker's loop; main thread, and no wait.
 */
#ifndef FORKER_JOBS_H
#define FORKER_JOBS_H

#include "forker/family.h"
#include "forker/state.h"

enum { JOBS_LINGERING_MAX = 64 }; /* outputs that outlive their child; beyond it the oldest is closed */

/* Starts a run; there must be fewer than settings->jobs. */
void jobs_start(struct forker *forker, int64_t tick);

/* Looks whether exec has come to pass, or failed. */
void jobs_look_at_exec(struct forker *forker, struct run *run);

/* Reads what a run has printed; all: however much waits in the outlet. */
void jobs_look_at_output(struct forker *forker, struct run *run, bool all);

/*
 * SIGCHLD says that some child has ended, or was stopped, not how many: one that comes while another is pending is lost.
 * So all that have are looked for, until there is none; ->more_to_reap when they are too many for one turn of the loop.
 * What family_look said last.
 */
enum family_state jobs_reap(struct forker *forker);

#endif
