/*
 * Where the bytes come from: standard input, a file, a FIFO, a terminal; what differs between them lives here, so that
 * the reader sees only "wait" and "read".
 *
 * Opened by the main thread, used by the reader alone afterwards.
 */
#ifndef SCOPE_INPUT_H
#define SCOPE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum input_kind {
  INPUT_STREAM, /* pipe, socket, device (a terminal by name is one): ends when it ends */
  INPUT_FIFO,   /* a FIFO by name: waits for its next writer */
  INPUT_REGULAR,
  INPUT_TERMINAL, /* standard input is one: somebody types */
};

struct input {
  int fd;
  bool tty;
  enum input_kind kind;
  const char *name; /* FILE, or "standard input"; borrowed */
  const char *path; /* FILE, or NULL */
  int keeper;       /* INPUT_FIFO between writers: our own writing end, so that waiting does not spin; else -1 */
};

/*
 * file NULL or "-": standard input. wait_for_writers: a FIFO outlives its writers. 0, or an errno value (EISDIR for a
 * directory). A FIFO is opened without waiting for a writer.
 */
int input_open(struct input *in, const char *file, bool wait_for_writers);

enum input_wait {
  INPUT_READY, /* a read will not wait */
  INPUT_STOP,  /* stop_fd is readable */
};

/* Waits without limit. A terminal is left alone while we are in the background (reading would raise SIGTTIN). */
enum input_wait input_wait(struct input *in, int stop_fd);

enum { INPUT_END = 0, INPUT_FAILED = -1, INPUT_AGAIN = -2, INPUT_WRITER_LEFT = -3 };

/*
 * Reads up to size bytes: their number; INPUT_END; INPUT_AGAIN (nothing after all: wait again); INPUT_WRITER_LEFT (a FIFO's writer
 * is gone, another may come); INPUT_FAILED with errno.
 */
ssize_t input_read(struct input *in, void *buffer, size_t size);

#endif
