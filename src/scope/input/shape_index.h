/*
 * Where numbers end, found for many bytes at once, so that the next number need not wait for the end of the one before.
 * Used by shape_match.c, in functions compiled for PLAIN_AVX2.
 *
 * An end is a byte that is neither digit nor point, behind one that is.
 */
#ifndef SCOPE_SHAPE_INDEX_H
#define SCOPE_SHAPE_INDEX_H

#include "scope/input/plain_four.h"

#ifdef PLAIN_HAVE_FOUR

enum {
  INDEX_BLOCK = 64,            /* bytes looked at together */
  INDEX_UNASKED = 4,           /* ends written without asking whether there are so many */
  INDEX_FIRST = 512,           /* bytes of the first stretch: the first line may not match at all */
  INDEX_BYTES = 16384,         /* bytes of a stretch at most */
  INDEX_ENDS = INDEX_BYTES / 2 /* there is at least one other byte between two numbers */
};

struct shape_index {
  const char *from; /* what the offsets count from */
  size_t next;      /* the first end behind what was located */
  size_t count;
  bool alone;                                             /* each end is a newline, and each newline an end */
  int16_t at_or_before[1 + INDEX_ENDS + INDEX_BLOCK / 2]; /* offsets, from [1] on; the last block may spill over */
};

/* The offsets of the ends; the entry before the first one may be written too. */
static inline int16_t *index_ends(struct shape_index *index)
{
  return index->at_or_before + 1;
}

/* The 64 bytes at text as bits: digits and points in *numbers, newlines in *newlines. */
PLAIN_AVX2 PLAIN_INLINE void index_block(const char *text, uint64_t *numbers, uint64_t *newlines)
{
  *numbers = *newlines = 0;
  for (size_t half = 0; half < INDEX_BLOCK; half += 32) {
    const __m256i window = _mm256_loadu_si256((const void *)(text + half));
    const __m256i digit = _mm256_sub_epi8(window, _mm256_set1_epi8('0'));
    const __m256i is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(digit, _mm256_set1_epi8(9)), digit);
    const __m256i is_point = _mm256_cmpeq_epi8(window, _mm256_set1_epi8('.'));
    const __m256i is_newline = _mm256_cmpeq_epi8(window, _mm256_set1_epi8('\n'));
    *numbers |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_or_si256(is_digit, is_point)) << half;
    *newlines |= (uint64_t)(uint32_t)_mm256_movemask_epi8(is_newline) << half;
  }
}

/*
 * Finds the ends in text[0..length), at most INDEX_BYTES; nothing may be read at `end` and behind. A function of its own, as
 * it needs all registers for its constants.
 */
PLAIN_AVX2 __attribute__((noinline)) static void index_fill(struct shape_index *index, const char *text,
                                                            const char *end, size_t length)
{
  uint64_t before = 0; /* whether the last byte of the block before belongs to a number */
  uint64_t apart = 0;
  int16_t *offset = index_ends(index);
  size_t count = 0;
  for (size_t at = 0; at < length; at += INDEX_BLOCK) {
    uint64_t inside;
    uint64_t newlines;
    uint64_t some = UINT64_MAX;
    if ((size_t)(end - text) - at >= INDEX_BLOCK) {
      index_block(text + at, &inside, &newlines);
    } else {
      char last[INDEX_BLOCK] = {0};
      memcpy(last, text + at, (size_t)(end - text) - at);
      index_block(last, &inside, &newlines);
    }
    if (length - at < INDEX_BLOCK)
      some = _bzhi_u64(some, (unsigned)(length - at));
    uint64_t ends = ~inside & (inside << 1 | before) & some;
    apart |= ends ^ (newlines & some);
    before = inside >> 63;
    const size_t found = (size_t)__builtin_popcountll(ends);
    /* Some at a time without asking how many there are: what is too much is written over. */
    for (size_t k = 0; k < found; k += INDEX_UNASKED)
      for (size_t j = k; j < k + INDEX_UNASKED; j++) {
        offset[count + j] = (int16_t)(at + _tzcnt_u64(ends));
        __asm__("" : "+m"(offset[count + j])); /* else compilers gather them in a register, which takes longer */
        ends = _blsr_u64(ends);
      }
    count += found;
  }
  index->from = text;
  index->next = 0;
  index->count = count;
  index->alone = apart == 0;
}

#endif
#endif
