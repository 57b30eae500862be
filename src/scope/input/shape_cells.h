/*
 * What stands between the numbers of a row: cells that are passed over, literals, the end of the line. Used by the files
 * of the shape alone. Each function takes what it is named after at its place, and gives the byte behind it, or NULL when
 * something else stands there; something must end a cell before `end`.
 */
#ifndef SCOPE_SHAPE_CELLS_H
#define SCOPE_SHAPE_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "scope/input/plain.h"
#include "scope/input/shape.h"

static inline bool shape_is_letter(char c)
{
  return (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline bool shape_in_figures(char c)
{
  return (c >= '-' && c <= ':') || c == '+' || c == 'T' || c == 'Z'; /* `-`, `.`, `/`, digits, `:` */
}

static inline bool shape_in_word(char c)
{
  return shape_is_letter(c) || (c >= '-' && c <= '9') || c == '_'; /* `-`, `.`, `/`, digits */
}

static inline bool shape_is_figure(char c)
{
  return c >= '0' && c <= '9';
}

/* Figures like those of `model`: the same bytes between them, in the same order; how many digits there are is free. */
static inline const char *shape_figures(const char *text, const char *end, const char *model, size_t length)
{
  for (const char *m = model; m < model + length;) {
    if (text == end || shape_is_figure(*text) != shape_is_figure(*m))
      return NULL;
    if (!shape_is_figure(*m)) {
      if (*text++ != *m++)
        return NULL;
      continue;
    }
    while (m < model + length && shape_is_figure(*m))
      m++;
    while (text < end && shape_is_figure(*text))
      text++;
  }
  return text < end && !shape_in_figures(*text) ? text : NULL;
}

/* Whether a word means that there is no value. */
static inline bool shape_is_gap(const char *text, size_t length)
{
  static const char *const gaps[] = {"nan", "inf", "infinity", "null", "none", "na", "n/a", "ol", "ovl", "overload"};
  char first = (char)(*text | 0x20);
  if (first != 'n' && first != 'i' && first != 'o')
    return false;
  for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++)
    if (strlen(gaps[i]) == length && strncasecmp(gaps[i], text, length) == 0)
      return true;
  return false;
}

static inline const char *shape_word(const char *text, const char *end)
{
  const char *at = text;
  if (at == end || !shape_is_letter(*at))
    return NULL;
  while (at < end && shape_in_word(*at))
    at++;
  return at < end && !shape_is_gap(text, (size_t)(at - text)) ? at : NULL;
}

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
