#include "common/number_word.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/number.h"

enum { DIGITS_MAX = 120 }; /* bytes of a number; a longer one is none */

static const char unicode_minus[] = "\xE2\x88\x92";

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

size_t number_word_sign(const char *text, size_t length, bool *negative)
{
  const size_t minus = sizeof unicode_minus - 1;
  *negative = false;
  if (length >= minus && memcmp(text, unicode_minus, minus) == 0) {
    *negative = true;
    return minus;
  }
  if (length == 0 || (*text != '+' && *text != '-'))
    return 0;
  *negative = *text == '-';
  return 1;
}

bool number_word_is_unit(const char *text, size_t length)
{
  if (length == 0 || !(is_letter(text[0]) || text[0] == '%' || (unsigned char)text[0] >= 0x80))
    return false;
  for (size_t i = 0; i < length; i++)
    if (is_digit(text[i]))
      return i == length - 1 && (text[i] == '2' || text[i] == '3');
  return true;
}

int number_word_multiplier(const char *text, size_t length)
{
  static const char letters[] = "kMGTP";
  const char *found = length == 1 ? memchr(letters, *text, sizeof letters - 1) : NULL;
  return found ? 3 * (int)(found - letters + 1) : 0;
}

/* Fortran's D becomes the e that strtod knows, where an exponent follows. */
static void mend_exponent(char *digits)
{
  const size_t mantissa = strspn(digits, "0123456789.");
  char *mark = digits + mantissa;
  const char *exponent = mark + 1;
  if (mantissa == 0 || (*mark != 'd' && *mark != 'D'))
    return;
  exponent += *exponent == '+' || *exponent == '-';
  if (is_digit(*exponent))
    *mark = 'e';
}

/* The number in digits times a power of ten, by an exponent behind it, so that it is rounded once. */
static double multiply(const char *digits, size_t length, int power, double value)
{
  static const char *const exponents[] = {"e0", "e3", "e6", "e9", "e12", "e15"};
  static const double factors[] = {1, 1e3, 1e6, 1e9, 1e12, 1e15};
  char text[DIGITS_MAX + 8];
  const char *end;
  double multiplied;

  snprintf(text, sizeof text, "%.*s%s", (int)length, digits, exponents[power / 3]);
  if (strcspn(digits, "eExX") >= length && number_prefix(text, &end, &multiplied) && *end == '\0')
    return multiplied;
  return value * factors[power / 3]; /* it has an exponent already, or is hexadecimal */
}

bool number_word_read(const char *text, size_t length, struct number_word *word)
{
  char digits[DIGITS_MAX + 1];
  bool negative;
  double value;
  const char *end;
  const size_t sign = number_word_sign(text, length, &negative);

  if (length - sign > DIGITS_MAX || sign == length || !(is_digit(text[sign]) || text[sign] == '.'))
    return false;
  memcpy(digits, text + sign, length - sign);
  digits[length - sign] = '\0';
  mend_exponent(digits);
  if (!number_prefix(digits, &end, &value))
    return false;
  const size_t taken = (size_t)(end - digits);
  const char *unit = text + sign + taken;
  const size_t left = length - sign - taken;
  const int power = number_word_multiplier(unit, left);
  if (power > 0)
    value = multiply(digits, taken, power, value);
  else if (left > 0 && !number_word_is_unit(unit, left))
    return false;
  if (!isfinite(value))
    return false;
  *word = (struct number_word){
      .value = negative ? -value : value, .unit = unit, .unit_length = power > 0 ? 0 : left, .multiplied = power > 0};
  return true;
}
