#include "scope/paint/canvas.h"

#include <math.h>

#include "scope/paint/svg.h"

struct rect canvas_rect(const struct canvas *c)
{
  return (struct rect){0, 0, c->width, c->height};
}

void canvas_fill(struct canvas *c, struct rect r, uint32_t colour)
{
  r = rect_intersection(r, canvas_rect(c));
  if (c->svg) {
    svg_rect(c->svg, r, colour);
    return;
  }
  for (int y = r.y; y < r.y + r.h; y++) {
    uint32_t *row = c->pixel + (long)y * c->stride + r.x;
    for (int x = 0; x < r.w; x++)
      row[x] = colour;
  }
}

uint32_t colour_mix(uint32_t a, uint32_t b, int alpha)
{
  /*
   * Red and blue are mixed in one word, as each has room for a product of 16 bits there. A division by 255, rounded, is
   * slow; (x + 128 + (x + 128) / 256) / 256 is the same for all x up to 255 * 255.
   */
  uint32_t weight = (uint32_t)alpha;
  uint32_t red_blue = (a & 0xFF00FF) * (255 - weight) + (b & 0xFF00FF) * weight + 0x800080;
  uint32_t green = (a >> 8 & 0xFF) * (255 - weight) + (b >> 8 & 0xFF) * weight + 0x80;
  red_blue = (red_blue + (red_blue >> 8 & 0xFF00FF)) >> 8 & 0xFF00FF;
  green = (green + (green >> 8)) >> 8 & 0xFF;
  return red_blue | green << 8;
}

void canvas_blend(struct canvas *c, int x, int y, uint32_t colour, int alpha)
{
  if (x < 0 || y < 0 || x >= c->width || y >= c->height || alpha <= 0)
    return;
  uint32_t *p = c->pixel + (long)y * c->stride + x;
  *p = alpha >= 255 ? colour : colour_mix(*p, colour, alpha);
}

void canvas_dot(struct canvas *c, double x, double y, double radius, uint32_t colour, struct rect clip)
{
  if (c->svg) {
    svg_dot(c->svg, x, y, radius, colour);
    return;
  }
  const int reach = (int)ceil(radius) + 1;
  const struct rect around = {(int)floor(x) - reach, (int)floor(y) - reach, 2 * reach + 1, 2 * reach + 1};
  const struct rect r = rect_intersection(around, clip);
  for (int py = r.y; py < r.y + r.h; py++)
    for (int px = r.x; px < r.x + r.w; px++) {
      const double share = radius + 0.5 - hypot(px + 0.5 - x, py + 0.5 - y);
      canvas_blend(c, px, py, colour, (int)(255 * fmin(fmax(share, 0), 1)));
    }
}

void canvas_mask(struct canvas *c, int x, int y, const uint8_t *mask, int w, int h, int stride, uint32_t colour,
                 struct rect clip)
{
  struct rect r = rect_intersection(rect_intersection((struct rect){x, y, w, h}, clip), canvas_rect(c));
  for (int row = r.y; row < r.y + r.h; row++) {
    const uint8_t *coverage = mask + (long)(row - y) * stride + (r.x - x);
    uint32_t *p = c->pixel + (long)row * c->stride + r.x;
    for (int i = 0; i < r.w; i++)
      if (coverage[i])
        p[i] = colour_mix(p[i], colour, coverage[i]);
  }
}
