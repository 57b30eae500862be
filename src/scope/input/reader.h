/*
 * The detached thread that reads: waits for input, parses it, and publishes samples into the stream. It is the only
 * writer of the stream, and the one who talks to the person at the terminal (prompt, rejected lines).
 *
 * It is never joined: a read from a terminal may wait for ever. What it touches is the stream and the reader's own
 * memory, which lives as long as the process; asked to stop (stream_stop) it finishes its line and acknowledges.
 */
#ifndef SCOPE_READER_H
#define SCOPE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/input/input.h"
#include "scope/stream/stream.h"

/* What the time of a sample is. */
enum time_base {
  TIME_ARRIVAL, /* nanoseconds since the start, when it was read; all of one read alike */
  TIME_RATE,    /* nanoseconds: data row n is at n / rate */
  TIME_NUMBER,  /* 1e-6 of a sample: data row n is at n */
};

/* Ticks in a second, or in a sample. */
enum { TIME_TICKS_PER_SECOND = 1000000000, TIME_TICKS_PER_SAMPLE = 1000000 };

struct reader_config {
  struct input input; /* not used with demo */
  bool demo;
  uint64_t demo_rows; /* 0: in real time, without end; else that many rows at once */
  enum time_base base;
  double rate_hz;           /* TIME_RATE */
  int64_t start_ns;         /* time 0 of TIME_ARRIVAL on the monotonic clock */
  const char *only, *names; /* as in parse_options; borrowed for ever */
  int prompt_fd;            /* where the prompt goes, or -1 for none */
};

/* The largest time there is: far enough from the end of an int64_t that a period or a column may be added. */
#define READER_TIME_MAX (INT64_MAX / 4)

/* Time of data row n in a base without a clock; READER_TIME_MAX at most. */
int64_t reader_row_time(const struct reader_config *config, uint64_t row);

/* Starts the thread, all signals blocked in it. 0, or an errno value. */
int reader_start(const struct reader_config *config, struct stream *stream);

#endif
