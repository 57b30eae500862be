/*
 * Numbers of a column that all have the same number of places behind the point, as `%.4f` prints them, and integers: where
 * the point stands is then known from where the number ends, and no number has to be searched for it. Only for functions
 * that are compiled for PLAIN_AVX2, and called where plain_four_here() says that the processor has it.
 *
 * A number is looked at in a window of eight or sixteen bytes that ends with it. Nothing branches on the text: what does not
 * fit (another number of places, a plus, too many digits, anything else) is remembered, and asked for once for
 * PLAIN_FIXED_ROWS numbers.
 */
#ifndef SCOPE_PLAIN_FIXED_H
#define SCOPE_PLAIN_FIXED_H

#include "scope/input/plain_four.h"

#ifdef PLAIN_HAVE_FOUR

enum {
  PLAIN_FIXED_BYTES = 16, /* of a number at most; so many before its end may be read */
  PLAIN_FIXED_PLACES = 14,
  PLAIN_FIXED_ROWS = 16, /* numbers that are judged together */
};

/* Where the numbers of a column stand, offsets counting from `from`. */
struct plain_column {
  const char *from;
  const int16_t *end;    /* behind the last byte of each number */
  const int16_t *before; /* so that each number begins `gap` bytes behind it */
  ptrdiff_t gap;
};

/* How to read them: bytes count in the window, twice for two windows. */
struct plain_places {
  __m256i point; /* taken off the bytes: leaves 0 of a point where one must be */
  __m256i most;  /* what is left of a byte at most */
  __m256i order; /* brings the digits together at the window's end, without the point */
  __m256d divisor;
  unsigned places;
};

/* From [n] on: sixteen bytes, of which the last n are set. */
_Alignas(16) static const int8_t plain_last[48] = {
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
};

PLAIN_AVX2 PLAIN_INLINE __m128i plain_last_bytes(size_t n)
{
  return _mm_loadu_si128((const void *)(plain_last + n));
}

/* For numbers with so many places in windows of eight bytes (`eight`) or sixteen; places are less than these. */
PLAIN_AVX2 PLAIN_INLINE struct plain_places plain_places_of(unsigned places, bool eight)
{
  const __m128i in_order = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m128i behind = plain_last_bytes(places);
  __m128i point = _mm_setzero_si128();
  __m128i order = in_order;
  if (places > 0) {
    point = _mm_andnot_si128(behind, plain_last_bytes(places + 1));
    order = _mm_add_epi8(in_order, _mm_andnot_si128(behind, _mm_set1_epi8(-1))); /* one further before the point */
  }
  /* Fifteen digits are as many as a double holds for certain. */
  const __m128i digits = _mm_andnot_si128(point, plain_last_bytes(places > 0 ? 16 : 15));
  __m128i most = _mm_and_si128(digits, _mm_set1_epi8(9));
  point = _mm_and_si128(point, _mm_set1_epi8('.' - '0'));
  if (eight) { /* the same in both halves; the upper half moves within itself, as its lowest digit is no digit */
    point = _mm_unpackhi_epi64(point, point);
    most = _mm_unpackhi_epi64(most, most);
    order = _mm_unpackhi_epi64(order, order);
    order = _mm_sub_epi8(order, _mm_setr_epi8(8, 8, 8, 8, 8, 8, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0));
    if (places > 0)
      order = _mm_or_si128(order, _mm_setr_epi8(-1, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0));
  }
  return (struct plain_places){
      .point = _mm256_broadcastsi128_si256(point),
      .most = _mm256_broadcastsi128_si256(most),
      .order = _mm256_broadcastsi128_si256(order),
      .divisor = _mm256_set1_pd(places ? plain_divisor[places + 1][0] : 1),
      .places = places,
  };
}

/* What was found out about numbers beside their digits: bits of anything but zero. */
struct plain_marks {
  __m256i misfit;
  __m256i minus;   /* 255 for each minus before a number, in 64 bits for each */
  __m256i lengths; /* what is missing to the window's length, in 64 bits for each, put together */
};

/* Digits of what is before the numbers of a window (`own`: their bytes, less `0`, and 0 before them), in order. */
PLAIN_AVX2 PLAIN_INLINE __m256i plain_fixed_digits(__m256i own, const struct plain_places *places, __m256i *minus,
                                                   struct plain_marks *marks)
{
  *minus = _mm256_cmpeq_epi8(own, _mm256_set1_epi8('-' - '0'));
  const __m256i digits = _mm256_sub_epi8(_mm256_andnot_si256(*minus, own), places->point);
  marks->misfit = _mm256_or_si256(marks->misfit, _mm256_subs_epu8(digits, places->most));
  return _mm256_shuffle_epi8(digits, places->order);
}

