#include "scope/show/blocks.h"

#include <string.h>

/* What the terminal paints with at the moment. */
struct pen {
  uint32_t ink, ground;
  bool bold, known;
};

void blocks_destroy(struct blocks *b)
{
  cells_destroy(&b->shown);
}

void blocks_forget(struct blocks *b)
{
  cells_destroy(&b->shown);
}

static int step_of(uint32_t part)
{
  return part < 48 ? 0 : part < 115 ? 1 : (int)(part - 35) / 40;
}

static int square(int x)
{
  return x * x;
}

/* The nearest of the 256 colours that are the same everywhere: a cube of 6 x 6 x 6, and 24 greys. */
static int reduce(uint32_t colour)
{
  static const int level[] = {0, 95, 135, 175, 215, 255};
  const uint32_t part[3] = {colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF};
  const int mean = (int)(part[0] + part[1] + part[2]) / 3;
  const int grey = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10;
  int cube_error = 0;
  int grey_error = 0;
  for (int i = 0; i < 3; i++) {
    cube_error += square(level[step_of(part[i])] - (int)part[i]);
    grey_error += square(8 + 10 * grey - (int)part[i]);
  }
  if (grey_error < cube_error)
    return 232 + grey;
  return 16 + 36 * step_of(part[0]) + 6 * step_of(part[1]) + step_of(part[2]);
}

static void set_colour(struct bytes *out, bool deep, int what, uint32_t colour)
{
  if (deep)
    bytes_format(out, "\033[%d;2;%d;%d;%dm", what, (int)(colour >> 16 & 0xFF), (int)(colour >> 8 & 0xFF),
                 (int)(colour & 0xFF));
  else
    bytes_format(out, "\033[%d;5;%dm", what, reduce(colour));
}

/* A blank has no ink to be seen. */
static void take_pen(struct bytes *out, bool deep, struct pen *pen, const struct cell *cell)
{
  if (!pen->known)
    bytes_text(out, "\033[0m");
  if (pen->known && pen->bold && !cell->bold)
    bytes_text(out, "\033[22m");
  if (cell->bold && (!pen->known || !pen->bold))
    bytes_text(out, "\033[1m");
  if (!pen->known || (pen->ink != cell->ink && cell->character != ' '))
    set_colour(out, deep, 38, cell->ink);
  if (!pen->known || pen->ground != cell->ground)
    set_colour(out, deep, 48, cell->ground);
  *pen = (struct pen){.ink = pen->known && cell->character == ' ' ? pen->ink : cell->ink,
                      .ground = cell->ground,
                      .bold = cell->bold,
                      .known = true};
}

static bool same(const struct cell *a, const struct cell *b)
{
  return a->character == b->character && a->ground == b->ground &&
         (a->character == ' ' || (a->ink == b->ink && a->bold == b->bold));
}

/* Blocks reach to the edge of their cell, and as some terminals round the width of their letters, a pixel beyond it. */
static bool reaches_out(const struct cell *cell)
{
  return cell->character >= 0x2580 && cell->character <= 0x259F;
}

bool blocks_show(struct blocks *b, struct bytes *out, const struct cells *c, int top)
{
  struct pen pen = {.known = false};
  const bool all = !b->shown.cell || b->shown.columns != c->columns || b->shown.rows != c->rows;
  if (!cells_resize(&b->shown, c->columns, c->rows))
    return false;
  for (int y = 0; y < c->rows; y++) {
    int cursor = -1;      /* the column that the cursor is at, in this row */
    bool stained = false; /* by a block that was to the left and is not any more */
    for (int x = 0; x < c->columns; x++) {
      const struct cell *now = &c->cell[(long)y * c->columns + x];
      struct cell *before = &b->shown.cell[(long)y * c->columns + x];
      const bool stays = !all && same(now, before);
      if (stays && !stained)
        continue;
      stained = !stays && !all && reaches_out(before);
      *before = *now;
      if (now->character == 0)
        continue; /* the wide one before it paints it */
      if (cursor != x)
        bytes_format(out, "\033[%d;%dH", top + y + 1, x + 1);
      take_pen(out, b->deep, &pen, now);
      bytes_character(out, now->character);
      const bool wide = x + 1 < c->columns && now[1].character == 0;
      cursor = wide ? x + 2 : x + 1;
    }
  }
  if (pen.known)
    bytes_text(out, "\033[0m");
  return true;
}

void blocks_print(const struct blocks *b, struct bytes *out, const struct cells *c)
{
  for (int y = 0; y < c->rows; y++) {
    struct pen pen = {.known = false};
    for (int x = 0; x < c->columns; x++) {
      const struct cell *cell = &c->cell[(long)y * c->columns + x];
      if (cell->character == 0)
        continue;
      take_pen(out, b->deep, &pen, cell);
      bytes_character(out, cell->character);
    }
    bytes_text(out, "\033[0m\r\n");
  }
}
