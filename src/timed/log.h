/*
 * Lines of text to a descriptor that may stop taking them: a terminal after Ctrl-S, a pipe to a pager. Main thread.
 *
 * No call ever waits. What the descriptor does not take at once is kept, 64 KiB of it; lines beyond are lost whole and
 * counted, and the count is a line of its own as soon as it fits. Lines leave whole: to a pipe in writes of at most
 * PIPE_BUF, which never mix with those of others.
 */
#ifndef TIMED_LOG_H
#define TIMED_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOG_BUFFER = 65536, LOG_LINE_MAX = 512 };

struct log {
  int fd;      /* where to write: own_fd, or the descriptor that was given */
  int own_fd;  /* a second open file description of the same file, non-blocking, so that the one shared with the shell
                  and other programs keeps its flags; -1 where there is none */
  bool socket; /* send instead of write */
  bool polled; /* ask poll before each write: the descriptor blocks */
  int error;   /* why nothing is written any more, EPIPE when nobody reads; 0 while all is well */
  uint64_t lost;
  size_t length;
  char buffer[LOG_BUFFER];
};

void log_open(struct log *log, int fd);

/* Tries once more to write what is left, and lets go; the descriptor given to log_open stays open. */
void log_close(struct log *log);

/* One line, the newline is added; cut at LOG_LINE_MAX. It waits in the buffer for log_flush. */
void log_line(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes as much as the descriptor takes now. True when lines are left: come again when ->fd is writable. */
bool log_flush(struct log *log);

#endif
