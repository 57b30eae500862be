#include "scope/paint/plot.h"

#include <stdlib.h>
#include <string.h>

enum {
  SUB = SPANS_SUB,
  TILE = 16, /* columns in a tile */
  STRETCHES_MAX = 2 * CHANNELS_MAX,
  SPARSE = 4,         /* a tile of which less than a fourth is covered is painted column by column */
  JOIN_ROWS = 8,      /* stretches of a tile closer than that are painted as one */
  JOIN_PIXELS = 1200, /* neighbouring rectangles are joined when that wastes less: about the cost of one more request */
};

/* Rows [from, to). */
struct stretch {
  int from, to;
};

void plot_init(struct plot *p)
{
  *p = (struct plot){.everything = true};
}

static void free_all(struct plot *p)
{
  for (int c = 0; c < CHANNELS_MAX; c++) {
    spans_destroy(&p->now[c]);
    spans_destroy(&p->before[c]);
  }
  free(p->grid_now);
  free(p->grid_before);
  free(p->grid_row);
  p->grid_now = p->grid_before = p->grid_row = NULL;
  p->channels = 0;
}

void plot_destroy(struct plot *p)
{
  free_all(p);
  plot_init(p);
}

bool plot_resize(struct plot *p, struct rect rect)
{
  free_all(p);
  p->rect = rect;
  p->everything = true;
  p->grid_now = calloc((size_t)rect.w, 1);
  p->grid_before = calloc((size_t)rect.w, 1);
  p->grid_row = calloc((size_t)rect.h, 1);
  return p->grid_now && p->grid_before && p->grid_row;
}

void plot_invalidate(struct plot *p)
{
  p->everything = true;
}

bool plot_begin(struct plot *p, int channels)
{
  for (int c = 0; c < channels; c++)
    if ((!p->now[c].bottom && !spans_resize(&p->now[c], p->rect.w, p->rect.h)) ||
        (!p->before[c].bottom && !spans_resize(&p->before[c], p->rect.w, p->rect.h)))
      return false;
  if (channels != p->channels)
    p->everything = true;
  p->channels = channels;
  for (int c = 0; c < channels; c++) {
    struct spans swap = p->now[c];
    p->now[c] = p->before[c];
    p->before[c] = swap;
  }
  uint8_t *grid = p->grid_now;
  p->grid_now = p->grid_before;
  p->grid_before = grid;
  memset(p->grid_now, 0, (size_t)p->rect.w);
  return true;
}

void plot_grid_rows(struct plot *p, const int *rows, int count)
{
  memset(p->grid_row, 0, (size_t)p->rect.h);
  for (int i = 0; i < count; i++)
    p->grid_row[rows[i]] = 1;
}

void plot_grid_column(struct plot *p, int64_t column)
{
  if (column >= 0 && column < p->rect.w)
    p->grid_now[column] = 1;
}

/* ---- Painting a rectangle from what is known of it ---- */

static void paint_background(const struct plot *p, struct canvas *c, struct rect r)
{
  for (int y = r.y; y < r.y + r.h; y++) {
    uint32_t *row = c->pixel + (long)(p->rect.y + y) * c->stride + p->rect.x + r.x;
    uint32_t colour = p->grid_row[y] ? p->grid_colour : p->background;
    for (int x = 0; x < r.w; x++)
      row[x] = colour;
  }
  for (int x = r.x; x < r.x + r.w; x++)
    if (p->grid_now[x])
      canvas_fill(c, (struct rect){p->rect.x + x, p->rect.y + r.y, 1, r.h}, p->grid_colour);
}

/* Rows of a tile's columns, [from, to) each: own ones are covered whole, halo ones lie beside a neighbour's span. */
struct tile {
  int32_t own_from[TILE], own_to[TILE];
  int32_t halo_from[TILE], halo_to[TILE];
};

/* The rows that the columns left and right of x cover whole. In a level line x covers them itself. */
static void find_halo(const struct spans *s, int x, int32_t *from, int32_t *to)
{
  *from = INT32_MAX;
  *to = 0;
  for (int side = x - 1; side <= x + 1; side += 2) {
    if (side < 0 || side >= s->width || s->top[side] >= s->bottom[side])
      continue;
    int32_t top = (s->top[side] + SUB - 1) / SUB;
    int32_t bottom = s->bottom[side] / SUB;
    if (top >= bottom)
      continue;
    *from = top < *from ? top : *from;
    *to = bottom > *to ? bottom : *to;
  }
}

