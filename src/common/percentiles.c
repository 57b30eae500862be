#include "common/percentiles.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 64 };

/*
 * A page is for a power of two of one sign, and has bins of equal width: in the middle of one a value is within 1 part in
 * 1024 of all others there. Doubles below the normal ones have as many bins as those: they are brought among them first.
 */
enum {
  MANTISSA_BITS = 52,
  BIN_BITS = 9,
  BINS = 1 << BIN_BITS,
  POWERS = MANTISSA_BITS + 2047, /* of two, of one sign */
  BIAS = 1023,
  PAGES = 2 * POWERS, /* those of negative values from the largest one on, then the others from the least one on */
};

void percentiles_init(struct percentiles *percentiles, size_t exact_max)
{
  *percentiles = (struct percentiles){.exact_max = exact_max};
}

static void free_bins(struct percentiles *percentiles)
{
  for (size_t i = 0; i < PAGES && percentiles->bins; i++)
    free(percentiles->bins[i]);
  free(percentiles->bins);
  percentiles->bins = NULL;
  percentiles->zeros = 0;
}

void percentiles_destroy(struct percentiles *percentiles)
{
  free(percentiles->values);
  free_bins(percentiles);
  percentiles_init(percentiles, percentiles->exact_max);
}

void percentiles_clear(struct percentiles *percentiles)
{
  free_bins(percentiles);
  percentiles->count = 0;
}

/* The page of a value that is not 0, and its bin there; both grow with the value. */
static size_t page_of(double value, size_t *bin)
{
  const bool small = fabs(value) < DBL_MIN;
  const double normal = small ? value * 0x1p52 : value;
  uint64_t bits;
  memcpy(&bits, &normal, sizeof bits);
  const size_t power = (size_t)(bits >> MANTISSA_BITS & 0x7FF) + (small ? 0 : MANTISSA_BITS);
  const size_t place = (size_t)(bits >> (MANTISSA_BITS - BIN_BITS) & (BINS - 1));
  *bin = value < 0 ? BINS - 1 - place : place;
  return value < 0 ? POWERS - 1 - power : POWERS + power;
}

/* The middle of a bin: the way back. */
static double middle_of(size_t page, size_t bin)
{
  const bool negative = page < POWERS;
  const size_t power = negative ? POWERS - 1 - page : page - POWERS;
  const size_t place = negative ? BINS - 1 - bin : bin;
  const double size = ldexp(1 + ((double)place + 0.5) / BINS, (int)power - MANTISSA_BITS - BIAS);
  return negative ? -size : size;
}

static bool count_in_bin(struct percentiles *percentiles, double value)
{
  size_t bin;
  if (value == 0) {
    percentiles->zeros++;
    return true;
  }
  const size_t page = page_of(value, &bin);
  if (!percentiles->bins[page] && !(percentiles->bins[page] = calloc(BINS, sizeof **percentiles->bins)))
    return false;
  percentiles->bins[page][bin]++;
  return true;
}

/* The values go into a histogram, all of them, or none. */
static bool count_in_bins(struct percentiles *percentiles)
{
  bool counted = true;
  percentiles->bins = calloc(PAGES, sizeof *percentiles->bins);
  for (size_t i = 0; i < percentiles->count && counted && percentiles->bins; i++)
    counted = count_in_bin(percentiles, percentiles->values[i]);
  if (!percentiles->bins || !counted) {
    free_bins(percentiles);
    return false;
  }
  free(percentiles->values);
  percentiles->values = NULL;
  percentiles->size = 0;
  return true;
}

static bool make_room(struct percentiles *percentiles)
{
  if (percentiles->count < percentiles->size)
    return true;
  const size_t size = percentiles->size ? 2 * percentiles->size : FIRST_SIZE;
  double *bigger = realloc(percentiles->values, size * sizeof *bigger);
  if (!bigger)
    return false;
  percentiles->values = bigger;
  percentiles->size = size;
  return true;
}

bool percentiles_add(struct percentiles *percentiles, double value)
{
  if (!percentiles->bins && percentiles->count >= percentiles->exact_max && !count_in_bins(percentiles))
    return false;
  if (percentiles->bins) {
    if (!count_in_bin(percentiles, value))
      return false;
  } else {
    if (!make_room(percentiles))
      return false;
    percentiles->values[percentiles->count] = value;
  }
  if (percentiles->count == 0 || value < percentiles->least)
    percentiles->least = value;
  if (percentiles->count == 0 || value > percentiles->most)
    percentiles->most = value;
  percentiles->count++;
  return true;
}

/* The value at place k of n, were they sorted: partitioned about one at random, again and again where k is. */
static double select_value(double *values, size_t n, size_t k)
{
  uint64_t random = 88172645463325252U;
  size_t low = 0;
  size_t high = n;
  while (high - low > 1) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    const double pivot = values[low + random % (high - low)];
    /* [low, less) are below the pivot, [less, i) are equal to it, [more, high) above. */
    size_t less = low;
    size_t more = high;
    for (size_t i = low; i < more;) {
      const double value = values[i];
      if (value < pivot) {
        values[i++] = values[less];
        values[less++] = value;
      } else if (value > pivot) {
        values[i] = values[--more];
        values[more] = value;
      } else {
        i++;
      }
    }
    if (k >= less && k < more)
      return pivot;
    low = k < less ? low : more;
    high = k < less ? less : high;
  }
  return values[low];
}

static double bin_at(const struct percentiles *percentiles, uint64_t rank)
{
  uint64_t below = 0;
  for (size_t page = 0; page < PAGES; page++) {
    if (page == POWERS && (below += percentiles->zeros) >= rank)
      return 0;
    for (size_t bin = 0; bin < BINS && percentiles->bins[page]; bin++)
      if ((below += percentiles->bins[page][bin]) >= rank)
        return middle_of(page, bin);
  }
  return percentiles->most;
}

double percentiles_at(struct percentiles *percentiles, double percent)
{
  if (percentiles->count == 0)
    return (double)NAN;
  const double place = ceil(percent * (double)percentiles->count / 100);
  const uint64_t rank = place < 1 ? 1 : place < (double)percentiles->count ? (uint64_t)place : percentiles->count;
  if (!percentiles->bins)
    return select_value(percentiles->values, percentiles->count, rank - 1);
  return fmin(fmax(bin_at(percentiles, rank), percentiles->least), percentiles->most);
}
