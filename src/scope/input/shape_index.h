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
  INDEX_FIRST = 512,           /* bytes of the first stretch: the first line may not match at all */
  INDEX_BYTES = 8192,          /* bytes of a stretch at most */
  INDEX_ENDS = INDEX_BYTES / 2 /* there is at least one other byte between two numbers */
};

struct shape_index {
  const char *from; /* what the offsets count from */
  size_t next;      /* the first end behind what was located */
  size_t count;
  uint16_t at[INDEX_ENDS + INDEX_BLOCK / 2]; /* offsets; the last block may spill over */
};

/* The 64 bytes at text as bits: digits and points. */
PLAIN_AVX2 static inline uint64_t index_block(const char *text)
{
  uint64_t bits = 0;
  for (size_t half = 0; half < INDEX_BLOCK; half += 32) {
    __m256i window = _mm256_loadu_si256((const void *)(text + half));
    __m256i digit = _mm256_sub_epi8(window, _mm256_set1_epi8('0'));
    __m256i is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(digit, _mm256_set1_epi8(9)), digit);
    __m256i is_point = _mm256_cmpeq_epi8(window, _mm256_set1_epi8('.'));
    bits |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_or_si256(is_digit, is_point)) << half;
  }
  return bits;
}

/* Finds the ends in text[0..length), at most INDEX_BYTES; nothing may be read at `end` and behind. */
PLAIN_AVX2 static inline void index_fill(struct shape_index *index, const char *text, const char *end, size_t length)
{
  uint64_t before = 0; /* whether the last byte of the block before belongs to a number */
  size_t count = 0;
  for (size_t at = 0; at < length; at += INDEX_BLOCK) {
    uint64_t inside;
    if ((size_t)(end - text) - at >= INDEX_BLOCK) {
      inside = index_block(text + at);
    } else {
      char last[INDEX_BLOCK] = {0};
      memcpy(last, text + at, (size_t)(end - text) - at);
      inside = index_block(last);
    }
    uint64_t ends = ~inside & (inside << 1 | before);
    ends = _bzhi_u64(ends, (unsigned)(length - at < INDEX_BLOCK ? length - at : INDEX_BLOCK));
    before = inside >> 63;
    size_t found = (size_t)__builtin_popcountll(ends);
    /* Eight at a time without asking how many there are: what is too much is written over. */
    for (size_t k = 0; k < found; k += 8)
      for (size_t j = k; j < k + 8; j++) {
        index->at[count + j] = (uint16_t)(at + _tzcnt_u64(ends));
        __asm__(""
                : "+m"(index->at[count + j])); /* else compilers gather the eight in a register, which takes longer */
        ends = _blsr_u64(ends);
      }
    count += found;
  }
  index->from = text;
  index->next = 0;
  index->count = count;
}

#endif
#endif
