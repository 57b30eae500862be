#include "scope/paint/text.h"

#include <SDL_ttf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "common/utf8.h"
#include "scope/paint/font.h"
#include "scope/paint/svg.h"

enum { GLYPH_SLOTS = 1024, GLYPHS_MAX = 768 }; /* for each font: open addressing, never full */

struct glyph {
  uint32_t character;  /* 0: the slot is free */
  int x, w, h, stride; /* place of the mask from the pen, its size; its top is the cell's top */
  int advance;
  uint8_t *mask;
};

struct text_face {
  TTF_Font *font;
  int used;
  struct glyph slot[GLYPH_SLOTS];
};

struct text {
  int pixels;
  struct text_face face[TEXT_FONTS];
};

struct text *text_new(int pixels)
{
  const struct {
    const unsigned char *bytes;
    size_t size;
  } file[TEXT_FONTS] = {[TEXT_SANS] = {font_sans, font_sans_size},
                        [TEXT_BOLD] = {font_sans_bold, font_sans_bold_size},
                        [TEXT_MONO] = {font_mono, font_mono_size}};
  struct text *t = calloc(1, sizeof *t);
  if (!t || (!TTF_WasInit() && TTF_Init() != 0)) {
    message("fonts: %s", t ? TTF_GetError() : "out of memory");
    free(t);
    return NULL;
  }
  t->pixels = pixels;
  for (int i = 0; i < TEXT_FONTS; i++) {
    t->face[i].font = TTF_OpenFontRW(SDL_RWFromConstMem(file[i].bytes, (int)file[i].size), 1, pixels);
    if (!t->face[i].font) {
      message("fonts: %s", TTF_GetError());
      text_free(t);
      return NULL;
    }
    TTF_SetFontHinting(t->face[i].font, TTF_HINTING_LIGHT);
  }
  return t;
}

void text_free(struct text *t)
{
  if (!t)
    return;
  for (int i = 0; i < TEXT_FONTS; i++) {
    for (int g = 0; g < GLYPH_SLOTS; g++)
      free(t->face[i].slot[g].mask);
    if (t->face[i].font)
      TTF_CloseFont(t->face[i].font);
  }
  free(t);
}

int text_height(const struct text *t, enum text_font font)
{
  return TTF_FontHeight(t->face[font].font);
}

/* The next character of a line, and the line moved past it; U+FFFD for a byte that is no UTF-8. 0 at the end. */
static uint32_t next_character(const char **line)
{
  size_t length;
  if (!**line)
    return 0;
  uint32_t character = utf8_decode(*line, strnlen(*line, UTF8_LENGTH_MAX), &length);
  *line += length;
  return character;
}

/* Renders a glyph into its slot. What cannot be rendered becomes an empty mask, and is not tried again. */
static void render(struct text_face *face, struct glyph *g, uint32_t character)
{
  int left = 0;
  *g = (struct glyph){.character = character};
  TTF_GlyphMetrics32(face->font, character, &left, NULL, NULL, NULL, &g->advance);
  g->x = left < 0 ? left : 0; /* SDL_ttf starts the picture at the pen, or left of it where the glyph reaches */
  const SDL_Color white = {255, 255, 255, 255};
  SDL_Surface *picture = TTF_RenderGlyph32_Blended(face->font, character, white);
  if (!picture)
    return;
  g->mask = malloc((size_t)picture->w * (size_t)picture->h);
  if (g->mask) {
    g->w = g->stride = picture->w;
    g->h = picture->h;
    for (int y = 0; y < g->h; y++)
      for (int x = 0; x < g->w; x++) {
        uint32_t pixel;
        memcpy(&pixel, (const char *)picture->pixels + (long)y * picture->pitch + 4L * x, sizeof pixel);
        g->mask[(long)y * g->stride + x] = (uint8_t)(pixel >> 24); /* ARGB8888, as SDL_ttf documents */
      }
  }
  SDL_FreeSurface(picture);
}

static const struct glyph *glyph_of(struct text_face *face, uint32_t character)
{
  size_t i = character * 2654435761U % GLYPH_SLOTS;
  while (face->slot[i].character != 0 && face->slot[i].character != character)
    i = (i + 1) % GLYPH_SLOTS;
  struct glyph *g = &face->slot[i];
  if (g->character == character)
    return g;
  if (face->used == GLYPHS_MAX) { /* a flood of strange characters: start over */
    for (int k = 0; k < GLYPH_SLOTS; k++)
      free(face->slot[k].mask);
    memset(face->slot, 0, sizeof face->slot);
    face->used = 0;
    g = &face->slot[character * 2654435761U % GLYPH_SLOTS];
  }
  face->used++;
  render(face, g, character);
  return g;
}

int text_width(struct text *t, enum text_font font, const char *line)
{
  int width = 0;
  for (uint32_t character; (character = next_character(&line)) != 0;)
    width += glyph_of(&t->face[font], character)->advance;
  return width;
}

void text_fit(struct text *t, enum text_font font, const char *line, int width, char *out, size_t size)
{
  static const char ellipsis[] = "\xE2\x80\xA6";
  snprintf(out, size, "%s", line);
  if (text_width(t, font, line) <= width)
    return;
  /* One character after the other goes, from the middle: names that are alike mostly differ at their ends. */
  size_t length = strlen(line);
  size_t head = utf8_start(line, length, length / 2);
  size_t tail = head;
  while (head > 0 || tail < length) {
    if (head > length - tail)
      head = utf8_start(line, length, head - 1);
    else
      tail += utf8_length(line + tail, length - tail);
    snprintf(out, size, "%.*s%s%s", (int)head, line, ellipsis, line + tail);
    if (text_width(t, font, out) <= width)
      return;
  }
}

struct rect text_draw(struct text *t, struct canvas *c, enum text_font font, int x, int y, enum text_align align,
                      const char *line, uint32_t colour, struct rect clip)
{
  int width = text_width(t, font, line);
  clip = rect_intersection(clip, canvas_rect(c));
  if (align == TEXT_CENTRE)
    x -= width / 2;
  else if (align == TEXT_RIGHT)
    x -= width;
  if (c->svg) {
    const char *family = font == TEXT_MONO ? "DejaVu Sans Mono, monospace" : "DejaVu Sans, Verdana, sans-serif";
    const int baseline = y + TTF_FontAscent(t->face[font].font);
    svg_text(c->svg, x, baseline, width, t->pixels, family, font == TEXT_BOLD, line, colour);
    return rect_intersection((struct rect){x - 1, y, width + 2, text_height(t, font)}, clip);
  }
  int pen = x;
  for (uint32_t character; (character = next_character(&line)) != 0;) {
    const struct glyph *g = glyph_of(&t->face[font], character);
    if (g->mask)
      canvas_mask(c, pen + g->x, y, g->mask, g->w, g->h, g->stride, colour, clip);
    pen += g->advance;
  }
  return rect_intersection((struct rect){x - 1, y, width + 2, text_height(t, font)}, clip);
}
