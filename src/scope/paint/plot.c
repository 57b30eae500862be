#include "scope/paint/plot.h"

#include <stdlib.h>
#include <string.h>

#include "scope/paint/stroke.h"

enum {
  SUB = SPANS_SUB,
  THIN_QUARTERS = 2, /* how strong a bar is beyond its body */
  TILE = 16,         /* columns in a tile */
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
  free(p->sum);
  free(p->alpha);
  p->grid_now = p->grid_before = p->grid_row = p->alpha = NULL;
  p->sum = NULL;
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
  p->sum = calloc((size_t)rect.h + 2, sizeof *p->sum);
  p->alpha = calloc((size_t)rect.h, 1);
  return p->grid_now && p->grid_before && p->grid_row && p->sum && p->alpha;
}

void plot_invalidate(struct plot *p)
{
  p->everything = true;
}

bool plot_begin(struct plot *p, int channels)
{
  for (int c = 0; c < channels; c++)
    if ((!p->now[c].span && !spans_resize(&p->now[c], p->rect.w, p->rect.h)) ||
        (!p->before[c].span && !spans_resize(&p->before[c], p->rect.w, p->rect.h)))
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

/*
 * Rows of a tile's columns, [from, to) each: of the strong body, of all of the bar, and of the sides that the bars of the
 * neighbours have.
 */
struct tile {
  int32_t body_from[TILE], body_to[TILE];
  int32_t bar_from[TILE], bar_to[TILE];
  int32_t side_from[TILE], side_to[TILE];
  int32_t first, last; /* rows that any of them touches */
  int32_t covered;     /* rows to be touched, of all columns together */
  bool thin;           /* there are bars that are more than their body */
  bool strokes;        /* there are strokes in the tile or next to it */
};

static int32_t round_up(int32_t parts)
{
  return (parts + SUB - 1) / SUB;
}

/* The rows that the bars left and right of x cover whole, where these have sides. In a level line x covers them itself. */
static void find_sides(const struct spans *s, int x, int32_t *from, int32_t *to)
{
  for (int side = x - 1; side <= x + 1; side += 2) {
    if (side < 0 || side >= s->width || !s->span[side].sides)
      continue;
    int32_t top = round_up(s->span[side].top);
    int32_t bottom = s->span[side].bottom / SUB;
    if (top >= bottom)
      continue;
    *from = top < *from ? top : *from;
    *to = bottom > *to ? bottom : *to;
  }
}

static void tile_extend(struct tile *t, int32_t from, int32_t to)
{
  if (from >= to)
    return;
  t->first = from < t->first ? from : t->first;
  t->last = to > t->last ? to : t->last;
  t->covered += to - from;
}

/* What there is in the columns and rows of r. */
static void look_at_tile(const struct plot *p, const struct spans *s, struct rect r, struct tile *t)
{
  *t = (struct tile){.first = r.y + r.h, .last = r.y};
  for (int x = 0; x < TILE; x++) {
    t->side_from[x] = INT32_MAX;
    if (x >= r.w)
      continue;
    const struct span *span = &s->span[r.x + x];
    if (span_has_bar(span)) {
      t->bar_from[x] = round_up(span->top);
      t->bar_to[x] = span->bottom / SUB;
      t->body_from[x] = round_up(span->body_top);
      t->body_to[x] = span->body_bottom / SUB;
      t->thin |= span->body_top != span->top || span->body_bottom != span->bottom;
      tile_extend(t, t->bar_from[x], t->bar_to[x]);
    }
    if (p->side_quarters > 0) {
      find_sides(s, r.x + x, &t->side_from[x], &t->side_to[x]);
      tile_extend(t, t->side_from[x], t->side_to[x]);
    }
  }
  t->first = t->first < r.y ? r.y : t->first;
  t->last = t->last > r.y + r.h ? r.y + r.h : t->last;
  const int reach = stroke_reach(p->thickness);
  for (int x = r.x - reach < 0 ? 0 : r.x - reach; x < r.x + r.w + reach && x < s->width; x++)
    t->strokes |= span_has_stroke(&s->span[x]);
}

/* A colour, some quarters of the way from the old one: by shifts, which vector code has for pixels. */
static inline uint32_t quarters(uint32_t old, uint32_t colour, int count)
{
  const uint32_t old_quarter = old >> 2 & 0x3F3F3F;
  const uint32_t quarter = colour >> 2 & 0x3F3F3F;
  switch (count) {
  case 1:
    return old - old_quarter + quarter;
  case 2:
    return old - (old >> 1 & 0x7F7F7F) + (colour >> 1 & 0x7F7F7F);
  default:
    return old_quarter + (colour - quarter);
  }
}

/*
 * One row of a tile. `width` is the constant TILE almost always, and so are `thin` and `side`: the loop is vector code
 * then.
 */
static inline void paint_row(uint32_t *row, const struct tile *t, int width, bool thin, int side, int32_t y,
                             uint32_t colour)
{
  for (int x = 0; x < width; x++) {
    const uint32_t old = row[x];
    bool body = (y >= t->body_from[x]) & (y < t->body_to[x]);
    bool bar = (y >= t->bar_from[x]) & (y < t->bar_to[x]);
    bool beside = (y >= t->side_from[x]) & (y < t->side_to[x]);
    uint32_t lit = beside ? quarters(old, colour, side) : old;
    lit = thin && bar ? quarters(old, colour, THIN_QUARTERS) : lit;
    row[x] = body ? colour : lit;
  }
}

static void paint_rows(const struct plot *p, const struct canvas *c, struct rect r, const struct tile *t,
                       uint32_t colour)
{
  const bool usual = r.w == TILE && p->side_quarters <= 1;
  uint32_t *row = c->pixel + (long)(p->rect.y + t->first) * c->stride + p->rect.x + r.x;
  for (int32_t y = t->first; y < t->last; y++, row += c->stride) {
    if (usual && t->thin)
      paint_row(row, t, TILE, true, 1, y, colour);
    else if (usual)
      paint_row(row, t, TILE, false, 1, y, colour);
    else
      paint_row(row, t, r.w, t->thin, p->side_quarters, y, colour);
  }
}

/* Rows [from, to) of one column. */
static void paint_column(const struct plot *p, uint32_t *column, long stride, const struct tile *t, int x,
                         uint32_t colour)
{
  int32_t first = t->bar_from[x] < t->bar_to[x] ? t->bar_from[x] : t->side_from[x];
  int32_t last = t->bar_from[x] < t->bar_to[x] ? t->bar_to[x] : t->side_to[x];
  first = t->side_from[x] < first ? t->side_from[x] : first;
  last = t->side_to[x] > last ? t->side_to[x] : last;
  first = first > t->first ? first : t->first;
  last = last < t->last ? last : t->last;
  for (int32_t y = first; y < last; y++) {
    uint32_t *pixel = column + y * stride;
    if (y >= t->body_from[x] && y < t->body_to[x])
      *pixel = colour;
    else if (y >= t->bar_from[x] && y < t->bar_to[x])
      *pixel = quarters(*pixel, colour, THIN_QUARTERS);
    else if (y >= t->side_from[x] && y < t->side_to[x])
      *pixel = quarters(*pixel, colour, p->side_quarters);
  }
}

/* The ends of a bar or its body that cover a part of a pixel, within rows [r.y, r.y + r.h); weight: of 256. */
static void paint_ends(const struct plot *p, struct canvas *c, struct rect r, int x, int32_t top, int32_t bottom,
                       int weight, uint32_t colour)
{
  int32_t from = round_up(top);
  int32_t to = bottom / SUB;
  int32_t above_part = from * SUB - top;
  int32_t below_part = bottom - to * SUB;
  if (from > to) { /* both ends in one pixel */
    above_part = bottom - top;
    below_part = 0;
  }
  above_part = above_part * weight / 256;
  below_part = below_part * weight / 256;
  if (above_part > 0 && from - 1 >= r.y && from - 1 < r.y + r.h)
    canvas_blend(c, p->rect.x + x, p->rect.y + from - 1, colour, above_part - (above_part >> 8));
  if (below_part > 0 && to >= r.y && to < r.y + r.h)
    canvas_blend(c, p->rect.x + x, p->rect.y + to, colour, below_part - (below_part >> 8));
}

static void paint_bar_ends(const struct plot *p, struct canvas *c, struct rect r, int x, const struct span *span,
                           uint32_t colour)
{
  const bool thin = span->body_top != span->top || span->body_bottom != span->bottom;
  if (thin)
    paint_ends(p, c, r, x, span->top, span->bottom, 64 * THIN_QUARTERS, colour);
  if (span->body_top < span->body_bottom)
    paint_ends(p, c, r, x, span->body_top, span->body_bottom, 256, colour);
}

/* What strokes cover of column x. */
static void paint_strokes(const struct plot *p, struct canvas *c, struct rect r, const struct spans *s, int x,
                          uint32_t colour)
{
  int from;
  const int rows = stroke_cover(s, x, p->thickness, p->sum, p->alpha, &from);
  const int first = from > r.y ? from : r.y;
  const int last = from + rows < r.y + r.h ? from + rows : r.y + r.h;
  uint32_t *pixel = c->pixel + (long)(p->rect.y + first) * c->stride + p->rect.x + x;
  for (int y = first; y < last; y++, pixel += c->stride) {
    const int alpha = p->alpha[y - from];
    if (alpha == 255)
      *pixel = colour;
    else if (alpha > 0)
      *pixel = colour_mix(*pixel, colour, alpha);
  }
}

/* One channel within at most TILE columns and rows [r.y, r.y + r.h). */
static void paint_tile(const struct plot *p, struct canvas *c, struct rect r, int channel)
{
  const struct spans *s = &p->now[channel];
  const uint32_t colour = p->colour[channel];
  struct tile t;
  look_at_tile(p, s, r, &t);
  if (t.covered * SPARSE < (t.last - t.first) * TILE) {
    /* An upright stroke crosses each column in a few of the tile's many rows: column by column there is less to look at. */
    uint32_t *origin = c->pixel + (long)p->rect.y * c->stride + p->rect.x + r.x;
    for (int x = 0; x < r.w; x++)
      paint_column(p, origin + x, c->stride, &t, x, colour);
  } else {
    paint_rows(p, c, r, &t, colour);
  }
  for (int x = r.x; x < r.x + r.w; x++)
    if (span_has_bar(&s->span[x]))
      paint_bar_ends(p, c, r, x, &s->span[x], colour);
  for (int x = r.x; x < r.x + r.w && t.strokes; x++)
    paint_strokes(p, c, r, s, x, colour);
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

/* Adds the rows that a column's bar and stroke touch. */
static void extend(struct stretch *r, const struct plot *p, const struct spans *s, int x)
{
  int from;
  int to;
  spans_rows(s, x, p->thickness, &from, &to);
  if (from >= to)
    return;
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
  const int reach = stroke_reach(p->thickness) > 1 ? stroke_reach(p->thickness) : 1;
  int count = 0;
  for (int c = 0; c < p->channels; c++) {
    const struct spans *now = &p->now[c];
    const struct spans *before = &p->before[c];
    struct stretch come = {0, 0};
    struct stretch gone = {0, 0};
    /* What a column has reaches into its neighbours: those of the next tiles count as well. */
    for (int i = x > reach ? x - reach : 0; i < x + w + reach && i < p->rect.w; i++) {
      if (memcmp(&now->span[i], &before->span[i], sizeof now->span[i]) == 0)
        continue;
      extend(&come, p, now, i);
      extend(&gone, p, before, i);
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

void plot_restore(const struct plot *p, struct canvas *c, struct rect place, struct damage *damage)
{
  place.x -= p->rect.x;
  place.y -= p->rect.y;
  paint_rect(p, c, place, damage);
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
