#include "scope/paint/screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope/paint/label.h"
#include "scope/paint/legend.h"
#include "scope/paint/plot.h"
#include "scope/paint/text.h"
#include "scope/view/ticks.h"

enum { FONT_PIXELS = 13, PAD = 12, GAP = 6, TICK_SPACING = 96, MARGIN_STEP = 8 };
static const double LINE_WIDTH = 1.5;
static const double DOT_SIZE = 3;

struct screen {
  const struct theme *theme;
  double scale;
  struct text *text;
  struct plot plot;

  /* Layout: valid for this size, range, and legend. */
  int width, height;
  double low, high;
  struct ticks value_ticks;
  bool stale;  /* everything is to be painted */
  bool header; /* room for title and state */

  /* What is on the canvas. */
  uint64_t hidden; /* bit per channel */
  int channels;
  bool grid, dots;
  char note[SCREEN_TEXT_MAX];
  bool help;
  struct rect overlay;
  char header_text[5 * SCREEN_TEXT_MAX]; /* all that the header line says */
  struct label time_unit;
  struct label_row time_labels;
  struct legend legend;
};

static int scaled(const struct screen *s, double px)
{
  return (int)lround(px * s->scale);
}

struct screen *screen_new(const struct theme *theme, double scale)
{
  struct screen *s = calloc(1, sizeof *s);
  if (!s)
    return NULL;
  s->theme = theme;
  s->scale = scale;
  s->stale = true;
  plot_init(&s->plot);
  s->text = text_new(scaled(s, FONT_PIXELS));
  if (s->text)
    return s;
  screen_free(s);
  return NULL;
}

void screen_free(struct screen *s)
{
  if (!s)
    return;
  plot_destroy(&s->plot);
  text_free(s->text);
  free(s);
}

void screen_invalidate(struct screen *s)
{
  s->stale = true;
}

/* ---- Layout ---- */

/* Width of the widest value label, in steps, so that a label that grows by a digit does not shift the plot each time. */
static int value_margin(struct screen *s)
{
  int widest = text_width(s->text, TEXT_SANS,
                          "\xE2\x88\x92"
                          "10");
  for (int i = 0; i < s->value_ticks.count; i++) {
    char label[TICKS_TEXT_MAX];
    ticks_label(&s->value_ticks, i, label);
    int width = text_width(s->text, TEXT_SANS, label);
    widest = width > widest ? width : widest;
  }
  int step = scaled(s, MARGIN_STEP);
  return (widest + step - 1) / step * step;
}

int screen_layout(struct screen *s, int width, int height, const struct scene *scene)
{
  const struct view *v = scene->view;
  int line = text_height(s->text, TEXT_SANS);
  int pad = scaled(s, PAD);
  int gap = scaled(s, GAP);

  bool header = height >= 8 * line;
  int top = header ? line + 2 * pad : pad;
  int time_strip = line + 2 * gap;
  int right = width - pad - gap;
  int legend_room = height * 2 / 5;
  int left_guess = pad + scaled(s, 4 * MARGIN_STEP) + gap;
  int block_width = s->legend.block_width;
  legend_plan(&s->legend, s->text, scene, right - left_guess, legend_room, s->scale);
  if (block_width != s->legend.block_width)
    s->stale = true;
  int legend_height = height >= 14 * line ? legend_pixels(&s->legend) : 0;
  if (legend_height == 0)
    legend_plan(&s->legend, s->text, scene, 1, 0, s->scale); /* no room: no rows */
  int plot_height = height - top - time_strip - legend_height - gap;
  plot_height = plot_height > 1 ? plot_height : 1;

  int most = plot_height / (line * 2);
  ticks_choose(v->low, v->high, most < 2 ? 2 : most > 12 ? 12 : most, &s->value_ticks);
  int left = pad + value_margin(s) + gap;
  int plot_width = right - left > 1 ? right - left : 1;

  struct rect place = {left < width ? left : width - 1, top < height ? top : height - 1, plot_width, plot_height};
  if (place.x + place.w > width)
    place.w = width - place.x;
  if (place.y + place.h > height)
    place.h = height - place.y;
  const struct rect *old = &s->plot.rect;
  bool moved = old->x != place.x || old->y != place.y || old->w != place.w || old->h != place.h;
  if (moved || !s->plot.grid_row) {
    if (!plot_resize(&s->plot, place))
      return 0;
    s->stale = true;
  }
  if (s->low != v->low || s->high != v->high || s->width != width || s->height != height || s->header != header)
    s->stale = true;
  s->low = v->low;
  s->high = v->high;
  s->width = width;
  s->height = height;
  s->header = header;
  return place.w;
}

