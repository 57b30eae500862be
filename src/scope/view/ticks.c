#include "scope/view/ticks.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 48 };

static const char MINUS[] = "\xE2\x88\x92"; /* U+2212: as wide as a plus, unlike the hyphen */

double ticks_round_step(double step)
{
  double magnitude = pow(10, floor(log10(step)));
  if (magnitude == 0) /* below the smallest power of ten that a double holds */
    return step;
  double lead = step / magnitude;
  /* A little above a round number is the round number: 0.2 may come as 0.20000000000000001. */
  if (lead <= 1 + 1e-9)
    return magnitude;
  if (lead <= 2 + 1e-9)
    return 2 * magnitude;
  return lead <= 5 + 1e-9 ? 5 * magnitude : 10 * magnitude;
}

/* The prefix for a number whose first digit stands at 10^power: 1 to 999 before the point; none for everyday numbers. */
static int power_prefix(int power)
{
  if (power >= -2 && power < 4)
    return 0;
  return power >= 0 ? power / 3 * 3 : -((2 - power) / 3 * 3);
}

static int prefix_exponent(double magnitude)
{
  return magnitude == 0 ? 0 : power_prefix((int)floor(log10(magnitude) + 1e-9));
}

/* 10^exponent is out of reach of a double at both ends; two steps are not. */
static double scale_down(double value, int exponent)
{
  int half = exponent / 2;
  return value / pow(10, half) / pow(10, exponent - half);
}

/* Least number of decimals that writes `step` without rounding, after the prefix is taken out. */
static int step_decimals(double step, int exponent)
{
  int decimals = exponent - (int)floor(log10(step) + 1e-9);
  if (decimals < 0)
    decimals = 0;
  /* The steps of a clock, such as 15 and 10800, have more than one digit. */
  for (; decimals < 15; decimals++) {
    double whole = scale_down(step, exponent - decimals);
    if (whole > 0.5 && fabs(whole - round(whole)) < 1e-6 * whole)
      break;
  }
  return decimals;
}

static void fill(double low, double high, double step, struct ticks *out)
{
  if (!isfinite(step)) {
    /* Beyond the largest double: 0 is the only tick there can be. */
    *out = (struct ticks){.step = DBL_MAX, .count = low <= 0 && high >= 0, .exponent = 306};
    return;
  }
  out->step = step;
  double first = ceil(low / step - 1e-9);
  double last = floor(high / step + 1e-9);
  /* Far from zero with a tiny range the count of steps no longer fits: no ticks are better than wrong ones. */
  out->count = 0;
  out->first = 0;
  if (fabs(first) < 1e15 && fabs(last) < 1e15) {
    out->first = (int64_t)first;
    double count = last - first + 1;
    out->count = count > TICKS_MAX ? TICKS_MAX : (int)count;
  }
  out->exponent = prefix_exponent(fmax(fabs(low), fabs(high)));
  out->decimals = step_decimals(step, out->exponent);
}

static double least_step(double low, double high, int most)
{
  /* Halves first: the difference of two huge numbers of different sign overflows. */
  double step = (high / 2 - low / 2) / (most - 1) * 2;
  double resolution = fmax(fabs(low), fabs(high)) * 1e-14;
  return fmax(fmax(step, resolution), 1e-307);
}

void ticks_choose(double low, double high, int most, struct ticks *out)
{
  fill(low, high, ticks_round_step(least_step(low, high, most)), out);
}

void ticks_choose_time(double low, double high, int most, struct ticks *out)
{
  static const double clock_steps[] = {15,   30,   60,    120,   300,   600,   900,    1800,
                                       3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800};
  enum { CLOCK_STEPS = sizeof clock_steps / sizeof *clock_steps };
  double step = least_step(low, high, most);
  double least = step * (1 - 1e-9);
  double rounded = ticks_round_step(step);
  if (rounded > 10 && least <= clock_steps[CLOCK_STEPS - 1]) {
    size_t i = 0;
    while (clock_steps[i] < least)
      i++;
    rounded = clock_steps[i];
  } else if (rounded > 10) {
    rounded = 86400 * ticks_round_step(step / 86400);
  }
  fill(low, high, rounded, out);
}

double ticks_value(const struct ticks *t, int i)
{
  return (double)(t->first + i) * t->step;
}

static void append(char text[TICKS_TEXT_MAX], const char *more)
{
  size_t length = strlen(text);
  snprintf(text + length, TICKS_TEXT_MAX - length, "%s", more);
}

