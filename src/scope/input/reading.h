/*
 * What the reader of rows knows of its stream, and how one line is looked at and read under that knowledge.
 *
 *     look_at    what kind of line is it, what is in it?          (pure but for the scratch it leaves its findings in)
 *     row_take   the values of the line that was looked at last, into an event; channels begin here
 *
 * Used by parser.c, which owns the order of lines, and by decide.c, which settles what is held back. One thread.
 */
#ifndef SCOPE_READING_H
#define SCOPE_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/cells.h"
#include "scope/input/named.h"
#include "scope/input/names.h"
#include "scope/input/parser_types.h"
#include "scope/input/table_header.h"
#include "scope/input/time_column.h"

enum {
  NOTES_MAX = 8,
  EVIDENCE_MAX = 512,
  HEADS_MAX = 64, /* rows of words before a table that are passed over when they come again */
};

struct note {
  uint64_t line;
  char text[PARSER_TEXT_MAX + 1];
  char why[PARSER_WHY_MAX];
};

/* What the commas in the numbers of a column or label were seen to be, before a channel exists. */
struct evidence {
  uint64_t key;
  bool decimal, thousands, pointed;
};

/* What a minus sign with blanks around it is, where blanks separate. */
enum lone_minus {
  MINUS_OPEN, /* each row is judged by the columns at hand */
  MINUS_GAP,
  MINUS_SIGN, /* that of the number behind it */
};

/* Each is said once. */
struct said {
  bool full, comma_open, comma_row, comma_blanks, multiplied, separator, header, loss, key_hint, named_full, width,
      choice, groups;
};

struct reading {
  struct parser_options options;
  bool separator_known;
  char separator;     /* SEPARATOR_NONE: a header of one cell said that rows have one */
  bool comma_grouped; /* blanks separate, and commas group thousands: 1,234,567  12% */
  bool bars;          /* blanks separate, and so does | between groups of columns: 1 0 99| 10k 20k */
  uint64_t groups,
      other_groups; /* ... how many columns each group has, and had in the last row that was rejected for it */
  enum lone_minus lone_minus;
  bool clock_comma; /* commas separate, but for the one in 10:00:00,123 */
  bool pairs;       /* rows of cells that are each a word and a number are labelled */
  bool labelled;    /* a labelled row was accepted */
  bool dated;       /* a row was accepted that begins with a date which begins with a name: syslog's, ctime's */
  bool wanted;      /* what the row at hand was rejected for belongs to what --only asks for */
  uint32_t numbers; /* converted in the row at hand, and how many of them by strtod */
  uint32_t slow;
  uint64_t object_hash; /* of the paths of the last object: those are learnt */
  size_t note_count;
  struct note note[NOTES_MAX];
  struct said said;
  char text[PARSER_TEXT_MAX + 1]; /* of the event at hand */
  char why[PARSER_WHY_MAX];
  struct names names;
  struct time_column time;
  size_t evidence_count;
  struct evidence evidence[EVIDENCE_MAX];
  size_t head_count;
  uint64_t head[HEADS_MAX];
  size_t cell_count; /* of the line that was looked at last */
  struct tables tables;
  struct named_list named;
  struct cell cells[CELLS_MAX];
};

enum look_kind {
  LOOK_BLANK,
  LOOK_COMMENT,
  LOOK_LONG,     /* longer than PARSER_LINE_MAX */
  LOOK_RULE,     /* dashes and the like, drawn to be looked at */
  LOOK_OBJECT,   /* JSON or Python: r->named */
  LOOK_PART,     /* the beginning of an object */
  LOOK_DEEP,     /* an object nested too deep */
  LOOK_LABELLED, /* r->named */
  LOOK_CELLS,    /* r->cells */
};

struct look {
  enum look_kind kind;
  bool pairs;     /* LABELLED by labels_read_pairs */
  bool lead;      /* CELLS: the row begins with `word:` under a table whose rows do */
  bool summary;   /* CELLS: a word where the rows before had a time */
  uint32_t cells; /* without the lead; further figures count cells */
  uint32_t numbers, gaps, empty, words, times, torn, units;
  bool last_empty;   /* CELLS: the last cell, of several, is empty */
  bool indented;     /* CELLS: begins with a blank */
  bool first_quoted; /* CELLS: the first cell is in quotes */
  bool gap_row;      /* CELLS: words and gaps, but a row of a table: set by plan_gap_rows alone */
  bool word_gap;     /* CELLS: as first_word, but with gaps or nothing alone */
  uint32_t minuses;  /* lone ones before a number */
  bool plain;        /* nothing but numbers without unit or comma */
  bool first_word; /* CELLS: the first cell that is no time is a word that may be a label, and all others are numbers */
  bool dangling;   /* a word ends in a comma or semicolon: blanks are not what separates */
  uint32_t time_at, time_words; /* the first time, and of how many cells it is */
  uint64_t signature;           /* rows that are alike have the same */
  const char *rest;             /* OBJECT: what follows it in the line, NULL for nothing */
  size_t rest_length;
};

void reading_init(struct reading *r, const struct parser_options *options);
void reading_reset(struct reading *r);

/* Looks at a line as it would be read now; with a separator other than the stream's for look_with. */
void look_at(struct reading *r, const char *text, size_t length, struct look *look);
void look_with(struct reading *r, char separator, const char *text, size_t length, struct look *look);

/* The text of a comment line behind its sign. */
void look_into_comment(const char **text, size_t *length);

/* Remembers commas of the line that was looked at last, so that a single group of three can be settled by it. */
void evidence_collect(struct reading *r, const struct look *look);

enum row_verdict {
  ROW_ACCEPTED, /* the event has its values, perhaps none */
  ROW_SKIPPED,  /* no data */
  ROW_REJECTED, /* the event has text and why */
};

/* Reads the line that was looked at last. Nothing of a rejected line is left behind. */
enum row_verdict row_take(struct reading *r, const struct look *look, const char *text, size_t length, uint64_t line,
                          struct parser_event *event);

/* Whether a row of cells would be read without a word in the column of a channel. */
bool row_fits(struct reading *r, const struct look *look);

/* Sets text and why of a rejected line: TEXT is not a number. */
void row_refuse(struct reading *r, struct parser_event *event, const char *text, size_t length);

/* The same for a line of more than PARSER_LINE_MAX bytes. */
void row_refuse_long(struct reading *r, struct parser_event *event, const char *text);

/* What a row that is no data is blamed for: its first word. */
void row_blame(const struct reading *r, const struct look *look, const char **text, size_t *length);

__attribute__((format(printf, 5, 6))) void note_add(struct reading *r, uint64_t line, const char *text, size_t length,
                                                    const char *why, ...);

#endif
