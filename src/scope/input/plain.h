/*
 * Plain numbers, read without knowing where they end: what the quick road of rows (shape.h) is made of.
 *
 * A plain number is a sign or none, digits with at most one point among, before or behind them, and perhaps an exponent
 * of at most four digits; without the exponent it has at most PLAIN_BYTES bytes, and its digits, leading zeros apart, are
 * at most nineteen. It ends before the first byte that cannot go on with it. Nothing else is judged here: what may stand
 * behind a number is the caller's to know (`0` of `0x10` is a plain number).
 *
 * plain_careful is the definition, and reads no byte at or behind `end`. plain_read gives the same answer, and is quick
 * where PLAIN_READABLE bytes may be read. Both return the byte behind the number, NULL for none and for a number that
 * nothing ends before `end`. plain_four.h has the quickest way, for many numbers of the commonest kind.
 */
#ifndef SCOPE_PLAIN_H
#define SCOPE_PLAIN_H

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scope/input/decimal.h"
#include "scope/input/digits.h"

enum {
  PLAIN_BYTES = 31,
  PLAIN_READABLE = 32,
  PLAIN_EXPONENT_DIGITS = 4,
};

/* Inlined also where it is handed over as a function. */
#define PLAIN_INLINE __attribute__((always_inline)) static inline

#define PLAIN_INTEGER_END UINT64_C(10000000000000000000) /* one more than nineteen nines */

static inline bool plain_is_digit(char c)
{
  return (unsigned char)(c - '0') < 10;
}

/* Over an exponent at `at`, where an `e` stands. Without a digit it is none, and `at` comes back; NULL: too long. */
static inline const char *plain_exponent(const char *at, const char *end, int *exponent)
{
  const char *digit = at + 1;
  bool negative = digit < end && *digit == '-';
  if (digit < end && (*digit == '-' || *digit == '+'))
    digit++;
  const char *first = digit;
  int sum = 0;
  for (; digit < end && plain_is_digit(*digit); digit++) {
    if (digit - first == PLAIN_EXPONENT_DIGITS)
      return NULL;
    sum = sum * 10 + (*digit - '0');
  }
  *exponent = negative ? -sum : sum;
  return digit == first ? at : digit;
}

/*
 * The number of integer / 10^places, whose exponent, if it has one, begins at `at`. The sign bit is put in by hand: the
 * signs of noise cannot be predicted, so they must not decide a branch.
 */
static inline const char *plain_finish(const char *at, const char *end, uint64_t integer, unsigned places,
                                       bool negative, double *value)
{
  int power = -(int)places;
  if ((*at | 0x20) == 'e') {
    int exponent;
    at = plain_exponent(at, end, &exponent);
    if (!at || at == end)
      return NULL;
    power += exponent;
  }
  double positive;
  if (FLT_EVAL_METHOD == 0 && integer <= UINT64_C(1) << 53 && power <= 0 && power >= -DIGITS_POWER)
    positive = (double)(int64_t)integer / digits_power[-power];
  else
    positive = decimal_compose(integer, power, false);
  uint64_t bits;
  memcpy(&bits, &positive, sizeof bits);
  bits |= (uint64_t)negative << 63;
  memcpy(value, &bits, sizeof bits);
  return at;
}

static inline const char *plain_careful(const char *text, const char *end, double *value)
{
  const char *at = text;
  bool negative = at < end && *at == '-';
  if (at < end && (*at == '-' || *at == '+'))
    at++;
  uint64_t integer = 0;
  unsigned digits = 0;
  unsigned places = 0;
  bool point = false;
  for (; at < end; at++) {
    if (*at == '.' && !point) {
      point = true;
      continue;
    }
    if (!plain_is_digit(*at))
      break;
    if (integer >= PLAIN_INTEGER_END / 10)
      return NULL;
    integer = integer * 10 + (uint64_t)(*at - '0');
    digits++;
    places += point;
  }
  if (at == end || *at == '.' || digits == 0 || at - text > PLAIN_BYTES)
    return NULL;
  return plain_finish(at, end, integer, places, negative, value);
}

PLAIN_INLINE const char *plain_read(const char *text, const char *end, double *value)
{
  if (end - text >= DIGITS_READABLE) {
    int negative;
    uint64_t integer;
    unsigned places;
    const char *behind = digits_number(text, &negative, &integer, &places);
    if (behind && *behind != '.')
      return plain_finish(behind, end, integer, places, negative, value);
  }
  return plain_careful(text, end, value);
}

#endif
