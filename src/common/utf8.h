/*
 * Walking over text in UTF-8, whatever bytes are really there. Pure, any thread.
 *
 * A character is a sequence that RFC 3629 allows: no overlong form, no surrogate, nothing beyond U+10FFFF. Each byte
 * that belongs to none is a character of its own, UTF8_BAD. So every text falls into characters in one way only, and a
 * walk forwards and a walk backwards meet the same ones. NUL is a character like any other: a text ends where its size
 * says.
 */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* U+FFFD, the replacement character. Where the text itself has it, it is three bytes long; a bad byte is one. */
enum { UTF8_BAD = 0xFFFD, UTF8_LENGTH_MAX = 4 };

/* The character at the start of text[0..size), *length its bytes. size is 1 at least. */
uint32_t utf8_decode(const char *text, size_t size, size_t *length);

/* The bytes of the character at the start of text[0..size); 0 when size is. */
size_t utf8_length(const char *text, size_t size);

/* Writes a character of at most U+10FFFF, and how many bytes it takes. A surrogate comes out in three that are none. */
size_t utf8_encode(uint32_t character, char text[static UTF8_LENGTH_MAX]);

/* Where the character begins that the byte at place belongs to; size for place = size. */
size_t utf8_start(const char *text, size_t size, size_t place);

/* How many characters there are in text[0..size). */
size_t utf8_count(const char *text, size_t size);

#endif
