#include "scope/view/ticks.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int prefix_exponent(double magnitude)
{
  return magnitude == 0 ? 0 : figure_prefix((int)floor(log10(magnitude) + 1e-9));
}

/* Least number of decimals that writes `step` without rounding, after the prefix is taken out. */
static int step_decimals(double step, int exponent)
{
  int decimals = exponent - (int)floor(log10(step) + 1e-9);
  if (decimals < 0)
    decimals = 0;
  /* The steps of a clock, such as 15 and 10800, have more than one digit. */
  for (; decimals < 15; decimals++) {
    double whole = figure_scale_down(step, exponent - decimals);
    if (whole > 0.5 && fabs(whole - round(whole)) < 1e-6 * whole)
      break;
  }
  return decimals;
}

/* Where labels would have more digits than can be taken in, they count from a round value nearby. */
static void set_offset(double low, double high, struct value_ticks *out)
{
  enum { DIGITS = 6 };
  const double largest = fmax(fabs(low), fabs(high));
  out->offset = 0;
  if (out->count == 0 || floor(log10(largest)) - floor(log10(out->step) + 1e-9) < DIGITS)
    return;
  int64_t round = 1;
  while ((double)round * out->step < high - low)
    round *= 10;
  /* A step of 2 or 5 is brought to a power of ten first: the offset is round, whatever the step is. */
  const double lead = out->step / pow(10, floor(log10(out->step) + 1e-9));
  round = lead > 4 ? round * 2 : lead > 1.5 ? round * 5 : round;
  const int64_t middle = out->first + out->count / 2;
  out->offset = (middle + (middle < 0 ? -round : round) / 2) / round * round;
}

static void fill(double low, double high, double step, struct value_ticks *out)
{
  out->decades = false;
  if (!isfinite(step)) {
    /* Beyond the largest double: 0 is the only tick there can be. */
    *out = (struct value_ticks){.step = DBL_MAX, .count = low <= 0 && high >= 0, .exponent = 306};
    return;
  }
  out->step = step;
  double first = ceil(low / step - 1e-9 - fabs(low / step) * 2.3e-16);
  double last = floor(high / step + 1e-9 + fabs(high / step) * 2.3e-16);
  /* Far from zero with a tiny range the count of steps no longer fits: no ticks are better than wrong ones. */
  out->count = 0;
  out->first = 0;
  if (fabs(first) < 1e15 && fabs(last) < 1e15) {
    out->first = (int64_t)first;
    double count = last - first + 1;
    out->count = count > TICKS_MAX ? TICKS_MAX : (int)count;
  }
  set_offset(low, high, out);
  const double left_out = (double)out->offset * step;
  out->exponent = prefix_exponent(fmax(fabs(low - left_out), fabs(high - left_out)));
  out->decimals = step_decimals(step, out->exponent);
}

static double least_step(double low, double high, int most)
{
  /* Halves first: the difference of two huge numbers of different sign overflows. */
  double step = (high / 2 - low / 2) / (most - 1) * 2;
  double resolution = fmax(fabs(low), fabs(high)) * 1e-14;
  return fmax(fmax(step, resolution), 1e-307);
}

double value_ticks_step(double low, double high, int most)
{
  return ticks_round_step(least_step(low, high, most));
}

void value_ticks_choose(double low, double high, int most, struct value_ticks *out)
{
  fill(low, high, value_ticks_step(low, high, most), out);
  /* One tick says where a value is, and not how much a row is worth. */
  for (int more = most + 1; out->count < 2 && more < most + 10; more++)
    fill(low, high, value_ticks_step(low, high, more), out);
}

void value_ticks_of(const struct value_axis *axis, int most, struct value_ticks *out)
{
  if (axis->scale == VALUE_LINEAR || !log_ticks_choose(axis, most, &out->log)) {
    value_ticks_choose(axis->low, axis->high, most, out);
    return;
  }
  out->decades = true;
  out->count = out->log.count;
  out->exponent = 0;
  out->offset = 0;
}

double value_ticks_value(const struct value_ticks *t, int i)
{
  if (t->decades)
    return log_ticks_value(t->log.tick[i]);
  return (double)(t->first + i) * t->step;
}

void value_ticks_label(const struct value_ticks *t, int i, char text[FIGURE_TEXT_MAX])
{
  if (t->decades) {
    log_ticks_label(t->log.tick[i], text);
    return;
  }
  const double scaled = figure_scale_down((double)(t->first + i - t->offset) * t->step, t->exponent);
  char digits[FIGURE_DIGITS_MAX];
  snprintf(digits, sizeof digits, "%.*f", t->decimals, fabs(scaled));
  figure_keep_digits(digits);
  figure_compose(scaled < 0, digits, t->decimals, t->exponent, text);
}

void value_ticks_offset_label(const struct value_ticks *t, char text[FIGURE_TEXT_MAX])
{
  text[0] = '\0';
  if (t->offset == 0)
    return;
  const double offset = (double)t->offset * t->step;
  int decimals = 0;
  char number[FIGURE_TEXT_MAX];
  /* All digits of it, in the shortest form: what is left out of the labels must stand somewhere. */
  const int power = (int)floor(log10(fabs(offset)) + 1e-9);
  const int exponent = figure_prefix(power);
  for (; decimals < 15; decimals++) {
    const double whole = figure_scale_down(fabs(offset), exponent - decimals);
    if (fabs(whole - round(whole)) < figure_scale_down(t->step, exponent - decimals) / 4)
      break;
  }
  figure_fixed(fabs(offset), exponent, decimals, number);
  snprintf(text, FIGURE_TEXT_MAX, "%s%.*s", offset < 0 ? FIGURE_MINUS : "+", FIGURE_TEXT_MAX - 4, number);
}