/* ---- Parts ---- */

static void draw_value_axis(struct screen *s, struct canvas *c, const struct scene *scene)
{
  const struct rect r = s->plot.rect;
  int gap = scaled(s, GAP);
  int half = text_height(s->text, TEXT_SANS) / 2;
  int rows[TICKS_MAX];
  for (int i = 0; i < s->value_ticks.count; i++) {
    rows[i] = plot_row(&s->plot, ticks_value(&s->value_ticks, i), s->low, s->high);
    char text[TICKS_TEXT_MAX];
    ticks_label(&s->value_ticks, i, text);
    text_draw(s->text, c, TEXT_SANS, r.x - gap, r.y + rows[i] - half, TEXT_RIGHT, text, s->theme->dim,
              (struct rect){0, 0, s->width, s->height});
  }
  plot_grid_rows(&s->plot, rows, scene->grid ? s->value_ticks.count : 0);
  canvas_fill(c, (struct rect){r.x - 1, r.y - 1, r.w + 2, 1}, s->theme->frame);
  canvas_fill(c, (struct rect){r.x - 1, r.y + r.h, r.w + 2, 1}, s->theme->frame);
  canvas_fill(c, (struct rect){r.x - 1, r.y, 1, r.h}, s->theme->frame);
  canvas_fill(c, (struct rect){r.x + r.w, r.y, 1, r.h}, s->theme->frame);
}

/* Grid columns and labels of the time axis: both at the pixel column that contains the tick. */
static void draw_time_axis(struct screen *s, struct canvas *c, const struct scene *scene, struct damage *damage)
{
  const struct view *v = scene->view;
  const struct rect r = s->plot.rect;
  double from = (double)v->first * (double)v->column_width / scene->ticks_per_unit;
  double to = (double)(v->first + v->columns) * (double)v->column_width / scene->ticks_per_unit;
  int most = r.w / scaled(s, TICK_SPACING) + 1;
  struct ticks ticks;
  most = most < 2 ? 2 : most > TICKS_MAX ? TICKS_MAX : most;
  if (scene->clock_labels)
    ticks_choose_time(from, to, most, &ticks);
  else
    ticks_choose(from, to, most, &ticks);

  /* Labels at the ends move inwards rather than be cut; the unit stands to their left, where the values' labels are. */
  const char *unit = scene->clock_labels && ticks.step >= 60 ? "" : scene->time_unit;
  int left = unit[0] ? r.x - scaled(s, PAD) : 0;
  label_row_begin(&s->time_labels);
  for (int i = 0; i < ticks.count; i++) {
    int64_t time = llround(ticks_value(&ticks, i) * scene->ticks_per_unit);
    int64_t column = column_of(time, v->column_width) - v->first;
    if (column < 0 || column >= v->columns)
      continue;
    if (scene->grid)
      plot_grid_column(&s->plot, (int)column);
    char text[TICKS_TEXT_MAX];
    if (scene->clock_labels)
      ticks_label_clock(&ticks, i, text);
    else
      ticks_label(&ticks, i, text);
    int half = text_width(s->text, TEXT_SANS, text) / 2 + 2;
    int x = r.x + (int)column;
    x = x > s->width - half ? s->width - half : x;
    x = x < left + half ? left + half : x;
    label_row_add(&s->time_labels, ticks.first + i, x, text);
  }
  int y = r.y + r.h + scaled(s, GAP);
  struct rect strip = {left, y, s->width - left, text_height(s->text, TEXT_SANS)};
  label_row_draw(&s->time_labels, s->text, c, y, strip, s->theme->dim, s->theme->window, damage);
  label_draw(&s->time_unit, s->text, c, TEXT_SANS, r.x - scaled(s, PAD) - scaled(s, GAP), y, TEXT_RIGHT, unit,
             s->theme->dim, s->theme->window, damage);
}

