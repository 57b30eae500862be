#include "scope/paint/rect.h"

static int min_int(int a, int b)
{
  return a < b ? a : b;
}

static int max_int(int a, int b)
{
  return a > b ? a : b;
}

bool rect_empty(struct rect r)
{
  return r.w <= 0 || r.h <= 0;
}

bool rect_contains(struct rect r, int x, int y)
{
  return x >= r.x && y >= r.y && x < r.x + r.w && y < r.y + r.h;
}

bool rect_equal(struct rect a, struct rect b)
{
  return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

long rect_area(struct rect r)
{
  return rect_empty(r) ? 0 : (long)r.w * r.h;
}

struct rect rect_intersection(struct rect a, struct rect b)
{
  int x = max_int(a.x, b.x);
  int y = max_int(a.y, b.y);
  return (struct rect){x, y, min_int(a.x + a.w, b.x + b.w) - x, min_int(a.y + a.h, b.y + b.h) - y};
}

struct rect rect_union(struct rect a, struct rect b)
{
  if (rect_empty(a))
    return b;
  if (rect_empty(b))
    return a;
  int x = min_int(a.x, b.x);
  int y = min_int(a.y, b.y);
  return (struct rect){x, y, max_int(a.x + a.w, b.x + b.w) - x, max_int(a.y + a.h, b.y + b.h) - y};
}
