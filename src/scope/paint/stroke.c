#include "scope/paint/stroke.h"

#include <math.h>

/*
 * A column is summed up from the top: each edge of a rectangle adds the width that it has in the column to all rows
 * below it (those on the upper side) or takes it away again (those on the lower side), and to the rows that it crosses
 * the part that lies below it. An upright edge has no width, so that upright strokes cost as little as level ones.
 */
struct sums {
  float *row; /* row[y] is what is added from row y on */
  int height;
  int first, last; /* rows that were written to */
};

struct point {
  float x, y;
};

int stroke_reach(double thickness)
{
  return (int)ceil(thickness / 2);
}

/* `width` of the column lies below an edge from row `from` to row `to`; both within the height. */
static void add_piece(struct sums *s, float width, float from, float to)
{
  if (from > to) {
    const float swap = from;
    from = to;
    to = swap;
  }
  int y = (int)from;
  const int end = (int)to;
  s->first = y < s->first ? y : s->first;
  s->last = end + 1 > s->last ? end + 1 : s->last;
  if (y == end) {
    const float middle = (from + to) / 2 - (float)y;
    s->row[y] += width * (1 - middle);
    s->row[y + 1] += width * middle;
    return;
  }
  const float each = width / (to - from);
  for (; y <= end; y++) {
    const float upper = from > (float)y ? from : (float)y;
    const float lower = to < (float)(y + 1) ? to : (float)(y + 1);
    const float part = (lower - upper) * each;
    const float middle = (upper + lower) / 2 - (float)y;
    s->row[y] += part * (1 - middle);
    s->row[y + 1] += part * middle;
  }
}

/* An edge from a to b, of which what lies in the column [0, 1) counts, and of that what lies above the last row. */
static void add_edge(struct sums *s, struct point a, struct point b)
{
  float sign = 1;
  if (a.x > b.x) {
    const struct point swap = a;
    a = b;
    b = swap;
    sign = -1;
  }
  if (b.x <= 0 || a.x >= 1 || a.x >= b.x)
    return;
  const float slope = (b.y - a.y) / (b.x - a.x);
  float from_x = a.x < 0 ? 0 : a.x;
  float to_x = b.x > 1 ? 1 : b.x;
  float from_y = a.y + (from_x - a.x) * slope;
  float to_y = b.x > 1 ? a.y + (1 - a.x) * slope : b.y;
  const float bottom = (float)s->height;
  if (from_y >= bottom && to_y >= bottom) {
    s->last = s->height; /* what lies above this edge reaches to the last row */
    return;
  }
  /* Above the first row an edge counts as if it lay on its upper end; below the last one it does not count. */
  if (from_y < 0 || to_y < 0 || from_y > bottom || to_y > bottom) {
    const float at_top = (0 - from_y) / slope + from_x;
    const float at_bottom = (bottom - from_y) / slope + from_x;
    if (from_y <= 0 && to_y <= 0) {
      add_piece(s, sign * (to_x - from_x), 0, 0);
      return;
    }
    if (from_y < 0) {
      add_piece(s, sign * (at_top - from_x), 0, 0);
      from_x = at_top;
      from_y = 0;
    } else if (to_y < 0) {
      add_piece(s, sign * (to_x - at_top), 0, 0);
      to_x = at_top;
      to_y = 0;
    }
    if (from_y > bottom) {
      from_x = at_bottom;
      from_y = bottom;
    } else if (to_y > bottom) {
      to_x = at_bottom;
      to_y = bottom;
    }
  }
  add_piece(s, sign * (to_x - from_x), from_y, to_y);
}

/* The rectangle around the line from a to b. */
static void add_line(struct sums *s, struct point a, struct point b, float half)
{
  const float dx = b.x - a.x;
  const float dy = b.y - a.y;
  const float length = sqrtf(dx * dx + dy * dy);
  if (!(length > 0))
    return;
  const float nx = -dy / length * half;
  const float ny = dx / length * half;
  const float left = (a.x < b.x ? a.x : b.x) - fabsf(nx);
  const float right = (a.x < b.x ? b.x : a.x) + fabsf(nx);
  if (right <= 0 || left >= 1)
    return;
  const struct point corner[] = {
      {a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}, {a.x + nx, a.y + ny}};
  for (int i = 0; i < 4; i++)
    add_edge(s, corner[i], corner[(i + 1) % 4]);
}

static struct point point_at(float x, int32_t row)
{
  return (struct point){x, (float)row / SPANS_SUB};
}

static void add_span(struct sums *s, const struct span *span, float x, float half)
{
  struct point before = point_at(x, span->from);
  if (span->via != SPANS_NOWHERE) {
    const struct point via = point_at(x + (float)span->at / SPANS_SUB, span->via);
    if (span->from != SPANS_NOWHERE)
      add_line(s, before, via, half);
    before = via;
    if (span->to == SPANS_NOWHERE)
      return;
  }
  add_line(s, before, point_at(x + 1, span->to), half);
}

int stroke_cover(const struct spans *s, int x, double thickness, float *sum, uint8_t *alpha, int *from)
{
  const int reach = stroke_reach(thickness);
  struct sums sums = {.row = sum, .height = s->height, .first = s->height, .last = -1};
  for (int k = x - reach < 0 ? 0 : x - reach; k <= x + reach && k < s->width; k++)
    if (span_has_stroke(&s->span[k]))
      add_span(&sums, &s->span[k], (float)(k - x), (float)thickness / 2);
  *from = sums.first;
  float covered = 0;
  for (int y = sums.first; y <= sums.last; y++) {
    covered += sum[y];
    sum[y] = 0;
    if (y >= s->height)
      continue;
    const float share = covered < 0 ? 0 : covered > 1 ? 1 : covered;
    alpha[y - sums.first] = (uint8_t)(share * 255 + 0.5F);
  }
  const int end = sums.last + 1 < s->height ? sums.last + 1 : s->height;
  return end > sums.first ? end - sums.first : 0;
}
