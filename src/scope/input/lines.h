/*
 * Bytes in, lines out: the first stage of the reader of rows.
 *
 * A line ends with LF, CRLF or CR alone. Escape sequences of terminals and bytes of 0 are taken out; one that moves the
 * cursor between two words leaves a blank, or two numbers would become one. A UTF-8 byte order mark at the start is
 * skipped; UTF-16 with one is turned into UTF-8.
 *
 * Resumable at any byte: how the input is cut never changes the lines. No I/O, nothing is allocated.
 */
#ifndef SCOPE_LINES_H
#define SCOPE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  LINES_LENGTH_MAX = 65536, /* bytes of a line; a longer one comes out cut, with too_long set */
};

struct lines {
  const char *fed; /* the first byte of what was fed last */
  const char *at;  /* what of it was not taken yet */
  const char *end;
  const char *complete; /* behind the last LF of what was fed: before it every scan for one meets one */
  uint64_t count;       /* lines so far */
  bool ended;
  bool after_cr; /* an LF that comes next belongs to the CR before it */
  bool begun;    /* a line is under way in carry, though it may be empty so far */
  bool too_long;
  uint8_t mark;   /* bytes of a byte order mark seen so far, see lines.c */
  uint8_t escape; /* where in an escape sequence the last byte was */
  uint8_t wide;   /* 0: bytes; else UTF-16 in one of two orders */
  uint8_t odd;    /* the first byte of a unit of UTF-16 that was cut */
  bool have_odd;
  uint32_t high;  /* a high surrogate that waits for its partner */
  bool blank_due; /* a cursor movement was taken out: a blank goes before what follows */
  size_t length;  /* of carry */
  char carry[LINES_LENGTH_MAX + 8];
};

struct line {
  const char *text; /* until the next call */
  size_t length;
  uint64_t number; /* from 1 */
  bool too_long;
};

void lines_reset(struct lines *l); /* a new input begins */

/* bytes are borrowed until lines_next has said false. */
void lines_feed(struct lines *l, const char *bytes, size_t length);

/* No more bytes: a last line without an end is a line. May be fed again afterwards. */
void lines_end(struct lines *l);

/* The next line; false when more has to be fed. */
bool lines_next(struct lines *l, struct line *line);

/* Whether lines may be taken from l->at where they lie: none is under way, and an LF stands before `complete`. */
static inline bool lines_open(const struct lines *l)
{
  return !l->begun && !l->after_cr && l->mark == 0 && l->wide == 0 && l->escape == 0 && l->at < l->complete;
}

#endif