/* ---- Times: the same in whole numbers ---- */

/* 10^power, which is at most 18. */
static int64_t power_of_ten(int power)
{
  int64_t result = 1;
  while (power-- > 0)
    result *= 10;
  return result;
}

/* 1, 2 or 5 times a power of ten, at least `least`; the units that steps are round in are powers of ten themselves. */
static int64_t round_step(int64_t least)
{
  static const int64_t factor[] = {2, 5, 10};
  int64_t power = 1;
  int64_t step = 1;
  for (int i = 0; step < least; i = (i + 1) % 3) {
    if (__builtin_mul_overflow(power, factor[i], &step))
      return INT64_MAX; /* longer than all times: 0 is the only tick there can be */
    power = factor[i] == 10 ? step : power;
  }
  return step;
}

static int64_t clock_step(int64_t least, int64_t unit)
{
  static const int seconds[] = {15,   30,   60,    120,   300,   600,   900,    1800,
                                3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800};
  for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
    if (seconds[i] * unit >= least)
      return seconds[i] * unit;
  const int64_t day = 86400 * unit;
  const int64_t days = round_step(least / day + (least % day != 0));
  return days > INT64_MAX / day ? INT64_MAX : days * day;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
  return a / b - (a % b < 0);
}

/* The power of ten of the first digit of a whole number > 0. */
static int first_digit_power(uint64_t number)
{
  int power = 0;
  for (; number >= 10; number /= 10)
    power++;
  return power;
}

static uint64_t magnitude(int64_t t)
{
  return t < 0 ? -(uint64_t)t : (uint64_t)t;
}

/* Where an axis ends at the end of all times, its extent must still be a number. */
static int64_t within_reach(int64_t t)
{
  const int64_t most = INT64_MAX / 2;
  return t < -most ? -most : t > most ? most : t;
}

void time_ticks_choose(const struct time_axis *axis, int64_t unit, bool clock, int most, struct time_ticks *out)
{
  const int64_t low = within_reach(time_axis_begin(axis));
  const int64_t high = within_reach(time_axis_end(axis));
  const uint64_t extent = (uint64_t)high - (uint64_t)low;
  const uint64_t gaps = (uint64_t)most - 1;
  const int64_t least = (int64_t)(extent / gaps + (extent % gaps != 0));
  *out = (struct time_ticks){.unit = unit, .step = round_step(least)};
  if (!clock && out->step < unit)
    out->step = unit; /* there is no sample between two samples */
  if (clock && out->step > 10 * unit)
    out->step = clock_step(least, unit);
  out->clock = clock && out->step >= 60 * unit;
  out->first = -floor_divide(-low, out->step);
  const int64_t count = floor_divide(high, out->step) - out->first + 1;
  out->count = count > TICKS_MAX ? TICKS_MAX : count < 0 ? 0 : (int)count;

  /* Of labels in units: all with the prefix of the largest, and the decimals that the step needs. */
  const int unit_power = first_digit_power((uint64_t)unit);
  const uint64_t most_ticks = magnitude(low) > magnitude(high) ? magnitude(low) : magnitude(high);
  out->exponent = most_ticks == 0 ? 0 : figure_prefix(first_digit_power(most_ticks) - unit_power);
  int64_t step = out->step;
  int step_power = -unit_power;
  for (; step % 10 == 0; step /= 10)
    step_power++;
  out->decimals = step_power < out->exponent ? out->exponent - step_power : 0;
}

int64_t time_ticks_time(const struct time_ticks *t, int i)
{
  return (t->first + i) * t->step;
}

static void label_clock(int64_t seconds, char text[FIGURE_TEXT_MAX])
{
  const uint64_t whole = magnitude(seconds);
  const char *sign = seconds < 0 ? FIGURE_MINUS : "";
  const unsigned long long hours = whole / 3600;
  const int minutes = (int)(whole / 60 % 60);
  if (hours)
    snprintf(text, FIGURE_TEXT_MAX, "%s%llu:%02d:%02d", sign, hours, minutes, (int)(whole % 60));
  else
    snprintf(text, FIGURE_TEXT_MAX, "%s%d:%02d", sign, minutes, (int)(whole % 60));
}

/* All digits of a number, with zeros before them where there are fewer than `least` (at most 20). */
static void write_digits(uint64_t number, int least, char digits[FIGURE_DIGITS_MAX])
{
  const int most = 20; /* of a uint64_t */
  snprintf(digits, FIGURE_DIGITS_MAX, "%020llu", (unsigned long long)number);
  int zeros = (int)strspn(digits, "0");
  zeros = zeros > most - least ? most - least : zeros;
  memmove(digits, digits + zeros, (size_t)(most - zeros) + 1);
}

void time_ticks_label(const struct time_ticks *t, int i, char text[FIGURE_TEXT_MAX])
{
  const int64_t time = time_ticks_time(t, i);
  if (t->clock) {
    label_clock(time / t->unit, text);
    return;
  }
  /* The time in units of the last decimal shown, which are whole ticks: every digit of it is exact. */
  const int power = first_digit_power((uint64_t)t->unit) + t->exponent - t->decimals;
  char digits[FIGURE_DIGITS_MAX];
  write_digits(magnitude(time) / (uint64_t)power_of_ten(power), t->decimals + 1, digits);
  figure_compose(time < 0, digits, t->decimals, t->exponent, text);
}
