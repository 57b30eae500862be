#include <math.h>
#include <string.h>

#include "scope/input/plain.h"
#include "scope/input/plain_four.h"
#include "scope/input/plain_short.h"
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

PLAIN_AVX2 PLAIN_INLINE bool are_short(const uint32_t *length, size_t rows)
{
  __m128i longest = _mm_setzero_si128();
  for (size_t r = 0; r < rows; r += 4)
    longest = _mm_max_epu32(longest, _mm_loadu_si128((const void *)(length + r)));
  const __m128i longer = _mm_cmpgt_epi32(longest, _mm_set1_epi32(PLAIN_SHORT_BYTES));
  return _mm_testz_si128(longer, longer);
}

PLAIN_AVX2 PLAIN_INLINE bool convert_short(const char *const *text, const uint32_t *length, size_t rows, bool whole,
                                           double *value)
{
  struct plain_misfits misfits = {.digits = 0};
  for (size_t r = 0; r < rows; r += 4)
    plain_short_four(text + r, length + r, value + r, whole, &misfits);
  return _mm256_testz_si256(misfits.bytes, misfits.bytes) && misfits.points == 0;
}

/* Converts the located numbers of a column. False when not all of them are of the commonest kind. */
PLAIN_AVX2 PLAIN_INLINE bool convert_column(const char *const *text, const uint32_t *length, size_t rows, bool whole,
                                            double *value)
{
  if (are_short(length, rows) &&
      (whole ? convert_short(text, length, rows, true, value) : convert_short(text, length, rows, false, value)))
    return true;
  struct plain_misfits misfits = {.digits = 0};
  for (size_t r = 0; r < rows; r += 4)
    plain_four(text + r, length + r, value + r, &misfits);
  return plain_all_fit(&misfits) && !(whole && misfits.points);
}

/* Converts what was located, column by column. False when not all of it may be taken so. */
PLAIN_AVX2 static bool convert(const struct shape *shape, const struct shape_batch *batch, double *const *column,
                               size_t row)
{
  size_t rows = batch->rows;
  for (size_t s = 0; s < shape->values; s++) {
    double *value = &column[s][row];
    if (rows == BATCH_ROWS) {
      if (!convert_column(batch->text[s], batch->length[s], BATCH_ROWS, shape->whole[s], value))
        return false;
    } else {
      double some[BATCH_ROWS]; /* a four may be filled up with more than there is room for */
      if (!convert_column(batch->text[s], batch->length[s], rows, shape->whole[s], some))
        return false;
      memcpy(value, some, rows * sizeof *value);
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
PLAIN_AVX2 static const char *match_avx2(const struct shape *shape, const char *at, const char *complete,
                                         const char *end, size_t max_rows, double *const *column, size_t *rows)
{
  const char *const start = at;
  struct shape_batch batch;
  batch.index.from = NULL;
  batch.row_bytes = 0;
  size_t alone = BATCH_ALONE;
  while (*rows < max_rows && at < complete) {
    const char *behind = shape->serial ? at : batch_locate(&batch, shape, at, complete, end, max_rows - *rows);
    if (behind > at && convert(shape, &batch, column, *rows)) {
      *rows += batch.rows;
      at = behind;
      batch.row_bytes = (size_t)(at - start) / *rows + 1;
      alone = BATCH_ALONE;
      continue;
    }
    size_t some = max_rows - *rows < alone ? max_rows : *rows + alone;
    alone = alone < BATCH_ALONE_MAX ? 2 * alone : alone;
    at = take_rows(shape, at, complete, end, some, column, rows);
    if (*rows < some)
      break;
  }
  return at;
}

#endif

const char *shape_match(const struct shape *shape, const char *at, const char *complete, const char *end,
                        size_t max_rows, double *const *column, size_t *rows)
{
  *rows = 0;
#ifdef PLAIN_HAVE_FOUR
  if (!shape->portable && plain_four_here())
    return match_avx2(shape, at, complete, end, max_rows, column, rows);
#endif
  return take_rows(shape, at, complete, end, max_rows, column, rows);
}
