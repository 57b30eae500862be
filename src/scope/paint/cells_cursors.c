#include "scope/paint/cells_cursors.h"

#include <stdio.h>
#include <string.h>

#include "scope/paint/cells_plot.h"

enum {
  NUMBER = 11 /* columns of one, the gap before it included */,
  LABEL = 8,
  NAME_LEAST = 6,
  NAME_MOST = 16,
  GAP = 3
};

static void choose_numbers(struct cells_cursors *p, int count)
{
  bool taken[READ_OUTS] = {false};
  p->count = 0;
  for (int i = 0; i < count && i < READ_OUTS; i++)
    taken[read_out_order[i]] = true;
  for (int i = 0; i < READ_OUTS; i++)
    if (taken[i])
      p->number[p->count++] = (enum read_out)i;
}

void cells_cursors_plan(struct cells_cursors *p, const struct scene *scene, int columns, int most)
{
  *p = (struct cells_cursors){.rows = 0};
  if (!scene->cursors.on || most < 1)
    return;
  p->name = NAME_LEAST;
  for (int i = 0; i < scene->channels; i++) {
    if (scene->channel[i].hidden)
      continue;
    const int width = cells_width(scene->channel[i].name);
    p->name = width > p->name ? width : p->name;
    p->channels++;
  }
  p->name = p->name < NAME_MOST ? p->name : NAME_MOST;
  const int level = (columns - 2 - p->name) / NUMBER;
  const int head = p->channels > 1 ? 1 : 0;
  p->block = LABEL + p->channels * NUMBER + GAP;
  p->blocks = (columns + GAP) / p->block;
  p->rows = 1;
  if (p->channels == 0 || most < 3)
    return;
  if (p->blocks > 0 && (level < READ_OUTS || p->channels > most - 2)) {
    p->blocks = p->blocks < READ_OUTS ? p->blocks : READ_OUTS;
    p->each = (READ_OUTS + p->blocks - 1) / p->blocks;
    p->each = p->each < most - 1 - head ? p->each : most - 1 - head;
    p->upright = p->blocks * p->each > level || p->channels > most - 2;
  }
  choose_numbers(p, p->upright ? p->blocks * p->each : level);
  p->each = p->upright ? p->each : p->channels < most - 2 ? p->channels : most - 2;
  p->rows = p->upright ? 1 + head + p->each : 2 + p->each;
}

/* ---- Painting ---- */

static void put_line(struct cells *c, int x, int y, uint32_t ink)
{
  if (x < 0 || x >= c->columns || y < 0 || y >= c->rows)
    return;
  const uint32_t there = c->cell[(long)y * c->columns + x].character;
  if (there == ' ' || there == 0x2502 || there == 0x2500 || there == 0x253C) /* traces lie over it */
    cells_put(c, x, y, 0x2502, ink);
}

void cells_cursors_draw(struct cells *c, const struct theme *theme, const struct scene *scene, struct rect plot)
{
  const struct cursors_scene *cursors = &scene->cursors;
  for (int k = 0; k < 2 && cursors->on; k++) {
    const int which = k == 0 ? 1 - cursors->active : cursors->active;
    const uint32_t ink = which == cursors->active ? theme->text : theme->dim;
    const int column = cursors->column[which];
    const bool in_view = column >= 0 && column < scene->time.columns;
    const int x = plot.x + (column < 0 ? 0 : in_view ? column / CELLS_EACH : plot.w - 1);
    for (int y = 1; y < plot.h && in_view; y++)
      put_line(c, x, plot.y + y, ink);
    cells_fill(c, x, plot.y, 1, 1, ink);
    cells_put(c, x, plot.y, (uint32_t)read_out_name[which][0], theme->plot);
  }
}

static void draw_right(struct cells *c, int end, int y, const char *text, uint32_t ink)
{
  const int width = cells_width(text);
  const int room = width < NUMBER - 1 ? width : NUMBER - 1;
  cells_text(c, end - room, y, room, text, ink, false);
}

static void draw_times(struct cells *c, const struct theme *theme, const struct scene *scene,
                       const struct time_strip_ticks *times, int top)
{
  char text[4][2 * FIGURE_TEXT_MAX];
  char figure[FIGURE_TEXT_MAX];
  char inverse[FIGURE_TEXT_MAX];
  const struct cursors_scene *cursors = &scene->cursors;
  for (int i = 0; i < 2; i++) {
    time_strip_moment(scene, times, cursors->time[i], figure);
    snprintf(text[i], sizeof text[i], "%s %s", read_out_name[i], figure);
  }
  read_outs_between(scene, figure, inverse);
  snprintf(text[2], sizeof text[2], "%s %s%s", read_out_name[READ_DELTA], cursors->typing ? cursors->typed : figure,
           cursors->typing ? "_" : "");
  snprintf(text[3], sizeof text[3], "1/%s %s", read_out_name[READ_DELTA], inverse);
  int x = 0;
  for (int i = 0; i < 4; i++) {
    const bool strong = i == cursors->active || i == READ_DELTA;
    x += cells_text(c, x, top, c->columns - x, text[i], strong ? theme->text : theme->dim, i == cursors->active) + 2;
  }
}

/* Of the channel that is the n-th of those that are switched on. */
static int nth_channel(const struct scene *scene, int n)
{
  for (int i = 0; i < scene->channels; i++)
    if (!scene->channel[i].hidden && n-- == 0)
      return i;
  return 0;
}

void cells_cursors_draw_table(const struct cells_cursors *p, struct cells *c, const struct theme *theme,
                              const struct scene *scene, const struct time_strip_ticks *times,
                              const struct figure_format *format, int top)
{
  const int shown = p->upright ? p->channels : p->each;
  const int head = p->upright && p->channels == 1 ? 0 : 1;
  draw_times(c, theme, scene, times, top);
  if (p->rows == 1)
    return;
  for (int i = 0; i < p->count; i++) {
    const int block = p->upright ? i / p->each * p->block : 0;
    const char *name = read_out_name[p->number[i]];
    if (p->upright)
      cells_text(c, block, top + 1 + head + i % p->each, LABEL, name, theme->dim, false);
    else
      draw_right(c, 2 + p->name + (i + 1) * NUMBER, top + 1, name, theme->dim);
  }
  for (int n = 0; n < shown; n++) {
    const int channel = nth_channel(scene, n);
    const uint32_t ink = theme->channel[channel % THEME_COLOURS];
    char text[READ_OUTS][FIGURE_TEXT_MAX];
    read_outs_write(scene, channel, &format[channel], text);
    if (!p->upright) {
      cells_put(c, 0, top + 2 + n, 0x25A0, ink);
      cells_text(c, 2, top + 2 + n, p->name, scene->channel[channel].name, theme->text, false);
    }
    for (int b = 0; b < p->blocks && p->upright && head; b++)
      draw_right(c, b * p->block + LABEL + (n + 1) * NUMBER, top + 1, scene->channel[channel].name, ink);
    for (int i = 0; i < p->count; i++) {
      const int x = p->upright ? i / p->each * p->block + LABEL + (n + 1) * NUMBER : 2 + p->name + (i + 1) * NUMBER;
      draw_right(c, x, p->upright ? top + 1 + head + i % p->each : top + 2 + n, text[p->number[i]], theme->text);
    }
  }
}
