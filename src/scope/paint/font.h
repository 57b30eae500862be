/*
 * The fonts that the program carries: DejaVu Sans for text and numbers (its digits have one width, so that changing
 * numbers do not wobble), Bold for titles, Sans Mono for the list of keys. TrueType files as they were, in read-only
 * memory, put there by font.S: pages that are never looked at are never loaded.
 *
 * For SDL_ttf: TTF_OpenFontRW(SDL_RWFromConstMem(font_sans, (int)font_sans_size), 1, points). Nothing to free.
 */
#ifndef SCOPE_FONT_H
#define SCOPE_FONT_H

#include <stddef.h>

extern const unsigned char font_sans[];
extern const unsigned char font_sans_bold[];
extern const unsigned char font_mono[];

extern const size_t font_sans_size;
extern const size_t font_sans_bold_size;
extern const size_t font_mono_size;

#endif