/* One row of a tile; `width` is the constant TILE almost always, and the loop vector code then. */
static inline void paint_row(uint32_t *row, const struct tile *t, int width, int32_t y, uint32_t colour)
{
  const uint32_t quarter = colour >> 2 & 0x3F3F3F;
  for (int x = 0; x < width; x++) {
    uint32_t old = row[x];
    uint32_t lit = old - (old >> 2 & 0x3F3F3F) + quarter; /* three quarters of the old, one of the colour */
    bool beside = (y >= t->halo_from[x]) & (y < t->halo_to[x]);
    bool own = (y >= t->own_from[x]) & (y < t->own_to[x]);
    row[x] = own ? colour : beside ? lit : old;
  }
}

/* Rows [from, to) of one column: those of its own, and its halo where that reaches beyond. */
static void paint_column(uint32_t *column, long stride, const struct tile *t, int x, int32_t from, int32_t to,
                         uint32_t colour)
{
  const uint32_t quarter = colour >> 2 & 0x3F3F3F;
  int32_t first = t->own_from[x] < t->halo_from[x] ? t->own_from[x] : t->halo_from[x];
  int32_t last = t->own_to[x] > t->halo_to[x] ? t->own_to[x] : t->halo_to[x];
  first = first > from ? first : from;
  last = last < to ? last : to;
  for (int32_t y = first; y < last; y++) {
    uint32_t *pixel = column + y * stride;
    if (y >= t->own_from[x] && y < t->own_to[x])
      *pixel = colour;
    else if (y >= t->halo_from[x] && y < t->halo_to[x])
      *pixel = *pixel - (*pixel >> 2 & 0x3F3F3F) + quarter;
  }
}

/* The ends of a column's span that cover a part of a pixel; rows [r.y, r.y + r.h). */
static void paint_ends(const struct plot *p, struct canvas *c, struct rect r, int x, int32_t top, int32_t bottom,
                       uint32_t colour)
{
  int32_t from = (top + SUB - 1) / SUB;
  int32_t to = bottom / SUB;
  int32_t above_part = from * SUB - top;
  int32_t below_part = bottom - to * SUB;
  if (from > to) { /* both ends in one pixel */
    above_part = bottom - top;
    below_part = 0;
  }
  if (above_part > 0 && from - 1 >= r.y && from - 1 < r.y + r.h)
    canvas_blend(c, p->rect.x + x, p->rect.y + from - 1, colour, above_part - (above_part >> 8));
  if (below_part > 0 && to >= r.y && to < r.y + r.h)
    canvas_blend(c, p->rect.x + x, p->rect.y + to, colour, below_part - (below_part >> 8));
}

/* One channel within at most TILE columns and rows [r.y, r.y + r.h). */
static void paint_tile(const struct plot *p, struct canvas *c, struct rect r, int channel)
{
  const struct spans *s = &p->now[channel];
  const uint32_t colour = p->colour[channel];
  struct tile t;
  int32_t first = r.y + r.h;
  int32_t last = r.y;
  int32_t covered = 0; /* rows to be touched, of all columns together */
  for (int x = 0; x < TILE; x++) {
    t.own_from[x] = t.own_to[x] = t.halo_to[x] = 0;
    t.halo_from[x] = INT32_MAX;
    if (x >= r.w)
      continue;
    if (s->top[r.x + x] < s->bottom[r.x + x]) {
      t.own_from[x] = (s->top[r.x + x] + SUB - 1) / SUB;
      t.own_to[x] = s->bottom[r.x + x] / SUB;
      first = t.own_from[x] < first ? t.own_from[x] : first;
      last = t.own_to[x] > last ? t.own_to[x] : last;
      covered += t.own_to[x] > t.own_from[x] ? t.own_to[x] - t.own_from[x] : 0;
    }
    if (p->halo) {
      find_halo(s, r.x + x, &t.halo_from[x], &t.halo_to[x]);
      first = t.halo_from[x] < first ? t.halo_from[x] : first;
      last = t.halo_to[x] > last ? t.halo_to[x] : last;
      covered += t.halo_to[x] > t.halo_from[x] ? t.halo_to[x] - t.halo_from[x] : 0;
    }
  }
  first = first < r.y ? r.y : first;
  last = last > r.y + r.h ? r.y + r.h : last;

  uint32_t *origin = c->pixel + (long)p->rect.y * c->stride + p->rect.x + r.x;
  if (covered * SPARSE < (last - first) * TILE) {
    /* A steep line crosses each column in a few of the tile's many rows: column by column there is less to look at. */
    for (int x = 0; x < r.w; x++)
      paint_column(origin + x, c->stride, &t, x, first, last, colour);
  } else {
    for (int32_t y = first; y < last; y++) {
      uint32_t *row = origin + (long)y * c->stride;
      if (r.w == TILE)
        paint_row(row, &t, TILE, y, colour);
      else
        paint_row(row, &t, r.w, y, colour);
    }
  }
  for (int x = r.x; x < r.x + r.w; x++)
    if (s->top[x] < s->bottom[x])
      paint_ends(p, c, r, x, s->top[x], s->bottom[x], colour);
}

