/*
 * What programs write for a terminal: escape sequences (ECMA-48) between the text, for colours, the cursor, titles. This
 * tells them from the text, byte by byte, so that it can be cut anywhere. Pure; nothing is allocated.
 *
 * A sequence is ESC and one more character; ESC [ up to a letter; ESC ] (P, X, ^, _) up to BEL or ESC \; ESC and one of
 * the characters 0x20 to 0x2F up to another one. It never goes on in the next line: else one byte could hide the rest.
 */
#ifndef COMMON_TERMINAL_TEXT_H
#define COMMON_TERMINAL_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed at first. */
struct terminal_text {
  uint8_t state;
};

enum terminal_byte {
  TERMINAL_TEXT,  /* the byte belongs to the text */
  TERMINAL_TAKEN, /* to a sequence that leaves no hole in it: colours, erasing */
  TERMINAL_MOVED, /* it ends a sequence that moves the cursor: what comes is not glued to what was before */
};

/* What the next byte is. A line end is text always. */
enum terminal_byte terminal_text_next(struct terminal_text *text, char byte);

/* Whether a sequence is under way. */
static inline bool terminal_text_within(const struct terminal_text *text)
{
  return text->state != 0;
}

#endif
