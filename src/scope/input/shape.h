/*
 * The quick road of rows: a row that was read with care becomes a template, and the lines behind it that are cut alike
 * are read by the template, many at a time, each number straight into its column.
 *
 * The contract:
 *   - Who builds: the ordinary road, from a line that it accepted, when it knows what every byte of it is. It hands over
 *     the line and its spans, in order: numbers that are taken (SHAPE_VALUE), and cells that are passed over. All bytes
 *     between the spans are literal: labels, separators, brackets, units, quotes.
 *   - What is guaranteed: shape_match takes whole lines only, and only such as have the same literals, a plain number
 *     (plain.h) in every value's place, finite and below the span's limit in size, and cells of their kind in the others'.
 *     Numbers are what decimal_parse gives for their text, to the last bit. It stops before the first line that differs in
 *     anything, which the ordinary road then takes. It depends on nothing before `at` nor at `end` and behind.
 *   - What the builder owes: that any other line which matches would be read by the ordinary road in the same way: the same
 *     channels, nothing to say, nothing to refuse. A meaning that depends on a number's own text (a Unix time, a year, an
 *     overflow code) is to be kept out by the span's limit; a point that would tell something by its `whole`; a comma
 *     between digits that could be one number by SHAPE_GROUPED; a cell of which the text matters (the key of --key, a time that
 *     is used) must be literal, or there is no shape.
 *   - What invalidates it: whatever changes the meaning of such a line: another separator, header, set of channels, kind of
 *     column, unit or scale; the parser then forgets the shape and builds one from a later row. The shape itself never
 *     changes by matching, and nothing is remembered between calls: cutting the input elsewhere changes nothing.
 *
 * Pure; no allocation; a shape is a plain value of some kilobytes.
 */
#ifndef SCOPE_SHAPE_H
#define SCOPE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  SHAPE_VALUES = 64,      /* numbers taken from a row at most */
  SHAPE_STEPS = 97,       /* spans of a row at most, and the end of the line */
  SHAPE_TEXT_MAX = 4096,  /* bytes of a line that becomes a shape at most */
  SHAPE_LINE_MAX = 65536, /* bytes of a line that is taken at most, newline excluded */
  SHAPE_EXACT = 16,       /* bytes of a literal that are compared without a loop */
};

enum shape_kind {
  SHAPE_VALUE,   /* a plain number, taken */
  SHAPE_FIGURES, /* passed over: digits, with the same of `+ - . / : T Z` between them as here: a number, date or time */
  SHAPE_WORD,    /* passed over: begins with a letter, has letters, digits and `_ - . /`, and is no gap such as `nan` */
};

struct shape_span {
  size_t start, length; /* in the line; length > 0 */
  enum shape_kind kind;
  double limit; /* SHAPE_VALUE: sizes from here on are not taken; INFINITY for no limit */
  bool whole;   /* SHAPE_VALUE: a number with a point is not taken */
  bool padded;  /* any number of spaces before it, none too; what stands before them is literal */
};

enum shape_flags {
  SHAPE_SPACES =
      1,          /* literals of spaces alone stand for one or more of them; so do those at both ends, for any number */
  SHAPE_TABS = 2, /* with SHAPE_SPACES: tabs count as spaces */
  SHAPE_GROUPED = 4, /* a line is not taken whose values could be parts of one number: `1,234,567.5`, `20,5` */
};

/* A literal, and the span behind it. Written by shape_build alone. */
struct shape_step {
  uint64_t literal[2], mask[2]; /* of its first SHAPE_EXACT bytes, as they were, and which of these there are */
  double limit;
  uint16_t text, length; /* the whole of it; the cell as it was when the shape was built lies behind it ... */
  uint16_t cell;         /* ... and is that long */
  uint8_t exact;         /* how long it was, with what is loose now; SHAPE_EXACT + 1: longer than SHAPE_EXACT */
  uint8_t ends;          /* how many digits or points in it have something else behind them, be it the newline */
  uint8_t gap;           /* from the last of these, or from the start of the literal, to its end */
  uint16_t before;       /* how many ends a row has before it */
  uint8_t kind;
  bool whole;
  bool padded; /* any number of spaces behind the literal, which has none at its end then */
  bool blanks; /* any run of blanks instead of the literal ... */
  bool needed; /* ... which has at least one */
  bool loose;  /* blanks or padded */
};

struct shape {
  size_t values; /* columns: numbers taken from each line; 0: there is no shape */
  size_t steps;  /* the last is the end of the line */
  size_t bytes;  /* of the line, its newline included */
  unsigned flags;
  bool lone;    /* nothing but one number */
  bool exact;   /* numbers alone, between literals of SHAPE_EXACT bytes at most */
  size_t ends;  /* with exact: of numbers, and within literals, in a row */
  bool serial;  /* has words: their digits are no numbers, so that the ends of numbers are not found beforehand */
  bool limited; /* some limit is below what numbers of nineteen digits reach */
  double limit[SHAPE_VALUES];
  bool whole[SHAPE_VALUES];
  bool portable; /* for tests: set after shape_build, it keeps off what not every processor has */
  struct shape_step step[SHAPE_STEPS];
  char text[SHAPE_TEXT_MAX];
};

/*
 * line has no newline, and no carriage return at its end (both ends of lines are taken by every shape). False, and
 * shape->values is 0, when there is no shape: none or too many values, too long a line, a span that is not as its kind
 * demands, or a literal whose bytes could be taken for a part of the number or cell before it.
 */
bool shape_build(struct shape *shape, unsigned flags, const char *line, size_t length, const struct shape_span *spans,
                 size_t count);

/* Where lines lie. */
struct shape_input {
  const char *begin;    /* nothing before it is read */
  const char *at;       /* the start of a line, not before `begin` */
  const char *complete; /* behind the last newline: lines behind it are not looked at */
  const char *end;      /* nothing from here on is read */
};

/*
 * Takes lines from in->at on, at most max_rows of them. Value s of row r goes to column[s][r]; what stands behind the rows
 * taken, up to max_rows, is undefined. Returns where the first line that was not taken begins, and how many were in *rows.
 */
const char *shape_match(const struct shape *shape, const struct shape_input *in, size_t max_rows, double *const *column,
                        size_t *rows);

#endif
