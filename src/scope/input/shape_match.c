#include <math.h>
#include <string.h>

#include "scope/input/plain.h"
#include "scope/input/plain_fixed.h"
#include "scope/input/plain_long.h"
#include "scope/input/shape.h"
#include "scope/input/shape_cells.h"
#include "scope/input/shape_literal.h"
#include "scope/input/shape_locate.h"

static inline bool has_point(const char *text, const char *behind)
{
  return memchr(text, '.', (size_t)(behind - text)) != NULL;
}

/* Reads a line into row `row` of the columns. Behind its newline, or NULL. */
static inline const char *take_line(const struct shape *shape, const char *line, const char *end, double *const *column,
                                    size_t row)
{
  const char *at = line;
  const struct shape_step *step = shape->step;
  const struct shape_step *last = step + shape->steps - 1;
  const bool grouped = (shape->flags & SHAPE_GROUPED) && shape->values > 1;
  enum shape_group group = SHAPE_GROUP_NOT;
  for (size_t value = 0; step < last; step++) {
    at = shape_take_literal(shape, step, at, end);
    if (!at)
      return NULL;
    const char *text = at;
    if (step->kind == SHAPE_VALUE) {
      double *to = &column[value][row];
      at = plain_read(text, end, to);
      if (!at || !(fabs(*to) < step->limit) || (step->whole && has_point(text, at)))
        return NULL;
      if (grouped)
        group = shape_group(group, text, at, value, shape->values);
      value++;
    } else {
      const char *model = shape->text + step->text + step->length;
      at = step->kind == SHAPE_WORD ? shape_word(text, end) : shape_figures(text, end, model, step->cell);
      if (!at)
        return NULL;
    }
  }
  if (group == SHAPE_GROUP_YES)
    return NULL;
  at = shape_take_literal(shape, last, at, end);
  if (!at || at >= end)
    return NULL;
  at = shape_take_newline(at);
  return at && at - 1 - line <= SHAPE_LINE_MAX ? at : NULL;
}

PLAIN_INLINE const char *take_lines(const struct shape *shape, const char *at, const char *complete, const char *end,
                                    size_t max_rows, double *const *column, size_t *rows)
{
  size_t row = *rows;
  for (; row < max_rows && at < complete; row++) {
    const char *next = take_line(shape, at, end, column, row);
    if (!next)
      break;
    at = next;
  }
  *rows = row;
  return at;
}

/* A number a line, with nothing beside it but blanks. */
PLAIN_INLINE const char *take_numbers(const struct shape *shape, const char *at, const char *complete, const char *end,
                                      size_t max_rows, double *column, size_t *rows)
{
  bool spaces = (shape->flags & SHAPE_SPACES) != 0;
  const double limit = shape->step[0].limit;
  const bool whole = shape->step[0].whole;
  size_t row = *rows;
  for (; row < max_rows && at < complete; row++) {
    const char *text = spaces && *at <= ' ' ? shape_skip_blanks(shape, at) : at;
    const char *next = plain_read(text, end, &column[row]);
    if (!next || !(fabs(column[row]) < limit) || (whole && has_point(text, next)))
      break;
    if (*next != '\n') {
      next = spaces ? shape_skip_blanks(shape, next) : next;
      next += *next == '\r';
      if (*next != '\n')
        break;
    }
    if (next - at > SHAPE_LINE_MAX)
      break;
    at = next + 1;
  }
  *rows = row;
  return at;
}

static const char *take_rows(const struct shape *shape, const char *at, const char *complete, const char *end,
                             size_t max_rows, double *const *column, size_t *rows)
{
  return shape->lone ? take_numbers(shape, at, complete, end, max_rows, column[0], rows)
                     : take_lines(shape, at, complete, end, max_rows, column, rows);
}

#ifdef PLAIN_HAVE_FOUR

_Static_assert(BATCH_ROWS <= 64, "a bit for each row");
_Static_assert((int)PLAIN_LONG_READABLE <= (int)BATCH_BEFORE, "a long number is read with what stands before it");

/* Converts numbers whose place is known, filled up to a multiple of four. False when not all are of the commonest kind. */
PLAIN_AVX2 static bool convert_some(const char **text, uint32_t *length, size_t rows, bool whole, double *value)
{
  double some[BATCH_ROWS];
  struct plain_misfits misfits = {.digits = 0};
  for (size_t r = rows; r % 4 != 0; r++) {
    text[r] = text[0];
    length[r] = length[0];
  }
  for (size_t r = 0; r < rows; r += 4)
    plain_four(text + r, length + r, some + r, &misfits);
  memcpy(value, some, rows * sizeof *value);
  return plain_all_fit(&misfits) && !(whole && misfits.points);
}

