/*
 * One run of the command, from the call that starts it to the end of its output:
 *
 *   FREE --> EXECUTING --exec known--> RUNNING --reaped--> ENDED --told--> LINGERING --output closed--> FREE
 *
 * LINGERING: the child was reaped at once when it ended, but a child of its own still has its output open.
 */
#ifndef FORKER_RUN_H
#define FORKER_RUN_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "forker/family.h"
#include "forker/forward.h"
#include "forker/sample.h"

enum run_state { RUN_FREE, RUN_EXECUTING, RUN_RUNNING, RUN_ENDED, RUN_LINGERING };

struct run {
  enum run_state state;
  pid_t pid;
  int64_t tick;
  int exec_fd;                       /* says how exec went; -1 once that is known */
  int out_fd, err_fd;                /* what it prints; -1 when it prints elsewhere, or no more */
  int start_error;                   /* why there is no child; 0: there is, or was */
  const char *start_call;            /* the call that said so */
  int exec_error;                    /* why the command was not executed */
  int64_t start_ns, exec_ns, end_ns; /* exec_ns 0: it did not come to that */
  int64_t deadline_ns;               /* when the next signal is due; INT64_MAX: never */
  int last_signal;                   /* sent for taking too long; 0: none */
  bool told;                         /* to end, with all others, before it had ended by itself */
  int stopped;                       /* the signal that it was stopped by, and stands since; 0: it goes on */
  struct family_end end;
  const struct pollfd *exec_polled, *out_polled, *err_polled; /* what the last poll says of these; NULL: nothing */
  struct forward forward, forward_err;
  struct last_number number;
};

/* It has a child that was not reaped yet. */
bool run_alive(const struct run *run);

/* The command was executed and returned 0 in time. */
bool run_succeeded(const struct run *run);

/*
 * The status that stands for this run: that of its end, 128 + n for signal n, 124 timed out, 126 not executable, 127
 * not found, as shells and timeout(1) have it; 1 when there was no child.
 */
int run_status(const struct run *run);

/* What a run that was reaped has taken: as SAMPLE_WALL, SAMPLE_USER, SAMPLE_SYS and SAMPLE_MAXRSS. */
struct run_cost {
  double wall_ms, user_ms, sys_ms, maxrss_mib;
};

struct run_cost run_cost(const struct run *run);

/* Values for a line of samples. */
struct sample_values run_values(struct run *run);

/* FREE, with nothing open. */
void run_init(struct run *run);

/* Closes what it has open, and is FREE. Last lines without their end go to the outlets. */
void run_release(struct run *run, struct outlet *out, struct outlet *err);

#endif
