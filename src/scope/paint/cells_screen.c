#include "scope/paint/cells_screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope/paint/cells_cursors.h"
#include "scope/paint/cells_overlay.h"
#include "scope/paint/cells_pane.h"
#include "scope/paint/cells_plot.h"
#include "scope/paint/state_line.h"
#include "scope/paint/time_strip.h"
#include "scope/view/ticks.h"
#include "scope/view/unit_text.h"

enum {
  TEXT_ROWS = 5,     /* of the picture, for there to be any text */
  TEXT_COLUMNS = 20, /* likewise */
  LEGEND_ROWS = 12,  /* likewise, for a legend */
  LABEL_STEP = 2,    /* room for labels grows in steps, lest the plot shifts with each digit */
  TICK_ROWS = 2,
  TICKS_MOST = 12,
  NUMBER = 10, /* columns of a number in the legend */
  NAME_LEAST = 8,
  NAME_MOST = 24,
  BLOCK_GAP = 3,
  PANE_ROWS = 4, /* of a pane among others, for a line above it that says what it is */
};

/* A column of quarters is as good as four pixels, where it is about room for labels. */
static const double TICK_SCALE = 0.25;

struct layout {
  int columns, rows;
  bool text; /* axes, times and state line */
  int panes; /* that have a place */
  enum cells_pane_name name_place;
  struct cells_pane pane[SCENE_PANES_MAX];
  struct cells_cursors cursors;
  int legend;       /* rows of the legend, its head included; 0: none */
  int blocks, name; /* side by side in the legend, and columns of a name */
};

struct cells_screen {
  const struct theme *theme;
  struct layout layout;
  struct cells_plot plot;
};

struct cells_screen *cells_screen_new(const struct theme *theme)
{
  struct cells_screen *s = calloc(1, sizeof *s);
  if (s)
    s->theme = theme;
  return s;
}

void cells_screen_free(struct cells_screen *s)
{
  if (!s)
    return;
  cells_plot_destroy(&s->plot);
  free(s);
}

/* ---- Layout ---- */

static void plan_legend(const struct scene *scene, struct layout *l)
{
  int name = NAME_LEAST;
  if (!scene->legend || !l->text || l->rows < LEGEND_ROWS || scene->channels == 0)
    return;
  for (int i = 0; i < scene->channels; i++) {
    const char *unit = scene_unit(scene, i);
    const int width = cells_width(scene->channel[i].name) + (unit[0] ? cells_width(unit) + 4 : 0); /* and a prefix */
    name = width > name ? width : name;
  }
  l->name = name < NAME_MOST ? name : NAME_MOST;
  const int block = 2 + l->name + 4 * NUMBER + BLOCK_GAP;
  l->blocks = (l->columns + BLOCK_GAP) / block;
  l->blocks = l->blocks < 1 ? 1 : l->blocks > scene->channels ? scene->channels : l->blocks;
  const int most = l->rows * 2 / 5 - 1 - l->cursors.rows;
  const int each = (scene->channels + l->blocks - 1) / l->blocks;
  l->legend = most < 1 ? 0 : 1 + (each < most ? each : most);
}

/* Panes of equal height under each other, in rows [top, top + height); more than rows lie one over another. */
static void plan_panes(const struct scene *scene, int top, int height, struct layout *l)
{
  int labels = 0;
  int index = -1;
  l->panes = scene_panes_shown(scene);
  l->name_place = l->panes == 1                    ? CELLS_PANE_NO_NAME
                  : height / l->panes >= PANE_ROWS ? CELLS_PANE_ABOVE
                                                   : CELLS_PANE_BESIDE;
  const int head = l->name_place == CELLS_PANE_ABOVE;
  for (int i = 0; i < l->panes; i++) {
    struct cells_pane *p = &l->pane[i];
    const int from = height * i / l->panes + head;
    const int rows = height * (i + 1) / l->panes - from;
    p->index = index = scene_next_pane(scene, index);
    p->plot = (struct rect){.y = top + from, .h = rows > 0 ? rows : 1};
    int most = p->plot.h / TICK_ROWS;
    most = most < VALUE_TICKS_LEAST ? VALUE_TICKS_LEAST : most > TICKS_MOST ? TICKS_MOST : most;
    value_ticks_of(&scene->pane[index].axis, most, &p->ticks);
    const int width = l->text ? cells_pane_label_width(p, scene, l->name_place) : 0;
    labels = width > labels ? width : labels;
  }
  labels = (labels + LABEL_STEP - 1) / LABEL_STEP * LABEL_STEP;
  const int left = l->text ? labels + 1 : 0;
  const int width = l->columns - left;
  for (int i = 0; i < l->panes; i++) {
    l->pane[i].plot.x = left < l->columns ? left : l->columns - 1;
    l->pane[i].plot.w = width > 1 ? width : 1;
  }
}

