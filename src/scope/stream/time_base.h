/*
 * What the time of a sample is, for all stages alike. Times are int64_t ticks; per channel they never fall.
 *
 * Only the reader turns rows into times (time_base_row); it states the time of the next row through the stream, and
 * nobody rebuilds it from what came before. Plain data and pure functions; any thread.
 */
#ifndef SCOPE_TIME_BASE_H
#define SCOPE_TIME_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum time_base_kind {
  TIME_ARRIVAL, /* nanoseconds since the start, when it was read; all of one read alike */
  TIME_RATE,    /* nanoseconds: data row n is at n / rate */
  TIME_NUMBER,  /* 1e-6 of a sample: data row n is at n */
  TIME_STATED,  /* nanoseconds that each row brings with it, since the first one: a time column, a recording */
};

struct time_base {
  enum time_base_kind kind;
  double rate_hz;   /* TIME_RATE: > 0 */
  int64_t start_ns; /* TIME_ARRIVAL: time 0 on the monotonic clock */
  int64_t wall_ns;  /* time 0 in nanoseconds since 1970, or 0 where that is not known */
};

/* What times count from is a moment of a clock. */
enum clock_kind {
  CLOCK_NONE,  /* of none that is known */
  CLOCK_LOCAL, /* nanoseconds since 1970, to be shown as local time */
  CLOCK_UTC,   /* the same, to be shown as it came: the input's dates name no zone, or their own */
  CLOCK_DAY,   /* nanoseconds since midnight of a day that is not known, likewise */
};

/* Ticks in a second, or in a sample. */
enum { TIME_TICKS_PER_SECOND = 1000000000, TIME_TICKS_PER_SAMPLE = 1000000 };

/* The largest time there is: far enough from the end of an int64_t that a period or a column may be added. */
#define TIME_MAX (INT64_MAX / 2)

/* Ticks in what the axis counts: a second, or a sample. */
int64_t time_base_unit(const struct time_base *base);

/* Whether a clock gives the times, so that the past grows without samples too. */
bool time_base_runs(const struct time_base *base);

/* Time of data row n, counted from 0, in a base without a clock: rounded to the nearest tick, at most TIME_MAX. */
int64_t time_base_row(const struct time_base *base, uint64_t row);

/* The same for rows [row, row + n): times[i] is that of row + i. */
void time_base_rows(const struct time_base *base, uint64_t row, size_t n, int64_t *times);

/* Whether the times of these rows are evenly spaced, to the tick; then *step is the distance. */
bool time_base_even(const struct time_base *base, uint64_t row, size_t n, int64_t *step);

#endif
