#include "scope/input/decimal.h"

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "scope/input/byte.h"
#include "scope/input/digits.h"

enum {
  SHORT_TEXT = 128,         /* numbers up to here take a small buffer on road 3 */
  EXPONENT_CLAMP = 1000000, /* beyond what 65536 digits can make up for: the result is the same */
};

/* What a scan over a number finds: its value is integer * 10^power, unless digits were lost. */
struct decimal_digits {
  uint64_t integer;
  int power;
  bool negative;
  bool lost; /* a digit other than zero came after the nineteenth */
  bool hexadecimal;
};

static bool is_hexadecimal(char c)
{
  return byte_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The length of an exponent (letter, sign, digits) at text[at], 0 when a digit is missing; value clamped, may be NULL. */
static size_t scan_exponent(const char *text, size_t length, size_t at, int *value)
{
  size_t start = at++;
  bool negative = at < length && text[at] == '-';
  if (at < length && (text[at] == '-' || text[at] == '+'))
    at++;
  if (at == length || !byte_is_digit(text[at]))
    return 0;
  int sum = 0;
  for (; at < length && byte_is_digit(text[at]); at++)
    if (sum < EXPONENT_CLAMP)
      sum = sum * 10 + (text[at] - '0');
  if (value)
    *value = negative ? -sum : sum;
  return at - start;
}

/* The length of the hexadecimal number whose `0x` is at text[at], counted from at; 0 when no digit follows. */
static size_t scan_hexadecimal(const char *text, size_t length, size_t at)
{
  size_t start = at;
  size_t digits = 0;
  bool point = false;
  for (at += 2; at < length; at++) {
    if (is_hexadecimal(text[at]))
      digits++;
    else if (text[at] == '.' && !point)
      point = true;
    else
      break;
  }
  if (digits == 0)
    return 0;
  if (at < length && (text[at] == 'p' || text[at] == 'P'))
    at += scan_exponent(text, length, at, NULL);
  return at - start;
}

/*
 * Scans one number and says how many bytes it takes, 0 when there is none. Of the digits the first nineteen from the
 * first that is not zero are summed; later zeros only move the power.
 */
static size_t scan_number(const char *text, size_t length, struct decimal_digits *number)
{
  size_t at = 0;
  bool negative = length > 0 && text[0] == '-';
  if (length > 0 && (text[0] == '-' || text[0] == '+'))
    at++;
  *number = (struct decimal_digits){.negative = negative};
  if (at + 2 < length && text[at] == '0' && (text[at + 1] == 'x' || text[at + 1] == 'X')) {
    size_t taken = scan_hexadecimal(text, length, at);
    if (taken > 0) {
      number->hexadecimal = true;
      return at + taken;
    }
  }
  size_t digits = 0;
  int kept = 0;
  bool point = false;
  for (; at < length; at++) {
    char c = text[at];
    if (byte_is_digit(c)) {
      digits++;
      if (kept < DIGITS_MAX) {
        number->integer = number->integer * 10 + (uint64_t)(c - '0');
        kept += number->integer != 0;
        number->power -= point;
      } else {
        number->lost = number->lost || c != '0';
        number->power += !point;
      }
    } else if (c == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  if (digits == 0)
    return 0;
  if (at < length && (text[at] == 'e' || text[at] == 'E')) {
    int exponent = 0;
    at += scan_exponent(text, length, at, &exponent);
    number->power += exponent;
  }
  return at;
}

static locale_t c_locale;

static void make_locale(void)
{
  c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* Road 3, on a terminated copy that strtod must take whole. */
static enum decimal_road convert_copy(const char *copy, size_t length, double *value)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_locale);
  char *end = NULL;
  double result = c_locale ? strtod_l(copy, &end, c_locale) : strtod(copy, &end);
  if (end != copy + length)
    return DECIMAL_NONE;
  *value = result;
  return DECIMAL_SLOW;
}

static __attribute__((noinline)) enum decimal_road convert_long(const char *text, size_t length, double *value)
{
  char copy[DECIMAL_LENGTH_MAX + 1];
  memcpy(copy, text, length);
  copy[length] = '\0';
  return convert_copy(copy, length, value);
}

static enum decimal_road convert_slowly(const char *text, size_t length, double *value)
{
  if (length >= SHORT_TEXT)
    return convert_long(text, length, value);
  char copy[SHORT_TEXT];
  memcpy(copy, text, length);
  copy[length] = '\0';
  return convert_copy(copy, length, value);
}

/* The digits beyond the nineteenth matter only where the number with them cut off and the next one round differently. */
static bool round_lost(const struct decimal_digits *number, double *value)
{
  double above = decimal_compose(number->integer + 1, number->power, number->negative);
  *value = decimal_compose(number->integer, number->power, number->negative);
  return *value == above;
}

enum decimal_road decimal_parse(const char *text, size_t length, double *value)
{
  struct decimal_digits number;
  if (length == 0 || length > DECIMAL_LENGTH_MAX || scan_number(text, length, &number) != length)
    return DECIMAL_NONE;
  if (number.hexadecimal || (number.lost && !round_lost(&number, value)))
    return convert_slowly(text, length, value);
  if (!number.lost)
    *value = decimal_compose(number.integer, number.power, number.negative);
  return DECIMAL_FAST;
}

size_t decimal_length(const char *text, size_t length)
{
  struct decimal_digits number;
  return scan_number(text, length, &number);
}
