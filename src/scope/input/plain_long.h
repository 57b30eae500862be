/*
 * A plain number of many digits, as `%.17g` prints them, of which it is known where it ends: the last sixteen digits are
 * read side by side. Only for functions that are compiled for PLAIN_AVX2, and called where plain_four_here() says that the
 * processor has it.
 */
#ifndef SCOPE_PLAIN_LONG_H
#define SCOPE_PLAIN_LONG_H

#include "scope/input/plain_four.h"

#ifdef PLAIN_HAVE_FOUR

enum {
  PLAIN_LONG_TAIL = 16,  /* digits at the end, without a point */
  PLAIN_LONG_BEFORE = 8, /* bytes before these, without a minus: so many at most, a point among them or not */
};

/* The sixteen digits at text in *tail. False when other bytes stand there. */
PLAIN_AVX2 PLAIN_INLINE bool plain_sixteen(const char *text, uint64_t *tail)
{
  const __m128i digits = _mm_sub_epi8(_mm_loadu_si128((const void *)text), _mm_set1_epi8('0'));
  const __m128i beyond = _mm_subs_epu8(digits, _mm_set1_epi8(9));
  if (!_mm_testz_si128(beyond, beyond))
    return false;
  const __m128i fours = _mm_madd_epi16(_mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A)), _mm_set1_epi32(0x00010064));
  const __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
  const uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
  *tail = (both & UINT32_MAX) * 100000000 + (both >> 32);
  return true;
}

/*
 * The number text[0..behind), which ends before `behind` for certain, as plain_careful gives it. False when it is of another
 * kind: then nothing is said of it.
 */
PLAIN_AVX2 PLAIN_INLINE bool plain_long_read(const char *text, const char *behind, double *value)
{
  const bool negative = *text == '-';
  text += negative;
  const char *tail_text = behind - PLAIN_LONG_TAIL;
  uint64_t tail;
  if (text > tail_text || tail_text - text > PLAIN_LONG_BEFORE || !plain_sixteen(tail_text, &tail))
    return false;
  uint64_t integer = 0;
  unsigned digits = PLAIN_LONG_TAIL;
  unsigned places = 0;
  for (; text < tail_text; text++) {
    if (*text == '.' && places == 0) {
      places = (unsigned)(behind - text) - 1;
      continue;
    }
    if (!plain_is_digit(*text))
      return false;
    integer = integer * 10 + (uint64_t)(*text - '0');
    digits++;
  }
  if (digits > DIGITS_MAX)
    return false;
  integer = integer * UINT64_C(10000000000000000) + tail;
  return plain_finish(behind, behind, integer, places, negative, value) == behind;
}

#endif
#endif
