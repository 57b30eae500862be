#include "scope/input/exact.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scope/input/decimal_powers.h"
#include "scope/input/decimal_product.h"

enum {
  NS_PLACES = 9,
  MANTISSA_BITS = 52, /* of a double, without the hidden one */
  EXPONENT_INFINITE = 2047,
  EXPONENT_INTEGER = 1023 + MANTISSA_BITS, /* of a mantissa that is the value itself */
  POINT_MIN = -4,                          /* of 0.00001; smaller ones get an exponent */
  POINT_MAX = 17,                          /* of 10000000000000000; larger ones get one, too */
};

/* digits * 10^power */
struct decimal_value {
  uint64_t digits;
  int power;
};

/* ---- The digits ---- */

/* The lowest bits that two multiplications give are not known; of what lies below the result a last bit remembers all. */
static uint64_t round_to_odd(uint64_t high, uint64_t low, uint64_t factor)
{
  const struct decimal_product below = decimal_multiply(low, factor);
  const struct decimal_product above = decimal_multiply(high, factor);
  const uint64_t rest = above.low + below.high;
  return (above.high + (rest < below.high)) | (rest > 1);
}

/*
 * Of the decimals that read back as mantissa * 2^exponent the shortest, and of these the nearest: R. Giulietti, "The
 * Schubfach way to render doubles", 2020. Between the middles to both neighbours lies at least one multiple of 10^power
 * and at most one of 10^(power + 1), power being the largest for which that holds; four times the value and both middles
 * are computed in units of 10^power, exactly as far as comparisons with integers need it. closer: the neighbour below is
 * half as far away as the one above.
 */
static struct decimal_value shortest(uint64_t mantissa, int exponent, bool closer)
{
  const int power =
      (exponent * 1262611 - (closer ? 524031 : 0)) >> 22;      /* floor(log10 of the distance), for all doubles */
  const int shift = exponent + ((-power * 1741647) >> 19) + 1; /* floor(log2(10^-power)) */
  const uint64_t *table = &decimal_powers[2 * (size_t)(-power - DECIMAL_POWER_MIN)];
  const bool cut = -power < -27 || -power > 55; /* the paper needs powers rounded up */
  const uint64_t low = table[1] + cut;
  const uint64_t high = table[0] + (cut && low == 0);
  const bool odd = mantissa & 1; /* then a middle is read as the neighbour */
  const uint64_t lower = round_to_odd(high, low, (4 * mantissa - 2 + closer) << shift) + odd;
  const uint64_t four = round_to_odd(high, low, 4 * mantissa << shift);
  const uint64_t upper = round_to_odd(high, low, (4 * mantissa + 2) << shift) - odd;
  const uint64_t one = four / 4;
  const uint64_t ten = one / 10;
  const bool ten_below = lower <= 40 * ten;
  const bool ten_above = 40 * ten + 40 <= upper;
  if (ten > 0 && ten_below != ten_above)
    return (struct decimal_value){ten + ten_above, power + 1};
  const bool below = lower <= 4 * one;
  const bool above = 4 * one + 4 <= upper;
  const uint64_t middle = 4 * one + 2;
  const bool up = below != above ? above : four > middle || (four == middle && (one & 1));
  return (struct decimal_value){one + up, power};
}

/* Inlined, so that the division by a constant is a multiplication. */
static inline void take_zeros(struct decimal_value *v, uint64_t divisor, int zeros)
{
  if (v->digits % divisor != 0)
    return;
  v->digits /= divisor;
  v->power += zeros;
}

/* Zeros at the end, up to 18, become part of the power. digits is not 0. */
static void take_all_zeros(struct decimal_value *v)
{
  take_zeros(v, 100000000, 8);
  take_zeros(v, 100000000, 8);
  take_zeros(v, 10000, 4);
  take_zeros(v, 100, 2);
  take_zeros(v, 10, 1);
}

