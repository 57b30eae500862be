#include "scope/input/exact.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope/input/digits.h"

enum { NS_PLACES = 9 };

static const double INTEGER_MAX = 0x1p53; /* below it every integer is a double */

/* sign, integer with a point before its last `places` digits. */
static size_t compose(bool negative, uint64_t integer, int places, char text[EXACT_TEXT_MAX])
{
  char digits[24];
  int n = 0;
  do
    digits[n++] = (char)('0' + integer % 10);
  while ((integer /= 10) != 0);
  while (n <= places)
    digits[n++] = '0';
  char *out = text;
  if (negative)
    *out++ = '-';
  while (n > 0) {
    *out++ = digits[--n];
    if (n == places && places > 0)
      *out++ = '.';
  }
  *out = '\0';
  return (size_t)(out - text);
}

/*
 * As an integer over a power of ten. Both are exact doubles, and the quotient of two of these is the double nearest to
 * the true one: where it is the value, the text with so many decimals reads back as the value.
 */
static size_t short_text(bool negative, double magnitude, char text[EXACT_TEXT_MAX])
{
  for (int places = 0; places <= DIGITS_POWER; places++) {
    const double scaled = magnitude * digits_power[places];
    if (scaled >= INTEGER_MAX)
      return 0;
    const uint64_t integer = (uint64_t)(scaled + 0.5);
    if ((double)integer / digits_power[places] == magnitude)
      return compose(negative, integer, places, text);
  }
  return 0;
}

size_t exact_text(double value, char text[EXACT_TEXT_MAX])
{
  if (isnan(value)) {
    memcpy(text, "nan", sizeof "nan");
    return sizeof "nan" - 1;
  }
  size_t length = isfinite(value) ? short_text(signbit(value), fabs(value), text) : 0;
  for (int digits = 15; length == 0 && digits <= 17; digits++) {
    const size_t written = (size_t)snprintf(text, EXACT_TEXT_MAX, "%.*g", digits, value);
    if (digits == 17 || strtod(text, NULL) == value)
      length = written;
  }
  char *comma = memchr(text, ',', length); /* the point of some locales */
  if (comma)
    *comma = '.';
  return length;
}

size_t exact_seconds(int64_t ns, char text[EXACT_TEXT_MAX])
{
  const uint64_t magnitude = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
  return compose(ns < 0, magnitude, NS_PLACES, text);
}
