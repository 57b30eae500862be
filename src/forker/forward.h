/*
 * A child's output on its way to ours, in whole lines: pieces of a line wait until the rest has come. Main thread.
 */
#ifndef FORKER_FORWARD_H
#define FORKER_FORWARD_H

#include <stdbool.h>
#include <stddef.h>

#include "common/outlet.h"

enum {
  FORWARD_LINE = 65536, /* a longer line goes on in pieces of that size */
  /* With so much waiting in the outlet nothing more is read: the child waits, as at a full pipe. */
  FORWARD_LIMIT = 131072,
};

struct forward {
  char *line; /* owned; the beginning of a line */
  size_t length, size;
  bool open; /* the beginning of a line went out already, as it is a long one */
};

enum forward_result { FORWARD_EMPTY, FORWARD_FULL, FORWARD_END };

/*
 * Reads what fd (non-blocking) holds now, and adds whole lines to outlet as long as fewer than limit bytes wait there.
 * EMPTY: there is no more now; FULL: there may be, and outlet has enough; END: the other end is closed by all who had
 * it, and a last line without a newline was given one. Stops after 1 MiB, as EMPTY, so that an endless writer cannot
 * hold the loop.
 */
enum forward_result forward_read(struct forward *forward, int fd, struct outlet *outlet, size_t limit);

/* No more will come: the beginning of a line goes out, and gets the end it lacks. */
void forward_finish(struct forward *forward, struct outlet *outlet);

void forward_destroy(struct forward *forward);

#endif
