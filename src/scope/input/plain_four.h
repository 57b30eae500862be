/*
 * Four plain numbers at a time, side by side in registers: for the commonest ones, of at most
 * PLAIN_FOUR_BYTES bytes: the whole of their digits is a double, so that nothing but the division rounds. Only for
 * functions that are compiled for PLAIN_AVX2, and called where plain_four_here() says that the processor has it.
 *
 * Nothing here branches on the text. What does not fit is remembered, and asked for once for many numbers; then these are
 * read again one by one.
 */
#ifndef SCOPE_PLAIN_FOUR_H
#define SCOPE_PLAIN_FOUR_H

#include "scope/input/plain.h"

#if defined(__x86_64__)
#define PLAIN_HAVE_FOUR 1
#define PLAIN_AVX2 __attribute__((target("avx2,bmi,bmi2")))

#include <immintrin.h>

static inline bool plain_four_here(void)
{
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

/* From [16 - n] on: the indices that move the first n bytes of a register to its end, with zeros before them. */
_Alignas(32) static const int8_t plain_to_end[32] = {-128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128,
                                                     -128, -128, -128, -128, -128, 0,    1,    2,    3,    4,    5,
                                                     6,    7,    8,    9,    10,   11,   12,   13,   14,   15};

enum { PLAIN_FOUR_BYTES = 15 };

/* What did not fit so far: bits of anything but zero. */
struct plain_misfits {
  __m256i bytes;
  size_t digits;
  size_t points; /* not of itself a misfit: some number has a point */
};

/* Without the byte at [n], those behind it moved up. */
_Alignas(16) static const int8_t plain_without[16][16] = {
    {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1}, {0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1},
    {0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1}, {0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1},
    {0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1}, {0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1},
    {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1}, {0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, -1},
    {0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, -1}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, -1},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, -1},  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, -1},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, -1},  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, -1},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, -1},  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, -1},
};

/* By bytes from the point on (0: there is none), and whether there is a minus: a quotient takes its sign from these. */
static const double plain_divisor[16][2] = {
    {1e0, -1e0}, {1e0, -1e0}, {1e1, -1e1}, {1e2, -1e2},   {1e3, -1e3},   {1e4, -1e4},   {1e5, -1e5},   {1e6, -1e6},
    {1e7, -1e7}, {1e8, -1e8}, {1e9, -1e9}, {1e10, -1e10}, {1e11, -1e11}, {1e12, -1e12}, {1e13, -1e13}, {1e14, -1e14},
};

PLAIN_AVX2 PLAIN_INLINE __m256i plain_load_pair(const void *low, const void *high)
{
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)), _mm_loadu_si128(high), 1);
}

/*
 * The digits of two numbers, each at the end of its half, as sums of four; their divisors in *a_by and *b_by. A number
 * without a point has it behind its last digit, where a bit is set for it.
 */
PLAIN_AVX2 PLAIN_INLINE __m256i plain_pair(const char *a_text, size_t a_length, const char *b_text, size_t b_length,
                                           const double **a_by, const double **b_by, struct plain_misfits *misfits)
{
  const size_t a_negative = *a_text == '-';
  const size_t b_negative = *b_text == '-';
  a_length -= a_negative;
  b_length -= b_negative;
  __m256i digits = _mm256_sub_epi8(plain_load_pair(a_text + a_negative, b_text + b_negative), _mm256_set1_epi8('0'));
  const uint64_t points = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(digits, _mm256_set1_epi8('.' - '0')));
  const size_t a_point = _tzcnt_u64(points | UINT64_C(1) << a_length);
  const size_t b_point = _tzcnt_u64(points >> 16 | UINT64_C(1) << b_length);
  const size_t a_digits = a_length - (a_length != a_point);
  const size_t b_digits = b_length - (b_length != b_point);
  *a_by = &plain_divisor[a_length - a_point][a_negative];
  *b_by = &plain_divisor[b_length - b_point][b_negative];
  misfits->points |= (a_length - a_point) | (b_length - b_point);
  misfits->digits |= (a_digits - 1) | (b_digits - 1); /* no digits: the highest bit */
  digits = _mm256_shuffle_epi8(digits, plain_load_pair(plain_without[a_point], plain_without[b_point]));
  digits = _mm256_shuffle_epi8(digits, plain_load_pair(plain_to_end + a_digits, plain_to_end + b_digits));
  misfits->bytes = _mm256_or_si256(misfits->bytes, _mm256_subs_epu8(digits, _mm256_set1_epi8(9)));
  const __m256i tens = _mm256_set1_epi16(0x010A);
  const __m256i hundreds = _mm256_set1_epi32(0x00010064);
  return _mm256_madd_epi16(_mm256_maddubs_epi16(digits, tens), hundreds);
}

/* Four numbers, whose bytes are known to be text[0..length) unless it has an exponent, length being 1 to
 PLAIN_FOUR_BYTES; PLAIN_READABLE bytes from the start of each may be read. */
PLAIN_AVX2 PLAIN_INLINE void plain_four(const char *const *text, const uint32_t *length, double *value,
                                        struct plain_misfits *misfits)
{
  const __m256i thousands = _mm256_set1_epi32(0x00012710);
  const double *by[4];
  __m256i even = plain_pair(text[0], length[0], text[2], length[2], &by[0], &by[2], misfits);
  __m256i odd = plain_pair(text[1], length[1], text[3], length[3], &by[1], &by[3], misfits);
  /* In 64 bits for each number: below the sum of its first eight digits, above that of its last eight. */
  __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(even, odd), thousands);
  __m256i high = _mm256_mul_epu32(eights, _mm256_set1_epi64x(100000000));
  __m256i whole = _mm256_add_epi64(high, _mm256_srli_epi64(eights, 32));
  /* The whole is below 2^52: as the mantissa of a double with that exponent it becomes one by subtraction. */
  __m256d offset = _mm256_set1_pd(0x1p52);
  __m256d moved = _mm256_or_pd(_mm256_castsi256_pd(whole), offset);
  __m256d divisor = _mm256_set_pd(*by[3], *by[2], *by[1], *by[0]);
  _mm256_storeu_pd(value, _mm256_div_pd(_mm256_sub_pd(moved, offset), divisor));
}

PLAIN_AVX2 PLAIN_INLINE bool plain_all_fit(const struct plain_misfits *misfits)
{
  return misfits->digits <= PLAIN_FOUR_BYTES && _mm256_testz_si256(misfits->bytes, misfits->bytes);
}

#endif
#endif