void cells_screen_layout(struct cells_screen *s, int columns, int rows, const struct scene *scene,
                         struct scene_size *size)
{
  struct layout *l = &s->layout;
  *l = (struct layout){.columns = columns, .rows = rows, .text = rows >= TEXT_ROWS && columns >= TEXT_COLUMNS};
  cells_cursors_plan(&l->cursors, scene, columns, l->text ? rows / 2 - 1 : 0);
  plan_legend(scene, l);
  /* Above: the state. Below: the axis of times, with its labels. */
  plan_panes(scene, l->text ? 1 : 0, rows - l->legend - l->cursors.rows - (l->text ? 3 : 0), l);
  *size = (struct scene_size){.columns = l->pane[0].plot.w * CELLS_EACH};
  for (int i = 0; i < SCENE_PANES_MAX; i++) /* a pane that has no place may get one like the others */
    size->rows[i] = l->pane[0].plot.h * CELLS_EACH;
  for (int i = 0; i < l->panes; i++)
    size->rows[l->pane[i].index] = l->pane[i].plot.h * CELLS_EACH;
}

/* ---- Painting ---- */

static void draw_right(struct cells *c, int end, int y, const char *text, uint32_t ink)
{
  const int width = cells_width(text);
  cells_text(c, end - width, y, width, text, ink, false);
}

/* What is said for a while, in place of the line above the plot. */
static void draw_note(const struct cells_screen *s, struct cells *c, const char *note)
{
  const int width = cells_width(note);
  const int x = width < c->columns ? (c->columns - width) / 2 : 0;
  cells_fill(c, 0, 0, c->columns, 1, s->theme->panel);
  cells_text(c, x, 0, c->columns - x, note, s->theme->text, false);
}

/* The line above the plot: title and unit at the left; at the right, as far as there is room, state, rejected, rate. */
static void draw_state(const struct cells_screen *s, struct cells *c, const struct scene *scene)
{
  const struct theme *t = s->theme;
  const uint32_t colour[] = {
      [SCENE_LIVE] = t->live, [SCENE_HELD] = t->paused, [SCENE_PAUSED] = t->paused, [SCENE_ENDED] = t->ended};
  char state[4 * SCENE_TEXT_MAX] = "\xE2\x97\x8F ";
  char corner[FIGURE_TEXT_MAX];
  state_line_say(scene, state + strlen(state), sizeof state - strlen(state));
  const struct {
    const char *text;
    uint32_t ink;
  } part[] = {
      {state, colour[scene->state]}, {scene->outside, t->alert}, {scene->rejected, t->alert}, {scene->rate, t->dim}};
  int right = c->columns;
  for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
    const int width = cells_width(part[i].text);
    if (width == 0 || width > right)
      continue;
    draw_right(c, right, 0, part[i].text, part[i].ink);
    right -= width + 2;
  }
  corner[0] = '\0';
  if (s->layout.panes == 1)
    value_ticks_offset_label(&s->layout.pane[0].ticks, corner);
  int x = cells_text(c, 0, 0, right, corner, t->dim, false);
  x = x + 1 > s->layout.pane[0].plot.x ? x + 1 : s->layout.pane[0].plot.x;
  x += cells_text(c, x, 0, right - x, scene->title, t->text, true) + 1;
  if (scene->unit)
    cells_text(c, x, 0, right - x, scene->unit, t->dim, false);
}

/* The axis of times under the lowest pane, and its labels. */
static void draw_times(const struct cells_screen *s, struct cells *c, const struct scene *scene,
                       const struct time_strip_ticks *times)
{
  const struct rect r = s->layout.pane[s->layout.panes - 1].plot;
  const struct theme *t = s->theme;
  const int y = r.y + r.h;
  cells_put(c, r.x - 1, y, 0x2514, t->frame);
  for (int x = 0; x < r.w; x++)
    cells_put(c, r.x + x, y, 0x2500, t->frame);
  int begin = 0; /* of the room that is left for labels */
  for (int i = 0; i < times->time.count; i++) {
    const int64_t column = time_strip_column(scene, times, i);
    if (column < 0 || column >= scene->time.columns)
      continue;
    const int x = r.x + (int)column / CELLS_EACH;
    char label[FIGURE_TEXT_MAX];
    time_strip_label(scene, times, i, label);
    const int width = cells_width(label);
    int from = x - width / 2;
    from = from + width > c->columns ? c->columns - width : from;
    cells_put(c, x, y, 0x252C, t->frame);
    if (from < begin || width == 0)
      continue;
    cells_text(c, from, y + 1, width, label, t->dim, false);
    begin = from + width + 1;
  }
}

/* The prefix of the axis that shows a channel. */
static int axis_exponent(const struct cells_screen *s, const struct scene *scene, int channel)
{
  const struct layout *l = &s->layout;
  const char *unit = scene->channel[channel].unit;
  for (int i = 0; i < l->panes; i++)
    if (scene->pane[l->pane[i].index].channels >> channel & 1) {
      const char *shared = scene->pane[l->pane[i].index].unit;
      if (!scene->unit && unit && unit_is_prefixed(unit) && !(shared && shared[0]))
        return 0; /* the axis has figures of several units */
      return l->pane[i].ticks.exponent;
    }
  return l->pane[0].ticks.exponent;
}

