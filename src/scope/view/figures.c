#include "scope/view/figures.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int figure_prefix(int power)
{
  if (power >= -2 && power < 4)
    return 0;
  return power >= 0 ? power / 3 * 3 : -((2 - power) / 3 * 3);
}

/* Two steps: 10^exponent is out of reach of a double at both ends. */
double figure_scale_down(double value, int exponent)
{
  int half = exponent / 2;
  return value / pow(10, half) / pow(10, exponent - half);
}

static const char *const prefixes[] = {"q", "r", "y", "z", "a", "f", "p", "n", "\xC2\xB5", "m", "",
                                       "k", "M", "G", "T", "P", "E", "Z", "Y", "R",        "Q"};
enum { PREFIXES = sizeof prefixes / sizeof *prefixes, NO_PREFIX = 10 };

const char *figure_prefix_letter(int exponent)
{
  const int place = exponent / 3 + NO_PREFIX;
  return exponent % 3 == 0 && place >= 0 && place < PREFIXES ? prefixes[place] : NULL;
}

bool figure_prefix_exponent(const char *letter, int *exponent)
{
  for (int i = 0; i < PREFIXES; i++)
    if (strcmp(prefixes[i], letter) == 0) {
      *exponent = (i - NO_PREFIX) * 3;
      return true;
    }
  return false;
}

static void append(char text[FIGURE_TEXT_MAX], const char *more)
{
  size_t length = strlen(text);
  snprintf(text + length, FIGURE_TEXT_MAX - length, "%s", more);
}

void figure_compose(bool negative, const char *digits, int decimals, int exponent, char text[FIGURE_TEXT_MAX])
{
  int whole = (int)strlen(digits) - decimals;
  bool zero = strspn(digits, "0") == strlen(digits);
  snprintf(text, FIGURE_TEXT_MAX, "%s%.*s%s%s", negative && !zero ? FIGURE_MINUS : "", whole, digits,
           decimals ? "." : "", digits + whole);
  if (exponent == 0 || zero)
    return;
  const char *letter = figure_prefix_letter(exponent);
  if (letter) {
    append(text, letter);
  } else {
    char power[16];
    snprintf(power, sizeof power, "e%d", exponent);
    append(text, power);
  }
}

void figure_keep_digits(char *number)
{
  char *to = number;
  for (const char *from = number; *from; from++)
    if (*from >= '0' && *from <= '9')
      *to++ = *from;
  *to = '\0';
}

void figure_number(double value, int digits, char text[FIGURE_TEXT_MAX])
{
  if (value != value) {
    snprintf(text, FIGURE_TEXT_MAX, "\xE2\x80\x93");
    return;
  }
  if (value == 0) {
    snprintf(text, FIGURE_TEXT_MAX, "0");
    return;
  }
  if (isinf(value)) {
    snprintf(text, FIGURE_TEXT_MAX, "%s\xE2\x88\x9E", value < 0 ? FIGURE_MINUS : "");
    return;
  }
  /* Rounded first, scaled by moving the point: 999.96k is 1.000M, and 9.9996 is 10.00. */
  char number[FIGURE_DIGITS_MAX];
  int significant = digits < 1 ? 1 : digits > 17 ? 17 : digits;
  for (;;) {
    snprintf(number, sizeof number, "%.*e", significant - 1, fabs(value));
    char *e = strchr(number, 'e');
    int power = (int)strtol(e + 1, NULL, 10); /* of the first digit */
    *e = '\0';
    figure_keep_digits(number);
    int exponent = figure_prefix(power);
    int whole = power - exponent + 1; /* digits before the point; 0 or -1: zeros after it */
    if (whole > significant) {
      significant = whole;
      continue;
    }
    char padded[FIGURE_DIGITS_MAX] = "000";
    int zeros = whole < 1 ? 1 - whole : 0;
    snprintf(padded + zeros, sizeof padded - (size_t)zeros, "%s", number);
    figure_compose(value < 0, padded, significant - whole, exponent, text);
    return;
  }
}