/* bits: of a finite double, without its sign, not 0. False where the table of powers does not reach. */
static bool decimal_of(uint64_t bits, struct decimal_value *v)
{
  const int biased = (int)(bits >> MANTISSA_BITS);
  const uint64_t fraction = bits & ((UINT64_C(1) << MANTISSA_BITS) - 1);
  const uint64_t mantissa = biased ? fraction | UINT64_C(1) << MANTISSA_BITS : fraction;
  const int exponent = (biased ? biased : 1) - EXPONENT_INTEGER;
  if (exponent <= 0 && exponent >= -MANTISSA_BITS && (mantissa & ((UINT64_C(1) << -exponent) - 1)) == 0)
    *v = (struct decimal_value){mantissa >> -exponent, 0};
  else if (exponent * 1262611 >= (1 - DECIMAL_POWER_MAX) * (1 << 22)) /* log10, times 2^22 */
    *v = shortest(mantissa, exponent, fraction == 0 && biased > 1);
  else
    return false;
  take_all_zeros(v);
  return true;
}

/* ---- The text ---- */

/* The decimal digits of integer, at least `least`, before end; where they begin. */
static char *put_digits(uint64_t integer, int least, char *end)
{
  static const char pairs[] =
      "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445"
      "46474849505152535455565758596061626364656667686970717273747576777879808182838485868788899091"
      "9293949596979899";
  char *start = end;
  for (; integer >= 10; integer /= 100)
    memcpy(start -= 2, pairs + 2 * (integer % 100), 2);
  if (integer > 0)
    *--start = (char)('0' + integer);
  while (end - start < least)
    *--start = '0';
  return start;
}

/* digits is not 0 and does not end with a zero. */
static size_t put_decimal(bool negative, struct decimal_value v, char text[EXACT_TEXT_MAX])
{
  char room[24];
  const char *digits = put_digits(v.digits, 1, room + sizeof room);
  const int count = (int)(room + sizeof room - digits);
  const int point = count + v.power; /* digits before it, or less */
  char *out = text;
  if (negative)
    *out++ = '-';
  if (point < POINT_MIN || point > POINT_MAX) {
    *out++ = *digits;
    if (count > 1)
      *out++ = '.';
    for (int i = 1; i < count; i++)
      *out++ = digits[i];
    return (size_t)(out - text) + (size_t)sprintf(out, "e%+03d", point - 1);
  }
  if (point <= 0) {
    memcpy(out, "0.0000", 6);
    out += 2 - point;
  }
  const int before = point <= 0 ? 0 : point < count ? point : count;
  memcpy(out, digits, (size_t)before);
  out += before;
  for (int zeros = point - count; zeros > 0; zeros--)
    *out++ = '0';
  if (before > 0 && before < count)
    *out++ = '.';
  memcpy(out, digits + before, (size_t)(count - before));
  out += count - before;
  *out = '\0';
  return (size_t)(out - text);
}

size_t exact_text(double value, char text[EXACT_TEXT_MAX])
{
  uint64_t bits;
  struct decimal_value v;
  if (isnan(value)) {
    memcpy(text, "nan", sizeof "nan");
    return sizeof "nan" - 1;
  }
  memcpy(&bits, &value, sizeof bits);
  const bool negative = bits >> 63;
  bits &= UINT64_MAX >> 1;
  if (bits == 0) {
    memcpy(text, "-0", 3);
    memmove(text, text + !negative, 3 - (size_t)!negative);
    return 1 + (size_t)negative;
  }
  if (bits >> MANTISSA_BITS != EXPONENT_INFINITE && decimal_of(bits, &v))
    return put_decimal(negative, v, text);
  const size_t length = (size_t)snprintf(text, EXACT_TEXT_MAX, "%.17g", value);
  char *comma = memchr(text, ',', length); /* the point of some locales */
  if (comma)
    *comma = '.';
  return length;
}

size_t exact_seconds(int64_t ns, char text[EXACT_TEXT_MAX])
{
  const uint64_t magnitude = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
  char room[24];
  const char *digits = put_digits(magnitude, NS_PLACES + 1, room + sizeof room);
  const size_t before = (size_t)(room + sizeof room - digits) - NS_PLACES;
  char *out = text;
  if (ns < 0)
    *out++ = '-';
  memcpy(out, digits, before);
  out += before;
  *out++ = '.';
  memcpy(out, digits + before, NS_PLACES);
  out += NS_PLACES;
  *out = '\0';
  return (size_t)(out - text);
}
