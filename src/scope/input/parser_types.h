/*
 * What goes into the parser and comes out of it: its limits, options, events and counters, which all of its files share.
 * What it does with them says parser.h.
 */
#ifndef SCOPE_PARSER_TYPES_H
#define SCOPE_PARSER_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/stream/limits.h"
#include "scope/stream/time_base.h"

enum {
  PARSER_LINE_MAX = 65536, /* bytes of a line at most, its end excluded; a longer one is rejected whole */
  PARSER_TEXT_MAX = 40,    /* bytes of an offending field that an event carries at most, escapes included */
  PARSER_WHY_MAX = 200,    /* bytes of an explanation at most */
  PARSER_HELD_LINES = 32,  /* lines held back at most, but for a regular file */
  PARSER_HELD_FILE = 65536 /* bytes held back of a regular file */
};

enum parser_comma { PARSER_COMMA_AUTO, PARSER_COMMA_SEPARATOR, PARSER_COMMA_DECIMAL, PARSER_COMMA_THOUSANDS };
enum parser_time_unit { PARSER_UNIT_AUTO, PARSER_UNIT_S, PARSER_UNIT_MS, PARSER_UNIT_US, PARSER_UNIT_NS };

/* The strings are borrowed for the life of the parser; NULL where an option was not given. */
struct parser_options {
  bool terminal;           /* a line is numbers between blanks, or labelled; what is skipped elsewhere is rejected */
  bool careful;            /* for tests: no quick road, every line is looked at */
  bool regular;            /* a regular file: its first 64 KiB are held back, not 32 lines */
  const char *only;        /* --only A,B,...: labels or columns to plot */
  const char *names;       /* --names A,B,...: names of columns */
  const char *key;         /* --key NAME: a column or label that tells rows of several things apart */
  char separator;          /* --separator C, ' ' for blanks; 0: found out */
  enum parser_comma comma; /* --comma */
  uint64_t skip;           /* --skip N: lines passed over at the start */
  const char *time_column; /* --time-column N|NAME|A+B */
  enum parser_time_unit time_unit;
};

enum parser_kind {
  PARSER_MORE,   /* all that was fed is consumed */
  PARSER_ROW,    /* event.row is valid */
  PARSER_REJECT, /* a line was rejected; event.line, event.text, event.why are valid */
  PARSER_NOTE,   /* something worth saying once; event.line (0: no line in particular), event.text, event.why */
};

/*
 * A row: count values, each with its channel, none twice. NaN is a gap. index counts data rows from 0, rejected and
 * ignored data rows included, so that row n of a --rate recording is at n/HZ seconds.
 */
struct parser_event {
  uint64_t line;  /* line number in the input, counted from 1 */
  uint64_t index; /* PARSER_ROW: number of the data row */
  int64_t stamp;  /* PARSER_ROW, PARSER_REJECT: that of the feed in which the line ended */
  size_t count;   /* PARSER_ROW: values in the row, 1..64 */
  uint8_t channel[CHANNELS_MAX];
  double value[CHANNELS_MAX];
  int64_t time_ns;       /* PARSER_ROW with options.time_column: nanoseconds since 1970, or since midnight */
  enum clock_kind clock; /* what that counts from */
  const char *text;      /* the offending field, escaped, NUL-terminated; may be empty; until the next call */
  const char *why;       /* "is not a number" ..., what follows text in a message; until the next call */
};

/* Counters since parser_new. */
struct parser_counts {
  uint64_t lines;    /* complete lines */
  uint64_t rows;     /* accepted, with or without values to plot */
  uint64_t samples;  /* values handed out, gaps included */
  uint64_t rejected; /* lines rejected */
  uint64_t numbers;  /* numbers converted */
  uint64_t fast;     /* of these, without strtod */
};

#endif
