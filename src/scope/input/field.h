/*
 * One line in, its fields out: the lexical half of the row grammar (product page, "Input").
 *
 * Blanks are space, tab, carriage return and `{}[]`; they separate, or one `,` or `;` with blanks around it does. Every
 * such sign closes a cell, so `,1` and `1,,2` and `1,` have an empty one. Double and single quotes at the start of a
 * field hold it together (a backslash or doubling escapes); where the closing one is missing the quote is an ordinary
 * byte. What is quoted is then judged like anything else, blanks at its ends taken off: CSV writers quote numbers.
 *
 * Pure; the line is borrowed, nothing is allocated.
 */
#ifndef SCOPE_FIELD_H
#define SCOPE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

enum field_kind {
  FIELD_EMPTY,  /* a cell without anything in it: a gap */
  FIELD_NUMBER, /* value is finite */
  FIELD_GAP,    /* nan, inf, null, NA, -, or a number too large */
  FIELD_TIME,   /* a date, a time of day or both, with AM or PM a field of its own */
  FIELD_WORD,
};

struct field {
  enum field_kind kind;
  bool labelled;    /* label[0..label_length) = value: kind is NUMBER, GAP or TIME */
  bool slow;        /* the number took strtod */
  bool trailing;    /* EMPTY: after the last `,` or `;` of the line */
  double value;     /* NUMBER: the number; NaN otherwise */
  const char *text; /* the field as written, label and quotes included */
  size_t length;
  const char *label; /* as written, without its quotes; escapes are still in it */
  size_t label_length;
  const char *datum; /* what was judged: without label, quotes and unit */
  size_t datum_length;
  const char *unit; /* glued to a labelled number; unit_length 0 when there is none */
  size_t unit_length;
};

struct field_reader {
  const char *at;
  const char *end;
  bool first;      /* nothing has been read yet */
  bool open;       /* a `,` or `;` was the last thing read: a cell must follow */
  bool double_off; /* a double quote without its partner was met: from there on it is an ordinary byte */
  bool single_off; /* the same for single quotes */
  bool after_time; /* the last field was a time: AM or PM belongs to it */
};

/* The line without its newline. */
void field_start(struct field_reader *reader, const char *line, size_t length);

/* The next field; false at the end of the line. */
bool field_next(struct field_reader *reader, struct field *field);

/* Whether a line has nothing but blanks in it, or is a comment: its first byte that is no blank is `#`. */
bool field_line_blank(const char *line, size_t length);

enum field_time {
  FIELD_TIME_NONE,
  FIELD_TIME_DATE,  /* 2026-11-22, 2026/11/22 */
  FIELD_TIME_CLOCK, /* 12:30:01, 9:08:00.25Z, 09:08:00+01:00; seconds are needed: 12:30 is a word */
  FIELD_TIME_BOTH,  /* 2026-11-22T09:08:00Z, 2026-11-22 09:08, 20261122T090800 */
};

/* Which form of time text[0..length) is, judged whole, each part in its range. */
enum field_time field_time(const char *text, size_t length);

#endif
