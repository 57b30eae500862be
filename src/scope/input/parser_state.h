/*
 * The parser's own state, and what its files share: parser.c (the interface, the order of things), waiting.c (which lines
 * wait, and for what), one_line.c (a line that waits no longer). Everybody else uses parser.h.
 */
#ifndef SCOPE_PARSER_STATE_H
#define SCOPE_PARSER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/decide.h"
#include "scope/input/lines.h"
#include "scope/input/parser_types.h"
#include "scope/input/quick.h"
#include "scope/input/reading.h"

/* What is being done with the lines held back. */
enum release {
  RELEASE_NOT,    /* they wait */
  RELEASE_READ,   /* they are read, each in its role */
  RELEASE_REPORT, /* they are rejected, but kept as what may be a header */
};

/* Why a single row is held back. */
enum doubt {
  DOUBT_NOT,
  DOUBT_ROW,       /* words and numbers without a table: a row like it must follow */
  DOUBT_SEPARATOR, /* another separator would make a row of it: another such row must follow */
};

/* The line at hand. */
struct current {
  bool there;
  bool looked; /* look is of it */
  const char *text;
  size_t length;
  uint64_t number;
  int64_t stamp;
  enum held_role role;
  bool too_long;
  struct look look;
  const struct held_line *held; /* where it came from, NULL when it was not held */
};

/* The lines of an object that is not at its end. */
struct object {
  size_t length;
  uint64_t lines;
  uint64_t first; /* line number */
  size_t first_length;
  char text[LINES_LENGTH_MAX + 1];
};

struct parser {
  struct parser_options options;
  struct parser_counts counts;
  int64_t stamp;  /* of what was fed last */
  uint64_t index; /* number of the next data row */
  bool opening;
  enum release release;
  size_t release_at;
  enum doubt doubt;
  char doubt_separator;
  uint32_t doubt_cells;
  struct current line;
  bool pending; /* an event waits behind notes */
  enum parser_kind pending_kind;
  size_t note_at;
  struct parser_event event;
  char refused[PARSER_TEXT_MAX + PARSER_WHY_MAX + 60];
  struct quick quick;
  struct lines lines;
  struct object object;
  struct held held;
  struct reading reading;
};

/* ---- waiting.c ---- */

/* A line from the input: it becomes the line at hand, or waits, or is nothing. True in the first case. */
bool waiting_take_in(struct parser *p, const struct line *line);

/* Makes the next of the lines that are released the line at hand; false when there are no more. */
bool waiting_take_released(struct parser *p);

/* The time or the room for waiting is over. */
void waiting_end_opening(struct parser *p);
void waiting_end_doubt(struct parser *p);

/* How many lines may wait. */
size_t waiting_lines_max(const struct parser *p);

/* Rows of words, and lines known by their letters, that are passed over when they come again. */
void waiting_remember_head(struct parser *p);
uint64_t waiting_hash_letters(const struct look *look, const char *text, size_t length);
bool waiting_knows_preamble(const struct reading *r, const struct look *look, const char *text, size_t length);

/* Whether the row looked at last has the letters of a line that came before the table, and is no row of it: top's head. */
bool waiting_passes_over(struct reading *r, const struct look *look, const char *text, size_t length);

/* ---- one_line.c ---- */

/* Goes through the line at hand in its role. PARSER_MORE: no event came of it. */
enum parser_kind line_read(struct parser *p, struct parser_event *event);

/* Rejects the object under way. */
enum parser_kind line_refuse_object(struct parser *p, struct parser_event *event);

/* Rejects the next of the lines that wait and were not reported yet; they stay as what may be a header. */
enum parser_kind line_report_held(struct parser *p, struct parser_event *event);

#endif
