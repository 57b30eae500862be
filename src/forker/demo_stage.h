/*
 * What a demonstration is told on: numbered steps on standard output, held for a while, until it is asked to end or nobody
 * reads. Main thread; waits, unlike all else in forker.
 */
#ifndef FORKER_DEMO_STAGE_H
#define FORKER_DEMO_STAGE_H

#include <stdbool.h>
#include <stdint.h>

struct stage {
  int64_t step_ns;
  int signal_fd;
  int steps;  /* said so far */
  bool over;  /* interrupted, or nobody listens: from then on nothing is said or held */
  bool wrong; /* something was not as claimed, which was said */
};

/* "3. <text>\n". A text of several lines has them indented by itself. */
void stage_explain(struct stage *stage, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text as it is. */
void stage_print(struct stage *stage, const char *text);

/* Waits for the time of a step, or until the deadline, or for a signal that asks to end: SIGCHLD is none, nor SIGUSR1. */
void stage_hold(struct stage *stage);
void stage_wait_until(struct stage *stage, int64_t deadline_ns);

/* Has such a signal come? Then it is over. */
void stage_look(struct stage *stage);

#endif
