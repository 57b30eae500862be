#include <float.h>
#include <string.h>

#include "scope/input/decimal.h"
#include "scope/input/decimal_powers.h"
#include "scope/input/decimal_product.h"
#include "scope/input/digits.h"

enum {
  MANTISSA_BITS = 52, /* of a double, without the hidden one */
  EXPONENT_BIAS = 1023,
  EXPONENT_INFINITE = 2047,
};

/*
 * The top of integer * 5^power, integer having its top bit set: enough of it that what is missing cannot change how the
 * double is rounded, but for the one case that the caller looks at. The second multiplication is needed only where all
 * bits below those that are kept are ones, so that something from below could carry into them.
 */
static struct decimal_product scale(uint64_t integer, int power)
{
  const uint64_t *five = &decimal_powers[2 * (size_t)(power - DECIMAL_POWER_MIN)];
  struct decimal_product product = decimal_multiply(integer, five[0]);
  if ((product.high & 0x1FF) == 0x1FF) {
    uint64_t below = decimal_multiply(integer, five[1]).high;
    product.low += below;
    product.high += product.low < below;
  }
  return product;
}

/* What rounds to a denormal, zero among them: mantissa has a bit to round by, exponent is 0 or less. */
static uint64_t round_denormal(uint64_t mantissa, int exponent)
{
  int shift = 1 - exponent;
  if (shift >= 64)
    return 0;
  mantissa >>= shift;
  mantissa += mantissa & 1;
  return mantissa >> 1; /* a carry into the hidden bit's place makes it the least normal number, as it should be */
}

/* The bits of the double nearest to integer * 10^power, ties to even; integer is not 0. */
static uint64_t round_product(uint64_t integer, int power)
{
  if (power < DECIMAL_POWER_MIN)
    return 0;
  if (power > DECIMAL_POWER_MAX)
    return (uint64_t)EXPONENT_INFINITE << MANTISSA_BITS;
  int zeros = __builtin_clzll(integer);
  struct decimal_product product = scale(integer << zeros, power);
  int upper = (int)(product.high >> 63);
  int shift = upper + 64 - MANTISSA_BITS - 3;
  uint64_t mantissa = product.high >> shift;
  /* 217706 / 2^16 is log2(10), near enough for these powers to give its whole part. */
  const int scaled = 217706 * power;
  int exponent = scaled / 65536 - (scaled % 65536 < 0) + 63 + upper - zeros + EXPONENT_BIAS;
  if (exponent <= 0)
    return round_denormal(mantissa, exponent);
  /* A tie: only small powers can give one, as 5^power must fit or divide. Then the even neighbour is the one below. */
  if (product.low <= 1 && power >= -4 && power <= 23 && (mantissa & 3) == 1 && mantissa << shift == product.high)
    mantissa &= ~UINT64_C(1);
  mantissa += mantissa & 1;
  mantissa >>= 1;
  if (mantissa >> (MANTISSA_BITS + 1)) {
    mantissa >>= 1;
    exponent++;
  }
  if (exponent >= EXPONENT_INFINITE)
    return (uint64_t)EXPONENT_INFINITE << MANTISSA_BITS;
  return (mantissa & ~(UINT64_C(1) << MANTISSA_BITS)) | (uint64_t)exponent << MANTISSA_BITS;
}

double decimal_compose_long(uint64_t integer, int power)
{
  const uint64_t bits = integer ? round_product(integer, power) : 0;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

double decimal_compose(uint64_t integer, int power, bool negative)
{
  double value = 0;
  /* Where the machine computes with more bits than a double has, a product of two exact ones is rounded twice. */
  if (FLT_EVAL_METHOD == 0 && integer <= UINT64_C(1) << 53 && power >= -DIGITS_POWER && power <= DIGITS_POWER) {
    value = power < 0 ? (double)integer / digits_power[-power] : (double)integer * digits_power[power];
  } else {
    value = decimal_compose_long(integer, power);
  }
  return negative ? -value : value;
}
