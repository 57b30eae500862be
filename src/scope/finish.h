/*
 * What the end of the program owes, whoever brings it about: the loop, the watch over a display that does not answer, or
 * Xlib, which calls exit when its server goes. This is the only state that is static, as exit handlers get no argument.
 */
#ifndef SCOPE_FINISH_H
#define SCOPE_FINISH_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/settings.h"
#include "scope/show/display.h"
#include "scope/store/intake.h"
#include "scope/timing.h"

struct finish_debts {
  const struct settings *settings;
  struct intake *intake;
  struct stream *stream;
  const struct timing *timing;
  int64_t start_ns;
  int signal_fd;
  bool recording;          /* the reader writes to a file: that is waited for, up to a second signal */
  struct display *display; /* given back before anything is printed; NULL: there is none */
  int prompt_fd;           /* where the prompt stands that will not be answered, or -1 */
};

/*
 * Asks the reader to stop, if that was not done before, and takes in what it has read, for as long as ending.h allows, or,
 * where a recording is owed, until that has it too or a second signal comes. The intake has ended then. Who owns the intake,
 * any number of times.
 */
void finish_reading(struct intake *intake, struct stream *stream);

/* From now on this is owed, and paid at exit at the latest. All is borrowed. Main thread, once. */
void finish_owe(const struct finish_debts *debts);

/* Stops the reader and pays, if that was not done before. Main thread. */
void finish_now(void);

/* The same for the watch, which then ends the process: as a signal asked for that, with the status of a clean end. */
_Noreturn void finish_and_exit(void);

/*
 * The status to end with, where all else went well or not: 3 where a sample was outside of the limits and a script is to
 * know it, 1 also where something that was owed failed, after a message. After finish_now.
 */
int finish_status(bool well);

#endif
