/*
 * Writing that is not content with a part: short writes, EINTR and a descriptor that is full for a while are seen to
 * here.
 * Any thread; nothing is kept between calls.
 */
#ifndef COMMON_WRITE_H
#define COMMON_WRITE_H

#include <stddef.h>

/* Writes all of data whatever short writes and EINTR do. 0, or an errno value. Waits while fd is full. */
int write_all(int fd, const void *data, size_t length);

/*
 * The same, but gives up when fd takes nothing for timeout_ms (-1: no limit), or when cancel_fd (-1: none) becomes
 * readable while it waits: ETIMEDOUT, ECANCELED. What was written till then stays written.
 */
int write_patiently(int fd, const void *data, size_t length, int timeout_ms, int cancel_fd);

#endif
