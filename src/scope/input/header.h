/*
 * The rows of words at the start of the input, of which one may turn out to be the header of a table.
 *
 * Each is kept as its fields joined by newlines, which no field contains; a time field is kept as a mark, because sar
 * prints its header again and again with a new time in it. Memory is bounded: when a row does not fit, the oldest
 * has to go first. Used by the parser's thread only.
 */
#ifndef SCOPE_HEADER_H
#define SCOPE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/field.h"
#include "scope/input/parse.h"

enum {
  HEADER_ROWS = 32,
  HEADER_ROW_MAX = PARSE_LINE_MAX + 2, /* every field costs its bytes and one, and there is one more than separators */
  HEADER_BYTES = 2 * HEADER_ROW_MAX,
};

struct header_row {
  uint64_t line;
  size_t fields;
  size_t start; /* in bytes[] */
  size_t length;
  bool reported;                 /* as a rejected line */
  char text[PARSE_TEXT_MAX + 1]; /* what a report shows of it */
};

struct header {
  size_t count;
  int chosen; /* the header's place in rows[], -1 when there is none */
  bool timed; /* the header's first field is a time, so each row's should be */
  size_t draft_fields;
  size_t draft_length;
  struct header_row rows[HEADER_ROWS];
  char bytes[HEADER_BYTES];
  char draft[HEADER_ROW_MAX]; /* the row at hand */
};

void header_init(struct header *h);

/* Makes the row at hand the draft that the two functions below are about. */
void header_draft(struct header *h, const char *line, size_t length);

/* Whether the same row was remembered before. */
bool header_has_draft(const struct header *h);

/* Remembers the draft, text being what to show of it; false when header_drop must make room first. */
bool header_keep_draft(struct header *h, uint64_t line, const char *text);

/* Forgets the oldest row. */
void header_drop(struct header *h);

/* Chooses the last row that has so many fields; false when there is none. */
bool header_choose(struct header *h, size_t fields);

/* The heading of a column counted from 0, NULL when there is none (no header, an empty cell, a time). */
const char *header_heading(const struct header *h, size_t column, size_t *length);

#endif
