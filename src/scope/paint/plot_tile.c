#include "scope/paint/plot_tile.h"

#include "scope/paint/stroke.h"

enum {
  SUB = SPANS_SUB,
  THIN_QUARTERS = 2, /* how strong a bar is beyond its body */
  SPARSE = 4,        /* a tile of which less than a fourth is covered is painted column by column */
};

/*
 * Rows of a tile's columns, [from, to) each: of the strong body, of all of the bar, and of the sides that the bars of the
 * neighbours have.
 */
struct tile {
  int32_t body_from[PLOT_TILE], body_to[PLOT_TILE];
  int32_t bar_from[PLOT_TILE], bar_to[PLOT_TILE];
  int32_t side_from[PLOT_TILE], side_to[PLOT_TILE];
  int32_t first, last;        /* rows that any of them touches */
  int32_t full_from, full_to; /* rows that are the body of all columns, if full_from < full_to */
  int32_t covered;            /* rows to be touched, of all columns together */
  bool thin;                  /* there are bars that are more than their body */
  bool strokes;               /* there are strokes in the tile or next to it */
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
static void look_at_tile(const struct plot_pen *p, const struct spans *s, struct rect r, struct tile *t)
{
  *t = (struct tile){.first = r.y + r.h, .last = r.y, .full_from = r.y, .full_to = r.y + r.h};
  for (int x = 0; x < PLOT_TILE; x++) {
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
    t->full_from = t->body_from[x] > t->full_from ? t->body_from[x] : t->full_from;
    t->full_to = t->body_to[x] < t->full_to ? t->body_to[x] : t->full_to;
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
 * One row of a tile. `width` is the constant PLOT_TILE almost always, and so are `thin` and `side`: the loop is vector code
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

static inline void paint_rows(const struct plot_pen *p, const struct canvas *c, struct rect r, const struct tile *t,
                              uint32_t colour)
{
  const bool usual = r.w == PLOT_TILE && p->side_quarters <= 1;
  uint32_t *row = c->pixel + (long)(p->plot.y + t->first) * c->stride + p->plot.x + r.x;
  for (int32_t y = t->first; y < t->last; y++, row += c->stride) {
    if (y >= t->full_from && y < t->full_to)
      for (int x = 0; x < r.w; x++)
        row[x] = colour;
    else if (usual && t->thin)
      paint_row(row, t, PLOT_TILE, true, 1, y, colour);
    else if (usual)
      paint_row(row, t, PLOT_TILE, false, 1, y, colour);
    else
      paint_row(row, t, r.w, t->thin, p->side_quarters, y, colour);
  }
}

#if defined(__x86_64__)
/* The same, compiled for vectors twice as wide. */
__attribute__((target("avx2"))) static void paint_rows_avx2(const struct plot_pen *p, const struct canvas *c,
                                                            struct rect r, const struct tile *t, uint32_t colour)
{
  paint_rows(p, c, r, t, colour);
}
#endif

static void paint_rows_here(const struct plot_pen *p, const struct canvas *c, struct rect r, const struct tile *t,
                            uint32_t colour)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    paint_rows_avx2(p, c, r, t, colour);
    return;
  }
#endif
  paint_rows(p, c, r, t, colour);
}

/* Rows [from, to) of one column. */
static void paint_column(const struct plot_pen *p, uint32_t *column, long stride, const struct tile *t, int x,
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
static void paint_ends(const struct plot_pen *p, struct canvas *c, struct rect r, int x, int32_t top, int32_t bottom,
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
    canvas_blend(c, p->plot.x + x, p->plot.y + from - 1, colour, above_part - (above_part >> 8));
  if (below_part > 0 && to >= r.y && to < r.y + r.h)
    canvas_blend(c, p->plot.x + x, p->plot.y + to, colour, below_part - (below_part >> 8));
}

static void paint_bar_ends(const struct plot_pen *p, struct canvas *c, struct rect r, int x, const struct span *span,
                           uint32_t colour)
{
  const bool thin = span->body_top != span->top || span->body_bottom != span->bottom;
  if (thin)
    paint_ends(p, c, r, x, span->top, span->bottom, 64 * THIN_QUARTERS, colour);
  if (span->body_top < span->body_bottom)
    paint_ends(p, c, r, x, span->body_top, span->body_bottom, 256, colour);
}

/* What strokes cover of column x. */
static void paint_strokes(const struct plot_pen *p, struct canvas *c, struct rect r, const struct spans *s, int x,
                          uint32_t colour)
{
  int from;
  const int rows = stroke_cover(s, x, p->thickness, p->sum, p->alpha, &from);
  const int first = from > r.y ? from : r.y;
  const int last = from + rows < r.y + r.h ? from + rows : r.y + r.h;
  uint32_t *pixel = c->pixel + (long)(p->plot.y + first) * c->stride + p->plot.x + x;
  for (int y = first; y < last; y++, pixel += c->stride) {
    const int alpha = p->alpha[y - from];
    if (alpha == 255)
      *pixel = colour;
    else if (alpha > 0)
      *pixel = colour_mix(*pixel, colour, alpha);
  }
}

void plot_tile_paint(const struct plot_pen *p, const struct spans *s, struct canvas *c, struct rect r)
{
  const uint32_t colour = p->colour;
  struct tile t;
  look_at_tile(p, s, r, &t);
  if (t.covered * SPARSE < (t.last - t.first) * PLOT_TILE) {
    /* An upright stroke crosses each column in a few of the tile's many rows: column by column there is less to look at. */
    uint32_t *origin = c->pixel + (long)p->plot.y * c->stride + p->plot.x + r.x;
    for (int x = 0; x < r.w; x++)
      paint_column(p, origin + x, c->stride, &t, x, colour);
  } else {
    paint_rows_here(p, c, r, &t, colour);
  }
  for (int x = r.x; x < r.x + r.w; x++)
    if (span_has_bar(&s->span[x]))
      paint_bar_ends(p, c, r, x, &s->span[x], colour);
  for (int x = r.x; x < r.x + r.w && t.strokes; x++)
    paint_strokes(p, c, r, s, x, colour);
}
