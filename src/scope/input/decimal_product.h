/* The whole product of two 64-bit numbers: what powers of five are multiplied with, both ways. Pure. */
#ifndef SCOPE_DECIMAL_PRODUCT_H
#define SCOPE_DECIMAL_PRODUCT_H

#include <stdint.h>

struct decimal_product {
  uint64_t high, low;
};

static inline struct decimal_product decimal_multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
  __extension__ typedef unsigned __int128 uint128;
  const uint128 product = (uint128)a * b;
  return (struct decimal_product){(uint64_t)(product >> 64), (uint64_t)product};
#else
  const uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
  const uint64_t middle = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
  const uint64_t other = (a & UINT32_MAX) * (b >> 32) + (middle & UINT32_MAX);
  return (struct decimal_product){(a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32), a * b};
#endif
}

#endif
