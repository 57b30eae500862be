#include "scope/finish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/write.h"
#include "scope/summary.h"
#include "scope/watch.h"

enum { STOP_MS = 100 }; /* how long the reader is waited for, and a terminal that takes nothing */

static struct {
  struct finish_debts debts;
  bool owed, failed;
} state;

static void print_summary(void)
{
  /* A second signal ends the waiting for who reads it. */
  int error = summary_write(state.debts.intake, STDOUT_FILENO, state.debts.signal_fd);
  if (error == 0 || error == EPIPE || error == ECANCELED)
    return;
  message("standard output: %s", strerror(error));
  state.failed = true;
}

static void pay(void)
{
  const struct finish_debts *d = &state.debts;
  if (!state.owed)
    return;
  state.owed = false;
  intake_finish(d->intake, clock_now_ns() + (int64_t)STOP_MS * CLOCK_MS_NS);
  if (d->prompt_fd >= 0)
    write_patiently(d->prompt_fd, "\n", 1, STOP_MS, -1); /* so that the shell's prompt comes on a line of its own */
  if (stream_failed(d->stream) || intake_lost(d->intake))
    state.failed = true;
  if (d->settings->only && intake_channels(d->intake) == 0)
    message("--only %s: no line had any of these", d->settings->only);
  if (d->settings->summary)
    print_summary();
  if (d->settings->timing) {
    struct stream_counts counts;
    stream_counts(d->stream, &counts);
    timing_print(d->timing, &counts, intake_last_taken_ns(d->intake) - d->start_ns);
  }
}

void finish_now(void)
{
  watch_claim();
  pay();
}

void finish_and_exit(void)
{
  pay();
  _exit(state.failed ? EXIT_FAILURE : EXIT_SUCCESS);
}

bool finish_failed(void)
{
  return state.failed;
}

void finish_owe(const struct finish_debts *debts)
{
  state.debts = *debts;
  state.owed = true;
  atexit(finish_now);
}
