#include "scope/input/decimal.h"

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "scope/input/digits.h"

__extension__ typedef unsigned __int128 uint128;

enum {
  POWER_EXACT = 27,         /* 5^27 is the largest power of five below 2^63 */
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

static const uint64_t powers_of_five[POWER_EXACT + 1] = {
    UINT64_C(1),
    UINT64_C(5),
    UINT64_C(25),
    UINT64_C(125),
    UINT64_C(625),
    UINT64_C(3125),
    UINT64_C(15625),
    UINT64_C(78125),
    UINT64_C(390625),
    UINT64_C(1953125),
    UINT64_C(9765625),
    UINT64_C(48828125),
    UINT64_C(244140625),
    UINT64_C(1220703125),
    UINT64_C(6103515625),
    UINT64_C(30517578125),
    UINT64_C(152587890625),
    UINT64_C(762939453125),
    UINT64_C(3814697265625),
    UINT64_C(19073486328125),
    UINT64_C(95367431640625),
    UINT64_C(476837158203125),
    UINT64_C(2384185791015625),
    UINT64_C(11920928955078125),
    UINT64_C(59604644775390625),
    UINT64_C(298023223876953125),
    UINT64_C(1490116119384765625),
    UINT64_C(7450580596923828125),
};

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool is_hexadecimal(char c)
{
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The length of an exponent (letter, sign, digits) at text[at], 0 when a digit is missing; value clamped, may be NULL. */
static size_t scan_exponent(const char *text, size_t length, size_t at, int *value)
{
  size_t start = at++;
  bool negative = at < length && text[at] == '-';
  if (at < length && (text[at] == '-' || text[at] == '+'))
    at++;
  if (at == length || !is_digit(text[at]))
    return 0;
  int sum = 0;
  for (; at < length && is_digit(text[at]); at++)
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
    if (is_digit(c)) {
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

/*
 * The double nearest to (mantissa + a rest) * 2^power, where the rest is below one and sticky says whether it is more
 * than nothing. Ties go to even. The result is a normal number: powers here stay within a few hundred.
 */
static double round_once(uint64_t mantissa, bool sticky, int power)
{
  int shift = __builtin_clzll(mantissa);
  mantissa <<= shift;
  uint64_t kept = mantissa >> 11;
  uint64_t rest = mantissa & 0x7FF;
  if (rest > 0x400 || (rest == 0x400 && (sticky || (kept & 1))))
    kept++;
  /* The hidden bit is added to the exponent rather than masked, so that a carry out of the mantissa lands there. */
  uint64_t bits = ((uint64_t)(power - shift + 63 + 1022) << 52) + kept;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* integer * 5^power * 2^power: the product is exact in 128 bits. */
static double scale_up(uint64_t integer, int power)
{
  uint128 product = (uint128)integer * powers_of_five[power];
  uint64_t high = (uint64_t)(product >> 64);
  if (high == 0)
    return round_once((uint64_t)product, false, power);
  int shift = 64 - __builtin_clzll(high);
  uint64_t rest = (uint64_t)product << (64 - shift);
  return round_once((uint64_t)(product >> shift), rest != 0, power + shift);
}

/*
 * integer / 5^power / 2^power: both are moved to the top of their words, so that the quotient has 63 or 64 bits, ten
 * more than a double holds, and the remainder tells whether anything lies below them.
 */
static double scale_down(uint64_t integer, int power)
{
  int integer_shift = __builtin_clzll(integer);
  int divisor_shift = __builtin_clzll(powers_of_five[power]);
  uint64_t divisor = powers_of_five[power] << divisor_shift;
  uint128 dividend = (uint128)(integer << integer_shift) << 63;
  uint64_t quotient = (uint64_t)(dividend / divisor);
  bool sticky = (uint128)quotient * divisor != dividend;
  return round_once(quotient, sticky, divisor_shift - integer_shift - 63 - power);
}

bool decimal_compose(uint64_t integer, int power, bool negative, double *value)
{
  double result;
  if (integer <= UINT64_C(1) << 53 && power >= -DIGITS_POWER && power <= DIGITS_POWER)
    result = power < 0 ? (double)integer / digits_power[-power] : (double)integer * digits_power[power];
  else if (integer == 0)
    result = 0;
  else if (power >= 0 && power <= POWER_EXACT)
    result = scale_up(integer, power);
  else if (power < 0 && power >= -POWER_EXACT)
    result = scale_down(integer, -power);
  else
    return false;
  *value = negative ? -result : result;
  return true;
}

enum decimal_road decimal_parse(const char *text, size_t length, double *value)
{
  struct decimal_digits number;
  if (length == 0 || length > DECIMAL_LENGTH_MAX || scan_number(text, length, &number) != length)
    return DECIMAL_NONE;
  if (!number.lost && !number.hexadecimal && decimal_compose(number.integer, number.power, number.negative, value))
    return DECIMAL_FAST;
  return convert_slowly(text, length, value);
}

size_t decimal_length(const char *text, size_t length)
{
  struct decimal_digits number;
  return scan_number(text, length, &number);
}