/* Four signed numbers from their digits: their signs are 255 or 0. */
PLAIN_AVX2 PLAIN_INLINE __m256d plain_fixed_finish(__m256d whole, __m256i signs, const struct plain_places *places)
{
  if (places->places > 0)
    whole = _mm256_div_pd(whole, places->divisor);
  return _mm256_or_pd(whole, _mm256_castsi256_pd(_mm256_slli_epi64(signs, 63)));
}

/* Sums of four digits, in 32 bits for each. */
PLAIN_AVX2 PLAIN_INLINE __m256i plain_sum_fours(__m256i digits)
{
  return _mm256_madd_epi16(_mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A)), _mm256_set1_epi32(0x00010064));
}

/* What is missing to `window` bytes in each of four lengths. */
PLAIN_AVX2 PLAIN_INLINE __m256i plain_missing(const struct plain_column *column, size_t first, ptrdiff_t window)
{
  const __m256i end = _mm256_cvtepi16_epi64(_mm_loadl_epi64((const void *)(column->end + first)));
  const __m256i before = _mm256_cvtepi16_epi64(_mm_loadl_epi64((const void *)(column->before + first)));
  return _mm256_add_epi64(_mm256_sub_epi64(before, end), _mm256_set1_epi64x(window + column->gap));
}

PLAIN_AVX2 PLAIN_INLINE __m128i plain_load_eights(const char *low, const char *high)
{
  const __m128d first = _mm_castsi128_pd(_mm_loadl_epi64((const void *)low));
  return _mm_castpd_si128(_mm_loadh_pd(first, (const void *)high));
}

/* Numbers first .. first + 3 of a column, in windows of eight. */
PLAIN_AVX2 PLAIN_INLINE __m256d plain_fixed_eights(const struct plain_column *column, const struct plain_places *places,
                                                   size_t first, struct plain_marks *marks)
{
  const char *from = column->from - 8;
  const int16_t *end = column->end + first;
  const __m256i missing = plain_missing(column, first, 8);
  marks->lengths = _mm256_or_si256(marks->lengths, missing);
  const __m128i low = plain_load_eights(from + end[0], from + end[1]);
  const __m128i high = plain_load_eights(from + end[2], from + end[3]);
  const __m256i bytes = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  const __m256i own = _mm256_and_si256(_mm256_sub_epi8(bytes, _mm256_set1_epi8('0')),
                                       _mm256_sllv_epi64(_mm256_set1_epi64x(-1), _mm256_slli_epi64(missing, 3)));
  __m256i minus;
  const __m256i fours = plain_sum_fours(plain_fixed_digits(own, places, &minus, marks));
  const __m256i signs = _mm256_sad_epu8(minus, _mm256_setzero_si256());
  marks->minus = _mm256_or_si256(marks->minus, signs);
  const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), _mm256_set1_epi32(0x00012710));
  const __m128i whole = _mm_unpacklo_epi64(_mm256_castsi256_si128(eights), _mm256_extracti128_si256(eights, 1));
  return plain_fixed_finish(_mm256_cvtepi32_pd(whole), signs, places);
}

/* The digits of numbers a and b, a window of sixteen in each half; minus[] has those bytes set that are a minus. */
PLAIN_AVX2 PLAIN_INLINE __m256i plain_fixed_pair(const struct plain_column *column, const struct plain_places *places,
                                                 size_t a, size_t b, __m256i *minus, struct plain_marks *marks)
{
  const char *from = column->from - PLAIN_FIXED_BYTES;
  const size_t a_length = (size_t)(column->end[a] - column->before[a] - column->gap);
  const size_t b_length = (size_t)(column->end[b] - column->before[b] - column->gap);
  const __m256i bytes =
      _mm256_sub_epi8(plain_load_pair(from + column->end[a], from + column->end[b]), _mm256_set1_epi8('0'));
  /* Where a length is none, anything is masked: that is remembered in marks->lengths. */
  const __m256i own =
      _mm256_and_si256(bytes, plain_load_pair(plain_last + (a_length & 31), plain_last + (b_length & 31)));
  return plain_fixed_digits(own, places, minus, marks);
}

