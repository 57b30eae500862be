#include "scope/paint/plot.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "scope/paint/plot_tile.h"
#include "scope/paint/stroke.h"
#include "scope/paint/svg.h"

enum { LIMIT_DASH = 6 };

enum {
  TILE = 16, /* columns in a tile */
  STRETCHES_MAX = 2 * CHANNELS_MAX,
  JOIN_ROWS = 8,      /* stretches of a tile closer than that are painted as one */
  JOIN_PIXELS = 1200, /* neighbouring rectangles are joined when that wastes less: about the cost of one more request */
};

/* Rows [from, to). */
struct stretch {
  int from, to;
};

void plot_init(struct plot *p)
{
  *p = (struct plot){.everything = true, .inside_to = INT_MAX, .limit_row = {-1, -1}};
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

/* Dashed lines at the limits, under the traces. */
static void draw_limits(const struct plot *p, struct canvas *c, struct rect r)
{
  for (int i = 0; i < 2; i++) {
    if (p->limit_row[i] < r.y || p->limit_row[i] >= r.y + r.h)
      continue;
    for (int x = r.x - r.x % (2 * LIMIT_DASH); x < r.x + r.w; x += 2 * LIMIT_DASH) {
      const struct rect dash = {x, p->limit_row[i], LIMIT_DASH, 1};
      struct rect part = rect_intersection(dash, r);
      part.x += p->rect.x;
      part.y += p->rect.y;
      if (part.w > 0)
        canvas_fill(c, part, p->limit_colour);
    }
  }
}

/* The rows of a band of the plot: above what is inside of the limits, inside, below. */
enum { BANDS = 3 };

static struct rect band_of(const struct plot *p, int band, struct rect r)
{
  const int from = band == 0 ? 0 : band == 1 ? p->inside_from : p->inside_to;
  const int to = band == 0 ? p->inside_from : band == 1 ? p->inside_to : INT_MAX;
  const int top = r.y > from ? r.y : from;
  const int bottom = r.y + r.h < to ? r.y + r.h : to;
  return (struct rect){r.x, top, r.w, bottom > top ? bottom - top : 0};
}

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
  draw_limits(p, c, r);
}

/* All of the plot as vectors: the same background and grid, and each trace as a path. */
static void draw_vectors(const struct plot *p, struct canvas *c)
{
  canvas_fill(c, p->rect, p->background);
  for (int y = 0; y < p->rect.h; y++)
    if (p->grid_row[y])
      canvas_fill(c, (struct rect){p->rect.x, p->rect.y + y, p->rect.w, 1}, p->grid_colour);
  for (int x = 0; x < p->rect.w; x++)
    if (p->grid_now[x])
      canvas_fill(c, (struct rect){p->rect.x + x, p->rect.y, 1, p->rect.h}, p->grid_colour);
  draw_limits(p, c, (struct rect){0, 0, p->rect.w, p->rect.h});
  for (int channel = 0; channel < p->channels; channel++)
    for (int band = 0; band < BANDS; band++) {
      struct rect clip = band_of(p, band, (struct rect){0, 0, p->rect.w, p->rect.h});
      clip.x += p->rect.x;
      clip.y += p->rect.y;
      if (clip.h > 0)
        svg_trace(c->svg, &p->now[channel], p->rect, clip, p->thickness, p->side_quarters,
                  band == 1 ? p->colour[channel] : p->limit_colour);
    }
}

/* A channel's trace in a rectangle. */
static void paint_trace(const struct plot *p, struct canvas *c, struct rect r, int channel, uint32_t colour)
{
  const struct plot_pen pen = {.plot = p->rect,
                               .colour = colour,
                               .thickness = p->thickness,
                               .side_quarters = p->side_quarters,
                               .sum = p->sum,
                               .alpha = p->alpha};
  for (int x = r.x; x < r.x + r.w; x += TILE) {
    const int w = r.x + r.w - x < TILE ? r.x + r.w - x : TILE;
    plot_tile_paint(&pen, &p->now[channel], c, (struct rect){x, r.y, w, r.h});
  }
}

static void paint_rect(const struct plot *p, struct canvas *c, struct rect r, struct damage *damage)
{
  r = rect_intersection(r, (struct rect){0, 0, p->rect.w, p->rect.h});
  if (rect_empty(r))
    return;
  paint_background(p, c, r);
  for (int channel = 0; channel < p->channels; channel++)
    for (int band = 0; band < BANDS; band++) {
      const struct rect rows = band_of(p, band, r);
      if (rows.h > 0)
        paint_trace(p, c, rows, channel, band == 1 ? p->colour[channel] : p->limit_colour);
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
  if (c->svg) /* nothing lay over it: vectors are drawn once */
    return;
  paint_rect(p, c, place, damage);
}

void plot_paint(struct plot *p, struct canvas *c, struct damage *damage)
{
  if (p->everything) {
    p->everything = false;
    if (c->svg) {
      draw_vectors(p, c);
      return;
    }
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
