#include "scope/finish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"
#include "common/write.h"
#include "scope/input/record_gate.h"
#include "scope/stream/ending.h"
#include "scope/summary.h"
#include "scope/watch.h"

enum {
  PROMPT_MS = 100, /* how long a terminal is waited for that takes nothing */
  SIGNAL_LOOK_MS = 20,
};

enum { STATUS_OUTSIDE = 3 };

static struct {
  struct finish_debts debts;
  bool owed, failed;
  bool hurried; /* a second signal came while the recording was waited for */
} state;

static void print_summary(void)
{
  const bool to_errors = state.debts.settings->tee; /* standard output is the input's */
  /* A second signal ends the waiting for who reads it. */
  int error = summary_write(state.debts.intake, to_errors ? STDERR_FILENO : STDOUT_FILENO, state.debts.signal_fd,
                            state.debts.settings->summary_full);
  if (error == 0 || error == EPIPE || error == ECANCELED)
    return;
  message("standard %s: %s", to_errors ? "error" : "output", strerror(error));
  state.failed = true;
}

void finish_reading(struct intake *intake, struct stream *stream)
{
  stream_ask_stop(stream);
  const int64_t end_ns = stream_stop_asked_ns(stream) + clock_from_ms(ENDING_READER_MS);
  const int64_t least_ns = clock_now_ns() + clock_from_ms(ENDING_HAND_OVER_MS);
  bool done = intake_finish(intake, end_ns > least_ns ? end_ns : least_ns);
  /*
   * A recording is owed whole, however long the disk takes, but not longer than to a second signal. What is owed besides is
   * of the same rows: a summary without the last of them would belie the recording.
   */
  while (!done && state.debts.recording && !state.hurried) {
    state.hurried = signals_came(state.debts.signal_fd);
    done = intake_finish(intake, clock_now_ns() + clock_from_ms(SIGNAL_LOOK_MS));
  }
  intake_end(intake, clock_now_ns());
}

static void pay(void)
{
  const struct finish_debts *d = &state.debts;
  if (!state.owed)
    return;
  state.owed = false;
  finish_reading(d->intake, d->stream);
  if (d->display)
    display_leave(d->display);
  if (d->prompt_fd >= 0)
    write_patiently(d->prompt_fd, "\n", 1, PROMPT_MS, -1); /* so that the shell's prompt comes on a line of its own */
  if (stream_failed(d->stream) || intake_lost(d->intake))
    state.failed = true;
  if (d->settings->summary && intake_cleared(d->intake))
    message("the summary is of what came since it was cleared");
  if (d->settings->summary)
    print_summary();
  if (d->settings->timing) {
    struct stream_counts counts;
    stream_counts(d->stream, &counts);
    timing_print(d->timing, &counts, intake_last_taken_ns(d->intake) - d->start_ns);
  }
  record_gate_close();
}

void finish_now(void)
{
  watch_claim();
  pay();
}

int finish_status(bool well)
{
  const struct settings *s = state.debts.settings;
  const bool told = s->limits_given && (s->exit_at_end || settings_batch(s));
  if (!well || state.failed)
    return EXIT_FAILURE;
  return told && intake_outside_ever(state.debts.intake) > 0 ? STATUS_OUTSIDE : EXIT_SUCCESS;
}

void finish_and_exit(void)
{
  pay();
  _exit(finish_status(true));
}

void finish_owe(const struct finish_debts *debts)
{
  state.debts = *debts;
  state.owed = true;
  atexit(finish_now);
}
