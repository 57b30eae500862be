/* Texts of numbers for tests of what reads numbers: everyday ones, and those that are hard to round. */
#ifndef TESTS_WRITTEN_NUMBER_H
#define TESTS_WRITTEN_NUMBER_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "random.h"

enum { NUMBER_TEXT_MAX = 64 };

static inline double number_from_bits(uint64_t bits)
{
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline uint64_t number_bits(double value)
{
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/* Digits with a point somewhere, a sign, an exponent, or none of these. */
static inline size_t number_loose(struct random *r, char *out)
{
  size_t digits = 1 + random_below(r, random_once_in(r, 2) ? 21 : 9);
  size_t point = random_below(r, 2 * digits + 2);
  size_t n = 0;
  if (random_once_in(r, 3))
    out[n++] = random_once_in(r, 5) ? '+' : '-';
  bool zeros = random_once_in(r, 4);
  for (size_t k = 0; k < digits; k++) {
    if (k == point)
      out[n++] = '.';
    zeros = zeros && random_below(r, 3) != 0;
    out[n++] = (char)('0' + (zeros ? 0 : random_below(r, 10)));
  }
  if (point == digits)
    out[n++] = '.';
  if (random_once_in(r, 6))
    n += (size_t)snprintf(out + n, 16, random_once_in(r, 2) ? "e%d" : "E%+03d", (int)random_between(r, -360, 330));
  return n;
}

/* At most eight digits, a point somewhere or nowhere, a minus or none: what most programs print. */
static inline size_t number_short(struct random *r, char *out)
{
  const size_t digits = 1 + random_below(r, 8);
  const size_t point = random_below(r, digits + 2);
  size_t n = 0;
  if (random_once_in(r, 3))
    out[n++] = '-';
  for (size_t k = 0; k < digits; k++) {
    if (k == point)
      out[n++] = '.';
    out[n++] = (char)('0' + random_below(r, 10));
  }
  if (point == digits)
    out[n++] = '.';
  return n;
}

/* Exactly between two doubles, or a hair beside: k + 1/2 units of the last place, times a power of ten that is exact. */
static inline size_t number_halfway(struct random *r, char *out)
{
  uint64_t odd = (UINT64_C(1) << 53) | (random_u64(r) >> 11) | 1;
  unsigned fives = (unsigned)random_below(r, 4);
  for (unsigned k = 0; k < fives; k++)
    odd *= 5;
  odd += (uint64_t)random_between(r, -1, 1);
  if (random_once_in(r, 2))
    return (size_t)snprintf(out, NUMBER_TEXT_MAX, "%llue-%u", (unsigned long long)odd, fives);
  /* The same with a point in it: `fives` places. */
  uint64_t scale = fives == 0 ? 1 : fives == 1 ? 10 : fives == 2 ? 100 : 1000;
  if (fives == 0)
    return (size_t)snprintf(out, NUMBER_TEXT_MAX, "%llu", (unsigned long long)odd);
  return (size_t)snprintf(out, NUMBER_TEXT_MAX, "%llu.%0*llu", (unsigned long long)(odd / scale), (int)fives,
                          (unsigned long long)(odd % scale));
}

/* Some number as text, at most NUMBER_TEXT_MAX - 1 bytes and terminated; its length. */
static inline size_t number_text(struct random *r, char *out)
{
  double within = (random_unit(r) * 2 - 1) * 1000;
  double any = number_from_bits(random_u64(r));
  size_t n = 0;
  switch (random_below(r, 8)) {
  case 0:
    n = (size_t)snprintf(out, NUMBER_TEXT_MAX, "%.*f", (int)random_below(r, 12), within);
    break;
  case 1:
    n = (size_t)snprintf(out, NUMBER_TEXT_MAX, "%.17g", within);
    break;
  case 2:
    n = (size_t)snprintf(out, NUMBER_TEXT_MAX, "%lld", (long long)(random_u64(r) >> random_below(r, 64)));
    break;
  case 3:
    n = (size_t)snprintf(out, NUMBER_TEXT_MAX, "%.*e", (int)random_below(r, 19), isfinite(any) ? any : within);
    break;
  case 4:
    n = (size_t)snprintf(out, NUMBER_TEXT_MAX, "%.*g", 15 + (int)random_below(r, 3), within * 1e-6);
    break;
  case 5:
    n = number_halfway(r, out);
    break;
  default:
    n = number_loose(r, out);
    break;
  }
  out[n] = '\0';
  return n;
}

#endif
