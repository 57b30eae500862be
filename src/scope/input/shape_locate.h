/*
 * Finds where the numbers of a batch of rows lie, before any of them is converted: nothing here waits for anything but the
 * index. Only for functions that are compiled for PLAIN_AVX2; used by shape_match.c.
 */
#ifndef SCOPE_SHAPE_LOCATE_H
#define SCOPE_SHAPE_LOCATE_H

#include "scope/input/plain_four.h"
#include "scope/input/shape.h"
#include "scope/input/shape_cells.h"
#include "scope/input/shape_index.h"
#include "scope/input/shape_literal.h"

#ifdef PLAIN_HAVE_FOUR

enum {
  BATCH_ROWS = 64,       /* a multiple of 4 */
  BATCH_ALONE = 16,      /* rows taken one by one before the next try ... */
  BATCH_ALONE_MAX = 256, /* ... and at most, when tries keep failing */
};

struct shape_batch {
  size_t rows;
  size_t row_bytes; /* about as long is a row; 0: not known yet */
  const char *text[SHAPE_VALUES][BATCH_ROWS];
  uint32_t length[SHAPE_VALUES][BATCH_ROWS];
  struct shape_index index;
};

/* Goes on to the first end behind text. False when that was not looked for yet. */
PLAIN_INLINE bool batch_seek(struct shape_index *index, const char *text)
{
  size_t next = index->next;
  while (next < index->count && index->from + index->at[next] <= text)
    next++;
  index->next = next;
  return next < index->count;
}

/* The end of a number that begins at text; NULL: it was not looked for yet. The next number looks behind it. */
PLAIN_INLINE const char *batch_end(struct shape_index *index, const char *text)
{
  return batch_seek(index, text) ? index->from + index->at[index->next++] : NULL;
}

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

/*
 * The same for rows that stand as the one that the shape was built from (shape->exact): nothing is searched for. NULL says
 * only that batch_row has to look; a wrong count of ends would cost time, and never give a wrong value, as conversion judges
 * all bytes of a number. SHAPE_EXACT_BYTES may be read from the line on.
 */
PLAIN_INLINE const char *batch_exact_row(struct shape_batch *batch, const struct shape *shape, const char *line,
                                         size_t r)
{
  struct shape_index *index = &batch->index;
  const struct shape_step *step = shape->step;
  const struct shape_step *last = step + shape->steps - 1;
  const char **text = &batch->text[0][r];
  uint32_t *length = &batch->length[0][r];
  const char *at = line;
  if (!batch_seek(index, line) || index->count - index->next < shape->ends)
    return NULL;
  const uint16_t *offset = index->at + index->next;
  for (;; step++) {
    uint64_t word[2];
    memcpy(word, at, sizeof word);
    if (((word[0] ^ step->literal[0]) & step->mask[0]) != 0 ||
        (step->exact > sizeof word[0] && ((word[1] ^ step->literal[1]) & step->mask[1]) != 0))
      return NULL;
    at += step->exact;
    offset += step->ends;
    if (step == last)
      break;
    const char *behind = index->from + *offset++;
    *text = at;
    *length = (uint32_t)(behind - at);
    if (*length - 1 >= PLAIN_FOUR_BYTES || (step->loose && *at <= ' ')) /* also where it ends before it begins */
      return NULL;
    text += BATCH_ROWS;
    length += BATCH_ROWS;
    at = behind;
  }
  at += *at == '\r';
  /* Up to three digits at the start may be what stands before a comma of thousands. */
  if (*at != '\n' || ((shape->flags & SHAPE_GROUPED) && batch->length[0][r] <= 3 + (size_t)(*batch->text[0][r] == '-')))
    return NULL;
  index->next += shape->ends;
  return at + 1;
}

/* Locates rows as long as they match; *used_up: the next one may match too, but the index ends before it does. */
PLAIN_INLINE const char *batch_rows(struct shape_batch *batch, const struct shape *shape, const char *at,
                                    const char *complete, const char *end, size_t most, bool *used_up)
{
  *used_up = false;
  for (; batch->rows < most && at < complete; batch->rows++) {
    const size_t next = batch->index.next;
    const char *behind = NULL;
    if (shape->exact && end - at >= SHAPE_EXACT_BYTES)
      behind = batch_exact_row(batch, shape, at, batch->rows);
    if (!behind)
      behind = batch_row(batch, shape, at, end, batch->rows);
    if (!behind) {
      *used_up = batch->index.next == batch->index.count;
      batch->index.next = next;
      break;
    }
    at = behind;
  }
  return at;
}

/* The same for rows of one number each, as long as nothing else stands in them. */
PLAIN_INLINE const char *batch_numbers(struct shape_batch *batch, const char *at, size_t most, bool *used_up)
{
  struct shape_index *index = &batch->index;
  *used_up = !batch_seek(index, at);
  size_t found = index->count - index->next;
  const uint16_t *offset = index->at + index->next;
  size_t r = 0;
  for (most = found < most ? found : most; r < most; r++) {
    const char *behind = index->from + offset[r];
    batch->text[0][r] = at;
    batch->length[0][r] = (uint32_t)(behind - at);
    if (batch->length[0][r] > PLAIN_FOUR_BYTES)
      break;
    if (*behind != '\n' && (behind[0] != '\r' || *++behind != '\n'))
      break;
    at = behind + 1;
  }
  index->next += r;
  batch->rows = r;
  return at;
}

/*
 * Locates rows from `at` on, at most BATCH_ROWS of the wanted ones, the rest of the batch's last four being filled up.
 * Behind the last one; `at` where there is none.
 */
PLAIN_AVX2 static inline const char *batch_locate(struct shape_batch *batch, const struct shape *shape, const char *at,
                                                  const char *complete, const char *end, size_t wanted)
{
  struct shape_index *index = &batch->index;
  const char *behind = at;
  bool used_up = index->from == NULL;
  const size_t most = wanted < BATCH_ROWS ? wanted : BATCH_ROWS;
  for (int attempt = 0; attempt < 2; attempt++) {
    if (used_up) {
      size_t bytes = batch->row_bytes ? batch->row_bytes * wanted : INDEX_FIRST;
      bytes = bytes < INDEX_BYTES ? bytes : INDEX_BYTES;
      index_fill(index, at, end, (size_t)(complete - at) < bytes ? (size_t)(complete - at) : bytes);
    }
    batch->rows = 0;
    behind = shape->lone ? batch_numbers(batch, at, most, &used_up)
                         : batch_rows(batch, shape, at, complete, end, most, &used_up);
    if (batch->rows > 0 || !used_up)
      break;
  }
  /* What the converter reads beyond a number must be there; the last few rows that were fed are taken one by one. */
  if (end - behind < PLAIN_READABLE)
    return at;
  for (size_t r = batch->rows; r > 0 && r % 4 != 0; r++)
    for (size_t s = 0; s < shape->values; s++) {
      batch->text[s][r] = batch->text[s][0];
      batch->length[s][r] = batch->length[s][0];
    }
  return behind;
}

#endif
#endif
