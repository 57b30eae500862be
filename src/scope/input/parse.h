/*
 * Bytes in, rows out: the row grammar of scope (product page, "Input").
 *
 * Where that page leaves room, it was decided so:
 *   - A quoted number is a number, and single quotes hold a field together as double ones do.
 *   - Every `,` or `;` closes a cell, so `1,2,` has a third, empty one; an empty last cell makes no channel.
 *   - A time of day has seconds; AM or PM after it is a time field too; a date and a time of day that fill one cell
 *     between separators are one field, between blanks they are two.
 *   - In a token the label ends at the first `=`, else at the first `:`. What follows nothing is no label; before a
 *     separator (`a=,`) its value is a gap.
 *   - The first data row is the first that is accepted. Rows of words before it are silent; the oldest of more than 32,
 *     and all of them when the input ends without a data row, are rejected after all. Time fields may differ when a
 *     row comes again.
 *   - Under a header a column is one of words when its first field is; a word in a column of numbers rejects the line.
 *   - Under a header that begins with a time, a row that begins with a word and a colon (`Average:`) is ignored.
 *   - Rows of words, where --only is given, are ignored; so is a row whose values all belong to other channels. Both
 *     count as data rows, and so do rejected lines.
 *   - Two columns of one name are two channels: the second gets its number appended, `a_2`.
 *
 * The parser is resumable at every byte: how the input is cut into pieces never changes what comes out. It does no I/O
 * and allocates nothing after parser_new (a third of a mebibyte). One thread at a time (the reader).
 *
 *     parser_feed(p, bytes, n);
 *     for (;;) switch (parser_next(p, &event)) { ... case PARSE_MORE: feed again; }
 *     at the end of input: parser_end(p), then parser_next until PARSE_MORE.
 */
#ifndef SCOPE_PARSE_H
#define SCOPE_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/stream/limits.h" /* CHANNELS_MAX; fields beyond are ignored and noted once */

enum {
  PARSE_LINE_MAX = 65536, /* bytes of a line at most, newline excluded; a longer one is rejected whole */
  PARSE_NAME_MAX = 64,    /* bytes of a channel name at most, NUL included: longer ones are cut, and may become one */
  PARSE_TEXT_MAX = 40,    /* bytes of an offending field that an event carries at most, escapes included */
};

struct parse_options {
  bool terminal;           /* no header rule; skipped lines (blank, comment) come out as PARSE_REJECT */
  const char *only;        /* --only A,B,...: labels or columns to plot; NULL for all */
  const char *names;       /* --names A,B,...: names of columns; NULL for 1, 2, ... */
  const char *time_column; /* --time-column: label, name or number of what is handed over as time; NULL for none */
};

enum parse_kind {
  PARSE_MORE,   /* all that was fed is consumed */
  PARSE_ROW,    /* a row: event.index, count, channel, value, time are valid */
  PARSE_REJECT, /* a line was rejected; event.line, event.text, event.why are valid */
  PARSE_NOTE,   /* something worth saying once; event.line, event.text, event.why are valid */
};

/*
 * A row: count values, each with its channel, channels in ascending order of first appearance in the row, none twice
 * (a label that comes twice in a row: the last value counts). NaN is a gap. index counts data rows from 0, rejected
 * data rows included, so that row n of a --rate recording is at n/HZ seconds.
 */
struct parse_event {
  uint64_t line;  /* line number in the input, counted from 1 */
  uint64_t index; /* PARSE_ROW: number of the data row */
  size_t count;   /* PARSE_ROW: values in the row, 1..64 */
  uint8_t channel[CHANNELS_MAX];
  double value[CHANNELS_MAX];
  /* PARSE_ROW: the time column as written, without label and unit: a number, date or time of day. Borrowed until the
     next call; NULL when the row has none. */
  const char *time;
  size_t time_length;
  const char *text; /* PARSE_REJECT, PARSE_NOTE: the offending field, escaped, NUL-terminated; until the next call */
  const char *why;  /* PARSE_REJECT, PARSE_NOTE: "is not a number" ..., what follows text in a message; static */
};

struct parser;

/* NULL when out of memory. The option strings are borrowed for the life of the parser. */
struct parser *parser_new(const struct parse_options *options);
void parser_free(struct parser *p); /* NULL is fine */

/* bytes are borrowed until parser_next returns PARSE_MORE, which must come before the next parser_feed. */
void parser_feed(struct parser *p, const char *bytes, size_t length);

/* No more bytes: a last line without a newline is a line. (A FIFO whose writer left may be fed again afterwards.) */
void parser_end(struct parser *p);

enum parse_kind parser_next(struct parser *p, struct parse_event *event);

/*
 * The quick road for the commonest input: takes as many rows as come next, whole in what was fed, that are one plain
 * number each for channel *channel, at most max, into values; the first has data row number *index, the others follow
 * without a hole. Returns how many, 0 when the next line needs parser_next (which also makes progress where this does
 * not). Rows come out as parser_next would give them.
 */
size_t parser_column(struct parser *p, double *values, size_t max, uint8_t *channel, uint64_t *index);

/*
 * The same for rows of several numbers that are cut like the last one: value i of row r, which belongs to the i-th channel
 * of parser_row_channels, goes to column[i][r]. Where that says 0 there is no such road now; every parser_next may change
 * the answer.
 */
size_t parser_rows(struct parser *p, double *const *column, size_t max, uint64_t *index);
size_t parser_row_channels(const struct parser *p, const uint8_t **channel);

/*
 * Channels that have appeared so far, in order of first appearance, and their names (never changing once there,
 * escaped so that they can be shown: no control characters, valid UTF-8).
 */
size_t parser_channels(const struct parser *p);
const char *parser_channel_name(const struct parser *p, size_t channel);

/* Counters since parser_new. */
struct parse_counts {
  uint64_t lines;    /* complete lines */
  uint64_t rows;     /* accepted */
  uint64_t rejected; /* lines rejected */
  uint64_t numbers;  /* numbers converted */
  uint64_t fast;     /* of these, without strtod */
};
struct parse_counts parser_counts(const struct parser *p);

#endif
