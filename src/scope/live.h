/* The window's loop: ticks at absolute deadlines, each takes events, drains the stream, draws and presents. */
#ifndef SCOPE_LIVE_H
#define SCOPE_LIVE_H

#include <stdbool.h>

#include "scope/session.h"
#include "scope/settings.h"
#include "scope/timing.h"

/*
 * Runs until the person or a signal asks to quit, or with --exit until the end of input. False after a message when
 * there is no display. waiting_note: what the plot says until the first sample, or NULL.
 */
bool live_run(const struct settings *settings, struct session *session, int signal_fd, const char *waiting_note,
              struct timing *timing);

#endif