/* Sign, digits with a point before the last `decimals` of them, and the prefix for the exponent. */
static void write_number(bool negative, const char *digits, int decimals, int exponent, char text[TICKS_TEXT_MAX])
{
  static const char *const prefix[] = {"q", "r", "y", "z", "a", "f", "p", "n", "\xC2\xB5", "m", "",
                                       "k", "M", "G", "T", "P", "E", "Z", "Y", "R",        "Q"};
  int whole = (int)strlen(digits) - decimals;
  bool zero = strspn(digits, "0") == strlen(digits);
  snprintf(text, TICKS_TEXT_MAX, "%s%.*s%s%s", negative && !zero ? MINUS : "", whole, digits, decimals ? "." : "",
           digits + whole);
  if (exponent == 0 || zero)
    return;
  int place = exponent / 3 + 10;
  if (place >= 0 && place < (int)(sizeof prefix / sizeof *prefix)) {
    append(text, prefix[place]);
  } else {
    char power[16];
    snprintf(power, sizeof power, "e%d", exponent);
    append(text, power);
  }
}

/* What printf wrote, without the point, which is a comma in some locales. */
static void keep_digits(char *number)
{
  char *to = number;
  for (const char *from = number; *from; from++)
    if (*from >= '0' && *from <= '9')
      *to++ = *from;
  *to = '\0';
}

void ticks_label(const struct ticks *t, int i, char text[TICKS_TEXT_MAX])
{
  double scaled = scale_down(ticks_value(t, i), t->exponent);
  char digits[DIGITS_MAX];
  snprintf(digits, sizeof digits, "%.*f", t->decimals, fabs(scaled));
  keep_digits(digits);
  write_number(scaled < 0, digits, t->decimals, t->exponent, text);
}

void ticks_label_clock(const struct ticks *t, int i, char text[TICKS_TEXT_MAX])
{
  double seconds = ticks_value(t, i);
  if (t->step < 60 || fabs(seconds) > 1e15) {
    ticks_label(t, i, text);
    return;
  }
  int64_t whole = (int64_t)fabs(seconds);
  const char *sign = seconds < 0 ? MINUS : "";
  long long hours = (long long)(whole / 3600);
  int minutes = (int)(whole / 60 % 60);
  if (hours)
    snprintf(text, TICKS_TEXT_MAX, "%s%lld:%02d:%02d", sign, hours, minutes, (int)(whole % 60));
  else
    snprintf(text, TICKS_TEXT_MAX, "%s%d:%02d", sign, minutes, (int)(whole % 60));
}

void ticks_number(double value, int digits, char text[TICKS_TEXT_MAX])
{
  if (value != value) {
    snprintf(text, TICKS_TEXT_MAX, "\xE2\x80\x93");
    return;
  }
  if (value == 0) {
    snprintf(text, TICKS_TEXT_MAX, "0");
    return;
  }
  if (isinf(value)) {
    snprintf(text, TICKS_TEXT_MAX, "%s\xE2\x88\x9E", value < 0 ? MINUS : "");
    return;
  }
  /* Rounded first, scaled by moving the point: 999.96k is 1.000M, and 9.9996 is 10.00. */
  char number[DIGITS_MAX];
  int significant = digits < 1 ? 1 : digits > 17 ? 17 : digits;
  for (;;) {
    snprintf(number, sizeof number, "%.*e", significant - 1, fabs(value));
    char *e = strchr(number, 'e');
    int power = (int)strtol(e + 1, NULL, 10); /* of the first digit */
    *e = '\0';
    keep_digits(number);
    int exponent = power_prefix(power);
    int whole = power - exponent + 1; /* digits before the point; 0 or -1: zeros after it */
    if (whole > significant) {
      significant = whole;
      continue;
    }
    char padded[DIGITS_MAX] = "000";
    int zeros = whole < 1 ? 1 - whole : 0;
    snprintf(padded + zeros, sizeof padded - (size_t)zeros, "%s", number);
    write_number(value < 0, padded, significant - whole, exponent, text);
    return;
  }
}

void ticks_readout(double value, double scale, int digits, char text[TICKS_TEXT_MAX])
{
  double magnitude = fabs(value);
  scale = fmax(fabs(scale), magnitude); /* NaN passes over */
  if (value != value || isinf(value) || magnitude == scale) {
    ticks_number(value, digits, text);
    return;
  }
  if (magnitude < scale * 1e-12) {
    snprintf(text, TICKS_TEXT_MAX, "0");
    return;
  }
  int power = (int)floor(log10(scale) + 1e-9);
  int exponent = power_prefix(power);
  int decimals = digits - 1 - (power - exponent);
  if (magnitude < scale * 1e-3 || decimals < 0 || exponent > 30 || exponent < -30) {
    ticks_number(value, 3, text);
    return;
  }
  char number[DIGITS_MAX];
  snprintf(number, sizeof number, "%.*f", decimals, fabs(scale_down(value, exponent)));
  keep_digits(number);
  write_number(value < 0, number, decimals, exponent, text);
}
