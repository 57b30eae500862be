/*
 * The cells of a row that a shape passes over: what belongs to them, and where they end. Used by the files of the shape
 * alone. Each function takes a cell at its place, which something must end before `end`, and gives the byte behind it, or
 * NULL when something else stands there.
 */
#ifndef SCOPE_SHAPE_CELLS_H
#define SCOPE_SHAPE_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

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

static inline bool shape_in_number(char c)
{
  return shape_is_figure(c) || c == '.';
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

#endif
