/*
 * Eight decimal digits at a time, in one 64-bit register: the inner loop of the number readers.
 *
 * A word is loaded little-endian, so that the first byte of the text is the lowest one. Pure; the caller guarantees
 * that the eight bytes may be read.
 */
#ifndef SCOPE_DIGITS_H
#define SCOPE_DIGITS_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  DIGITS_MAX = 19,      /* decimal digits that always fit into 64 bits */
  DIGITS_READABLE = 32, /* bytes that must be readable behind the start of what digits_number reads */
  DIGITS_POWER = 22,    /* largest power of ten that a double holds exactly */
};

static const uint64_t digits_scale[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

static const double digits_power[DIGITS_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* The eight bytes at text with the zero character taken off each: digits become 0 to 9, all else becomes larger. */
static inline uint64_t digits_load(const char *text)
{
  uint64_t word;
  memcpy(&word, text, sizeof word);
  return le64toh(word) ^ UINT64_C(0x3030303030303030);
}

/*
 * How many of the first bytes are digits, 0 to 8. The addition may carry out of a byte that is no digit, which spoils
 * only later bytes: the first one that is no digit is still found. The % 8 changes nothing, and compiles to nothing: it
 * tells analysers that the index is below 8.
 */
static inline unsigned digits_count(uint64_t word)
{
  uint64_t other = (word | (word + UINT64_C(0x0606060606060606))) & UINT64_C(0xF0F0F0F0F0F0F0F0);
  return other == 0 ? 8 : (unsigned)__builtin_ctzll(other) / 8 % 8;
}

/* The value of the first count digits, 1 to 8: moved up so that zeros come first, then summed by pairs. */
static inline uint64_t digits_value(uint64_t word, unsigned count)
{
  word <<= 64 - 8 * count;
  word = word * 10 + (word >> 8);
  return ((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
          ((word >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >>
         32;
}

/*
 * A plain number: sign, digits, and perhaps a point and more digits; at most 19 digits in all. Returns the first byte
 * behind it, NULL where the careful reader is needed (`.5`, `5.`, longer ones). An exponent is left for the caller
 * to see. The value is (negative ? -1 : 1) * *integer / 10^*places.
 */
static inline const char *digits_number(const char *text, int *negative, uint64_t *integer, unsigned *places)
{
  /* Without a branch: the signs of noise cannot be predicted. */
  *negative = *text == '-';
  text += (*text == '-') | (*text == '+');
  uint64_t word = digits_load(text);
  unsigned count = digits_count(word);
  if (count == 0)
    return NULL;
  uint64_t sum = digits_value(word, count);
  unsigned total = count;
  text += count;
  while (count == 8) {
    word = digits_load(text);
    count = digits_count(word);
    if (count == 0)
      break;
    total += count;
    if (total > DIGITS_MAX)
      return NULL;
    sum = sum * digits_scale[count] + digits_value(word, count);
    text += count;
  }
  unsigned fraction = 0;
  if (*text == '.') {
    text++;
    do {
      word = digits_load(text);
      count = digits_count(word);
      if (count == 0)
        break;
      fraction += count;
      if (total + fraction > DIGITS_MAX)
        return NULL;
      sum = sum * digits_scale[count] + digits_value(word, count);
      text += count;
    } while (count == 8);
    if (fraction == 0)
      return NULL;
  }
  *integer = sum;
  *places = fraction;
  return text;
}

#endif
