#include "common/number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

/*
 * The finite number at the start of text, *end at what follows it. strtod would skip blanks first; they are refused.
 * In glibc and musl a "C" locale object is a constant, so that asking for it each time costs nothing.
 */
static bool read_double(const char *text, char **end, double *value)
{
  /* ASCII only: what starts a number, whatever isspace thinks of the rest. */
  const bool starts = *text == '+' || *text == '-' || *text == '.' || (*text >= '0' && *text <= '9');
  if (!starts)
    return false;

  const locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (c_locale == (locale_t)0)
    return false;
  *value = strtod_l(text, end, c_locale);
  freelocale(c_locale);
  return *end != text && isfinite(*value);
}

bool number_double(const char *text, double low, double high, double *value)
{
  char *end;
  double number;

  if (!read_double(text, &end, &number) || *end != '\0' || number < low || number > high)
    return false;
  *value = number;
  return true;
}

bool number_prefix(const char *text, const char **end, double *value)
{
  char *rest;
  double number;

  if (!read_double(text, &rest, &number))
    return false;
  *end = rest;
  *value = number;
  return true;
}

bool number_int64(const char *text, int64_t low, int64_t high, int64_t *value)
{
  const char *digits = text + (*text == '+' || *text == '-');
  if (*digits < '0' || *digits > '9')
    return false;

  char *end;
  const int saved_errno = errno;
  errno = 0;
  const long long number = strtoll(text, &end, 10);
  const bool overflow = errno == ERANGE;
  errno = saved_errno;
  if (overflow || *end != '\0' || number < low || number > high)
    return false;
  *value = number;
  return true;
}

bool number_range(const char *text, double *low, double *high)
{
  char *colon;
  char *end;
  double first;
  double second;

  if (!read_double(text, &colon, &first) || *colon != ':')
    return false;
  if (!read_double(colon + 1, &end, &second) || *end != '\0' || !(first < second))
    return false;
  *low = first;
  *high = second;
  return true;
}
