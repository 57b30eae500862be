/*
 * The time of a row, from the cell or cells that --time-column names.
 *
 * Any form of time cell, or a number in --time-unit. Times never go backwards, but a time of day that falls by half a
 * day and more is the next day's. Used by the parser's thread only.
 */
#ifndef SCOPE_TIME_COLUMN_H
#define SCOPE_TIME_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/parser_types.h"
#include "scope/stream/time_base.h"

struct time_column {
  enum parser_time_unit unit; /* AUTO as long as it is open */
  bool day_first;             /* 11/12/2026 is the 11th of December */
  bool order_known;
  bool unit_noted, order_noted;
  bool came;                 /* there was a cell, be it a time or not */
  bool begun;                /* there was a row */
  int64_t first_ns, last_ns; /* the times of the first and the last row */
  int64_t days_ns;           /* midnights passed by a column of times of day */
  /* of the row at hand */
  int64_t sum_ns;
  bool have_date, have_clock, have_number, year_open;
  bool far;       /* a year that 64 bits of nanoseconds do not reach */
  bool unix_time; /* a number that is a moment of this century */
  /* of the rows held back: the first two numbers, for finding the unit */
  int samples;
  double sample[2];
};

void time_column_init(struct time_column *t, enum parser_time_unit unit);

/* A row begins. */
void time_column_start(struct time_column *t);

/* Adds a cell; false when it is no time. open is set when its day and month could be exchanged and nothing tells. */
bool time_column_add(struct time_column *t, const char *text, size_t length, bool *open);

/* The row's time, taken as the last one; or why it has none that is of use, a static text. NULL: it has. */
const char *time_column_finish(struct time_column *t, int64_t *ns);

/* What the times of rows like this one count from. */
enum clock_kind time_column_clock(const struct time_column *t);

/* A look ahead at a cell of a row that is held back. */
void time_column_peek(struct time_column *t, const char *text, size_t length);

/* Settles the unit by what was seen; true when it had to be guessed. */
bool time_column_settle(struct time_column *t);
const char *time_column_unit_name(const struct time_column *t);

#endif
