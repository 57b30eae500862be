/*
 * A plain number of any length, as `%.17g` prints them, of which it is known where it ends: all of its digits are read side
 * by side, and nothing branches on where the point is or how many digits there are, which nobody could predict. Only for
 * functions that are compiled for PLAIN_AVX2, and called where plain_four_here() says that the processor has it.
 */
#ifndef SCOPE_PLAIN_LONG_H
#define SCOPE_PLAIN_LONG_H

#include "scope/input/plain_four.h"

#ifdef PLAIN_HAVE_FOUR

enum {
  PLAIN_LONG_READABLE = 33,   /* bytes before the end of a number that may be read */
  PLAIN_LONG_WINDOW = 32,     /* bytes in a register */
  PLAIN_LONG_THOUSAND = 1000, /* with sixteen digits behind it a number of more than DIGITS_MAX */
};

/* From [n] on: bytes of which the last n are ones. */
static const uint8_t plain_long_last[2 * PLAIN_LONG_WINDOW] = {
    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

/* What was read of a number: its value is integer / 10^places, but for the sign. */
struct plain_long {
  uint64_t integer;
  uint32_t places, negative;
};

/*
 * The digits of the number text[0..behind), which ends before `behind` for certain; the PLAIN_LONG_READABLE bytes before
 * `behind`, and the one there, may be read. False when it is of another kind: then nothing is said of it.
 */
PLAIN_AVX2 PLAIN_INLINE bool plain_long_digits(const char *text, const char *behind, struct plain_long *out)
{
  const uint32_t negative = *text == '-';
  const size_t bytes = (size_t)(behind - text) - negative;
  *out = (struct plain_long){.negative = negative};
  if (bytes + negative > PLAIN_BYTES)
    return false;
  const __m256i zeros = _mm256_set1_epi8('0');
  const __m256i window = _mm256_sub_epi8(_mm256_loadu_si256((const void *)(behind - PLAIN_LONG_WINDOW)), zeros);
  const __m256i before = _mm256_sub_epi8(_mm256_loadu_si256((const void *)(behind - PLAIN_LONG_WINDOW - 1)), zeros);
  const __m256i is_point = _mm256_and_si256(_mm256_cmpeq_epi8(window, _mm256_set1_epi8('.' - '0')),
                                            _mm256_loadu_si256((const void *)(plain_long_last + bytes)));
  /* How many bytes of the window end with the point: 0 where there is none. A second point is no digit. */
  const uint32_t past_point =
      63 - (uint32_t)__builtin_clzll((uint64_t)(uint32_t)_mm256_movemask_epi8(is_point) << 1 | 1);
  const size_t count = bytes - (past_point > 0);
  /* The digits before the point move up by a byte, over it; what stands before the number becomes zeros. */
  const __m256i behind_point = _mm256_loadu_si256((const void *)(plain_long_last + (PLAIN_LONG_WINDOW - past_point)));
  const __m256i digits = _mm256_and_si256(_mm256_blendv_epi8(before, window, behind_point),
                                          _mm256_loadu_si256((const void *)(plain_long_last + count)));
  const __m256i beyond = _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
  const __m256i fours =
      _mm256_madd_epi16(_mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A)), _mm256_set1_epi32(0x00010064));
  const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), _mm256_set1_epi32(0x00012710));
  const uint64_t head = (uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(eights));
  const uint64_t tail = (uint64_t)_mm_cvtsi128_si64(_mm256_extracti128_si256(eights, 1));
  out->integer = (head >> 32) * UINT64_C(10000000000000000) + (tail & UINT32_MAX) * 100000000 + (tail >> 32);
  out->places = past_point ? PLAIN_LONG_WINDOW - past_point : 0;
  return count - 1 < PLAIN_BYTES && _mm256_testz_si256(beyond, beyond) && (uint32_t)head == 0 &&
         head >> 32 < PLAIN_LONG_THOUSAND && (*behind | 0x20) != 'e';
}

static inline double plain_long_value(const struct plain_long *read)
{
  const double positive = decimal_compose_long(read->integer, -(int)read->places);
  uint64_t bits;
  double value;
  memcpy(&bits, &positive, sizeof bits);
  bits |= (uint64_t)read->negative << 63;
  memcpy(&value, &bits, sizeof value);
  return value;
}

#endif
#endif
