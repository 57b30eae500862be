/* Lines as coverage: a white line on black, without gamma, beside the same line looked at in 16 x 16 places a pixel. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scope/paint/plot.h"
#include "scope/paint/stroke.h"
#include "scope/store/history.h"

enum { SIZE = 220, SAMPLES = 16, TICKS = 1000 /* in a column */ };
static const double PI = 3.14159265358979323846;
static const double THICKNESS = 1.5;

/* From corner to corner of the rectangle around a line of two samples, in pixels. */
struct line {
  double x0, y0, x1, y1;
};

static double ideal(const struct line *l, int px, int py)
{
  const double dx = l->x1 - l->x0;
  const double dy = l->y1 - l->y0;
  const double length = hypot(dx, dy);
  int inside = 0;
  for (int j = 0; j < SAMPLES; j++)
    for (int i = 0; i < SAMPLES; i++) {
      const double x = px + (i + 0.5) / SAMPLES - l->x0;
      const double y = py + (j + 0.5) / SAMPLES - l->y0;
      const double along = (x * dx + y * dy) / length;
      const double across = (x * dy - y * dx) / length;
      inside += along >= 0 && along <= length && fabs(across) <= THICKNESS / 2;
    }
  return inside / (double)(SAMPLES * SAMPLES);
}

/* The line as the plot paints it: from the samples over the columns to the pixels. */
static void paint(const struct line *l, struct canvas *c)
{
  struct history *h = history_new(1 << 20);
  const int64_t time[] = {(int64_t)lround(l->x0 * TICKS), (int64_t)lround(l->x1 * TICKS)};
  const double value[] = {SIZE - l->y0, SIZE - l->y1};
  assert_true(h && history_append(h, 0, time, value, 2));
  const struct column_rule rule = {
      .time = {.width = TICKS, .columns = SIZE}, .edge = (int64_t)SIZE * TICKS, .style = COLUMN_LINE};
  static struct column columns[SIZE];
  columns_compute(h, 0, &rule, 0, SIZE, columns);
  struct plot p;
  plot_init(&p);
  assert_true(plot_resize(&p, (struct rect){0, 0, SIZE, SIZE}));
  p.thickness = THICKNESS;
  p.side_quarters = 1;
  p.colour[0] = 0xFFFFFF;
  assert_true(plot_begin(&p, 1));
  const struct value_axis axis = {.low = 0, .high = SIZE, .rows = SIZE};
  spans_trace(&p.now[0], columns, &axis, &(struct spans_pen){.thickness = THICKNESS});
  struct damage damage = {.count = 0};
  plot_paint(&p, c, &damage);
  plot_destroy(&p);
  history_free(h);
}

static void lines_at_every_slope(void **state)
{
  (void)state;
  static const double degrees[] = {0, 1, 15, 30, 45, 60, 75, 85, 89, 90, -1, -15, -45, -75, -89};
  struct canvas c = {.width = SIZE, .height = SIZE, .stride = SIZE};
  c.pixel = calloc((size_t)SIZE * SIZE, sizeof *c.pixel);
  assert_non_null(c.pixel);
  for (size_t i = 0; i < sizeof degrees / sizeof *degrees; i++) {
    const double angle = degrees[i] * PI / 180;
    const double x = 100.5;
    const double y = 110.3;
    const double reach = 90;
    struct line l = {x - reach * cos(angle), y + reach * sin(angle), x + reach * cos(angle), y - reach * sin(angle)};
    l.x0 = round(l.x0 * TICKS) / TICKS;
    l.x1 = round(l.x1 * TICKS) / TICKS;
    paint(&l, &c);
    double error = 0;
    double seen = 0;
    int pixels = 0;
    for (int py = 0; py < SIZE; py++)
      for (int px = 0; px < SIZE; px++) {
        const double is = (c.pixel[py * SIZE + px] & 0xFF) / 255.0;
        const double should = ideal(&l, px, py);
        seen += is;
        pixels += is > 0 || should > 0;
        error += fabs(is - should);
      }
    const double thickness = seen / (2 * reach);
    printf("%3.0f degrees: mean error %.2f %%, thickness %.3f of %.1f\n", degrees[i], 100 * error / pixels, thickness,
           THICKNESS);
    assert_true(error / pixels <= 0.02);
    assert_true(fabs(thickness / THICKNESS - 1) <= 0.05);
  }
  free(c.pixel);
}

/* Whatever lies far above or below the plot leaves no trace in it, and what crosses it is cut at its edges. */
static void far_off_scale(void **state)
{
  (void)state;
  enum { ROWS = 50 };
  struct spans s = {0};
  float sum[ROWS + 2] = {0};
  uint8_t alpha[ROWS];
  int from;
  assert_true(spans_resize(&s, 3, ROWS));
  s.span[1].from = -(1 << 28);
  s.span[1].to = -2000;
  for (int y = stroke_cover(&s, 1, 1.5, sum, alpha, &from); y-- > 0;)
    assert_int_equal(alpha[y], 0);
  s.span[1].from = ROWS * SPANS_SUB + 2000;
  s.span[1].to = 1 << 28;
  assert_int_equal(stroke_cover(&s, 1, 1.5, sum, alpha, &from), 0);
  s.span[1].from = -(1 << 28);
  s.span[1].to = 1 << 28;
  double covered = 0;
  for (int x = 0; x < 3; x++) {
    const int rows = stroke_cover(&s, x, 1.5, sum, alpha, &from);
    for (int y = 0; y < rows; y++)
      covered += alpha[y] / 255.0;
  }
  assert_true(fabs(covered / ROWS - 1.5) < 0.02);
  for (int y = 0; y < ROWS + 2; y++)
    assert_true(sum[y] == 0);
  spans_destroy(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(lines_at_every_slope), cmocka_unit_test(far_off_scale)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
