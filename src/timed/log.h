/*
 * Lines of text that may get lost but never make the server wait. Main thread.
 *
 * What the descriptor does not take at once is kept, 64 KiB of it; lines beyond are lost whole and counted, and the
 * count is a line of its own in their place. A full disk is a descriptor that takes nothing (outlet.h).
 */
#ifndef TIMED_LOG_H
#define TIMED_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "common/outlet.h"

enum { LOG_BUFFER = 65536, LOG_LINE_MAX = 512 };

struct log {
  struct outlet outlet;
  bool silent;
  bool stamped;        /* by the owner: each line has the time before it, 2026-11-22T09:08:01.123+01:00 */
  time_t stamp_second; /* of stamp */
  char stamp[32], stamp_zone[8];
  uint64_t lost;         /* lines since the last one that was kept */
  int lost_to;           /* why those were: the errno value of a full disk, or 0 when nobody read */
  uint64_t lost_to_disk; /* lines since log_open for which the disk had no room */
};

/* fd stays the caller's. silent: no line tells of those that are lost, as what reads them expects other lines. */
void log_open(struct log *log, int fd, bool silent);

/* Tries once more to write what is left, and lets go. How many lines were lost to a full disk in all. */
uint64_t log_close(struct log *log);

/* One line, made printable (printable.h), the newline is added; cut at LOG_LINE_MAX. It waits for log_flush. */
void log_line(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes as much as the descriptor takes now. True when lines are left: come again as outlet_flush has it. */
bool log_flush(struct log *log);

#endif