/*
 * The same for numbers of all kinds: those of an exact batch from row `row` on. First the digits of all of them, as nothing
 * is called meanwhile, and then their values. A function of its own, as it needs all registers.
 */
PLAIN_AVX2 __attribute__((noinline)) static bool convert_each(const struct shape_batch *batch,
                                                              const struct plain_column *column, size_t row,
                                                              const char *end, bool whole, double *value)
{
  struct plain_long read[BATCH_ROWS];
  uint64_t others = 0; /* a bit for each row that is of another kind */
  for (size_t r = row; r < batch->rows; r++) {
    const char *text = column->from + column->before[r] + column->gap;
    const char *behind = column->from + column->end[r];
    others |= (uint64_t)!plain_long_digits(text, behind, &read[r]) << r;
    if (whole && has_point(text, behind))
      return false;
  }
  for (size_t r = row; r < batch->rows; r++)
    value[r] = plain_long_value(&read[r]);
  for (; others; others = _blsr_u64(others)) {
    const size_t r = _tzcnt_u64(others);
    const char *text = column->from + column->before[r] + column->gap;
    if (plain_read(text, end, &value[r]) != column->from + column->end[r])
      return false;
  }
  return true;
}

/* The same of an exact batch, from row `row` on: what plain_fixed_column did not take. */
PLAIN_AVX2 static bool convert_rest(struct shape_batch *batch, const struct plain_column *column, size_t s, size_t row,
                                    const char *end, bool whole, double *value)
{
  const char **text = batch->text[s];
  uint32_t *length = batch->length[s];
  const size_t rows = batch->rows - row;
  for (size_t r = 0; r < rows; r++) {
    const ptrdiff_t bytes = column->end[row + r] - column->before[row + r] - column->gap;
    if (bytes < 1 || bytes > PLAIN_FOUR_BYTES)
      return convert_each(batch, column, row, end, whole, value);
    text[r] = column->from + column->end[row + r] - bytes;
    length[r] = (uint32_t)bytes;
  }
  return convert_some(text, length, rows, whole, value + row);
}

/* Converts what was located, column by column. False when not all of it may be taken so. */
PLAIN_AVX2 static bool convert(const struct shape *shape, struct shape_batch *batch, const char *end,
                               double *const *column, size_t row)
{
  const size_t rows = batch->rows;
  for (size_t s = 0; s < shape->values; s++) {
    double *value = &column[s][row];
    const bool whole = shape->whole[s];
    if (batch->exact) {
      const struct plain_column places = batch_column(batch, shape, s); /* each step but the last has a value */
      const size_t done = plain_fixed_column(&places, rows & ~(size_t)3, whole, value);
      if (done < rows && !convert_rest(batch, &places, s, done, end, whole, value))
        return false;
    } else if (!convert_some(batch->text[s], batch->length[s], rows, whole, value)) {
      return false;
    }
    if (shape->limited)
      for (size_t r = 0; r < rows; r++)
        if (!(fabs(value[r]) < shape->limit[s]))
          return false;
  }
  return true;
}

/*
 * Rows are located, a batch at a time, and then converted. Where that comes to nothing (an exponent, many digits, a line
 * that does not match, the end of what was fed) some rows are taken one by one.
 */
PLAIN_AVX2 static const char *match_avx2(const struct shape *shape, const struct shape_input *in, size_t max_rows,
                                         double *const *column, size_t *rows)
{
  const char *at = in->at;
  struct shape_batch batch;
  batch.index.from = NULL;
  batch.index.next = batch.index.count = 0;
  batch.first = 0;
  batch.row_bytes = 0;
  size_t alone = BATCH_ALONE;
  while (*rows < max_rows && at < in->complete) {
    const char *behind = shape->serial ? at : batch_locate(&batch, shape, in, at, max_rows - *rows);
    if (behind > at && convert(shape, &batch, in->end, column, *rows)) {
      *rows += batch.rows;
      at = behind;
      batch.row_bytes = (size_t)(at - in->at) / *rows + 1;
      alone = BATCH_ALONE;
      continue;
    }
    batch.index.next = batch.first; /* as what was located is not taken */
    size_t some = max_rows - *rows < alone ? max_rows : *rows + alone;
    alone = alone < BATCH_ALONE_MAX ? 2 * alone : alone;
    at = take_rows(shape, at, in->complete, in->end, some, column, rows);
    if (*rows < some)
      break;
  }
  return at;
}

#endif

const char *shape_match(const struct shape *shape, const struct shape_input *in, size_t max_rows, double *const *column,
                        size_t *rows)
{
  *rows = 0;
#ifdef PLAIN_HAVE_FOUR
  if (!shape->portable && plain_four_here())
    return match_avx2(shape, in, max_rows, column, rows);
#endif
  return take_rows(shape, in->at, in->complete, in->end, max_rows, column, rows);
}
