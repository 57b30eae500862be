#include "scope/paint/screen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scope/paint/legend.h"
#include "scope/paint/look.h"
#include "scope/paint/marks.h"
#include "scope/paint/overlay.h"
#include "scope/paint/pane.h"
#include "scope/paint/state_line.h"
#include "scope/paint/text.h"
#include "scope/paint/time_strip.h"

enum { FONT_PIXELS = 13, STATE_LINES = 8, LEGEND_LINES = 12 /* of the window's height, for there to be any */ };
static const double LEGEND_SHARE = 0.42; /* of what it shares with the plots, which are never smaller */

/* Where everything stands: a pure function of scene and size. */
struct layout {
  int width, height;
  bool state_line; /* there is room for it */
  int panes;
  struct rect plot[SCENE_PANES_MAX];
  struct value_axis axis[SCENE_PANES_MAX];
  struct value_ticks ticks[SCENE_PANES_MAX];
  struct legend_plan legend;
  const char *unit; /* at the axes, or none: "" */
};

struct screen {
  struct look look;
  struct layout layout;
  struct legend_numbers numbers[CHANNELS_MAX];
  bool stale; /* everything is to be painted */

  /* What is on the canvas. */
  bool grid;
  struct pane pane[SCENE_PANES_MAX];
  struct time_strip time_strip;
  struct state_line state_line;
  struct legend legend;
  struct marks marks[SCENE_PANES_MAX];
  struct overlay overlay;
};

struct screen *screen_new(const struct theme *theme, double scale)
{
  struct screen *s = calloc(1, sizeof *s);
  if (!s)
    return NULL;
  s->look = (struct look){.theme = theme, .scale = scale};
  look_fit(&s->look, INT16_MAX, INT16_MAX);
  s->stale = true;
  for (int i = 0; i < SCENE_PANES_MAX; i++)
    pane_init(&s->pane[i]);
  s->look.text = text_new(look_pixels(&s->look, FONT_PIXELS));
  if (s->look.text)
    return s;
  screen_free(s);
  return NULL;
}

void screen_free(struct screen *s)
{
  if (!s)
    return;
  for (int i = 0; i < SCENE_PANES_MAX; i++)
    pane_destroy(&s->pane[i]);
  overlay_destroy(&s->overlay);
  text_free(s->look.text);
  free(s);
}

void screen_invalidate(struct screen *s)
{
  s->stale = true;
}

/* ---- Layout ---- */

/* height: of what the legend shares with the plots. */
static void plan_legend(struct screen *s, const struct scene *scene, int width, int whole, int height,
                        struct legend_plan *plan)
{
  const struct look *look = &s->look;
  legend_plan_nothing(plan);
  legend_write_numbers(s->numbers, look, scene); /* marks and read-outs need them too */
  if (!scene->legend || whole < LEGEND_LINES * look_line(look))
    return;
  /* The plot's left edge depends on its height, and that on the legend: the ticks of a usual height are taken for it. */
  int labels = look_pixels(look, 4 * LOOK_STEP);
  for (int i = 0; i < scene->panes; i++) {
    struct value_axis axis = scene->pane[i].axis;
    struct value_ticks ticks;
    axis.rows = (int)(height * (1 - LEGEND_SHARE)) / scene->panes;
    pane_choose_ticks(look, &axis, &ticks);
    const int wide = pane_label_width(look, &ticks, pane_unit(look, scene->unit));
    labels = wide > labels ? wide : labels;
  }
  const int left = look->pad + labels + look->gap;
  legend_plan(plan, look, s->numbers, scene, width - look->pad - look->gap - left, (int)(height * LEGEND_SHARE));
}

