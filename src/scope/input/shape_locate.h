/*
 * Finds where the numbers of a batch of rows lie, before any of them is converted: nothing here waits for anything but the
 * index. Only for functions that are compiled for PLAIN_AVX2; used by shape_match.c.
 */
#ifndef SCOPE_SHAPE_LOCATE_H
#define SCOPE_SHAPE_LOCATE_H

#include "scope/input/shape_batch.h"
#include "scope/input/shape_cells.h"
#include "scope/input/shape_exact.h"
#include "scope/input/shape_literal.h"

#ifdef PLAIN_HAVE_FOUR

/* Locates row r, which begins at `line`. Behind its newline, or NULL; then the index stands anywhere in it. */
PLAIN_INLINE const char *batch_row(struct shape_batch *batch, const struct shape *shape, const char *line,
                                   const char *end, size_t r)
{
  const char *at = line;
  const struct shape_step *step = shape->step;
  const struct shape_step *last = step + shape->steps - 1;
  const bool grouped = (shape->flags & SHAPE_GROUPED) && shape->values > 1;
  enum shape_group group = SHAPE_GROUP_NOT;
  const char **text = &batch->text[0][r];
  uint32_t *length = &batch->length[0][r];
  for (; step < last; step++) {
    at = shape_take_literal(shape, step, at, end);
    if (!at)
      return NULL;
    if (step->kind == SHAPE_VALUE) {
      const char *start = at;
      at = batch_end(&batch->index, start);
      if (!at || at - start > PLAIN_FOUR_BYTES)
        return NULL;
      if (grouped && (group != SHAPE_GROUP_NOT || text == &batch->text[0][r]))
        group = shape_group(group, start, at, (size_t)(text - &batch->text[0][r]) / BATCH_ROWS, shape->values);
      *text = start;
      *length = (uint32_t)(at - start);
      text += BATCH_ROWS;
      length += BATCH_ROWS;
    } else {
      at = shape_figures(at, end, shape->text + step->text + step->length, step->cell);
      if (!at)
        return NULL;
    }
  }
  at = shape_take_literal(shape, last, at, end);
  at = at && at < end ? shape_take_newline(at) : NULL;
  return at && at - 1 - line <= SHAPE_LINE_MAX && group != SHAPE_GROUP_YES ? at : NULL;
}

/* Locates rows as long as they match; *used_up: the next one may match too, but the index ends before it does. */
PLAIN_INLINE const char *batch_rows(struct shape_batch *batch, const struct shape *shape, const char *at,
                                    const char *complete, const char *end, size_t most, bool *used_up)
{
  *used_up = false;
  batch->exact = false;
  batch_seek(&batch->index, at);
  batch->first = batch->index.next;
  for (batch->rows = 0; batch->rows < most && at < complete; batch->rows++) {
    const size_t next = batch->index.next;
    const char *behind = batch_row(batch, shape, at, end, batch->rows);
    if (!behind) {
      *used_up = batch->index.next == batch->index.count;
      batch->index.next = next;
      break;
    }
    at = behind;
  }
  return at;
}

/* Indexes what wanted rows may take; of the first ones only some, as they may not match at all. */
PLAIN_INLINE void batch_fill(struct shape_batch *batch, const struct shape *shape, const struct shape_input *in,
                             const char *at, size_t wanted)
{
  const size_t left = (size_t)(in->complete - at);
  size_t bytes = batch->row_bytes * wanted;
  if (batch->row_bytes == 0)
    bytes = shape->bytes * BATCH_FIRST < INDEX_FIRST ? INDEX_FIRST : shape->bytes * BATCH_FIRST;
  bytes = bytes < INDEX_BYTES ? bytes : INDEX_BYTES;
  index_fill(&batch->index, at, in->end, left < bytes ? left : bytes);
}

/* As batch_locate, by one of the two ways. */
PLAIN_INLINE const char *batch_try(struct shape_batch *batch, const struct shape *shape, const struct shape_input *in,
                                   const char *at, size_t wanted, bool exact)
{
  const size_t most = wanted < BATCH_ROWS ? wanted : BATCH_ROWS;
  const char *behind = at;
  bool used_up = batch->index.from == NULL;
  for (int attempt = 0; attempt < 2; attempt++) {
    if (used_up)
      batch_fill(batch, shape, in, at, wanted);
    behind = exact ? batch_exact_rows(batch, shape, in, at, most, &used_up)
                   : batch_rows(batch, shape, at, in->complete, in->end, most, &used_up);
    if (!used_up || batch->rows >= (exact ? BATCH_FEW : 1))
      break;
  }
  return behind;
}

/*
 * Locates rows from `at` on, at most BATCH_ROWS of the wanted ones, in whichever way they can be. Behind the last one; `at`
 * where there is none.
 */
PLAIN_AVX2 static inline const char *batch_locate(struct shape_batch *batch, const struct shape *shape,
                                                  const struct shape_input *in, const char *at, size_t wanted)
{
  if (shape->exact && at - in->begin >= BATCH_BEFORE) {
    const char *behind = batch_try(batch, shape, in, at, wanted, true);
    if (batch->rows >= BATCH_FEW || batch->rows == wanted)
      return behind;
    batch->index.next = batch->first;
  }
  const char *behind = batch_try(batch, shape, in, at, wanted, false);
  /* What the converter reads beyond a number must be there; the last few rows that were fed are taken one by one. */
  return in->end - behind < PLAIN_READABLE ? at : behind;
}

#endif
#endif
