#include "scope/stream/time_base.h"

#include <math.h>

/* An estimate below this is wrong by less than a 256th of a tick. */
static const double ESTIMATE_MAX = 0x1p44;
static const double ESTIMATE_ERROR = 0x1p-8;

static const uint64_t ROW_EXACT_MAX = UINT64_C(1) << 53; /* as far as a double has each whole number */

static const int64_t SECONDS_MAX = TIME_MAX / TIME_TICKS_PER_SECOND;

int64_t time_base_unit(const struct time_base *base)
{
  return base->kind == TIME_NUMBER ? TIME_TICKS_PER_SAMPLE : TIME_TICKS_PER_SECOND;
}

bool time_base_runs(const struct time_base *base)
{
  return base->kind == TIME_ARRIVAL;
}

static int64_t row_number_time(uint64_t row)
{
  return row < TIME_MAX / TIME_TICKS_PER_SAMPLE ? (int64_t)row * TIME_TICKS_PER_SAMPLE : TIME_MAX;
}

/*
 * Whole seconds and the rest apart: fmod is exact, so that the rest of a second, which is less than 2^30 ticks, loses
 * nothing however far the row is from 0. Growing rows give times that do not fall, as each step rounds to nearest.
 */
static int64_t rate_time_exact(double row, double rate_hz)
{
  double rest = fmod(row, rate_hz);
  double seconds = round((row - rest) / rate_hz);
  if (!(seconds < (double)SECONDS_MAX))
    return TIME_MAX;
  return (int64_t)seconds * TIME_TICKS_PER_SECOND + (int64_t)round(rest / rate_hz * TIME_TICKS_PER_SECOND);
}

/* The plain product is good enough but for rows far away and for those about half-way between two ticks. */
static int64_t rate_time(double row, double rate_hz)
{
  double estimate = row / rate_hz * TIME_TICKS_PER_SECOND;
  if (estimate < ESTIMATE_MAX) {
    int64_t below = (int64_t)estimate;
    double part = estimate - (double)below;
    if (part < 0.5 - ESTIMATE_ERROR)
      return below;
    if (part > 0.5 + ESTIMATE_ERROR)
      return below + 1;
  }
  return rate_time_exact(row, rate_hz);
}

int64_t time_base_row(const struct time_base *base, uint64_t row)
{
  return base->kind == TIME_RATE ? rate_time((double)row, base->rate_hz) : row_number_time(row);
}

void time_base_rows(const struct time_base *base, uint64_t row, size_t n, int64_t *times)
{
  if (base->kind == TIME_RATE)
    for (size_t i = 0; i < n; i++)
      times[i] = rate_time((double)(row + i), base->rate_hz);
  else
    for (size_t i = 0; i < n; i++)
      times[i] = row_number_time(row + i);
}

bool time_base_even(const struct time_base *base, uint64_t row, size_t n, int64_t *step)
{
  int64_t ticks = TIME_TICKS_PER_SAMPLE;
  if (base->kind == TIME_RATE) {
    /*
     * A rate of which a second's ticks are no multiple has rows between two ticks; and row numbers that a double rounds
     * have the times of others.
     */
    double period = TIME_TICKS_PER_SECOND / base->rate_hz;
    if (!(period >= 1 && period <= TIME_TICKS_PER_SECOND) || fmod(TIME_TICKS_PER_SECOND, base->rate_hz) != 0 ||
        row > ROW_EXACT_MAX - n)
      return false;
    ticks = (int64_t)period;
  }
  *step = ticks;
  return row < (uint64_t)(TIME_MAX / ticks) && n < (uint64_t)(TIME_MAX / ticks) - row;
}