/* The line above the plot: unit and title at the left; rejected lines, rate and state at the right. */
static void draw_header(struct screen *s, struct canvas *c, const struct scene *scene, struct damage *damage)
{
  static const char *const word[] = {
      [SCREEN_LIVE] = "live", [SCREEN_PAUSED] = "paused", [SCREEN_ENDED] = "end of input"};
  const struct theme *theme = s->theme;
  const uint32_t colour[] = {
      [SCREEN_LIVE] = theme->live, [SCREEN_PAUSED] = theme->paused, [SCREEN_ENDED] = theme->ended};
  if (!s->header)
    return;
  char state[SCREEN_TEXT_MAX];
  char all[sizeof s->header_text];
  const char *unit = scene->unit ? scene->unit : "";
  snprintf(state, sizeof state, "\xE2\x97\x8F %s", word[scene->state]); /* U+25CF, a dot */
  snprintf(all, sizeof all, "%s\n%s\n%s\n%s\n%s", unit, scene->title, scene->rejected, scene->rate, state);
  if (strcmp(all, s->header_text) == 0)
    return;
  memcpy(s->header_text, all, sizeof all);

  const struct rect r = s->plot.rect;
  int apart = scaled(s, 2 * PAD);
  int y = scaled(s, PAD);
  struct rect strip = {0, y, s->width, text_height(s->text, TEXT_BOLD)};
  canvas_fill(c, strip, theme->window);
  damage_add(damage, strip);
  /* From the right, as far as there is room; the unit stands over the labels of its axis, or where the title begins. */
  int pad = scaled(s, PAD);
  int left = r.x - scaled(s, GAP);
  int unit_width = text_width(s->text, TEXT_SANS, unit);
  bool wide = unit_width > left - scaled(s, GAP);
  text_draw(s->text, c, TEXT_SANS, wide ? pad : left - unit_width, y, TEXT_LEFT, unit, theme->dim, strip);
  left = wide ? pad + unit_width + pad : r.x;
  int right = r.x + r.w;
  const struct {
    const char *text;
    uint32_t colour;
  } part[] = {{state, colour[scene->state]}, {scene->rejected, theme->alert}, {scene->rate, theme->dim}};
  for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
    int width = text_width(s->text, TEXT_SANS, part[i].text);
    if (width == 0 || right - width < left)
      continue;
    text_draw(s->text, c, TEXT_SANS, right, y, TEXT_RIGHT, part[i].text, part[i].colour, strip);
    right -= width + apart;
  }
  char title[SCREEN_TEXT_MAX];
  text_fit(s->text, TEXT_BOLD, scene->title, right - left, title, sizeof title);
  if (text_width(s->text, TEXT_BOLD, title) <= right - left)
    text_draw(s->text, c, TEXT_BOLD, left, y, TEXT_LEFT, title, theme->text, strip);
}

static const char *const help_lines[][2] = {
    {"q", "quit (Esc too, when nothing else is open)"},
    {"space", "pause the view; input goes on and is kept"},
    {"Home", "back to live"},
    {"a", "autoscale on or off"},
    {"1 \xE2\x80\xA6 9", "channel on or off"},
    {"g   l", "grid, legend"},
    {"s", "save a PNG"},
    {"F11", "full screen"},
    {"h  ?  F1", "this help"},
};

/* A panel in the middle of the plot: the help, or one line of note. The place it took. */
static struct rect draw_overlay(struct screen *s, struct canvas *c, const struct scene *scene)
{
  const struct rect plot = s->plot.rect;
  int line = text_height(s->text, TEXT_SANS) + scaled(s, GAP);
  int pad = scaled(s, 2 * PAD);
  int count = (int)(sizeof help_lines / sizeof *help_lines);
  int keys = 0;
  int width = 0;
  if (scene->help) {
    for (int i = 0; i < count; i++) {
      int key = text_width(s->text, TEXT_MONO, help_lines[i][0]);
      int what = text_width(s->text, TEXT_SANS, help_lines[i][1]);
      keys = key > keys ? key : keys;
      width = what > width ? what : width;
    }
    width += keys + pad;
  } else {
    count = 1;
    width = text_width(s->text, TEXT_SANS, scene->note);
  }
  struct rect r = {.w = width + 2 * pad, .h = count * line - scaled(s, GAP) + 2 * pad};
  r.x = plot.x + (plot.w - r.w) / 2;
  r.y = plot.y + (plot.h - r.h) / (scene->help ? 2 : 4);
  r = rect_intersection(r, (struct rect){0, 0, s->width, s->height});
  canvas_fill(c, r, s->theme->frame);
  canvas_fill(c, (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2}, s->theme->panel);
  if (!scene->help) {
    text_draw(s->text, c, TEXT_SANS, r.x + r.w / 2, r.y + pad, TEXT_CENTRE, scene->note, s->theme->text, r);
    return r;
  }
  for (int i = 0; i < count; i++) {
    int y = r.y + pad + i * line;
    text_draw(s->text, c, TEXT_MONO, r.x + pad, y, TEXT_LEFT, help_lines[i][0], s->theme->text, r);
    text_draw(s->text, c, TEXT_SANS, r.x + pad + keys + pad, y, TEXT_LEFT, help_lines[i][1], s->theme->dim, r);
  }
  return r;
}

