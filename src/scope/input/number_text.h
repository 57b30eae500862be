/*
 * A text that may be a number: what strtod accepts whole in the C locale, and what people write besides (product page,
 * "Numbers" and "Commas in numbers"): a Unicode minus, Fortran's D, groups of three, decimal commas, a unit behind, and
 * the words that stand for a missing value.
 *
 * Exact: the double is the one that strtod gives for the digits. Pure; the text is borrowed, nothing is allocated.
 */
#ifndef SCOPE_NUMBER_TEXT_H
#define SCOPE_NUMBER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum number_kind {
  NUMBER_NONE,  /* no number: a word */
  NUMBER_VALUE, /* value is finite */
  NUMBER_GAP,   /* nan, inf, null, NA, -, or a number too large */
};

enum {
  NUMBER_LABELLED = 1,        /* behind a label: any text shaped like a unit may follow, a known one behind a blank */
  NUMBER_UNIT_APART = 2,      /* alone in a cell: a known unit may follow behind one blank */
  NUMBER_COMMA = 4,           /* a comma between digits belongs to the number */
  NUMBER_COMMA_DECIMAL = 8,   /* ... and is decimal */
  NUMBER_COMMA_THOUSANDS = 16 /* ... and groups thousands */
};

enum number_comma {
  COMMA_ABSENT,
  COMMA_DECIMAL,
  COMMA_THOUSANDS,
  COMMA_OPEN, /* a single group of three: value is by thousands, other by a decimal comma */
};

struct number_text {
  double value; /* NaN for a gap */
  double other; /* COMMA_OPEN only */
  const char *unit;
  size_t unit_length; /* 0: none. A bare k, M, G, T, P is multiplied out and no unit */
  enum number_comma comma;
  bool point;      /* has a decimal point, which settles commas elsewhere */
  bool pointed;    /* its comma is decimal, and points group its thousands: 1.234,5 */
  bool group;      /* 1.234: the point may group thousands where others in the channel are pointed */
  bool slow;       /* took strtod */
  bool multiplied; /* by a bare k, M, G, T, P */
};

/* text without blanks around it. *number is set unless the result is NUMBER_NONE. */
enum number_kind number_text_read(const char *text, size_t length, int flags, struct number_text *number);

/* Whether text stands for a missing value. */
bool number_text_is_gap(const char *text, size_t length);

/* Whether text begins as a number does: a digit, perhaps behind a sign or a point. */
bool number_text_begins(const char *text, size_t length);

#endif
