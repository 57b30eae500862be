/*
 * What forker says: text or samples on standard output, complaints and the summary on standard error, and the log, a
 * JSON object a line. Main thread; no call waits (see outlet.h).
 */
#ifndef FORKER_REPORT_H
#define FORKER_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/outlet.h"
#include "forker/command.h"
#include "forker/event_log.h"
#include "forker/run.h"
#include "forker/sample.h"
#include "forker/settings.h"
#include "forker/summary.h"

struct report {
  struct outlet out, err;
  struct event_log log;
  const char *log_name; /* borrowed */
  bool out_failure_said, log_failure_said;
  uint64_t out_lost_to_disk; /* lines */
  bool quiet;
  const struct sample_list *sample; /* borrowed; empty: text */
  const struct command *command;    /* borrowed */
  bool json;                        /* the summary is */
  int64_t last_tick;
  struct summary counts;
};

struct report_config {
  bool quiet;
  bool json;       /* the form of the summary */
  const char *log; /* NULL: none */
  const struct sample_list *sample;
  const struct command *command;
};

/* False after a message: the log cannot be written. Nothing was started then. */
bool report_init(struct report *report, const struct report_config *config);
void report_destroy(struct report *report);

/* The first and the last line of the log: what is to be done, and what has become of it. */
void report_begin(struct report *report, const struct settings *settings);
void report_end(struct report *report);

/* One function an event; each counts it, too. Times are of CLOCK_MONOTONIC. */
void report_tick(struct report *report, int64_t number, int64_t late_ns); /* from when the first missed one was due */
void report_missed(struct report *report, int64_t first, int64_t count);
void report_skipped(struct report *report, int64_t tick, int64_t running); /* running 0: as nobody reads the output */
void report_about_to_fork(struct report *report);
void report_announce(struct report *report); /* the line that a child by fork writes itself */
void report_started(struct report *report, const struct run *run);
void report_not_started(struct report *report, struct run *run); /* no child at all, for whatever reason */
void report_executed(struct report *report, const struct run *run);
void report_not_executed(struct report *report, const struct run *run);
void report_signalled(struct report *report, const struct run *run);
void report_ended(struct report *report, struct run *run);
void report_stopped(struct report *report, const struct run *run); /* with the reason, and what continues it */
void report_continued(struct report *report, const struct run *run);
void report_waiting(struct report *report, size_t left, bool asked); /* for the last processes; asked: by a signal */
void report_adopted(struct report *report);
void report_undying(struct report *report, pid_t pid); /* 0: one that is not known */
void report_summary(struct report *report);            /* of all so far */
void report_losses(struct report *report);             /* of lines that nobody read */

/* A line on standard error, whatever else is not to be said. */
__attribute__((format(printf, 2, 3))) void report_complain(struct report *report, const char *format, ...);

/* From here on: report_outlets.c. Writes what can be written now. True when something is left. Complains of what cannot be written, once. */
bool report_flush(struct report *report);

/* When report_flush is to be called again for a disk that was full; INT64_MAX: never. */
int64_t report_retry_ns(const struct report *report);

/* What is left waits for a reader, and not just for room on a disk. */
bool report_waits_for_reader(const struct report *report);

/* The last try at a disk that is full; says how many lines it had no room for in all. True when there are any. */
bool report_give_up(struct report *report);

/* After the last line: true once relays, too, have written all they took (outlet_finish); call it again if not. */
bool report_finish(struct report *report);

/* Why what was to be written is not: an errno value of the log's or of standard output; 0 if only nobody reads it. */
int report_error(const struct report *report);

#endif
