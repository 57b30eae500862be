/*
 * Four plain numbers at a time, of at most eight digits: the commonest of the commonest. As plain_four.h, with less to do:
 * four times eight digits are one register, and one table has both where a number's digits go and what it is divided by.
 */
#ifndef SCOPE_PLAIN_SHORT_H
#define SCOPE_PLAIN_SHORT_H

#include <math.h>

#include "scope/input/plain_four.h"

#ifdef PLAIN_HAVE_FOUR

enum {
  PLAIN_SHORT_DIGITS = 8,
  PLAIN_SHORT_BYTES = 10, /* with a minus and a point */
};

/* What to do with a number, of which these are the bytes behind the minus: so many, the point at a place or behind them. */
struct plain_short {
  int8_t digit[16];  /* indices that bring its digits to the end of eight bytes, zeros before them */
  double divisor[2]; /* with the sign in it; not a number: there is no digit, or there are too many */
};

#define PLAIN_DIGITS(point, length) ((length) - ((point) < (length)))
#define PLAIN_PLACES(point, length) ((point) < (length) ? (length) - (point)-1 : 0)
#define PLAIN_FROM(point, length, to) (PLAIN_DIGITS(point, length) - 8 + (to))
#define PLAIN_DIGIT(point, length, to)                                                                                 \
  (PLAIN_FROM(point, length, to) < 0 ? -128                                                                            \
                                     : PLAIN_FROM(point, length, to) + (PLAIN_FROM(point, length, to) >= (point)))
#define PLAIN_POWER(n)                                                                                                 \
  ((n) == 0   ? 1e0                                                                                                    \
   : (n) == 1 ? 1e1                                                                                                    \
   : (n) == 2 ? 1e2                                                                                                    \
   : (n) == 3 ? 1e3                                                                                                    \
   : (n) == 4 ? 1e4                                                                                                    \
   : (n) == 5 ? 1e5                                                                                                    \
   : (n) == 6 ? 1e6                                                                                                    \
   : (n) == 7 ? 1e7                                                                                                    \
              : 1e8)
#define PLAIN_DIVISOR(point, length, sign)                                                                             \
  (PLAIN_DIGITS(point, length) < 1 || PLAIN_DIGITS(point, length) > PLAIN_SHORT_DIGITS                                 \
       ? (double)NAN                                                                                                   \
       : (sign)*PLAIN_POWER(PLAIN_PLACES(point, length)))
#define PLAIN_SHORT(point, length)                                                                                     \
  {                                                                                                                    \
    {PLAIN_DIGIT(point, length, 0), PLAIN_DIGIT(point, length, 1), PLAIN_DIGIT(point, length, 2),                      \
     PLAIN_DIGIT(point, length, 3), PLAIN_DIGIT(point, length, 4), PLAIN_DIGIT(point, length, 5),                      \
     PLAIN_DIGIT(point, length, 6), PLAIN_DIGIT(point, length, 7)},                                                    \
    {                                                                                                                  \
      PLAIN_DIVISOR(point, length, 1.0), PLAIN_DIVISOR(point, length, -1.0)                                            \
    }                                                                                                                  \
  }
#define PLAIN_SHORTS(point)                                                                                            \
  {                                                                                                                    \
    PLAIN_SHORT(point, 0), PLAIN_SHORT(point, 1), PLAIN_SHORT(point, 2), PLAIN_SHORT(point, 3), PLAIN_SHORT(point, 4), \
        PLAIN_SHORT(point, 5), PLAIN_SHORT(point, 6), PLAIN_SHORT(point, 7), PLAIN_SHORT(point, 8),                    \
        PLAIN_SHORT(point, 9), PLAIN_SHORT(point, 10)                                                                  \
  }

/* By the place of the point, and the length; a size of sixteen spares a multiplication. */
_Alignas(32) static const struct plain_short plain_short[PLAIN_SHORT_BYTES + 1][16] = {
    PLAIN_SHORTS(0), PLAIN_SHORTS(1), PLAIN_SHORTS(2), PLAIN_SHORTS(3), PLAIN_SHORTS(4),  PLAIN_SHORTS(5),
    PLAIN_SHORTS(6), PLAIN_SHORTS(7), PLAIN_SHORTS(8), PLAIN_SHORTS(9), PLAIN_SHORTS(10),
};

/* The digits of two numbers, in the first eight bytes of each half; their divisors in *a_by and *b_by. */
PLAIN_AVX2 PLAIN_INLINE __m256i plain_short_pair(const char *a_text, size_t a_length, const char *b_text,
                                                 size_t b_length, const double **a_by, const double **b_by, bool whole,
                                                 struct plain_misfits *misfits)
{
  const size_t a_negative = *a_text == '-';
  const size_t b_negative = *b_text == '-';
  a_length -= a_negative;
  b_length -= b_negative;
  const __m256i digits =
      _mm256_sub_epi8(plain_load_pair(a_text + a_negative, b_text + b_negative), _mm256_set1_epi8('0'));
  const uint32_t points = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(digits, _mm256_set1_epi8('.' - '0')));
  const size_t a_point = _tzcnt_u32(points | UINT32_C(1) << a_length);
  const size_t b_point = _tzcnt_u32(points >> 16 | UINT32_C(1) << b_length);
  const struct plain_short *a = &plain_short[a_point][a_length];
  const struct plain_short *b = &plain_short[b_point][b_length];
  *a_by = &a->divisor[a_negative];
  *b_by = &b->divisor[b_negative];
  if (whole)
    misfits->points |= (a_length - a_point) | (b_length - b_point);
  return _mm256_shuffle_epi8(digits, plain_load_pair(a->digit, b->digit));
}

/*
 * Four numbers, whose bytes are known to be text[0..length) unless it has an exponent, length being 1 to
 * PLAIN_SHORT_BYTES; PLAIN_READABLE bytes from the start of each may be read. misfits->points is only kept with `whole`,
 * misfits->digits not at all.
 */
PLAIN_AVX2 PLAIN_INLINE void plain_short_four(const char *const *text, const uint32_t *length, double *value,
                                              bool whole, struct plain_misfits *misfits)
{
  const double *by[4];
  const __m256i first = plain_short_pair(text[0], length[0], text[1], length[1], &by[0], &by[1], whole, misfits);
  const __m256i second = plain_short_pair(text[2], length[2], text[3], length[3], &by[2], &by[3], whole, misfits);
  const __m256i digits = _mm256_unpacklo_epi64(first, second); /* numbers 0 and 2, and 1 and 3 */
  const __m256i beyond = _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
  const __m256i twos = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A));
  const __m256i fours = _mm256_madd_epi16(twos, _mm256_set1_epi32(0x00010064));
  const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), _mm256_set1_epi32(0x00012710));
  const __m128i whole_numbers = _mm_unpacklo_epi32(_mm256_castsi256_si128(eights), _mm256_extracti128_si256(eights, 1));
  const __m256d divisor = _mm256_set_pd(*by[3], *by[2], *by[1], *by[0]);
  const __m256d quotient = _mm256_div_pd(_mm256_cvtepi32_pd(whole_numbers), divisor);
  const __m256d none = _mm256_cmp_pd(quotient, quotient, _CMP_UNORD_Q);
  misfits->bytes = _mm256_or_si256(misfits->bytes, _mm256_or_si256(beyond, _mm256_castpd_si256(none)));
  _mm256_storeu_pd(value, quotient);
}

#endif
#endif
