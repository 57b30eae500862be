/*
 * The seam between the reader and whoever gets its rows: the ring (ring.h) is the first sink and the one that is always
 * there; recording and passing through come beside it. All calls come from the reader thread, in this order:
 *
 *     begin arrival                 bytes are about to be read; the ring alone knows it (ring_arrival_begin), and gives
 *                                   what is read its time
 *       add_channel                 before the channel's first value; numbered 0, 1, 2, ...
 *       set_unit                    when it is known
 *       row, column                 rows in the order of the input
 *     end_arrival                   what was read is parsed and handed over, to its last whole line
 *     restart                       between two arrivals: the channels are forgotten, and numbered from 0 anew
 *     ...                           the next arrival
 *     end                           once, after the last end_arrival
 *
 * Within an arrival the plot cannot move on: no sink writes to anything there, and none waits, but the ring for space
 * in itself. The ring's end_arrival is called first; from then on a sink may wait in its own end_arrival or end, always
 * in a poll that has the stop descriptor in it.
 */
#ifndef SCOPE_SINK_H
#define SCOPE_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/stream/stream.h"

/* Values of one moment, each with its channel, no channel twice. NaN is a gap. Borrowed for the call. */
struct sink_row {
  int64_t time;
  size_t count; /* 1..CHANNELS_MAX */
  const uint8_t *channel;
  const double *value;
};

/* How far the reader is at the end of an arrival. */
struct sink_progress {
  struct stream_counts counts;
  int64_t next_time; /* in a base without a clock: the time of the row that comes next, at the earliest */
  bool times_anew;   /* restart: times begin anew, with next_time */
  bool holding;      /* lines were read that are not decided yet ... */
  int64_t held;      /* ... in a base with a clock: the oldest of them at this time */
};

struct sink {
  /* unit: "" for none or not known yet. Who groups channels by their units does it once, where it is known here. */
  void (*add_channel)(struct sink *sink, size_t channel, const char *name, const char *unit);

  /* The unit of a channel that has been added without one, once. */
  void (*set_unit)(struct sink *sink, size_t channel, const char *unit);
  void (*row)(struct sink *sink, const struct sink_row *row);

  /* n rows of one value each, all of the same channel. */
  void (*column)(struct sink *sink, size_t channel, const int64_t *time, const double *value, size_t n);
  void (*end_arrival)(struct sink *sink, const struct sink_progress *progress);

  void (*restart)(struct sink *sink, const struct sink_progress *progress);

  /* failed: the input could not be read on. */
  void (*end)(struct sink *sink, bool failed);
};

#endif
