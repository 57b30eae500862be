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
#include "forker/family.h"
#include "forker/pids.h"
#include "forker/report.h"
#include "forker/run.h"
#include "forker/schedule.h"
#include "forker/settings.h"
#include "forker/spawn.h"

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
  size_t runs_end; /* from here on all are free: whatever is done to each stays within few pages, which a fork copies */
  struct pids run_of; /* the place in runs of each child that was not reaped yet */
  int64_t alive;      /* runs with a child */
  int64_t started;    /* runs begun so far, whatever became of them */
  bool more_to_reap;  /* jobs_reap has not come to the last */
  int64_t reaped_ns;  /* when the last child was reaped */
  bool failed;        /* some run did */
  int fast_status;    /* of the run that ended all (--fail-fast); 0: none did */
  bool hoped;         /* the run that --until waits for has come */

  /* Written by ending. */
  enum phase phase;
  int64_t phase_end_ns;        /* of ENDING and KILLING */
  int64_t waiting_ns;          /* when to say that we wait */
  struct family_list children; /* as listed last */
  struct pids strangers;       /* children that this process had before it became forker: not ours to end */
  struct pids told;            /* orphans that got SIGTERM in the end, and were not reaped yet */
  struct pids told_groups;     /* whole groups that did, and are not empty yet */
  bool waiting_said;           /* that we wait for the last processes */
  bool stuck;                  /* a descendant was left behind */
};

#endif
