/*
 * A scan over a borrowed text that is matched piece by piece: what time_text.c (dates) and time_of_day.c share.
 *
 * What is asked for stands next, or nothing is taken. Only a number that is missing or out of its range spoils the
 * scan: its value is then of no use, and whoever scans looks at `good` once, at the end. Bytes are ASCII, in any
 * locale. Pure.
 */
#ifndef SCOPE_SCAN_H
#define SCOPE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "scope/input/byte.h"

struct scan {
  const char *at;
  const char *end;
  bool good; /* once something does not fit, it stays false */
};

/* The byte so many ahead, NUL behind the end. */
static inline char scan_peek(const struct scan *s, size_t ahead)
{
  return (size_t)(s->end - s->at) > ahead ? s->at[ahead] : '\0';
}

static inline bool scan_take(struct scan *s, char wanted)
{
  if (s->at == s->end || *s->at != wanted)
    return false;
  s->at++;
  return true;
}

/* Whether there were any. */
static inline bool scan_take_blanks(struct scan *s)
{
  const char *start = s->at;
  s->at = bytes_skip_blanks(s->at, s->end);
  return s->at > start;
}

/* Digits that follow, counted up to ten. */
static inline size_t scan_digits(const struct scan *s)
{
  size_t n = 0;
  while (n < (size_t)(s->end - s->at) && n < 10 && byte_is_digit(s->at[n]))
    n++;
  return n;
}

static inline size_t scan_letters(const struct scan *s)
{
  size_t n = 0;
  while (n < (size_t)(s->end - s->at) && byte_is_letter(s->at[n]))
    n++;
  return n;
}

/* Takes all digits that follow, least to most of them (9 at most), of a value within low to high; low when not good. */
static inline int scan_take_number(struct scan *s, size_t least, size_t most, int low, int high)
{
  size_t count = scan_digits(s);
  int value = 0;
  if (count < least || count > most) {
    s->good = false;
    return low;
  }
  for (; count > 0; count--)
    value = value * 10 + (*s->at++ - '0');
  if (value < low || value > high) {
    s->good = false;
    return low;
  }
  return value;
}

#endif
