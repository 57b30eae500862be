/*
 * One line in, its cells out, under a separator that is known. Each cell is judged: number, gap, time or word.
 *
 * With `;`, tab, `|`, `,` or another given byte a cell is all that stands between two of them, blanks around it taken
 * off; quotes hide the separator. Where blanks separate, quotes and brackets hold a cell together, several words that
 * make up a time are as many cells, and a known unit behind one blank stays a cell of its own.
 *
 * Pure; cells point into the line. Nothing is allocated.
 */
#ifndef SCOPE_CELLS_H
#define SCOPE_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/number_text.h"

enum {
  CELLS_MAX = 65537,  /* a line of nothing but commas has so many */
  SEPARATOR_NONE = 0, /* the whole line is one cell */
  SEPARATOR_BLANKS = ' ',
};

enum cell_kind {
  CELL_EMPTY, /* nothing in it: a gap that keeps its place */
  CELL_NUMBER,
  CELL_GAP,
  CELL_TIME,
  CELL_WORD,
  CELL_TORN, /* digits and blanks that are no number (1 000): rejects its line */
};

struct cell {
  enum cell_kind kind;
  bool quoted;
  bool unit_of_last; /* a word that is the unit of the number before it */
  bool continued;    /* TIME: the further cells of one that several make up */
  const char *text;  /* as written */
  size_t length;
  const char *datum; /* without quotes; of a time in several cells all of it, in the first */
  size_t datum_length;
  struct number_text number; /* NUMBER and GAP */
};

/* How commas are to be read, from --comma and the separator. */
struct cell_rules {
  char separator;
  bool comma_never; /* --comma separator */
  bool minus;       /* where blanks separate, a minus sign by itself is that of the number behind it, and no gap */
  bool bars;        /* where blanks separate, so does `|`, and what it sets apart are groups of cells */
  bool clock_comma; /* where commas separate, 10:00:00,123 is one cell all the same */
  int comma;        /* 0, or NUMBER_COMMA with NUMBER_COMMA_DECIMAL or NUMBER_COMMA_THOUSANDS: --comma */
};

/* Takes `|` at both ends (where | separates) and brackets, `<...>`, comment signs or `$...;` around the whole row off. */
void cells_unframe(char separator, const char **line, size_t *length);

/* Whether `<` and `>` stand around all of [at, end), as a sender marks where its row begins and ends: `<1,2,3>`. */
bool cells_is_marked(const char *at, const char *end);

/* Splits and judges. cells has room for CELLS_MAX. Returns how many. */
size_t cells_read(const struct cell_rules *rules, const char *line, size_t length, struct cell *cells);

/* Whether a cell ends a quote that it did not begin, `second"`: a line break cut it in two. An inch, `24"`, is none. */
bool cells_end_quote(const char *text, size_t length);

/* With cell_rules.bars, where the group at `at` ends: at a bar, at a colon before a blank, or at the end. */
const char *cells_group_end(const char *at, const char *end);

/* The longest time made of words that starts at text; the byte behind it, NULL when there is none. *words: how many. */
const char *cells_time(const char *text, const char *end, size_t *words);

#endif
