#include "scope/paint/cells_plot.h"

#include <stdlib.h>
#include <string.h>

void cells_plot_destroy(struct cells_plot *p)
{
  free(p->quarter);
  *p = (struct cells_plot){0};
}

static bool resize(struct cells_plot *p, int columns, int rows)
{
  if (p->quarter && p->columns == columns && p->rows == rows)
    return true;
  cells_plot_destroy(p);
  p->quarter = malloc((size_t)columns * (size_t)rows);
  if (!p->quarter)
    return false;
  p->columns = columns;
  p->rows = rows;
  return true;
}

/* The quarters from the lowest to the highest value of each column: nothing is lost, however short it is. */
static void cover(struct cells_plot *p, const struct column *columns, const struct value_axis *axis, uint8_t mark)
{
  for (int x = 0; x < p->columns; x++) {
    const double top = value_axis_row(axis, columns[x].high);
    const double bottom = value_axis_row(axis, columns[x].low);
    if (!(bottom >= 0 && top <= axis->rows)) /* there is no trace (NaN), or it is off scale */
      continue;
    /* The lowest value of the axis lies on the lower edge of the last row. */
    const int first = top < 0 ? 0 : top < axis->rows ? (int)top : axis->rows - 1;
    const int last = bottom < axis->rows ? (int)bottom : axis->rows - 1;
    for (int y = first; y <= last; y++)
      p->quarter[(long)y * p->columns + x] = mark;
  }
}

/* A cell of which some quarters are covered: by one colour over the ground, or one over another. */
static void paint_cell(struct cells *c, int x, int y, const uint8_t mark[4], const struct theme *theme, bool outside)
{
  /* The quarters' bits: upper left 1, upper right 2, lower left 4, lower right 8. */
  static const uint16_t block[16] = {' ',    0x2598, 0x259D, 0x2580, 0x2596, 0x258C, 0x259E, 0x259B,
                                     0x2597, 0x259A, 0x2590, 0x259C, 0x2584, 0x2599, 0x259F, 0x2588};
  int covered = 0;
  int first = 0;  /* the channel that has most quarters */
  int second = 0; /* another one */
  int most = 0;
  for (int i = 0; i < 4; i++) {
    int same = 0;
    for (int k = 0; k < 4; k++)
      same += mark[i] != 0 && mark[k] == mark[i];
    if (same > most) {
      most = same;
      first = mark[i];
    }
    covered += mark[i] != 0;
  }
  for (int i = 0; i < 4; i++)
    if (mark[i] != 0 && mark[i] != first)
      second = mark[i];
  if (covered == 0)
    return;
  /* Two channels have a colour each only where they fill the cell: a cell has two colours, and no third for the ground. */
  const bool two = second != 0 && covered == 4;
  int bits = 0;
  for (int i = 0; i < 4; i++)
    bits |= (two ? mark[i] == first : mark[i] != 0) << i;
  cells_fill(c, x, y, 1, 1, two ? theme->channel[(second - 1) % THEME_COLOURS] : theme->plot);
  cells_put(c, x, y, block[bits], outside ? theme->alert : theme->channel[(first - 1) % THEME_COLOURS]);
}

/* All of a row of cells lies outside of the limits. */
static bool is_outside(const struct limits_scene *limits, const struct value_axis *axis, int row)
{
  return limits->on && (value_axis_row(axis, limits->high) >= (row + 1) * CELLS_EACH ||
                        value_axis_row(axis, limits->low) < row * CELLS_EACH);
}

/* Dashes at the limits, where there is nothing else but the grid. */
static void draw_limits(struct cells *c, struct rect place, const struct theme *theme,
                        const struct limits_scene *limits, const struct value_axis *axis)
{
  const double value[] = {limits->high, limits->low};
  for (int i = 0; i < 2 && limits->on; i++) {
    const double row = value_axis_row(axis, value[i]);
    if (!(row >= 0 && row < axis->rows))
      continue;
    for (int x = 0; x < place.w; x++)
      cells_put(c, place.x + x, place.y + (int)row / CELLS_EACH, 0x254C, theme->alert);
  }
}

bool cells_plot_draw(struct cells_plot *p, struct cells *c, struct rect place, const struct theme *theme,
                     const struct scene *scene, int pane)
{
  if (!resize(p, place.w * CELLS_EACH, place.h * CELLS_EACH))
    return false;
  memset(p->quarter, 0, (size_t)p->columns * (size_t)p->rows);
  struct value_axis axis = scene->pane[pane].axis;
  axis.rows = p->rows;
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    if (channel->hidden || (scene->pane[pane].channels >> i & 1) == 0 || scene->time.columns != p->columns)
      continue;
    cover(p, channel->columns, &axis, (uint8_t)(i + 1));
  }
  draw_limits(c, place, theme, &scene->limits, &axis);
  for (int y = 0; y < place.h; y++)
    for (int x = 0; x < place.w; x++) {
      const uint8_t *upper = p->quarter + (long)y * CELLS_EACH * p->columns + (long)x * CELLS_EACH;
      const uint8_t mark[4] = {upper[0], upper[1], upper[p->columns], upper[p->columns + 1]};
      paint_cell(c, place.x + x, place.y + y, mark, theme, is_outside(&scene->limits, &axis, y));
    }
  return true;
}
