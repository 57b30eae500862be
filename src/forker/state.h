/*
 * What the parts of a running forker share: the loop (forker.h), the runs (jobs.h) and the end of all (ending.h). The
 * loop makes it and destroys it; who else may change a field stands beside it. Main thread.
 *
 * Calls go one way: the loop calls jobs and ending, jobs calls ending, and all look here.
 */
#ifndef FORKER_STATE_H
#define FORKER_STATE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "forker/command.h"
#include "forker/report.h"
#include "forker/run.h"
#include "forker/schedule.h"
#include "forker/settings.h"
#include "forker/spawn.h"

enum {
  STATE_LISTED_MAX = 1024, /* children of which the end takes note in one look */
  STATE_TOLD_MAX = 4096,   /* processes or groups that are remembered to have got SIGTERM */
};

enum phase {
  PHASE_TICKING,
  PHASE_FINISHING, /* the last tick has come: the children that run are waited for */
  PHASE_ENDING,    /* all descendants got SIGTERM */
  PHASE_KILLING,   /* all descendants got SIGKILL */
  PHASE_ENDED,
};

struct forker {
  /* What there is from the beginning; none of it changes but by its own functions. */
  const struct settings *settings; /* borrowed */
  struct command command;
  struct spawner spawner;
  struct schedule schedule; /* stopped by ending */
  struct report report;     /* each part tells it of its events */
  int signal_fd;            /* borrowed */
  bool forward;             /* children's output goes through us */
  bool forward_err;         /* and their standard error */
  bool err_is_out; /* which goes to the same place: through one pipe, or the order of a child's lines were lost */

  /* The loop's own. */
  struct pollfd *polled; /* owned; what the next poll, or the last one, is about */
  bool asked;            /* to end, by a signal */
  int64_t asked_ns;      /* when first */
  bool report_lost;      /* the disk had no room for some of the output or the log */

  /* Written by jobs; the loop sets a run's deadline and signal, ending takes the deadline away. */
  struct run *runs; /* owned; for settings->jobs children and JOBS_LINGERING_MAX outputs */
  size_t run_count;
  int64_t alive;     /* runs with a child */
  int64_t started;   /* runs begun so far, whatever became of them */
  bool more_to_reap; /* jobs_reap has not come to the last */
  bool failed;       /* some run did */
  int fast_status;   /* of the run that ended all (--fail-fast); 0: none did */

  /* Written by ending. */
  enum phase phase;
  int64_t phase_end_ns;              /* of ENDING and KILLING */
  pid_t strangers[STATE_LISTED_MAX]; /* children that this process had before it became forker: not ours to end */
  size_t stranger_count;
  pid_t told[STATE_TOLD_MAX]; /* orphans that got SIGTERM in the end */
  size_t told_count;
  pid_t told_groups[STATE_TOLD_MAX]; /* whole groups that did */
  size_t told_group_count;
  bool stuck; /* a descendant was left behind */
};

/* The run whose child this is, or NULL. */
struct run *state_run_of(const struct forker *forker, pid_t pid);

#endif
