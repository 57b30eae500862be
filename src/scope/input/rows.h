/*
 * One whole line in, what it means out: the second half of the row grammar, above the fields of field.h.
 *
 * Here is decided whether a row is one of labels or of columns, which channel each value belongs to, which rows are
 * headers, and what is rejected. Used by the parser's thread only.
 */
#ifndef SCOPE_ROWS_H
#define SCOPE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/channels.h"
#include "scope/input/header.h"
#include "scope/input/parse.h"

enum {
  ROWS_COLUMNS = PARSE_LINE_MAX + 1, /* a line of nothing but commas has so many fields */
};

enum rows_verdict {
  ROWS_SKIPPED,  /* no data: blank, comment, header */
  ROWS_IGNORED,  /* a data row without any of the channels asked for */
  ROWS_ACCEPTED, /* the event has its values */
  ROWS_REJECTED, /* the event has text and why */
  ROWS_EARLIER, /* an earlier row turns out to be rejected: the event has its line, text and why; give this line again */
  ROWS_NOTED,   /* the event has text and why; give this line again */
};

struct rows {
  struct parse_options options;
  struct channels channels;
  struct header header;
  bool decided; /* a data row was accepted: what came before it is the past, and no header is looked for */
  bool full_noted;
  uint32_t numbers; /* in the last accepted row, and those of them that took strtod */
  uint32_t slow;
  char text[PARSE_TEXT_MAX + 1];
  int8_t column[ROWS_COLUMNS]; /* the channel of each column, or a CHANNEL_ constant */
};

void rows_init(struct rows *r, const struct parse_options *options);

/* line has no newline; number is its number, from 1. */
enum rows_verdict rows_line(struct rows *r, const char *line, size_t length, uint64_t number,
                            struct parse_event *event);

/*
 * The input ended: rows of words that waited for a data row and got none are rejected after all, one a call. False
 * when there are no more. They remain candidates for a header, should input go on.
 */
bool rows_end(struct rows *r, struct parse_event *event);

#endif
