/*
 * Where axes have their ticks: round steps of 1, 2, 5 times a power of ten; for times of a minute and more the steps of
 * a clock. Labels are written as figures.h does. Pure; any thread.
 */
#ifndef SCOPE_TICKS_H
#define SCOPE_TICKS_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/view/figures.h"
#include "scope/view/log_ticks.h"
#include "scope/view/time_axis.h"
#include "scope/view/value_axis.h"

enum { TICKS_MAX = 64, VALUE_TICKS_LEAST = 3 /* with fewer a range across 0 cannot have one at both ends */ };

/* The ticks of a value axis stand at (first + i) * step for i in 0..count-1; at decades, wherever these are. */
struct value_ticks {
  double step;
  int64_t first;
  int count;
  bool decades; /* they are those of log_ticks.h: */
  struct log_ticks log;
  int decimals;   /* of a label, after the prefix is taken out */
  int exponent;   /* 0, or the power of ten of the SI prefix: 3 for k, -6 for µ; beyond q..Q also others: "e33" */
  int64_t offset; /* steps that labels leave out, where a large value moves little; else 0 */
};

/*
 * The ticks of [low, high], at most `most` (2..TICKS_MAX) of them, or two where that would be fewer; labels all have one
 * prefix. low < high, finite.
 */
void value_ticks_choose(double low, double high, int most, struct value_ticks *out);

/* The same of an axis, be it logarithmic: see log_ticks.h. */
void value_ticks_of(const struct value_axis *axis, int most, struct value_ticks *out);

/* The step of these ticks. */
double value_ticks_step(double low, double high, int most);

/* Value of tick i: exactly 0 where it is 0. */
double value_ticks_value(const struct value_ticks *t, int i);

/* Label of tick i, the offset left out: "−2.5", "15M". */
void value_ticks_label(const struct value_ticks *t, int i, char text[FIGURE_TEXT_MAX]);

/* The offset that is to be added to all labels: "+1G", "−25.4k"; "" where there is none. */
void value_ticks_offset_label(const struct value_ticks *t, char text[FIGURE_TEXT_MAX]);

/* The ticks of a time axis stand at (first + i) * step ticks of the time base: whole numbers, at any distance from 0. */
struct time_ticks {
  int64_t step, first;
  int count;
  int64_t unit;           /* ticks of the time base in what labels count */
  bool clock;             /* labels are hours, minutes and seconds: the step is a minute or more */
  int decimals, exponent; /* as in value_ticks */
};

/*
 * The ticks of what an axis shows, at most `most` (2..TICKS_MAX). unit: ticks of the time base in a second or a sample,
 * a power of a thousand; clock: 60, 300, 3600 of them are rounder than 50, 200, 5000, and there are parts of them; without
 * it labels are whole numbers.
 */
void time_ticks_choose(const struct time_axis *axis, int64_t unit, bool clock, int most, struct time_ticks *out);

/* Time of tick i, in ticks of the time base. */
int64_t time_ticks_time(const struct time_ticks *t, int i);

/* Label of tick i: "2.5"; where the step is a minute or more "2:30", "1:05:00". */
void time_ticks_label(const struct time_ticks *t, int i, char text[FIGURE_TEXT_MAX]);

/* A step of 1, 2, 5 times a power of ten that is at least `step` (> 0, finite). */
double ticks_round_step(double step);

#endif
