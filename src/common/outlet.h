/*
 * Bytes to a descriptor that may stop taking them: a terminal after Ctrl-S, a pipe to a pager. Single-threaded.
 *
 * No call ever waits: what the descriptor does not take at once is kept, and the owner's loop comes back when it is
 * writable. Whole lines stay whole: to a pipe they leave in writes of at most PIPE_BUF that end with a line, which
 * never mix with what others write there.
 *
 * A disk that is full, or a quota or file size limit reached, is no error but a descriptor that takes nothing for a
 * while: it is tried again each second, when the owner's loop comes back. A line of which only a part had room is taken
 * back from the file, and waits whole.
 */
#ifndef COMMON_OUTLET_H
#define COMMON_OUTLET_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outlet {
  int fd;       /* where to write: own_fd, or the descriptor that was given */
  int own_fd;   /* a second open file description of the same file, non-blocking, so that the one shared with the shell
                  and other programs keeps its flags; -1 where there is none */
  bool socket;  /* send instead of write */
  bool polled;  /* ask poll before each write: the descriptor blocks */
  bool relayed; /* a thread copies to the descriptor, and may wait: own_fd is a pipe to it */
  pthread_t relay;
  int error;        /* why nothing is written any more, EPIPE when nobody reads; 0 while all is well */
  int full;         /* ENOSPC, EDQUOT or EFBIG while there is no room for what waits, else 0 */
  int64_t retry_ns; /* when the disk is tried again; INT64_MAX: it is not full */
  char *buffer;     /* owned; bytes [start, end) of it wait */
  size_t start, end, size;
};

/*
 * Takes up writing to fd, which stays the caller's. Any outlet may be destroyed that was zeroed or opened. Signals that
 * the program waits for are blocked before, as there may be a thread from now on.
 */
void outlet_open(struct outlet *outlet, int fd);

/* Tries once more to write what is left, and lets go. */
void outlet_destroy(struct outlet *outlet);

/*
 * After the last byte was added: once nothing waits, it tells the thread that this was all. True when the thread, too,
 * has nothing in hand; call it again if not. Nothing can be written after the first call that found nothing waiting.
 */
bool outlet_finish(struct outlet *outlet);

/* Bytes that wait. */
size_t outlet_waiting(const struct outlet *outlet);

/*
 * Adds data unless more than limit bytes would wait then, or memory is short: false, and nothing of it is taken. After
 * an error all data is taken, and goes nowhere; nothing (length 0) is taken always.
 */
bool outlet_add(struct outlet *outlet, const char *data, size_t length, size_t limit);

/*
 * Writes as much as the descriptor takes now. True when bytes are left: come again when ->fd is writable or, while the
 * disk is ->full, at ->retry_ns; till then it does nothing.
 */
bool outlet_flush(struct outlet *outlet);

/* The last try of all, if the disk is full: what it does not take is dropped. How many lines that was. */
size_t outlet_give_up(struct outlet *outlet);

#endif
