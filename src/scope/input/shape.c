#include "scope/input/shape.h"

#include <string.h>

#include "scope/input/plain.h"
#include "scope/input/shape_cells.h"

static const double LIMIT_OF_PLAIN = 1e20; /* more than any number of nineteen digits, which is the longest */

static bool is_blank(const struct shape *shape, char c)
{
  return c == ' ' || (c == '\t' && (shape->flags & SHAPE_TABS));
}

static bool all_blank(const struct shape *shape, const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (!is_blank(shape, text[i]))
      return false;
  return true;
}

/*
 * Whether a cell of this kind ends before the literal and not in it, whatever the cell holds: else a longer number or word
 * would be read as this one.
 */
static bool ends_cell(enum shape_kind kind, const char *literal, size_t length)
{
  if (length == 0)
    return false;
  char c = literal[0];
  if (kind != SHAPE_VALUE)
    return !shape_in_figures(c) && !shape_in_word(c);
  if (plain_is_digit(c) || c == '.' || c == '+' || c == '-' || c == 'x' || c == 'X')
    return false;
  /* `e` of a unit such as eV is no exponent; before a sign or a digit it would be. */
  if ((c | 0x20) != 'e')
    return true;
  return length > 1 && !plain_is_digit(literal[1]) && literal[1] != '+' && literal[1] != '-';
}

/* How many numbers seem to end in text[0..length): digits or points with another byte behind them. *behind: the last. */
static size_t count_ends(const char *text, size_t length, size_t *behind)
{
  size_t ends = 0;
  *behind = 0;
  for (size_t i = 0; i + 1 < length; i++)
    if (shape_in_number(text[i]) && !shape_in_number(text[i + 1])) {
      ends++;
      *behind = i + 1;
    }
  return ends;
}

/* Makes the step that has line[start..start + length) as its literal, `loose` spaces at its end being as many as one likes. */
static void set_literal(struct shape *shape, struct shape_step *step, size_t start, size_t length, size_t loose,
                        bool first, bool last)
{
  const char *text = shape->text + start;
  *step = (struct shape_step){.text = (uint16_t)start, .length = (uint16_t)(length - loose)};
  if ((shape->flags & SHAPE_SPACES) && all_blank(shape, text, length - loose) && (first || last || length > loose)) {
    step->blanks = true;
    step->needed = !first && !last;
  }
  step->exact = SHAPE_EXACT + 1;
  if (length <= SHAPE_EXACT) {
    size_t behind;
    step->exact = (uint8_t)length;
    step->ends = (uint8_t)count_ends(text, length + last, &behind);
    step->gap = (uint8_t)(length - behind);
  }
  size_t begun = length < sizeof step->literal ? length : sizeof step->literal;
  memcpy(step->literal, text, begun);
  memset(step->mask, 0xFF, begun);
}

/* Whether rows can be told by their literals alone, and where their numbers end by counting. */
static bool is_exact(const struct shape *shape)
{
  for (size_t i = 0; i < shape->steps; i++) {
    const struct shape_step *step = &shape->step[i];
    if (step->exact > SHAPE_EXACT)
      return false;
    /* Behind a digit a minus would be another end, and a digit would not. */
    if (i + 1 < shape->steps &&
        (step->kind != SHAPE_VALUE || (step->exact > 0 && shape_in_number(shape->text[step->text + step->exact - 1]))))
      return false;
  }
  return !((shape->flags & SHAPE_GROUPED) && shape->values == 2);
}

static bool is_kind(const struct shape_span *span, const char *text)
{
  double value;
  if (span->kind == SHAPE_FIGURES)
    return shape_is_figure(*text) && shape_figures(text, text + span->length + 1, text, span->length);
  if (span->kind == SHAPE_WORD)
    return shape_word(text, text + span->length + 1) == text + span->length;
  return plain_careful(text, text + span->length + 1, &value) == text + span->length;
}

bool shape_build(struct shape *shape, unsigned flags, const char *line, size_t length, const struct shape_span *spans,
                 size_t count)
{
  shape->values = 0;
  shape->steps = 0;
  shape->flags = flags;
  shape->bytes = length + 1;
  shape->portable = false;
  shape->serial = false;
  shape->limited = false;
  shape->ends = 0;
  if (length >= SHAPE_TEXT_MAX || count == 0 || count >= SHAPE_STEPS || memchr(line, '\n', length) ||
      memchr(line, '\r', length))
    return false;
  memcpy(shape->text, line, length);
  shape->text[length] = '\n'; /* ends the last cell, for who looks where it ends */
  size_t values = 0;
  size_t at = 0;
  for (size_t i = 0; i <= count; i++) {
    size_t start = i < count ? spans[i].start : length;
    size_t literal = start - at;
    if (start < at || (i < count && (spans[i].length == 0 || spans[i].length > length - start)))
      return false;
    /* The newline, or a carriage return, is what ends the last cell of all. */
    if (i > 0 && (i < count || literal > 0) && !ends_cell(spans[i - 1].kind, line + at, literal))
      return false;
    struct shape_step *step = &shape->step[i];
    const bool padded = i < count && spans[i].padded && spans[i].kind == SHAPE_VALUE;
    size_t loose = 0;
    while (padded && loose < literal && line[at + literal - 1 - loose] == ' ')
      loose++;
    set_literal(shape, step, at, literal, loose, i == 0, i == count);
    step->padded = padded && literal > loose;
    step->before = (uint16_t)shape->ends;
    shape->ends += step->ends + (size_t)(i < count);
    step->loose = step->blanks || step->padded;
    if (i == count)
      break;
    if (!is_kind(&spans[i], shape->text + start))
      return false;
    step->kind = (uint8_t)spans[i].kind;
    step->cell = (uint16_t)spans[i].length;
    step->whole = spans[i].whole;
    step->limit = spans[i].limit;
    shape->serial = shape->serial || spans[i].kind == SHAPE_WORD;
    if (spans[i].kind == SHAPE_VALUE) {
      if (values == SHAPE_VALUES)
        return false;
      shape->limited = shape->limited || spans[i].limit < LIMIT_OF_PLAIN;
      shape->whole[values] = spans[i].whole;
      shape->limit[values++] = spans[i].limit;
    }
    at = start + spans[i].length;
  }
  if (values == 0)
    return false;
  shape->lone = count == 1 && shape->step[0].length == 0 && shape->step[1].length == 0;
  shape->steps = count + 1;
  shape->values = values;
  shape->exact = is_exact(shape);
  return true;
}
