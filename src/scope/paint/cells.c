#include "scope/paint/cells.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

bool cells_resize(struct cells *c, int columns, int rows)
{
  if (c->cell && c->columns == columns && c->rows == rows)
    return true;
  free(c->cell);
  c->cell = calloc((size_t)columns * (size_t)rows, sizeof *c->cell);
  c->columns = c->cell ? columns : 0;
  c->rows = c->cell ? rows : 0;
  return c->cell != NULL;
}

void cells_destroy(struct cells *c)
{
  free(c->cell);
  *c = (struct cells){0};
}

static struct cell *at(struct cells *c, int x, int y)
{
  return x >= 0 && x < c->columns && y >= 0 && y < c->rows ? &c->cell[(long)y * c->columns + x] : NULL;
}

void cells_fill(struct cells *c, int x, int y, int width, int height, uint32_t ground)
{
  for (int row = y; row < y + height; row++)
    for (int column = x; column < x + width; column++) {
      struct cell *cell = at(c, column, row);
      if (cell)
        *cell = (struct cell){.character = ' ', .ink = ground, .ground = ground};
    }
}

void cells_put(struct cells *c, int x, int y, uint32_t character, uint32_t ink)
{
  struct cell *cell = at(c, x, y);
  if (!cell)
    return;
  cell->character = character;
  cell->ink = ink;
  cell->bold = false;
}

/* Columns of a character: East Asian wide ones and pictures take two (Unicode's EastAsianWidth, in its large blocks). */
static int width_of(uint32_t c)
{
  static const struct {
    uint32_t first, last;
    int width;
  } range[] = {{0x0300, 0x036F, 0},   {0x1100, 0x115F, 2},   {0x200B, 0x200F, 0},   {0x20D0, 0x20FF, 0},
               {0x2E80, 0x303E, 2},   {0x3041, 0xA4CF, 2},   {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2},
               {0xFE00, 0xFE0F, 0},   {0xFE30, 0xFE6F, 2},   {0xFF00, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2},
               {0x1F300, 0x1F64F, 2}, {0x1F680, 0x1F6FF, 2}, {0x1F900, 0x1F9FF, 2}, {0x20000, 0x3FFFD, 2}};
  for (size_t i = 0; i < sizeof range / sizeof *range; i++)
    if (c >= range[i].first && c <= range[i].last)
      return range[i].width;
  return 1;
}

/* The next character that is to be seen, *width its columns; 0 at the end. */
static uint32_t next_visible(const char **line, int *width)
{
  while (**line) {
    size_t length;
    uint32_t c = utf8_decode(*line, strnlen(*line, UTF8_LENGTH_MAX), &length);
    *line += length;
    if (c < 0x20 || (c >= 0x7F && c < 0xA0))
      c = UTF8_BAD;
    *width = width_of(c);
    if (*width > 0)
      return c;
  }
  return 0;
}

int cells_text(struct cells *c, int x, int y, int width, const char *line, uint32_t ink, bool bold)
{
  int used = 0;
  int wide;
  for (uint32_t character; (character = next_visible(&line, &wide)) != 0 && used + wide <= width; used += wide) {
    for (int i = 0; i < wide; i++) {
      struct cell *cell = at(c, x + used + i, y);
      if (!cell)
        continue;
      cell->character = i == 0 ? character : 0;
      cell->ink = ink;
      cell->bold = bold;
    }
  }
  return used;
}

int cells_width(const char *line)
{
  int used = 0;
  int wide;
  while (next_visible(&line, &wide) != 0)
    used += wide;
  return used;
}