/* The same as plain_fixed_eights, in windows of sixteen. */
PLAIN_AVX2 PLAIN_INLINE __m256d plain_fixed_sixteens(const struct plain_column *column,
                                                     const struct plain_places *places, size_t first,
                                                     struct plain_marks *marks)
{
  __m256i minus[2];
  marks->lengths = _mm256_or_si256(marks->lengths, plain_missing(column, first, PLAIN_FIXED_BYTES));
  const __m256i even = plain_sum_fours(plain_fixed_pair(column, places, first, first + 2, &minus[0], marks));
  const __m256i odd = plain_sum_fours(plain_fixed_pair(column, places, first + 1, first + 3, &minus[1], marks));
  /* The halves of a window are laid one on the other: two minuses are never eight apart, as more would be between them. */
  const __m256i signs = _mm256_sad_epu8(
      _mm256_or_si256(_mm256_unpacklo_epi64(minus[0], minus[1]), _mm256_unpackhi_epi64(minus[0], minus[1])),
      _mm256_setzero_si256());
  marks->minus = _mm256_or_si256(marks->minus, signs);
  /* In 64 bits for each number: below the sum of its first eight digits, above that of its last eight. */
  const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(even, odd), _mm256_set1_epi32(0x00012710));
  const __m256i above = _mm256_mul_epu32(eights, _mm256_set1_epi64x(100000000));
  const __m256i whole = _mm256_add_epi64(above, _mm256_srli_epi64(eights, 32));
  /* The whole is below 2^52: as the mantissa of a double with that exponent it becomes one by subtraction. */
  const __m256d offset = _mm256_set1_pd(0x1p52);
  const __m256d moved = _mm256_or_pd(_mm256_castsi256_pd(whole), offset);
  return plain_fixed_finish(_mm256_sub_pd(moved, offset), signs, places);
}

/* Whether all numbers so far have a length of 1 to the window's, at most one minus, and else digits and the point. */
PLAIN_AVX2 PLAIN_INLINE bool plain_fixed_fit(const struct plain_marks *marks, bool eight)
{
  const __m256i minuses = _mm256_srli_epi64(marks->minus, 8); /* of one nothing is left */
  const __m256i lengths = _mm256_andnot_si256(_mm256_set1_epi64x(eight ? 7 : 15), marks->lengths);
  const __m256i all = _mm256_or_si256(_mm256_or_si256(marks->misfit, minuses), lengths);
  return _mm256_testz_si256(all, all);
}

/* Converts numbers from row `row` on, as long as they fit. Behind the last row; rows - row is a multiple of four. */
PLAIN_AVX2 PLAIN_INLINE size_t plain_fixed_some(const struct plain_column *column, unsigned places, bool eight,
                                                size_t row, size_t rows, double *value)
{
  const struct plain_places how = plain_places_of(places, eight);
  while (row < rows) {
    struct plain_marks marks = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
    const size_t stop = rows - row < PLAIN_FIXED_ROWS ? rows : row + PLAIN_FIXED_ROWS;
    for (size_t r = row; r < stop; r += 4)
      _mm256_storeu_pd(value + r, eight ? plain_fixed_eights(column, &how, r, &marks)
                                        : plain_fixed_sixteens(column, &how, r, &marks));
    if (!plain_fixed_fit(&marks, eight))
      break;
    row = stop;
  }
  return row;
}

/* How many places the first number of a column has, 0: no point; or more than there can be. */
PLAIN_AVX2 PLAIN_INLINE unsigned plain_first_places(const struct plain_column *column)
{
  const __m128i window = _mm_loadu_si128((const void *)(column->from + column->end[0] - PLAIN_FIXED_BYTES));
  const size_t length = (size_t)(column->end[0] - column->before[0] - column->gap);
  if (length == 0 || length > PLAIN_FIXED_BYTES)
    return PLAIN_FIXED_PLACES + 1;
  const __m128i points = _mm_and_si128(_mm_cmpeq_epi8(window, _mm_set1_epi8('.')), plain_last_bytes(length));
  const unsigned found = (unsigned)_mm_movemask_epi8(points);
  return found ? (unsigned)__builtin_clz(found) - 16 : 0;
}

/*
 * The first `rows` numbers of a column (whole: none of them may have a point) into value[]; a multiple of four. How many
 * were converted, from the first one on: those from there on are for another road.
 */
PLAIN_AVX2 static inline size_t plain_fixed_column(const struct plain_column *column, size_t rows, bool whole,
                                                   double *value)
{
  const unsigned places = rows > 0 ? plain_first_places(column) : 0;
  size_t row = 0;
  if (places > PLAIN_FIXED_PLACES || (whole && places > 0))
    return 0;
  if (places < 8)
    row = plain_fixed_some(column, places, true, row, rows, value);
  if (row < rows)
    row = plain_fixed_some(column, places, false, row, rows, value);
  return row;
}

#endif
#endif
