/*
 * forker's loop. Main thread.
 *
 * The loop is one poll over the timer, the signals, the exec pipes, the children's output, and our own output where it
 * is stuck. Nothing else in it waits, so that a tick is late only by what the kernel takes to wake us.
 *
 * It ends by itself after the last of a given number of ticks, and when it is asked to. Either way it leaves nobody
 * behind: what still lives of its descendants gets SIGTERM, after the grace SIGKILL, and all are reaped.
 */
#ifndef FORKER_FORKER_H
#define FORKER_FORKER_H

#include <signal.h>

#include "forker/settings.h"

/*
 * Runs until the end; the exit status. signal_fd is that of signals_open(true); child_mask is the signal mask for
 * children.
 */
int forker_work(const struct settings *settings, int signal_fd, const sigset_t *child_mask);

#endif
