#include "scope/show/terminal_picture.h"

#include <stdlib.h>
#include <string.h>

enum {
  TILE_COLUMNS = 10,       /* of sixels: neighbours become one picture */
  KITTY_TILE_COLUMNS = 40, /* of kitty's, where each has a number: fewer are less work for it */
  TILE_ROWS = 3,
  DEFAULT_REGISTERS = 256,
};

void terminal_picture_init(struct terminal_picture *p, const struct talents *talents, enum terminal_kind kind,
                           const struct theme *theme)
{
  int registers = talents->registers > 1 ? talents->registers : DEFAULT_REGISTERS;
  registers = registers < SIXEL_COLOURS_MAX ? registers : SIXEL_COLOURS_MAX;
  p->kind = kind;
  p->tile = kind == TERMINAL_KITTY ? KITTY_TILE_COLUMNS : TILE_COLUMNS;
  p->kitty.shared = talents->shared;
  p->blocks.deep = talents->deep;
  sixel_init(&p->sixel, theme, registers);
}

void terminal_picture_destroy(struct terminal_picture *p)
{
  free(p->canvas.pixel);
  free(p->stale);
  cells_destroy(&p->cells);
  kitty_destroy(&p->kitty);
  blocks_destroy(&p->blocks);
  *p = (struct terminal_picture){0};
}

bool terminal_picture_resize(struct terminal_picture *p, int columns, int rows, int cell_width, int cell_height)
{
  if (p->columns == columns && p->rows == rows && p->cell_width == cell_width && p->cell_height == cell_height)
    return false;
  free(p->canvas.pixel);
  free(p->stale);
  p->columns = columns;
  p->rows = rows;
  p->cell_width = cell_width;
  p->cell_height = cell_height;
  p->across = (columns + p->tile - 1) / p->tile;
  p->down = (rows + TILE_ROWS - 1) / TILE_ROWS;
  p->stale = calloc((size_t)p->across * (size_t)p->down, sizeof *p->stale);
  p->canvas =
      (struct canvas){.width = columns * cell_width, .height = rows * cell_height, .stride = columns * cell_width};
  if (p->kind == TERMINAL_BLOCKS)
    cells_resize(&p->cells, columns, rows);
  else
    p->canvas.pixel = calloc((size_t)p->canvas.width * (size_t)p->canvas.height, sizeof *p->canvas.pixel);
  p->fresh = true;
  terminal_picture_forget(p);
  return true;
}

void terminal_picture_forget(struct terminal_picture *p)
{
  blocks_forget(&p->blocks);
  for (int i = 0; p->stale && i < p->across * p->down; i++)
    p->stale[i] = true;
}

/* The cells of tiles [first, last] of a row of tiles. */
static struct rect cells_of(const struct terminal_picture *p, int first, int last, int row)
{
  const struct rect r = {first * p->tile, row * TILE_ROWS, (last - first + 1) * p->tile, TILE_ROWS};
  return rect_intersection(r, (struct rect){0, 0, p->columns, p->rows});
}

static struct rect pixels_of(const struct terminal_picture *p, struct rect cells)
{
  return (struct rect){cells.x * p->cell_width, cells.y * p->cell_height, cells.w * p->cell_width,
                       cells.h * p->cell_height};
}

static void mark(struct terminal_picture *p, const struct damage *damage)
{
  const int width = p->tile * p->cell_width;
  const int height = TILE_ROWS * p->cell_height;
  for (int i = 0; i < damage->count; i++) {
    const struct rect r = rect_intersection(damage->rect[i], canvas_rect(&p->canvas));
    if (rect_empty(r))
      continue;
    for (int y = r.y / height; y <= (r.y + r.h - 1) / height; y++)
      for (int x = r.x / width; x <= (r.x + r.w - 1) / width; x++)
        p->stale[y * p->across + x] = true;
  }
}

/* Tiles that lie side by side are one picture, where a picture has no number. */
static void send_tiles(struct terminal_picture *p, struct bytes *out)
{
  for (int y = 0; y < p->down; y++)
    for (int x = 0; x < p->across; x++) {
      bool *stale = p->stale + (size_t)y * (size_t)p->across;
      int last = x;
      if (!stale[x])
        continue;
      while (p->kind == TERMINAL_SIXEL && last + 1 < p->across && stale[last + 1])
        last++;
      const struct rect cells = cells_of(p, x, last, y);
      bytes_format(out, "\033[%d;%dH", cells.y + 1, cells.x + 1);
      if (p->kind == TERMINAL_SIXEL)
        sixel_show(&p->sixel, out, &p->canvas, pixels_of(p, cells));
      else
        kitty_show(&p->kitty, out, &p->canvas, pixels_of(p, cells), KITTY_FIRST + y * p->across + x, cells.w, cells.h);
      for (; x < last; x++)
        stale[x] = false;
      stale[last] = false;
    }
}

bool terminal_picture_send(struct terminal_picture *p, struct bytes *out, const struct damage *damage)
{
  p->fresh = false;
  if (p->kind == TERMINAL_BLOCKS)
    return blocks_show(&p->blocks, out, &p->cells, 0) && !out->failed;
  mark(p, damage);
  send_tiles(p, out);
  return !out->failed;
}

void terminal_picture_print(struct terminal_picture *p, struct bytes *out)
{
  if (p->fresh || (p->kind != TERMINAL_BLOCKS && !p->canvas.pixel))
    return;
  const struct rect all = {0, 0, p->canvas.width, p->canvas.height};
  switch (p->kind) {
  case TERMINAL_KITTY:
    p->kitty.shared = false; /* it may be read when we are gone */
    /* Room for it first: then it does not matter where on the screen the cursor is. */
    for (int i = 0; i < p->rows - 1; i++)
      bytes_text(out, "\n");
    if (p->rows > 1)
      bytes_format(out, "\r\033[%dA", p->rows - 1);
    kitty_show(&p->kitty, out, &p->canvas, all, KITTY_FIRST, p->columns, p->rows);
    if (p->rows > 1)
      bytes_format(out, "\033[%dB", p->rows - 1);
    bytes_text(out, "\r\n");
    break;
  case TERMINAL_SIXEL:
    sixel_show(&p->sixel, out, &p->canvas, all);
    bytes_text(out, "\r\n");
    break;
  case TERMINAL_BLOCKS:
  case TERMINAL_ANY:
    blocks_print(&p->blocks, out, &p->cells);
    break;
  }
}
