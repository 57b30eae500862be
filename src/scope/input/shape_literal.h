/*
 * What stands between the cells of a row: literals, blanks, the end of the line. Used by shape_match.c and shape_locate.h.
 * Each function takes what it is named after at its place, and gives the byte behind it, or NULL when something else
 * stands there. A newline ends every search.
 */
#ifndef SCOPE_SHAPE_LITERAL_H
#define SCOPE_SHAPE_LITERAL_H

#include <string.h>

#include "scope/input/plain.h"
#include "scope/input/shape.h"

PLAIN_INLINE const char *shape_skip_blanks(const struct shape *shape, const char *at)
{
  while (*at == ' ' || (*at == '\t' && (shape->flags & SHAPE_TABS)))
    at++;
  return at;
}

/* Behind the newline that must stand at `at`, with or without a carriage return; NULL when none does. */
PLAIN_INLINE const char *shape_take_newline(const char *at)
{
  if (*at == '\n')
    return at + 1;
  return at[0] == '\r' && at[1] == '\n' ? at + 2 : NULL;
}

/* The literal of a step, or its blanks. A newline is before `end`, and ends every search. */
PLAIN_INLINE const char *shape_take_literal(const struct shape *shape, const struct shape_step *step, const char *at,
                                            const char *end)
{
  const size_t length = step->length;
  if (step->exact <= SHAPE_EXACT && (size_t)(end - at) > SHAPE_EXACT) {
    uint64_t word[2];
    memcpy(word, at, sizeof word);
    /* As it was when the shape was built: the commonest by far, for blanks too. */
    const uint64_t differs =
        ((word[0] ^ step->literal[0]) & step->mask[0]) | ((word[1] ^ step->literal[1]) & step->mask[1]);
    if (differs == 0 && (!step->loose || (unsigned char)at[step->exact] > ' '))
      return at + step->exact;
    if (!step->loose)
      return NULL;
  }
  if (step->blanks) {
    const char *behind = shape_skip_blanks(shape, at);
    return step->needed && behind == at ? NULL : behind;
  }
  if (length > (size_t)(end - at) || memcmp(at, shape->text + step->text, length) != 0)
    return NULL;
  at += length;
  while (step->padded && *at == ' ')
    at++;
  return at;
}

PLAIN_INLINE bool shape_three_digits(const char *text, const char *behind)
{
  return behind - text >= 3 && plain_is_digit(text[0]) && plain_is_digit(text[1]) && plain_is_digit(text[2]);
}

/*
 * Whether the values of a row could be one number with commas in it. One to three digits, then groups of exactly three, the
 * last of them perhaps with a point or an exponent behind: 1,234,567.5. Of two, the second may also be what stands behind a
 * decimal comma: 20,5.
 */
enum shape_group { SHAPE_GROUP_NOT, SHAPE_GROUP_SECOND, SHAPE_GROUP_YES };

/* How that stands with value number `value` of `values`, which is text[0..behind), so_far being the answer before it. */
PLAIN_INLINE enum shape_group shape_group(enum shape_group so_far, const char *text, const char *behind, size_t value,
                                          size_t values)
{
  if (value == 0) {
    text += *text == '-' || *text == '+';
    bool group = behind - text <= 3;
    for (; text < behind; text++)
      group = group && plain_is_digit(*text);
    return group ? SHAPE_GROUP_YES : values == 2 ? SHAPE_GROUP_SECOND : SHAPE_GROUP_NOT;
  }
  if (so_far == SHAPE_GROUP_NOT)
    return so_far;
  if (values == 2 && !memchr(text, '.', (size_t)(behind - text)))
    return SHAPE_GROUP_YES;
  const bool last = value + 1 == values;
  const bool group = shape_three_digits(text, behind) && (behind - text == 3 || (last && !plain_is_digit(text[3])));
  return group && so_far == SHAPE_GROUP_YES ? SHAPE_GROUP_YES : SHAPE_GROUP_NOT;
}

#endif
