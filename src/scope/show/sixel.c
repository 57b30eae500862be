#include "scope/show/sixel.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void add(struct sixel *s, int most, uint32_t colour)
{
  for (int i = 0; i < s->colours; i++)
    if (s->colour[i] == colour)
      return;
  if (s->colours < most)
    s->colour[s->colours++] = colour;
}

void sixel_init(struct sixel *s, const struct theme *theme, int registers)
{
  /* What is seen most comes first: some terminals have 16 registers. */
  const uint32_t plain[] = {theme->plot, theme->window, theme->text, theme->dim, theme->grid, theme->frame};
  const uint32_t rare[] = {theme->panel, theme->live, theme->paused, theme->ended, theme->alert};
  memset(s, 0, sizeof *s);
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
    add(s, registers, plain[i]);
  for (int i = 0; i < THEME_COLOURS; i++)
    add(s, registers, theme->channel[i]);
  for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
    add(s, registers, rare[i]);
  /* Edges of lines and letters: their colour over the ground, in steps. */
  static const int alpha[] = {128, 192, 64, 224, 96, 160, 32};
  for (size_t a = 0; a < sizeof alpha / sizeof *alpha; a++) {
    add(s, registers, colour_mix(theme->window, theme->text, alpha[a]));
    add(s, registers, colour_mix(theme->window, theme->dim, alpha[a]));
    for (int i = 0; i < THEME_COLOURS; i++)
      add(s, registers, colour_mix(theme->plot, theme->channel[i], alpha[a]));
  }
}

static int distance(uint32_t a, uint32_t b)
{
  const int red = (int)(a >> 16 & 0xFF) - (int)(b >> 16 & 0xFF);
  const int green = (int)(a >> 8 & 0xFF) - (int)(b >> 8 & 0xFF);
  const int blue = (int)(a & 0xFF) - (int)(b & 0xFF);
  return 2 * red * red + 4 * green * green + 3 * blue * blue;
}

static uint8_t nearest(struct sixel *s, uint32_t pixel)
{
  pixel &= 0xFFFFFF;
  const size_t slot = pixel * 2654435761U >> 20; /* the upper twelve bits: SIXEL_CACHE slots */
  if (s->cache[slot].pixel == pixel + 1)
    return s->cache[slot].nearest;
  int best = 0;
  for (int i = 1; i < s->colours; i++)
    if (distance(pixel, s->colour[i]) < distance(pixel, s->colour[best]))
      best = i;
  s->cache[slot].pixel = pixel + 1;
  s->cache[slot].nearest = (uint8_t)best;
  return (uint8_t)best;
}

/* A run of one sixel. */
static void add_run(struct bytes *out, int bits, int count)
{
  const char sixel = (char)(0x3F + bits);
  if (count > 3) {
    bytes_format(out, "!%d%c", count, sixel);
    return;
  }
  for (int i = 0; i < count; i++)
    bytes_add(out, &sixel, 1);
}

/* One colour of a band: what is behind its last pixel need not be said. */
static void add_colour(struct bytes *out, const uint8_t *band, int width, int rows, int colour)
{
  int bits = 0;
  int count = 0;
  bytes_format(out, "#%d", colour);
  for (int x = 0; x < width; x++) {
    int here = 0;
    for (int y = 0; y < rows; y++)
      here |= (band[(long)y * width + x] == colour) << y;
    if (here != bits && count > 0) {
      add_run(out, bits, count);
      count = 0;
    }
    bits = here;
    count++;
  }
  if (bits != 0)
    add_run(out, bits, count);
}

void sixel_show(struct sixel *s, struct bytes *out, const struct canvas *c, struct rect r)
{
  bool used[SIXEL_COLOURS_MAX] = {false};
  uint8_t *index = calloc((size_t)r.w, (size_t)r.h);
  if (!index) {
    out->failed = true;
    return;
  }
  for (int y = 0; y < r.h; y++)
    for (int x = 0; x < r.w; x++) {
      const uint8_t colour = nearest(s, c->pixel[(long)(r.y + y) * c->stride + r.x + x]);
      index[(long)y * r.w + x] = colour;
      used[colour] = true;
    }
  /* Pixels that no sixel covers stay as they are (1): the last band may reach below the picture. */
  bytes_format(out, "\033P0;1q\"1;1;%d;%d", r.w, r.h);
  for (int i = 0; i < s->colours; i++) /* in per cent; each picture may have registers of its own (xterm) */
    if (used[i])
      bytes_format(out, "#%d;2;%d;%d;%d", i, (int)((s->colour[i] >> 16 & 0xFF) * 100 + 127) / 255,
                   (int)((s->colour[i] >> 8 & 0xFF) * 100 + 127) / 255, (int)((s->colour[i] & 0xFF) * 100 + 127) / 255);
  for (int top = 0; top < r.h; top += SIXEL_ROWS) {
    const int rows = r.h - top < SIXEL_ROWS ? r.h - top : SIXEL_ROWS;
    const uint8_t *band = index + (long)top * r.w;
    bool here[SIXEL_COLOURS_MAX] = {false};
    for (long i = 0; i < (long)rows * r.w; i++)
      here[band[i]] = true;
    bool first = true;
    for (int i = 0; i < s->colours; i++) {
      if (!here[i])
        continue;
      if (!first)
        bytes_text(out, "$");
      first = false;
      add_colour(out, band, r.w, rows, i);
    }
    if (top + SIXEL_ROWS < r.h)
      bytes_text(out, "-");
  }
  bytes_text(out, "\033\\");
  free(index);
}
