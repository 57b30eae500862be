/*
 * Locates rows that stand as the one that the shape was built from: nothing is searched for, as their numbers end where the
 * index says, and all that is left to see is that the literals are there. Only for functions that are compiled for
 * PLAIN_AVX2; used by shape_locate.h.
 *
 * Conversion judges all bytes of a number. But it rests on the index standing at the first end behind the start of the
 * first row: from an end further on, the number behind a literal with digits (`ch1=`) would be that of a later row, and the
 * rows between would be lost.
 */
#ifndef SCOPE_SHAPE_EXACT_H
#define SCOPE_SHAPE_EXACT_H

#include <string.h>

#include "scope/input/shape_batch.h"
#include "scope/input/shape_literal.h"

#ifdef PLAIN_HAVE_FOUR

/* Bytes from the last end of a row to its newline. */
PLAIN_INLINE size_t batch_tail(const struct shape *shape)
{
  return shape->step[shape->steps - 1].gap;
}

/* Bytes from the end before a row to its start. */
PLAIN_INLINE size_t batch_lead(const struct shape_batch *batch, const struct shape *shape)
{
  return batch_tail(shape) + batch->newline;
}

/* Where the numbers of an exact batch stand, behind the literals of step number `i`. */
PLAIN_INLINE struct plain_column batch_column(struct shape_batch *batch, const struct shape *shape, size_t i)
{
  const struct shape_step *step = &shape->step[i];
  struct plain_column column = {.from = batch->index.from, .gap = step->gap};
  if (i == 0 && step->ends == 0)
    column.gap += (ptrdiff_t)batch_lead(batch, shape);
  if (batch->alone) {
    column.end = batch->ends;
    column.before = batch->ends - 1;
    return column;
  }
  column.end = batch->start[i + 1];
  column.before = batch->start[i];
  if (step->ends > 0) { /* the last of these is nearer */
    const int16_t *before = batch->ends + step->before + step->ends - 1;
    for (size_t r = 0; r < batch->rows; r++)
      batch->before[r] = before[r * shape->ends];
    column.before = batch->before;
  }
  return column;
}

/* Copies every stride'th of the ends to start[]. How many of the rows have these bytes there, from the first one on. */
PLAIN_INLINE size_t batch_find_starts(const char *from, const int16_t *end, size_t stride, size_t rows, uint64_t bytes,
                                      uint64_t mask, int16_t *start)
{
  enum { TOGETHER = 4 };
  uint64_t word;
  size_t r = 0;
  for (; r + TOGETHER <= rows; r += TOGETHER) {
    uint64_t differs = 0;
    for (size_t i = 0; i < TOGETHER; i++) {
      start[r + i] = end[(r + i) * stride];
      memcpy(&word, from + start[r + i], sizeof word);
      differs |= word ^ bytes;
    }
    if ((differs & mask) != 0)
      break;
  }
  for (; r < rows; r++) {
    start[r] = end[r * stride];
    memcpy(&word, from + start[r], sizeof word);
    if (((word ^ bytes) & mask) != 0)
      break;
  }
  return r;
}

/*
 * Finds where the literals of step number `i` begin, in at most so many rows. How many have it, from the first one on; the
 * newline belongs to the last step's.
 */
PLAIN_INLINE size_t batch_find_literal(struct shape_batch *batch, const struct shape *shape, size_t i, size_t rows)
{
  enum { WORDS = 3 };
  const struct shape_step *step = &shape->step[i];
  int16_t *start = batch->start[i];
  const char *from = batch->index.from + (i == 0 ? batch_lead(batch, shape) : 0);
  uint64_t bytes[WORDS] = {step->literal[0], step->literal[1]};
  uint64_t mask[WORDS] = {step->mask[0], step->mask[1]};
  size_t length = step->exact;
  if (i + 1 == shape->steps) {
    memcpy((char *)bytes + length, batch->newline == 1 ? "\n" : "\r\n", batch->newline);
    memset((char *)mask + length, 0xFF, batch->newline);
    length += batch->newline;
  }
  rows = batch_find_starts(from, batch->ends + step->before - 1, shape->ends, rows, bytes[0], mask[0], start);
  for (size_t w = 1; w * sizeof *bytes < length; w++)
    rows = batch_find_starts(from + w * sizeof *bytes, start, 1, rows, bytes[w], mask[w], start);
  return rows;
}

