/*
 * Reading a recording back (record.h): lines "time,channel,value" into the rows that they were, with their times, values
 * bit for bit. Consecutive lines of one time and different channels are a row. Resumable at every byte; no I/O but
 * recording_recognise. One thread at a time (the reader).
 *
 *     recording_feed(r, bytes, n);
 *     for (;;) switch (recording_next(r, &event)) { ... case RECORDING_MORE: feed again; }
 *     at the end of input: recording_end(r), then recording_next until RECORDING_MORE.
 */
#ifndef SCOPE_RECORDING_H
#define SCOPE_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/stream/limits.h"
#include "scope/stream/time_base.h"

/*
 * Whether fd is a file that begins as a recording does; *base is then what its times count: TIME_NUMBER, or TIME_STATED
 * with the wall clock of time 0, which is the first row's, where they are times of day. Reads nothing away.
 */
bool recording_recognise(int fd, struct time_base *base);

enum recording_kind {
  RECORDING_MORE,   /* all that was fed is consumed */
  RECORDING_ROW,    /* time, count, channel, value */
  RECORDING_REJECT, /* line, text, why */
};

struct recording_event {
  uint64_t line; /* counted from 1, the header */
  int64_t time;  /* in ticks of the base; never falls */
  size_t count;
  uint8_t channel[CHANNELS_MAX];
  double value[CHANNELS_MAX];
  const char *text; /* the line, escaped and cut, NUL-terminated; until the next call */
  const char *why;  /* static */
};

struct recording;

/* only: names of channels to hand out, with or without units, see name_list.h, or NULL; borrowed. NULL: no memory. */
struct recording *recording_new(const struct time_base *base, const char *only);
void recording_free(struct recording *r); /* NULL is fine */

/* bytes are borrowed until recording_next says RECORDING_MORE. */
void recording_feed(struct recording *r, const char *bytes, size_t n);
void recording_end(struct recording *r);
enum recording_kind recording_next(struct recording *r, struct recording_event *event);

/*
 * The time of the row that would come next: the last row has its width. Where the last rows did not stand at even
 * distances, that is a tick.
 */
int64_t recording_next_time(const struct recording *r);

/*
 * A unit of the table that stands in brackets behind a recorded name is the channel's unit, "" where there is none, and no
 * part of its name; where another channel has that name already, it stays one.
 */
size_t recording_channels(const struct recording *r);
const char *recording_channel_name(const struct recording *r, size_t channel);
const char *recording_channel_unit(const struct recording *r, size_t channel);

struct recording_counts {
  uint64_t lines, numbers, fast;
};
struct recording_counts recording_counts(const struct recording *r);

#endif
