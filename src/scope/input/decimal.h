/*
 * Decimal text to double, bit for bit what strtod gives in the C locale.
 *
 * Three roads, in this order:
 *   1. At most 2^53 as the digits' integer and a power of ten up to 22: one multiplication or division of two exact
 *      doubles rounds once, so it is correctly rounded (W. D. Clinger, "How to Read Floating Point Numbers
 *      Accurately", PLDI 1990).
 *   2. Up to 19 digits and any power of ten: one or two multiplications by 128 bits of a power of five, of which is proved
 *      that they always suffice (D. Lemire, "Number Parsing at a Gigabyte per Second", Software: Practice and
 *      Experience 51, 2021; N. Mushtak, D. Lemire, "Fast number parsing without fallback", same journal 53, 2023). Of
 *      more digits the first 19, where the others do not matter.
 *   3. Everything else (digits that matter beyond the 19th, hexadecimal): strtod_l with a C locale of our own, so that a
 *      locale set by a library in another thread changes nothing.
 *
 * Pure and thread-safe; rounding mode must be the default, to nearest.
 */
#ifndef SCOPE_DECIMAL_H
#define SCOPE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  DECIMAL_LENGTH_MAX = 65536, /* bytes of a number at most: no line is longer */
};

enum decimal_road {
  DECIMAL_NONE, /* no number starts here, or bytes follow that strtod would leave over */
  DECIMAL_FAST, /* by road 1 or 2 */
  DECIMAL_SLOW, /* by road 3 */
};

/*
 * Reads text[0..length) whole as strtod would: an optional sign, digits with an optional point, an optional exponent;
 * or hexadecimal; leading blanks are not skipped. "nan" and "inf" are not numbers here. Overflow gives an infinity,
 * underflow a denormal or zero. The text need not be terminated; one longer than DECIMAL_LENGTH_MAX is no number.
 * *value is set unless the result is DECIMAL_NONE.
 */
enum decimal_road decimal_parse(const char *text, size_t length, double *value);

/* How many bytes of text[0..length) strtod would take as a number, 0 when none: `12.3ms` 4, `1e` 1, `0x` 1. */
size_t decimal_length(const char *text, size_t length);

/* Roads 1 and 2 alone: integer * 10^power, rounded once; integer has at most 19 digits. Overflow gives an infinity. */
double decimal_compose(uint64_t integer, int power, bool negative);

/*
 * The same without a sign, by road 2 alone: where most numbers have more than fifteen digits, whether road 1 may be taken is
 * a branch that cannot be predicted.
 */
double decimal_compose_long(uint64_t integer, int power);

#endif
