/* --summary: a table of all channels, for people and programs. Main thread, or the one that has taken over from it. */
#ifndef SCOPE_SUMMARY_H
#define SCOPE_SUMMARY_H

#include <stdbool.h>

#include "scope/store/intake.h"

/*
 * "channel\tcount\tmin\tmax\tmean\tlast", with `full` "\trms\tsd\tp50\tp95\tp99" besides, and a line a channel that has
 * samples, to fd, however long that takes; but not longer than until cancel_fd (-1: none) is readable: ECANCELED then.
 * Numbers read back exactly. For `full` the intake keeps percentiles. 0, or an errno value.
 */
int summary_write(struct intake *intake, int fd, int cancel_fd, bool full);

#endif
