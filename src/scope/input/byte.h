/*
 * What single bytes of a line are, the same in any locale. Pure.
 */
#ifndef SCOPE_BYTE_H
#define SCOPE_BYTE_H

#include <stdbool.h>

static inline bool byte_is_blank(char c)
{
  return c == ' ' || c == '\t';
}

static inline bool byte_is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static inline bool byte_is_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool byte_is_hex(char c)
{
  return byte_is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static inline const char *bytes_skip_blanks(const char *at, const char *end)
{
  while (at < end && byte_is_blank(*at))
    at++;
  return at;
}

#endif