/* Panes of equal height under each other, from `top` on. Labels of all have the same room. */
static void plan_panes(const struct look *look, const struct scene *scene, int top, int height, struct layout *l)
{
  int pad = look->pad;
  int gap = look->gap;
  int rows = (height - (scene->panes - 1) * pad) / scene->panes;
  int labels = 0;
  rows = rows > 1 ? rows : 1;
  l->panes = scene->panes;
  for (int i = 0; i < l->panes; i++) {
    l->axis[i] = scene->pane[i].axis;
    l->axis[i].rows = rows;
    pane_choose_ticks(look, &l->axis[i], &l->ticks[i]);
    int width = pane_label_width(look, &l->ticks[i], l->unit);
    labels = width > labels ? width : labels;
  }
  int left = pad + labels + gap;
  int right = l->width - pad - gap;
  for (int i = 0; i < l->panes; i++) {
    int y = top + i * (rows + pad);
    struct rect place = {left < l->width ? left : l->width - 1, y < l->height ? y : l->height - 1,
                         right - left > 1 ? right - left : 1, rows};
    l->plot[i] = rect_intersection(place, (struct rect){0, 0, l->width, l->height});
    l->axis[i].rows = l->plot[i].h;
  }
}

static bool layouts_equal(const struct layout *a, const struct layout *b)
{
  if (a->width != b->width || a->height != b->height || a->state_line != b->state_line || a->panes != b->panes ||
      strcmp(a->unit ? a->unit : "", b->unit ? b->unit : "") != 0 || !legend_plan_equal(&a->legend, &b->legend))
    return false;
  for (int i = 0; i < a->panes; i++)
    if (!rect_equal(a->plot[i], b->plot[i]) || a->axis[i].low != b->axis[i].low || a->axis[i].high != b->axis[i].high ||
        a->axis[i].scale != b->axis[i].scale)
      return false;
  return true;
}

bool screen_layout(struct screen *s, int width, int height, const struct scene *scene, struct scene_size *size)
{
  const struct look *look = &s->look;
  look_fit(&s->look, width, height);
  const int line = look_line(look);
  struct layout l = {.width = width, .height = height, .state_line = height >= STATE_LINES * line};
  l.unit = pane_unit(look, scene->unit);
  /* The highest label reaches half a line above the plot. */
  const int above = look->pad > line / 2 + 2 ? look->pad : line / 2 + 2;
  const int top = l.state_line ? look->pad + line + above : above;
  const int rest = height - top - time_strip_pixels(look) - look->gap;
  plan_legend(s, scene, width, height, rest, &l.legend);
  plan_panes(look, scene, top, rest - legend_pixels(&l.legend, look), &l);

  if (!layouts_equal(&l, &s->layout))
    s->stale = true;
  s->layout = l;
  *size = (struct scene_size){.columns = l.plot[0].w};
  for (int i = 0; i < l.panes; i++) {
    size->rows[i] = l.plot[i].h;
    size->ticks[i] = pane_most_ticks(look, l.axis[i].rows);
    if (!pane_place(&s->pane[i], l.plot[i], &l.axis[i], &l.ticks[i]))
      return false;
  }
  return true;
}

/* The top left corner of the legend: under the strip of times. */
static struct rect legend_place(const struct screen *s)
{
  const struct layout *l = &s->layout;
  const struct rect last = l->plot[l->panes - 1];
  int y = last.y + last.h + time_strip_pixels(&s->look);
  return (struct rect){last.x, y, l->width - last.x, legend_pixels(&l->legend, &s->look)};
}

struct screen_spot screen_pick(const struct screen *s, int x, int y)
{
  const struct layout *l = &s->layout;
  struct screen_spot spot = {.part = SCREEN_NOTHING, .pane = -1, .channel = -1};
  if (l->panes == 0 || !rect_contains((struct rect){0, 0, l->width, l->height}, x, y))
    return spot;
  const struct rect legend = legend_place(s);
  struct rect plot = l->plot[l->panes - 1];
  for (int i = 0; i < l->panes; i++)
    if (y >= l->plot[i].y && y < l->plot[i].y + l->plot[i].h && x < l->plot[i].x + l->plot[i].w) {
      plot = l->plot[i];
      spot.pane = i;
      spot.part = x < plot.x ? SCREEN_VALUE_AXIS : SCREEN_PLOT;
    }
  spot.column = x - plot.x;
  spot.row = y - plot.y;
  if (spot.part != SCREEN_NOTHING)
    return spot;
  if (y >= plot.y + plot.h && y < legend.y && x >= plot.x && x < plot.x + plot.w)
    spot.part = y < time_strip_place(&s->look, plot).y ? SCREEN_TIME_AXIS : SCREEN_STRIP;
  else if ((spot.channel = legend_pick(&l->legend, x - legend.x, y - legend.y)) >= 0)
    spot.part = SCREEN_LEGEND;
  return spot;
}

