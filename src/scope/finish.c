#include "scope/finish.h"

#include <errno.h>
#include <poll.h>
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

enum { PROMPT_MS = 100 /* how long a terminal is waited for that takes nothing */ };

enum { STATUS_OUTSIDE = 3 };

static struct {
  struct finish_debts debts;
  bool owed, failed;
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

/*
 * Until the recording has all that the reader has read, however long the disk takes, but not longer than to a second
 * signal. What comes out of the ring meanwhile is too late to be shown, and would hold up the reader.
 */
static void await_recording(const struct finish_debts *d)
{
  while (!stream_acknowledged(d->stream) && !signals_came(d->signal_fd)) {
    while (stream_peek(d->stream))
      stream_pop(d->stream);
    stream_prepare_wait(d->stream, STREAM_WAKE_FIRST);
    struct pollfd wait[] = {{.fd = stream_acknowledged_fd(d->stream), .events = POLLIN},
                            {.fd = d->signal_fd, .events = POLLIN},
                            {.fd = stream_ended(d->stream) ? -1 : stream_data_fd(d->stream), .events = POLLIN}};
    poll(wait, 3, -1);
    stream_finish_wait(d->stream);
  }
}

void finish_reading(struct intake *intake, struct stream *stream)
{
  stream_ask_stop(stream);
  const int64_t end_ns = stream_stop_asked_ns(stream) + clock_from_ms(ENDING_READER_MS);
  const int64_t least_ns = clock_now_ns() + clock_from_ms(ENDING_HAND_OVER_MS);
  intake_finish(intake, end_ns > least_ns ? end_ns : least_ns);
}

static void pay(void)
{
  const struct finish_debts *d = &state.debts;
  if (!state.owed)
    return;
  state.owed = false;
  finish_reading(d->intake, d->stream);
  if (d->recording)
    await_recording(d);
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
