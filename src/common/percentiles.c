#include "common/percentiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 64 };

/*
 * Bin 0 is for all below LOWEST, which come out as 0; bin i covers a factor of RATIO, so that its middle is within
 * 1 part in 1000 of all in it. The last covers all above.
 */
static const double LOWEST = 1e-6;
static const double RATIO = 1.0019;
enum { BINS = 21845 }; /* up to 1e12 */

void percentiles_init(struct percentiles *percentiles, size_t exact_max)
{
  *percentiles = (struct percentiles){.exact_max = exact_max};
}

void percentiles_destroy(struct percentiles *percentiles)
{
  free(percentiles->values);
  free(percentiles->bins);
  percentiles_init(percentiles, percentiles->exact_max);
}

void percentiles_clear(struct percentiles *percentiles)
{
  free(percentiles->bins);
  percentiles->bins = NULL;
  percentiles->count = 0;
}

static size_t bin_of(double value)
{
  if (value < LOWEST)
    return 0;
  const double place = 1 + floor(log(value / LOWEST) / log(RATIO));
  return place < BINS - 1 ? (size_t)place : BINS - 1;
}

/* The values go into a histogram, all of them. */
static bool count_in_bins(struct percentiles *percentiles)
{
  percentiles->bins = calloc(BINS, sizeof *percentiles->bins);
  if (!percentiles->bins)
    return false;
  for (size_t i = 0; i < percentiles->count; i++)
    percentiles->bins[bin_of(percentiles->values[i])]++;
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
    percentiles->bins[bin_of(value)]++;
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

static int compare(const void *one, const void *other)
{
  const double a = *(const double *)one;
  const double b = *(const double *)other;
  return (a > b) - (a < b);
}

double percentiles_at(struct percentiles *percentiles, double percent)
{
  if (percentiles->count == 0)
    return (double)NAN;
  const double place = ceil(percent * (double)percentiles->count / 100);
  const uint64_t rank = place < 1 ? 1 : place < (double)percentiles->count ? (uint64_t)place : percentiles->count;
  if (!percentiles->bins) {
    qsort(percentiles->values, percentiles->count, sizeof *percentiles->values, compare);
    return percentiles->values[rank - 1];
  }
  size_t bin = 0;
  for (uint64_t below = percentiles->bins[0]; below < rank; below += percentiles->bins[bin])
    bin++;
  const double middle = bin == 0 ? 0 : LOWEST * pow(RATIO, (double)bin - 0.5);
  return fmin(fmax(middle, percentiles->least), percentiles->most);
}
