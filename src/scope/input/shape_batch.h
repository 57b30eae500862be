/*
 * Rows whose numbers are located together, before any of them is converted. Only for functions that are compiled for
 * PLAIN_AVX2; used by the files of the shape.
 */
#ifndef SCOPE_SHAPE_BATCH_H
#define SCOPE_SHAPE_BATCH_H

#include "scope/input/plain_fixed.h"
#include "scope/input/shape.h"
#include "scope/input/shape_index.h"

#ifdef PLAIN_HAVE_FOUR

enum {
  BATCH_ROWS = 64,       /* a multiple of 4 */
  BATCH_FIRST = 16,      /* rows that are looked for at first */
  BATCH_BEFORE = 40,     /* bytes that may be looked at before the first exact row */
  BATCH_BEHIND = 48,     /* bytes that may be looked at behind the last end of an exact row */
  BATCH_FEW = 8,         /* exact rows; where there are less, the other way may take more of them */
  BATCH_ALONE = 16,      /* rows taken one by one before the next try ... */
  BATCH_ALONE_MAX = 256, /* ... and at most, when tries keep failing */
};

/* Rows that were located: those of an exact shape by the index alone, others by where each of their numbers is. */
struct shape_batch {
  size_t rows;
  size_t first;     /* in the index: the first end behind where the rows begin */
  size_t row_bytes; /* about as long is a row; 0: not known yet */
  bool exact;
  bool alone;                             /* exact: numbers and newlines are all there is */
  size_t newline;                         /* exact: bytes of a line's end, 1 or 2 */
  int16_t *ends;                          /* exact: of the first row, in the index; the one before may be read too */
  int16_t before[BATCH_ROWS];             /* exact: of the column that is being converted */
  int16_t start[SHAPE_STEPS][BATCH_ROWS]; /* exact, not alone: where the literal of each step begins */
  const char *text[SHAPE_VALUES][BATCH_ROWS];
  uint32_t length[SHAPE_VALUES][BATCH_ROWS];
  struct shape_index index;
};

/* Goes on to the first end behind text. False when that was not looked for yet. */
PLAIN_INLINE bool batch_seek(struct shape_index *index, const char *text)
{
  const int16_t *offset = index_ends(index);
  size_t next = index->next;
  while (next < index->count && index->from + offset[next] <= text)
    next++;
  index->next = next;
  return next < index->count;
}

/* The end of a number that begins at text; NULL: it was not looked for yet. The next number looks behind it. */
PLAIN_INLINE const char *batch_end(struct shape_index *index, const char *text)
{
  return batch_seek(index, text) ? index->from + index_ends(index)[index->next++] : NULL;
}

#endif
#endif
