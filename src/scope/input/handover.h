/*
 * From the reader to its sinks: the seam of sink.h as the reader sees it. It knows the time of what comes next, numbers the
 * channels, counts, and with a replay holds each row back until it is due. Reader thread.
 */
#ifndef SCOPE_HANDOVER_H
#define SCOPE_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/counter.h"
#include "scope/input/record.h"
#include "scope/input/remarks.h"
#include "scope/input/replay.h"
#include "scope/input/ring.h"

enum { HANDOVER_SINKS = 2, HANDOVER_RECORDED = 4 * CHANNELS_MAX /* names that are known again after a clearing */ };

struct handover {
  struct stream *stream;
  struct remarks *remarks;
  struct time_base base;
  struct ring ring;
  struct counter counter;            /* with --counter: before the ring */
  struct sink *sink[HANDOVER_SINKS]; /* the ring, or what stands before it, first */
  size_t sinks;
  bool quick;                  /* columns may be written into the ring itself */
  struct stream_counts counts; /* lines, numbers and fast are the parser's: the reader sets them */
  int64_t arrival;             /* time of what is being read, in a base with a clock */
  bool timed;                  /* rows bring their times, or are held back: next_time is not that of next_row */
  uint64_t next_row;           /* data row that comes next, at the earliest */
  int64_t next_time;           /* its time, where timed */
  bool holding; /* lines were read that are not decided yet, the oldest of them at `held`: the reader sets both */
  int64_t held;
  size_t channels;
  bool has_unit[CHANNELS_MAX];
  struct replay replay;

  /* Channels that were recorded: the newest at (recorded - 1) mod HANDOVER_RECORDED, and so on back. */
  size_t recorded;
  struct handover_recorded {
    char path[CHANNEL_NAME_MAX];
    char unit[CHANNEL_UNIT_MAX]; /* in its name */
  } name[HANDOVER_RECORDED];
};

struct handover_config {
  struct time_base base;
  const char *counter;   /* as in counter.h, or NULL */
  double replay;         /* as in replay.h */
  bool timed;            /* rows bring their times */
  struct record *record; /* or NULL */
};

/* All is borrowed. */
void handover_init(struct handover *h, const struct handover_config *config, struct stream *stream,
                   struct remarks *remarks);

void handover_begin_arrival(struct handover *h);

/* Everything handed over so far becomes visible, and nothing is on its way any more. */
void handover_end_arrival(struct handover *h);
void handover_end(struct handover *h, bool failed);

/*
 * path: under which it is recorded, with its unit; NULL: as name says. A channel that comes again after a clearing is
 * recorded under the name that it had, unless it has another unit now. unit: "" or NULL for none or not known yet.
 */
void handover_channel(struct handover *h, const char *name, const char *path, const char *unit);

/* The unit of a channel that has none yet; "" for not known yet. */
void handover_unit(struct handover *h, size_t channel, const char *unit);

/* Key Del, between two arrivals: a new generation, without channels. times_anew: its times begin at 0 again. */
void handover_restart(struct handover *h, bool times_anew);

/*
 * Time of a data row that does not bring its own; whether those of rows [row, row + n) are evenly spaced, then *first and
 * *step say how; and these times one by one.
 */
int64_t handover_row_time(const struct handover *h, uint64_t row);
bool handover_even_times(const struct handover *h, uint64_t row, size_t n, int64_t *first, int64_t *step);
void handover_fill_times(const struct handover *h, uint64_t row, size_t n, int64_t *times);

/*
 * With a replay, waits until a row of that time is due; what was handed over before is seen meanwhile, and the plot moves
 * on. STOP: the row is not to be handed over. CLEAR: to be asked again after handover_restart.
 */
enum handover_wait { HANDOVER_DUE, HANDOVER_STOP, HANDOVER_CLEAR };
enum handover_wait handover_wait(struct handover *h, int64_t time);

/* A row, `index` being its number. */
void handover_row(struct handover *h, uint64_t index, const struct sink_row *row);

/* Rows of the same channels, as columns: column[c][i] is what channel[c] has at time[i]. */
struct handover_columns {
  size_t rows;
  size_t count; /* of channels */
  const uint8_t *channel;
  const int64_t *time;
  double *const *column;
};

/* Rows from data row `index` on that stand where ring_reserve_rows said: they become the stream's, and the others' too. */
void handover_columns(struct handover *h, uint64_t index, const struct handover_columns *rows);

/* Rows from data row `index` on that the ring got by itself, there being no other sink. */
void handover_count(struct handover *h, uint64_t index, size_t rows, size_t channels);

#endif
