/*
 * Text on a canvas: the embedded fonts through SDL_ttf, each glyph rendered once and kept as a coverage mask.
 *
 * Lines are UTF-8; characters that the font lacks appear as its box. Widths and positions are whole pixels. Main
 * thread.
 */
#ifndef SCOPE_TEXT_H
#define SCOPE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "scope/paint/canvas.h"

enum text_font { TEXT_SANS, TEXT_BOLD, TEXT_MONO, TEXT_FONTS };

enum text_align { TEXT_LEFT, TEXT_CENTRE, TEXT_RIGHT };

struct text;

/* Fonts at `pixels` high letters' size (em). NULL after a message. */
struct text *text_new(int pixels);
void text_free(struct text *t); /* NULL is fine */

/* Height of a line, from the top of the highest to the bottom of the lowest glyph. */
int text_height(const struct text *t, enum text_font font);

int text_width(struct text *t, enum text_font font, const char *line);

/* The line, or where it is wider than `width` its beginning and end with an ellipsis between, into out (size bytes). */
void text_fit(struct text *t, enum text_font font, const char *line, int width, char *out, size_t size);

/*
 * Draws a line with the top of its cell at y, and its left end, middle or right end at x; only within clip. Returns the
 * rectangle it occupies there.
 */
struct rect text_draw(struct text *t, struct canvas *c, enum text_font font, int x, int y, enum text_align align,
                      const char *line, uint32_t colour, struct rect clip);

#endif
