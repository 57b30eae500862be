/*
 * The log of --log: what happened to each tick and run, a JSON object a line. Main thread; no call waits (see outlet.h),
 * and nothing is said: whoever owns it says what could not be written.
 */
#ifndef FORKER_EVENT_LOG_H
#define FORKER_EVENT_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/outlet.h"
#include "forker/summary.h"

enum {
  EVENT_LOG_WAITING_MAX = 1 << 23,           /* bytes that wait: what comes then is lost */
  EVENT_LOG_MEMBERS_MAX = SUMMARY_TEXT + 64, /* bytes of what is told of an event; the longest is the summary */
};

struct event_log {
  int fd; /* owned; -1: there is no log */
  struct outlet outlet;
  int64_t start_ns;      /* of CLOCK_MONOTONIC, from which t is counted */
  uint64_t lost_to_disk; /* lines for which the disk had no room */
};

/*
 * Appends to a file, a device, or a FIFO that has a reader. A last line that lacks its end, as after a disk was full,
 * gets one. 0, or an errno value; there is no log then.
 */
int event_log_open(struct event_log *log, const char *name, int64_t start_ns);

/* May be closed again, and where there is none. */
void event_log_close(struct event_log *log);

/*
 * {"t":1.5,"time":"2026-11-22T09:08:01.500000Z","event":"fork",<members>}: t in seconds since the start, members from
 * the format. For a log that is there. False: nobody reads, and so much waits that this line is lost; where the disk has
 * no room it is counted in lost_to_disk.
 */
bool event_log_add(struct event_log *log, const char *event, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

/* A text that is printable (printable.h) as what stands between the quotes of a JSON string, as much as fits. */
void event_log_quote(const char *text, char *quoted, size_t size);

#endif
