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
  if ((size_t)(end - at) >= sizeof step->literal) {
    uint64_t word[2];
    memcpy(word, at, sizeof word);
    /* As it was when the shape was built, in at most eight bytes: the commonest by far, for blanks too. */
    if (((word[0] ^ step->literal[0]) & step->mask[0]) == 0 && length <= sizeof word[0] &&
        (!step->blanks || (unsigned char)at[length] > ' '))
      return at + length;
    if (!step->blanks && length <= sizeof word)
      return (((word[0] ^ step->literal[0]) & step->mask[0]) | ((word[1] ^ step->literal[1]) & step->mask[1])) == 0
                 ? at + length
                 : NULL;
  }
  if (step->blanks) {
    const char *behind = shape_skip_blanks(shape, at);
    return step->needed && behind == at ? NULL : behind;
  }
  if (length > (size_t)(end - at) || memcmp(at, shape->text + step->text, length) != 0)
    return NULL;
  return at + length;
}

/* One to three digits and nothing else, or with `first` not set exactly three: a group of thousands, or its first part. */
PLAIN_INLINE bool shape_is_group(const char *text, const char *behind, bool first)
{
  if (first)
    text += *text == '-' || *text == '+';
  if (behind - text > 3 || (!first && behind - text != 3))
    return false;
  for (; text < behind; text++)
    if (!plain_is_digit(*text))
      return false;
  return true;
}

#endif
