/*
 * Where axes have their ticks, and how numbers are written: round steps of 1, 2, 5 times a power of ten (for times of a
 * minute and more the steps of a clock), SI prefixes, a true minus sign.
 *
 * Pure; any thread; the C locale's decimal point whatever the locale.
 */
#ifndef SCOPE_TICKS_H
#define SCOPE_TICKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TICKS_MAX = 64, TICKS_TEXT_MAX = 40 };

/* Ticks stand at (first + i) * step for i in 0..count-1. */
struct ticks {
  double step;
  int64_t first;
  int count;
  int decimals; /* of a label, after the prefix is taken out */
  int exponent; /* 0, or the power of ten of the SI prefix: 3 for k, -6 for µ; beyond q..Q also others: "e33" */
};

/* The ticks of [low, high], at most `most` (2..TICKS_MAX) of them, with labels all of one prefix. low < high, finite. */
void ticks_choose(double low, double high, int most, struct ticks *out);

/* The same for a time axis in seconds, where 60, 300, 3600 are rounder than 50, 200, 5000. */
void ticks_choose_time(double low, double high, int most, struct ticks *out);

/* Value of tick i: exactly 0 where it is 0. */
double ticks_value(const struct ticks *t, int i);

/* Label of tick i: "−2.5", "15M". With clock: "2:30", "1:05:00" where the step is a minute or more. */
void ticks_label(const struct ticks *t, int i, char text[TICKS_TEXT_MAX]);
void ticks_label_clock(const struct ticks *t, int i, char text[TICKS_TEXT_MAX]);

/*
 * A number for a read-out in `digits` significant digits with an SI prefix: "24.37M", "−3.142", "12.50µ", "0"; "–" for
 * NaN, "∞".
 */
void ticks_number(double value, int digits, char text[TICKS_TEXT_MAX]);

/*
 * A number for a table, beside others of which the largest magnitude is `scale`: with the prefix and decimals that give
 * `scale` so many significant digits, so that they can be compared at a glance. What is less than a thousandth of it has
 * three digits and a prefix of its own; what is nothing but rounding noise reads "0".
 */
void ticks_readout(double value, double scale, int digits, char text[TICKS_TEXT_MAX]);

/* A step of 1, 2, 5 times a power of ten that is at least `step` (> 0, finite). */
double ticks_round_step(double step);

#endif
