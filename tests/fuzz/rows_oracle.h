/*
 * A slow and plain reading of rows without labels, written from the contract ("Cells", "Numbers", "Names") and from
 * nothing else, for streams whose separator is given and whose first row is of plain numbers: what the fuzzer compares the
 * reader of rows with. It has no opinion on what is outside of that (times, units, quotes, more than a few tables).
 */
#ifndef TESTS_ROWS_ORACLE_H
#define TESTS_ROWS_ORACLE_H

#include <stddef.h>

struct rows_oracle {
  char *out; /* a line for each accepted row that has values: ` name=value name=nan` */
  size_t size;
  size_t used;
};

/* Writes what text comes to. False: no opinion, or no room. */
_Bool rows_oracle_read(struct rows_oracle *oracle, char separator, const char *text, size_t length);

#endif