static void paint_rect(const struct plot *p, struct canvas *c, struct rect r, struct damage *damage)
{
  r = rect_intersection(r, (struct rect){0, 0, p->rect.w, p->rect.h});
  if (rect_empty(r))
    return;
  paint_background(p, c, r);
  for (int channel = 0; channel < p->channels; channel++)
    for (int x = r.x; x < r.x + r.w; x += TILE) {
      int w = r.x + r.w - x < TILE ? r.x + r.w - x : TILE;
      paint_tile(p, c, (struct rect){x, r.y, w, r.h}, channel);
    }
  damage_add(damage, (struct rect){p->rect.x + r.x, p->rect.y + r.y, r.w, r.h});
}

/* ---- What differs ---- */

static void extend(struct stretch *r, int32_t top, int32_t bottom)
{
  if (top >= bottom)
    return;
  int from = top / SUB;
  int to = (bottom + SUB - 1) / SUB;
  bool none = r->from >= r->to;
  r->from = none || from < r->from ? from : r->from;
  r->to = none || to > r->to ? to : r->to;
}

static int by_start(const void *a, const void *b)
{
  const struct stretch *x = a;
  const struct stretch *y = b;
  return (x->from > y->from) - (x->from < y->from);
}

/* The rows of tile [x, x + w) that are to be painted anew: stretches from top to bottom, well apart; their number. */
static int find_changes(const struct plot *p, int x, int w, struct stretch *out)
{
  int count = 0;
  for (int c = 0; c < p->channels; c++) {
    const struct spans *now = &p->now[c];
    const struct spans *before = &p->before[c];
    struct stretch come = {0, 0};
    struct stretch gone = {0, 0};
    /* A column's halo lies in its neighbours: those of the next tiles count as well. */
    for (int i = x > 0 ? x - 1 : 0; i < x + w + 1 && i < p->rect.w; i++) {
      if (now->top[i] == before->top[i] && now->bottom[i] == before->bottom[i])
        continue;
      extend(&come, now->top[i], now->bottom[i]);
      extend(&gone, before->top[i], before->bottom[i]);
    }
    if (come.from < come.to)
      out[count++] = come;
    if (gone.from < gone.to)
      out[count++] = gone;
  }
  if (count < 2)
    return count;
  qsort(out, (size_t)count, sizeof *out, by_start);
  int joined = 0;
  for (int i = 1; i < count; i++) {
    if (out[i].from <= out[joined].to + JOIN_ROWS)
      out[joined].to = out[i].to > out[joined].to ? out[i].to : out[joined].to;
    else
      out[++joined] = out[i];
  }
  return joined + 1;
}

/* Joins r to a rectangle of the list that ends where it begins, if that costs little; else appends it. */
static void collect(struct damage *list, struct rect r)
{
  for (int i = list->count - 1; i >= 0 && i >= list->count - 8; i--) {
    struct rect *other = &list->rect[i];
    if (other->x + other->w != r.x)
      continue;
    struct rect both = rect_union(*other, r);
    if (rect_area(both) - rect_area(*other) - rect_area(r) <= JOIN_PIXELS) {
      *other = both;
      return;
    }
  }
  damage_add(list, r);
}

/* Grid lines that came or went, old and new side by side as one rectangle. */
static void collect_grid(const struct plot *p, struct damage *list)
{
  for (int x = 0; x < p->rect.w; x++) {
    if (p->grid_now[x] == p->grid_before[x])
      continue;
    int end = x + 1;
    for (int look = end; look < p->rect.w && look < x + 4; look++)
      if (p->grid_now[look] != p->grid_before[look])
        end = look + 1;
    damage_add(list, (struct rect){x, 0, end - x, p->rect.h});
    x = end - 1;
  }
}

void plot_paint(struct plot *p, struct canvas *c, struct damage *damage)
{
  if (p->everything) {
    p->everything = false;
    paint_rect(p, c, (struct rect){0, 0, p->rect.w, p->rect.h}, damage);
    return;
  }
  struct damage list = {.count = 0};
  for (int x = 0; x < p->rect.w; x += TILE) {
    int w = p->rect.w - x < TILE ? p->rect.w - x : TILE;
    struct stretch change[STRETCHES_MAX];
    int n = find_changes(p, x, w, change);
    for (int i = 0; i < n; i++)
      collect(&list, (struct rect){x, change[i].from, w, change[i].to - change[i].from});
  }
  collect_grid(p, &list);
  for (int i = 0; i < list.count; i++)
    paint_rect(p, c, list.rect[i], damage);
}
