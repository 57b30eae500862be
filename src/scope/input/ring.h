/*
 * The sink that feeds the plot: rows into the stream. It gathers rows that have the same channels until each channel
 * has a column worth handing over, as a call for each value would cost as much as parsing it. Reader thread.
 */
#ifndef SCOPE_RING_H
#define SCOPE_RING_H

#include "scope/input/sink.h"
#include "scope/stream/time_base.h"

enum { RING_ROWS = 256 /* gathered at most */ };

struct ring {
  struct sink sink; /* first: a pointer to it is one to the ring */
  struct stream *stream;
  struct time_base base;
  bool holding; /* the stream has been told the time of rows that are held back: it stands until they have come */

  /* Rows that the stream does not have yet, as columns: value[i] is that of channel[i]. */
  size_t rows;
  size_t channels;
  uint8_t channel[CHANNELS_MAX];
  int64_t time[RING_ROWS];
  double value[CHANNELS_MAX][RING_ROWS];
};

/* States at the stream that nothing older than row 0 will come. The main thread may call it, before the reader runs. */
void ring_init(struct ring *ring, struct stream *stream, const struct time_base *base);

/* Begins an arrival: the time for what is read next, in a base with a clock; else 0, and the row says it. */
int64_t ring_arrival_begin(struct ring *ring);

/*
 * A column without a copy: room in the stream for rows of one value each, of that channel, behind all rows so far.
 * ring_commit must follow before any other call, with 0 if need be; it stands for the sink's `column`.
 */
struct stream_room ring_reserve(struct ring *ring, size_t channel);
void ring_commit(struct ring *ring, size_t channel, size_t n);
void ring_commit_even(struct ring *ring, size_t channel, int64_t first, int64_t step, size_t n);

/*
 * Whole rows without a row's costs: room for RING_ROWS rows of these channels, behind all rows so far; column[i] gets the
 * values of channel[i], and where the times go is returned. ring_commit_rows must follow before any other call, with 0 if
 * need be; it stands for the sink's `row`.
 */
int64_t *ring_reserve_rows(struct ring *ring, const uint8_t *channel, size_t count, double **column);
void ring_commit_rows(struct ring *ring, size_t n);

#endif
