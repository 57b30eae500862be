/*
 * Where the bytes come from: standard input, a file, a FIFO, a terminal; what differs between them lives here and in
 * one file for each kind that has code of its own, so that the reader sees only "wait" and "read".
 *
 * Opened by the main thread, used by the reader alone afterwards; never closed, as the reader is never joined.
 */
#ifndef SCOPE_SOURCE_H
#define SCOPE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "scope/input/source_follow.h"
#include "scope/input/source_result.h"
#include "scope/input/source_serial.h"

enum source_kind {
  SOURCE_STREAM, /* pipe, socket, device (a terminal by name is one): ends when it ends */
  SOURCE_FIFO,   /* a FIFO by name: waits for its next writer */
  SOURCE_REGULAR,
  SOURCE_TERMINAL, /* standard input is one: somebody types */
  SOURCE_SERIAL,   /* a device with a rate: waits for its return */
  SOURCE_FOLLOW,   /* a file that grows and is rotated: never ends */
};

struct source {
  int fd;
  bool tty;
  enum source_kind kind;
  const char *name;      /* FILE, or "standard input"; borrowed */
  int keeper;            /* a writing end of the FIFO while it has no writer, see source_fifo.h; else -1 */
  struct serial *serial; /* SOURCE_SERIAL; allocated once, like that of a file that is followed */
  struct follow *follow; /* SOURCE_FOLLOW; fd is the first file then, for who compares it with others, or -1 */
};

/*
 * file NULL or "-": standard input. wait_for_writers: a FIFO outlives its writers. 0, or an errno value (EISDIR for a
 * directory); name is set in any case. A FIFO is opened without waiting for a writer.
 */
int source_open(struct source *source, const char *file, bool wait_for_writers);

/*
 * A serial device at so many baud; returns: one that goes is waited for. NULL, or what is wrong, beginning with the
 * file's name.
 */
const char *source_open_serial(struct source *source, const char *file, uint32_t baud, bool returns);

/* A file to follow, from its last `tail` lines on, -1: from its beginning. 0, or an errno value (ESPIPE: no file). */
int source_open_follow(struct source *source, const char *file, int64_t tail);

/* What happened to the source since the last call and is worth saying; NULL: nothing. Until the next call. */
const char *source_news(struct source *source);

enum source_wait {
  SOURCE_READY,    /* a read will not wait */
  SOURCE_WRITABLE, /* out_fd takes bytes, or is broken; a read would wait */
  SOURCE_ASKED,    /* ask_fd is readable */
  SOURCE_LATE,     /* timeout_ms passed */
};

/*
 * Waits for timeout_ms, -1: without limit. out_fd: somewhere that the caller has something to write to, or -1. A terminal is left alone
 * while we are in the background (reading would raise SIGTTIN).
 */
enum source_wait source_wait(struct source *source, int ask_fd, int out_fd, int timeout_ms);

/*
 * Reads up to size bytes: their number; SOURCE_END; SOURCE_AGAIN (nothing after all: wait again); SOURCE_WRITER_LEFT (a
 * FIFO's last writer is gone, another may come); SOURCE_FAILED with errno.
 */
ssize_t source_read(struct source *source, void *buffer, size_t size);

#endif
