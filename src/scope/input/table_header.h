/*
 * The tables of a stream: each has a width, a header or none, and columns that are channels, words or times.
 *
 * Rows take their names from the latest header of their width. At most TABLES_MAX are remembered; the one that was not
 * used for longest gives way. Used by the parser's thread only; nothing is allocated.
 */
#ifndef SCOPE_TABLE_HEADER_H
#define SCOPE_TABLE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/cells.h"

enum {
  TABLES_MAX = 6,
  TABLE_BYTES = 131072, /* of headings: a line, and what makes double ones differ */

  /* What a column is, beside a channel (from 0). */
  COLUMN_NEW = -1,      /* nothing but words and gaps so far */
  COLUMN_LEFT_OUT = -2, /* --only does not ask for it */
  COLUMN_FULL = -3,     /* all channels are taken */
  COLUMN_TIME = -4,     /* --time-column */
  COLUMN_KEY = -5,      /* --key */
  COLUMN_CLOCK = -6,    /* times were there, which nobody asked for */
  COLUMN_NUMBERS = -7,  /* with --key: a channel for each key */
};

/* How the cells of a row are laid under the headings. */
struct table_fit {
  uint32_t cells;    /* of a row, without a leading `word:` */
  uint32_t shift_at; /* the time of a row begins at this cell ... */
  int32_t shift_by;  /* ... and has so many cells more (or fewer) than it has headings */
  uint32_t pad;      /* the first so many cells of a row, times, have no heading */
  bool lead;         /* rows begin with `word:`, which goes before the names */
  bool drop_first;   /* the header begins with `word:`, which is no name */
};

struct table {
  bool used;
  bool headed;
  bool commented; /* the header was a comment */
  uint64_t turn;  /* when it was used last */
  uint64_t hash;  /* of its header */
  struct table_fit fit;
  uint32_t headings;
  uint32_t rows;        /* accepted, up to a few */
  uint32_t word_hash;   /* of the first word of the last row, 0: none: what --key would tell apart */
  uint32_t second_hash; /* of the word behind it */
  uint32_t clock_hash;  /* of the times of the last row */
  uint32_t touched;     /* columns that may differ from COLUMN_NEW */
  size_t length;
  int8_t column[CELLS_MAX + 1];  /* plus one, so that zeroed memory is COLUMN_NEW; see table_column */
  uint32_t start[CELLS_MAX + 1]; /* of each heading, in bytes[] */
  uint32_t unit_start[CELLS_MAX + 1];
  uint32_t unit_length[CELLS_MAX + 1]; /* of a row of units, 0: none */
  char bytes[TABLE_BYTES];
};

struct tables {
  uint64_t turn;
  int current; /* the latest, -1: none */
  struct table list[TABLES_MAX];
};

void tables_reset(struct tables *t);

/*
 * A header begins a table, or brings back one that had the same. Its cells (as cells_read gives them, headings joined by
 * tables_join) become the names, double ones made different. *again: it was known.
 */
struct table *tables_adopt(struct tables *t, const struct cell *cells, size_t count, const struct table_fit *fit,
                           bool commented, bool *again);

/* Where blanks separate, a word in brackets belongs to the heading before it, and df's `Mounted on` is one. Returns how many cells are left. */
size_t tables_join(struct cell *cells, size_t count);

/* The same for names of several words, where two blanks set names apart: `Iter   Train Loss   Remaining Time`. */
size_t tables_join_words(struct cell *cells, size_t count);

/* The hash of a row's cells by which a header is known again: times count as one and the same. */
uint64_t tables_hash(const struct cell *cells, size_t count);
bool tables_know(const struct tables *t, uint64_t hash);

/*
 * The table of a row of so many cells: the latest with a header of that width, else the one without a header if its rows
 * are as wide, else the latest; NULL when there is none.
 */
struct table *tables_find(struct tables *t, size_t cells);

/* The table without a header, which is made when it is not there. */
struct table *tables_bare(struct tables *t);

/* The row of units below the latest header. */
void tables_units(struct tables *t, const struct cell *cells, size_t count);

/* The column (from 0) that cell i of a row belongs to. */
size_t table_place(const struct table *t, size_t cell);
const char *table_heading(const struct table *t, size_t column, size_t *length);
const char *table_unit(const struct table *t, size_t column, size_t *length);

static inline int table_column(const struct table *t, size_t column)
{
  return column < CELLS_MAX ? t->column[column] - 1 : COLUMN_LEFT_OUT;
}

void table_set_column(struct table *t, size_t column, int is);

#endif