int figure_decimals(double value)
{
  char text[FIGURE_DIGITS_MAX];
  if (!isfinite(value) || value == 0)
    return 0;
  snprintf(text, sizeof text, "%.14e", value);
  char *e = strchr(text, 'e');
  const int power = (int)strtol(e + 1, NULL, 10);
  if (strtod(text, NULL) != value)
    return FIGURE_ENDLESS;
  int digits = 15;
  while (digits > 1 && e[digits - 16] == '0')
    digits--;
  const int decimals = digits - 1 - power;
  return decimals < 0 ? 0 : decimals > FIGURE_ENDLESS ? FIGURE_ENDLESS : decimals;
}

/* Five digits are enough, unless all of the signal happens far behind the first one. */
static int digits_to_tell_apart(double min, double max, double scale)
{
  enum { USUAL = 5, MOST = 15 };
  const double extent = max - min;
  if (!(extent > 0) || !isfinite(extent))
    return USUAL;
  const int digits = (int)ceil(log10(scale / extent)) + 3;
  return digits < USUAL ? USUAL : digits > MOST ? MOST : digits;
}

void figure_form_note(struct figure_form *form, double value)
{
  if (!isfinite(value) || value == 0)
    return;
  const int decimals = figure_decimals(value);
  const int power = (int)floor(log10(fabs(value)) + 1e-9);
  const int digits = decimals == FIGURE_ENDLESS ? FIGURE_ENDLESS : decimals + power + 1;
  form->decimals = decimals > form->decimals ? decimals : form->decimals;
  form->digits = digits > form->digits ? digits : form->digits;
}

void figure_format_choose(double last, double min, double max, const struct figure_form *form, int exponent,
                          struct figure_format *out)
{
  enum { LONG = 7, AS_CAME = 10, MEAN_MORE = 2, WHOLE_MOST = 7, PLAIN_MOST = 12, DECIMALS_MOST = 17 };
  const double scale = fmax(fmax(fabs(min), fabs(max)), fabs(last)); /* NaN passes over */
  *out = (struct figure_format){.decimals = 0};
  if (!(scale > 0) || isinf(scale))
    return;
  const int power = (int)floor(log10(scale) + 1e-9);
  int digits = power + 1 + form->decimals;
  if (digits >= LONG && form->decimals != FIGURE_ENDLESS && digits > form->digits && form->digits > power)
    digits = form->digits;
  const bool as_came = form->decimals != FIGURE_ENDLESS && digits <= AS_CAME;
  if (!as_came) {
    const int enough = digits_to_tell_apart(min, max, scale);
    digits = enough < digits ? enough : digits;
  }
  if (power < exponent || power >= exponent + WHOLE_MOST)
    exponent = power >= 0 && as_came ? 0 : figure_prefix(power);
  if (digits > AS_CAME && power >= 0 && power < PLAIN_MOST)
    exponent = 0;
  const int places = digits - 1 - power + exponent;
  out->exponent = exponent;
  out->decimals = places < 0 ? 0 : places > DECIMALS_MOST ? DECIMALS_MOST : places;
  out->mean_decimals = out->decimals + (as_came && min < max ? MEAN_MORE : 0);
}

void figure_fixed(double value, int exponent, int decimals, char text[FIGURE_TEXT_MAX])
{
  const double scaled = figure_scale_down(fabs(value), exponent);
  if (!isfinite(value) || scaled >= 1e15) {
    figure_number(value, 5, text);
    return;
  }
  char number[FIGURE_DIGITS_MAX];
  snprintf(number, sizeof number, "%.*f", decimals, scaled);
  figure_keep_digits(number);
  figure_compose(value < 0, number, decimals, exponent, text);
}

void figure_exact(double value, char text[FIGURE_TEXT_MAX])
{
  if (value != value) { /* with a sign on some machines */
    snprintf(text, FIGURE_TEXT_MAX, "nan");
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, FIGURE_TEXT_MAX, "%.*g", digits, value);
    if (strtod(text, NULL) == value)
      break;
  }
  const char *point = localeconv()->decimal_point;
  char *at = strstr(text, point);
  if (at) {
    *at = '.';
    memmove(at + 1, at + strlen(point), strlen(at + strlen(point)) + 1);
  }
}

void figure_count(uint64_t count, char text[FIGURE_TEXT_MAX])
{
  if (count < 10000000)
    snprintf(text, FIGURE_TEXT_MAX, "%" PRIu64, count);
  else
    figure_number((double)count, 4, text);
}
