#include "scope/view/log_ticks.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

enum { POWER_LEAST = -324, POWER_MOST = 308, DIGITS = 10 };
static const double CLOSE = 1e-9; /* relative: so close to an end a tick stands on it */

/* 10^power times a digit, as near as a double comes to it. */
static double decade_value(int digit, int power)
{
  return power >= 0 ? digit * pow(10, power) : power > -300 ? digit / pow(10, -power) : digit * pow(10, power);
}

double log_ticks_value(struct decade_tick tick)
{
  return tick.digit == 0 ? 0 : decade_value(tick.digit, tick.power);
}

void log_ticks_label(struct decade_tick tick, char text[FIGURE_TEXT_MAX])
{
  const int exponent = tick.digit == 0 ? 0 : figure_prefix(tick.power);
  const int digit = tick.digit < 0 ? -tick.digit : tick.digit;
  const int shift = tick.digit == 0 ? 0 : tick.power - exponent; /* -2 to 3 */
  char digits[FIGURE_DIGITS_MAX] = "";
  size_t length = 0;
  for (int i = shift; i < 0; i++)
    digits[length++] = '0';
  digits[length++] = (char)('0' + digit);
  for (int i = 0; i < shift; i++)
    digits[length++] = '0';
  figure_compose(tick.digit < 0, digits, shift < 0 ? -shift : 0, exponent, text);
}

/* Which ticks there are: the digits of each decade whose power is a multiple of `step`. */
struct pattern {
  int step;
  bool digit[DIGITS];
};

/* The powers of ten at which the magnitudes of an axis begin and end. */
struct powers {
  int from, to;
};

static struct powers powers_of(const struct value_axis *axis)
{
  const double largest = fmax(fabs(axis->low), fabs(axis->high));
  const double least = axis->around_zero > 0 ? axis->around_zero : fmin(fabs(axis->low), fabs(axis->high));
  const struct powers p = {(int)floor(log10(least) - CLOSE), (int)ceil(log10(largest) + CLOSE)};
  return (struct powers){p.from < POWER_LEAST ? POWER_LEAST : p.from, p.to > POWER_MOST ? POWER_MOST : p.to};
}

static bool holds(const struct value_axis *axis, double value)
{
  const double magnitude = fabs(value);
  return value >= axis->low - fabs(axis->low) * CLOSE && value <= axis->high + fabs(axis->high) * CLOSE &&
         isfinite(value) && magnitude > 0 && magnitude >= axis->around_zero * (1 - CLOSE);
}

/* Adds a tick if the axis holds it; false when there is no room for it. */
static bool add(const struct value_axis *axis, int digit, int power, int most, struct log_ticks *out)
{
  if (!holds(axis, decade_value(digit, power)))
    return true;
  if (out->count == most)
    return false;
  out->tick[out->count++] = (struct decade_tick){(int8_t)digit, (int16_t)power};
  return true;
}

/* All ticks of a pattern, from the lowest up; false when there are more than `most`. */
static bool gather(const struct value_axis *axis, const struct pattern *p, int most, struct log_ticks *out)
{
  const struct powers powers = powers_of(axis);
  out->count = 0;
  for (int power = powers.to; power >= powers.from && axis->low < 0; power--)
    for (int digit = 9; digit >= 1 && power % p->step == 0; digit--)
      if (p->digit[digit] && !add(axis, -digit, power, most, out))
        return false;
  if (axis->low <= 0 && axis->high >= 0) {
    if (out->count == most)
      return false;
    out->tick[out->count++] = (struct decade_tick){0, 0};
  }
  for (int power = powers.from; power <= powers.to && axis->high > 0; power++)
    for (int digit = 1; digit <= 9 && power % p->step == 0; digit++)
      if (p->digit[digit] && !add(axis, digit, power, most, out))
        return false;
  return true;
}

bool log_ticks_choose(const struct value_axis *axis, int most, struct log_ticks *out)
{
  static const struct pattern pattern[] = {
      {1, {false, true, true, true, true, true, true, true, true, true}},
      {1, {false, true, true, false, false, true, false, false, false, false}},
      {1, {false, true, false, true, false, false, false, false, false, false}},
      {1, {false, true, false, false, false, false, false, false, false, false}},
      {2, {false, true, false, false, false, false, false, false, false, false}},
      {3, {false, true, false, false, false, false, false, false, false, false}},
      {6, {false, true, false, false, false, false, false, false, false, false}},
      {12, {false, true, false, false, false, false, false, false, false, false}},
      {30, {false, true, false, false, false, false, false, false, false, false}},
      {60, {false, true, false, false, false, false, false, false, false, false}},
      {120, {false, true, false, false, false, false, false, false, false, false}},
      {300, {false, true, false, false, false, false, false, false, false, false}},
  };
  enum { LEAST = 3 };
  out->count = 0;
  for (size_t i = 0; i < sizeof pattern / sizeof *pattern; i++)
    if (gather(axis, &pattern[i], most, out))
      return out->count >= LEAST;
  return false;
}

static bool is_tick(const struct log_ticks *ticks, int digit, int power)
{
  for (int i = 0; i < ticks->count; i++)
    if (ticks->tick[i].digit == digit && ticks->tick[i].power == power)
      return true;
  return false;
}

int log_ticks_minor(const struct value_axis *axis, const struct log_ticks *ticks, double least_rows,
                    double minor[LOG_MINOR_MAX])
{
  const struct powers powers = powers_of(axis);
  const struct value_axis straight = value_axis_straight(axis);
  const double rows_each = axis->rows / (straight.high - straight.low);
  const int digits = rows_each >= least_rows ? 9 : 1;
  int count = 0;
  if (rows_each * 4 < least_rows)
    return 0;
  for (int power = powers.from; power <= powers.to; power++)
    for (int digit = 1; digit <= digits; digit++)
      for (int sign = -1; sign <= 1; sign += 2)
        if (count < LOG_MINOR_MAX && holds(axis, decade_value(sign * digit, power)) &&
            !is_tick(ticks, sign * digit, power))
          minor[count++] = decade_value(sign * digit, power);
  return count;
}

double log_round_below(double magnitude, bool decades)
{
  static const int digits[] = {5, 2, 1};
  int power = (int)floor(log10(magnitude));
  for (power = power < POWER_MOST ? power + 1 : power; power >= POWER_LEAST; power--)
    for (int i = decades ? 2 : 0; i < 3; i++) {
      const double value = decade_value(digits[i], power);
      if (value > 0 && value <= magnitude * (1 + CLOSE))
        return value;
    }
  return DBL_TRUE_MIN;
}

double log_round_above(double magnitude, bool decades)
{
  static const int digits[] = {1, 2, 5};
  int power = (int)floor(log10(magnitude));
  for (power = power > POWER_LEAST ? power - 1 : power; power <= POWER_MOST; power++)
    for (int i = 0; i < (decades ? 1 : 3); i++) {
      const double value = decade_value(digits[i], power);
      if (value >= magnitude * (1 - CLOSE))
        return fmin(value, DBL_MAX);
    }
  return DBL_MAX;
}