/* Whether a row that begins at `line` could be one number with commas in it; its ends are at offset[0] and on. */
static inline bool batch_grouped(const struct shape *shape, const char *line, const char *from, const int16_t *offset)
{
  enum shape_group group = SHAPE_GROUP_NOT;
  for (size_t i = 0; i + 1 < shape->steps; i++) {
    const struct shape_step *step = &shape->step[i];
    const size_t end = step->before + step->ends;
    const char *start = (end > 0 ? from + offset[end - 1] : line) + step->gap;
    group = shape_group(group, start, from + offset[end], i, shape->values);
    if (group == SHAPE_GROUP_NOT)
      return false;
  }
  return group == SHAPE_GROUP_YES;
}

/* How many of so many rows stand as the one that the shape was built from, from the first one on. */
PLAIN_INLINE size_t batch_count_exact(struct shape_batch *batch, const struct shape *shape, size_t rows)
{
  if (batch->alone)
    return rows;
  for (size_t i = 0; i < shape->steps && rows > 0; i++)
    rows = batch_find_literal(batch, shape, i, rows);
  if (!(shape->flags & SHAPE_GROUPED) || shape->values == 1)
    return rows;
  batch->rows = rows;
  const struct plain_column first = batch_column(batch, shape, 0);
  for (size_t r = 0; r < rows; r++) {
    if (first.end[r] - first.before[r] - first.gap > 4) /* with a sign: more than can stand before a comma */
      continue;
    const char *line = batch->index.from + batch->start[0][r] + batch_lead(batch, shape);
    if (batch_grouped(shape, line, batch->index.from, batch->ends + r * shape->ends))
      return r;
  }
  return rows;
}

/*
 * Rows that stand as the one that the shape was built from: nothing is searched for, as their numbers end where the index
 * says. The index stands at an end that is not behind the first one after `at`.
 */
PLAIN_INLINE const char *batch_exact_rows(struct shape_batch *batch, const struct shape *shape,
                                          const struct shape_input *in, const char *at, size_t most, bool *used_up)
{
  struct shape_index *index = &batch->index;
  batch->rows = 0;
  batch->exact = true;
  *used_up = !batch_seek(index, at);
  batch->first = index->next;
  size_t count = index->count;
  while (count > index->next && in->end - (index->from + index_ends(index)[count - 1]) < BATCH_BEHIND)
    count--;
  const size_t there = (count - index->next) / shape->ends;
  *used_up = *used_up || there < most;
  if (there == 0)
    return at;
  batch->alone = shape->lone && index->alone;
  batch->ends = index_ends(index) + index->next;
  batch->newline = 1 + (index->from[batch->ends[shape->ends - 1] + (ptrdiff_t)batch_tail(shape)] == '\r' ? 1U : 0U);
  /* As if a row of the same kind stood before the first one. */
  batch->ends[-1] = (int16_t)(at - index->from - (ptrdiff_t)batch_lead(batch, shape));
  most = there < most ? there : most;
  batch->rows = batch_count_exact(batch, shape, most);
  *used_up = *used_up && batch->rows == most;
  if (*used_up && batch->rows >= BATCH_FEW) /* what does not fill a four comes with the next ones */
    batch->rows -= batch->rows % 4;
  if (batch->rows == 0)
    return at;
  const size_t ends = batch->rows * shape->ends;
  index->next += ends;
  return index->from + batch->ends[ends - 1] + batch_lead(batch, shape);
}

#endif
#endif
