/*
 * One number as programs print it, alone in a word: a sign, digits, and perhaps a unit glued to them. What stands around
 * it, commas in it, and what is a row, is for others to know. Pure, any thread; texts need not be terminated.
 *
 * Digits are what strtod takes in the C locale, finite, and Fortran's 1.5D-3. The sign may be the Unicode minus. A bare k,
 * M, G, T or P is multiplied out: 1.5k is 1500, rounded once.
 */
#ifndef COMMON_NUMBER_WORD_H
#define COMMON_NUMBER_WORD_H

#include <stdbool.h>
#include <stddef.h>

struct number_word {
  double value;
  const char *unit;   /* borrowed: the end of the text */
  size_t unit_length; /* 0: none, or it was multiplied out */
  bool multiplied;
};

/* The whole of text is such a number. Else *word is not set. */
bool number_word_read(const char *text, size_t length, struct number_word *word);

/* The bytes of a sign at the start of text: 1, or 3 of the Unicode minus, or 0; *negative says which. */
size_t number_word_sign(const char *text, size_t length, bool *negative);

/*
 * It may be a unit: it begins with a letter, % or a character that is not ASCII (a degree, a micro sign), and has no digit
 * but perhaps a last 2 or 3, as in m2.
 */
bool number_word_is_unit(const char *text, size_t length);

/* The power of ten of a bare k, M, G, T or P; 0 for anything else. */
int number_word_multiplier(const char *text, size_t length);

#endif