static bool touches(const struct damage *damage, int from, struct rect r)
{
  for (int i = from; i < damage->count; i++)
    if (!rect_empty(rect_intersection(damage->rect[i], r)))
      return true;
  return false;
}

/* ---- The whole ---- */

/* Traces into the plot; true when something other than the spans changed, and all of the plot is to be painted. */
static bool set_traces(struct screen *s, const struct scene *scene)
{
  uint64_t hidden = 0;
  if (!plot_begin(&s->plot, scene->channels))
    return false;
  double width = (scene->dots ? DOT_SIZE : LINE_WIDTH) * s->scale;
  double sideways = (width - 1) / 2; /* how far a column's stroke reaches into its neighbours */
  int radius = (int)(sideways + 0.6);
  s->plot.halo = sideways - radius > 0.12;
  for (int i = 0; i < scene->channels; i++) {
    const struct scene_channel *channel = &scene->channel[i];
    s->plot.colour[i] = s->theme->channel[i % THEME_COLOURS];
    hidden |= channel->hidden ? 1ULL << i : 0;
    plot_trace(&s->plot, i, channel->hidden ? NULL : channel->columns, s->low, s->high, width);
    if (!scene->dots && !channel->hidden)
      plot_show_isolated(&s->plot, i, DOT_SIZE * s->scale);
    if (radius > 0 && !channel->hidden)
      plot_widen(&s->plot, i, radius);
  }
  if (hidden != s->hidden || s->grid != scene->grid || s->dots != scene->dots)
    plot_invalidate(&s->plot);
  s->hidden = hidden;
  s->grid = scene->grid;
  s->dots = scene->dots;
  return true;
}

bool screen_draw(struct screen *s, struct canvas *c, const struct scene *scene, struct damage *damage)
{
  const char *note = scene->note ? scene->note : "";
  bool overlay_changed = s->help != scene->help || strcmp(s->note, note) != 0;
  if (overlay_changed) /* it may reach beyond the plot */
    s->stale = true;
  s->help = scene->help;
  snprintf(s->note, sizeof s->note, "%s", note);

  int first_damage = damage->count;
  bool all = s->stale || s->grid != scene->grid;
  if (all) {
    s->stale = false;
    canvas_fill(c, (struct rect){0, 0, s->width, s->height}, s->theme->window);
    damage_add(damage, (struct rect){0, 0, s->width, s->height});
    s->header_text[0] = '\0';
    label_forget(&s->time_unit);
    label_row_forget(&s->time_labels);
    legend_forget(&s->legend);
    plot_invalidate(&s->plot);
    s->plot.background = s->theme->plot;
    s->plot.grid_colour = s->theme->grid;
  }
  if (!set_traces(s, scene))
    return false;
  if (all)
    draw_value_axis(s, c, scene);
  draw_time_axis(s, c, scene, damage);
  plot_paint(&s->plot, c, damage);
  draw_header(s, c, scene, damage);
  const struct rect r = s->plot.rect;
  int legend_top = r.y + r.h + text_height(s->text, TEXT_SANS) + 2 * scaled(s, GAP);
  legend_draw(&s->legend, s->text, c, r.x, legend_top, scene, s->theme, damage);
  if ((scene->help || scene->note) && (overlay_changed || touches(damage, first_damage, s->overlay))) {
    s->overlay = draw_overlay(s, c, scene);
    damage_add(damage, s->overlay);
  }
  return true;
}