static void draw_channel(const struct cells_screen *s, struct cells *c, const struct scene *scene, int i, int x, int y)
{
  const struct channel_scene *channel = &scene->channel[i];
  const struct theme *t = s->theme;
  const double value[] = {channel->last, channel->min, channel->max, channel->mean};
  struct figure_format format;
  figure_format_choose(channel->last, channel->min, channel->max, &channel->form, axis_exponent(s, scene, i), &format);
  char unit[UNIT_TEXT_MAX];
  const bool in_unit = unit_text(scene_unit(scene, i), format.exponent, unit);
  cells_put(c, x, y, 0x25A0, channel->hidden ? t->frame : t->channel[i % THEME_COLOURS]);
  if (i == scene->legend_cursor)
    cells_put(c, x + 1, y, 0x25B8, t->text); /* a small triangle */
  int room = s->layout.name - (unit[0] ? cells_width(unit) + 3 : 0);
  if (room < s->layout.name / 3) {
    room = s->layout.name;
    unit[0] = '\0';
  }
  const int end =
      cells_text(c, x + 2, y, room, channel->name, channel->hidden ? t->frame : t->text, i == scene->legend_cursor);
  char bracketed[UNIT_TEXT_MAX + 3];
  snprintf(bracketed, sizeof bracketed, unit[0] ? " [%s]" : "%s", unit);
  cells_text(c, x + 2 + end, y, s->layout.name - end, bracketed, channel->hidden ? t->frame : t->text, false);
  for (int n = 0; n < 4; n++) {
    char text[FIGURE_TEXT_MAX];
    figure_fixed(value[n], format.exponent, n == 3 ? format.mean_decimals : format.decimals, text);
    if (in_unit && fabs(value[n]) < FIGURE_FIXED_MOST)
      unit_strip_figure(text);
    draw_right(c, x + 2 + s->layout.name + (n + 1) * NUMBER, y, text,
               channel->hidden                  ? t->frame
               : n == 0 && channel->outside_now ? t->alert
               : n == 0                         ? t->text
                                                : t->dim);
  }
}

static void draw_legend(const struct cells_screen *s, struct cells *c, const struct scene *scene)
{
  static const char *const head[] = {"last", "min", "max", "mean"};
  const struct layout *l = &s->layout;
  const int top = l->rows - l->legend;
  const int block = 2 + l->name + 4 * NUMBER + BLOCK_GAP;
  const int rows = l->legend - 1;
  for (int b = 0; b < l->blocks; b++)
    for (int n = 0; n < 4; n++)
      draw_right(c, b * block + 2 + l->name + (n + 1) * NUMBER, top, head[n], s->theme->dim);
  const int room = rows * l->blocks;
  for (int i = 0; i < scene->channels && i < room; i++)
    draw_channel(s, c, scene, i, i / rows * block, top + 1 + i % rows);
  if (scene->channels > room) {
    char text[SCENE_TEXT_MAX];
    snprintf(text, sizeof text, "and %d more", scene->channels - room);
    cells_text(c, 0, top, l->name + 2, text, s->theme->dim, false);
  }
}

static void draw_cursors(const struct cells_screen *s, struct cells *c, const struct scene *scene,
                         const struct time_strip_ticks *times)
{
  const struct layout *l = &s->layout;
  struct figure_format format[CHANNELS_MAX];
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    figure_format_choose(channel->last, channel->min, channel->max, &channel->form, axis_exponent(s, scene, i),
                         &format[i]);
  }
  cells_cursors_draw_table(&l->cursors, c, s->theme, scene, times, format, l->rows - l->legend - l->cursors.rows);
}

bool cells_screen_draw(struct cells_screen *s, struct cells *c, const struct scene *scene)
{
  const struct layout *l = &s->layout;
  struct time_strip_ticks times;
  const struct look look = {.scale = TICK_SCALE};
  time_strip_choose_ticks(&look, scene, &times);
  cells_fill(c, 0, 0, c->columns, c->rows, s->theme->window);
  for (int i = 0; i < l->panes; i++) {
    const struct cells_pane *pane = &l->pane[i];
    const struct cells_pane_look how = {
        .theme = s->theme, .times = &times, .text = l->text, .name_place = l->name_place};
    cells_pane_draw_axis(pane, c, scene, &how);
    if (!cells_plot_draw(&s->plot, c, pane->plot, s->theme, scene, pane->index))
      return false;
    cells_pane_draw_marks(pane, c, scene, &how);
    cells_cursors_draw(c, s->theme, scene, pane->plot);
  }
  if (l->text) {
    if (scene->note && scene->channels > 0)
      draw_note(s, c, scene->note);
    else
      draw_state(s, c, scene);
    draw_times(s, c, scene, &times);
  }
  if (l->cursors.rows > 0)
    draw_cursors(s, c, scene, &times);
  if (l->legend > 0)
    draw_legend(s, c, scene);
  cells_overlay_draw(c, s->theme, scene);
  return true;
}
