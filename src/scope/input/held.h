/*
 * Lines that are held back wait here as copies until the plan is made; then each has a role, and parser.c reads them in
 * order.
 */
#ifndef SCOPE_HELD_H
#define SCOPE_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/lines.h"
#include "scope/input/reading.h"

enum {
  HELD_LINES_MAX = 65536, /* of a regular file: its first 64 KiB may be as many lines */
  HELD_BYTES = 262144,
};

enum held_role {
  HELD_DATA,     /* to be read */
  HELD_HEADER,   /* names the columns of the rows below */
  HELD_UNITS,    /* of the header above */
  HELD_PREAMBLE, /* came before a table, and is passed over */
  HELD_REFUSED,  /* to be rejected */
};

struct held_line {
  uint32_t start, length; /* in bytes[] */
  uint64_t number;
  int64_t stamp;
  enum held_role role;
  bool reported;  /* it was rejected already, and is kept as what may be a header */
  bool continued; /* goes on with the object of the line before */
  bool too_long;
  uint32_t header; /* of a row: the index of its header, plus one; 0: none */
  bool failed;     /* no preamble, but to be rejected: an object cut short, a value that is a word */
  struct look look;
  struct table_fit fit; /* HEADER */
};

struct held {
  size_t count;
  size_t used;
  struct held_line line[HELD_LINES_MAX];
  char bytes[HELD_BYTES];
  char joined[LINES_LENGTH_MAX + 1]; /* an object that spans lines */
};

void held_clear(struct held *h);

/* Whether there is room for one more line of this length. */
bool held_has_room(const struct held *h, size_t length, size_t lines_max);
void held_push(struct held *h, const struct line *line, int64_t stamp);

/* Forgets the oldest lines. */
void held_drop(struct held *h, size_t lines);

const char *held_text(const struct held *h, size_t i);
bool held_is_data(const struct look *look);  /* cells with a number, or with gaps alone */
bool held_is_words(const struct look *look); /* cells without a number */

/* Whether some other row held is like row i: as many cells, of the same kinds. */
bool held_has_like(const struct held *h, size_t i);

#endif
