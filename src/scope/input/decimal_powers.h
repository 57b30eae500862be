/*
 * The powers of five that a double can have to do with, as 128 bits each: what decimal_compose multiplies by.
 *
 * Power q, from DECIMAL_POWER_MIN to DECIMAL_POWER_MAX, stands at decimal_powers[2 * (q - DECIMAL_POWER_MIN)], upper half
 * first: 5^q moved so that its top bit is bit 127, cut off below; for negative q rounded up.
 */
#ifndef SCOPE_DECIMAL_POWERS_H
#define SCOPE_DECIMAL_POWERS_H

#include <stdint.h>

enum {
  DECIMAL_POWER_MIN = -342, /* with 19 digits, smaller ones give 0 ... */
  DECIMAL_POWER_MAX = 308,  /* ... and larger ones an infinity */
  DECIMAL_POWERS = DECIMAL_POWER_MAX - DECIMAL_POWER_MIN + 1,
};

extern const uint64_t decimal_powers[2 * DECIMAL_POWERS];

#endif
