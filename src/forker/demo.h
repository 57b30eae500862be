/*
 * A zombie and an orphan, each made on purpose, held, shown in /proc, reaped, and shown to be gone; and what fork costs
 * (demo_fork.h). Every step is explained.
 */
#ifndef FORKER_DEMO_H
#define FORKER_DEMO_H

#include <stdint.h>

#include "forker/settings.h"

/*
 * step_ns: how long each state is held. signal_fd: that of signals_open(true); a signal that asks for the end ends
 * the demonstration. Leaves no process behind, whatever ends it. The exit status: 1 if /proc
 * showed anything other than what is claimed.
 */
int demo_play(enum demo demo, int64_t step_ns, int signal_fd);

#endif