int screen_legend_scroll(const struct screen *s)
{
  return s->layout.legend.all_rows - s->layout.legend.rows;
}

/* ---- Painting ---- */

/* An empty window: whoever remembers what was on it has to forget. */
static void start_afresh(struct screen *s, struct canvas *c, struct damage *damage)
{
  s->stale = false;
  canvas_fill(c, canvas_rect(c), s->look.theme->window);
  damage_add(damage, canvas_rect(c));
  time_strip_forget(&s->time_strip);
  state_line_forget(&s->state_line);
  legend_forget(&s->legend);
  for (int i = 0; i < SCENE_PANES_MAX; i++)
    marks_forget(&s->marks[i]);
}

static struct rect all_plots(const struct layout *l)
{
  struct rect all = {0};
  for (int i = 0; i < l->panes; i++)
    all = rect_union(all, l->plot[i]);
  return all;
}

/* What the person is to read instead of a plot that says nothing. */
static const char *note_of(const struct scene *scene)
{
  if (scene->note)
    return scene->note;
  if (scene->legend || scene->channels == 0)
    return "";
  for (int i = 0; i < scene->channels; i++)
    if (!scene->channel[i].hidden)
      return "";
  return "all channels are off: 1-9 or the legend (l) show them";
}

static void draw_state_line(struct screen *s, const struct scene *scene, const char *note, struct canvas *c,
                            struct damage *damage)
{
  const struct layout *l = &s->layout;
  char offset[FIGURE_TEXT_MAX];
  char corner[FIGURE_TEXT_MAX];
  value_ticks_offset_label(&l->ticks[0], offset);
  figure_with_unit(offset, offset[0] ? l->unit : "", corner);
  const struct state_line_texts texts = {
      .corner = corner, .unit = scene->unit && !l->unit[0] ? scene->unit : "", .note = note};
  state_line_draw(&s->state_line, &s->look, scene, &texts, c, l->plot[0], damage);
}

bool screen_draw(struct screen *s, struct canvas *c, const struct scene *scene, struct damage *damage)
{
  const struct look *look = &s->look;
  const struct layout *l = &s->layout;
  const int first_damage = damage->count;
  /* A note lies on no data: in the middle only where there are none, else it takes the place of the state line. */
  const char *note = note_of(scene);
  const bool in_line = l->state_line && scene->channels > 0;
  const bool overlay_changed = overlay_update(&s->overlay, scene, in_line ? "" : note);
  /* A panel may reach beyond the plots: what it covered there is known to nobody. */
  const bool all = s->stale || overlay_changed || s->grid != scene->grid;
  s->grid = scene->grid;
  if (all)
    start_afresh(s, c, damage);

  struct time_strip_ticks ticks;
  time_strip_choose_ticks(look, scene, &ticks);
  for (int i = 0; i < l->panes; i++) {
    if (!pane_set_traces(&s->pane[i], look, scene, i, &ticks))
      return false;
    if (all)
      pane_draw_axis(&s->pane[i], look, c, l->unit, scene->grid);
    marks_set(&s->marks[i], look, scene, i, l->plot[i], s->numbers, &ticks);
  }
  const struct rect lowest = l->plot[l->panes - 1];
  time_strip_draw(&s->time_strip, look, scene, &ticks, c, lowest, damage);
  for (int i = 0; i < l->panes; i++) {
    const int first = damage->count;
    plot_paint(&s->pane[i].plot, c, damage);
    marks_draw(&s->marks[i], look, &s->pane[i].plot, c, first, damage);
  }
  if (l->state_line)
    draw_state_line(s, scene, in_line ? note : "", c, damage);
  const struct rect legend = legend_place(s);
  legend_draw(&s->legend, &l->legend, look, s->numbers, scene, c, legend.x, legend.y, damage);
  if (overlay_changed || damage_touches(damage, first_damage, s->overlay.place)) {
    overlay_draw(&s->overlay, look, c, all_plots(l));
    damage_add(damage, s->overlay.place);
  }
  return true;
}
