/*
 * The state of a running forker, which its parts share: the loop (forker.c) owns it, the runs (jobs.h) and the end of
 * all (ending.h) work on it. Main thread.
 *
 * The loop is one poll over the timer, the signals, the exec pipes, the children's output, and our own output where it
 * is stuck. Nothing else in it waits, so that a tick is late only by what the kernel takes to wake us.
 *
 * It ends by itself after the last of a given number of ticks, and when it is asked to. Either way it leaves nobody
 * behind: what still lives of its descendants gets SIGTERM, after the grace SIGKILL, and all are reaped.
 */
#ifndef FORKER_FORKER_H
#define FORKER_FORKER_H

#include <poll.h>
#include <signal.h>
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

enum { FORKER_LISTED_MAX = 1024, FORKER_TOLD_MAX = 4096 };

enum forker_phase {
  PHASE_TICKING,
  PHASE_FINISHING, /* the last tick was taken: the children that run are waited for */
  PHASE_ENDING,    /* all descendants got SIGTERM */
  PHASE_KILLING,   /* all descendants got SIGKILL */
  PHASE_ENDED,
};

struct forker {
  const struct settings *settings;
  struct command command;
  struct spawner spawner;
  struct schedule schedule;
  struct report report;
  int signal_fd;
  bool forward;     /* children's output goes through us */
  struct run *runs; /* owned: for settings->jobs children and JOBS_LINGERING_MAX outputs */
  size_t run_count;
  int64_t alive;                      /* runs with a child */
  pid_t strangers[FORKER_LISTED_MAX]; /* children that this process had before it became forker: not ours to end */
  size_t stranger_count;
  pid_t told[FORKER_TOLD_MAX]; /* orphans that got SIGTERM in the end */
  size_t told_count;
  pid_t told_groups[FORKER_TOLD_MAX]; /* whole groups that did */
  size_t told_group_count;
  bool more_to_reap;     /* jobs_reap has not come to the last */
  struct pollfd *polled; /* owned; what the next poll, or the last one, is about */
  enum forker_phase phase;
  int64_t phase_end_ns; /* of ENDING and KILLING */
  bool asked;           /* to end, by a signal */
  int64_t asked_ns;     /* when first */
  bool failed;          /* some run did */
  bool stuck;           /* a descendant was left behind */
  int fast_status;      /* of the run that ended all; 0: none did */
};

/*
 * Runs until the end; the exit status. signal_fd is readable for SIGINT, SIGQUIT, SIGTERM, SIGHUP and SIGCHLD, which
 * are blocked; child_mask is the signal mask for children.
 */
int forker_run(const struct settings *settings, int signal_fd, const sigset_t *child_mask);

#endif
