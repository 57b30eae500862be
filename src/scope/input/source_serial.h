/*
 * A serial device: any rate, eight bits, no parity, one stop bit, raw. Its lines are whole: one that broke off when the
 * device went, or that was under way when it was opened, is none. Reader thread, and the main thread before it runs.
 */
#ifndef SCOPE_SOURCE_SERIAL_H
#define SCOPE_SOURCE_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "scope/input/fragment.h"

enum {
  SERIAL_BAUD_MAX = 20000000,
  SERIAL_RETRY_MS = 200, /* how often a device that is gone is looked for */
  SERIAL_MIDDLE_MS = 30, /* bytes that come so soon after the opening are the rest of a line that was under way */
  SERIAL_TEXT_MAX = 256,
};

struct serial {
  const char *path; /* borrowed */
  int fd;           /* -1 while the device is gone */
  uint32_t baud;
  bool returns;               /* a device that goes is waited for; else it is the end of input */
  bool in_middle;             /* of a line whose beginning was missed */
  bool fresh;                 /* nothing was read since it was opened */
  int64_t opened_ns;          /* by the monotonic clock */
  int64_t look_ns;            /* when a device that is gone is looked for */
  char news[SERIAL_TEXT_MAX]; /* what there is to say; "" for nothing */
  struct fragment fragment;
};

/*
 * Opens it for us alone, so that closing it later does not reset the board behind it. False: news says why, beginning
 * with the path. A rate that the device only comes near to is news, too.
 */
bool serial_open(struct serial *serial, const char *path, uint32_t baud, bool returns);
void serial_close(struct serial *serial);

/* As source_read. Also looks for a device that is gone. */
ssize_t serial_read(struct serial *serial, char *buffer, size_t size);

#endif
