#include "scope/paint/screen.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope/paint/cursor_marks.h"
#include "scope/paint/cursor_table.h"
#include "scope/paint/layout.h"
#include "scope/paint/legend.h"
#include "scope/paint/look.h"
#include "scope/paint/marks.h"
#include "scope/paint/overlay.h"
#include "scope/paint/pane.h"
#include "scope/paint/state_line.h"
#include "scope/paint/text.h"
#include "scope/paint/time_strip.h"
#include "scope/view/unit_text.h"

enum { FONT_PIXELS = 13 };

struct screen {
  struct look look;
  struct layout layout, plan; /* as laid out, and as it is being worked out */
  struct legend_numbers numbers[CHANNELS_MAX];
  struct cursor_table cursor_table;
  bool stale;         /* everything is to be painted */
  struct rect handle; /* of the trigger's level, to be taken hold of; empty: there is none */

  /* What is on the canvas. */
  bool grid;
  struct cursors_scene cursors;
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

bool screen_layout(struct screen *s, int width, int height, const struct scene *scene, struct scene_size *size)
{
  const struct look *look = &s->look;
  struct layout *l = &s->plan;
  look_fit(&s->look, width, height);
  legend_write_numbers(s->numbers, look, scene); /* marks and read-outs need them too */
  layout_plan(l, width, height, look, scene, s->numbers, &s->cursor_table);
  if (!layout_equal(l, &s->layout))
    s->stale = true;
  s->layout = *l;
  *size = (struct scene_size){.columns = l->pane[0].plot.w};
  for (int i = 0; i < SCENE_PANES_MAX; i++) { /* a pane that has no place may get one like the others */
    size->rows[i] = l->pane[0].plot.h;
    size->ticks[i] = pane_most_ticks(look, l->pane[0].axis.rows);
  }
  s->handle = (struct rect){0};
  for (int i = 0; i < l->panes; i++) {
    const struct pane_layout *p = &l->pane[i];
    if (scene->trigger.on && scene->trigger.pane == p->index)
      s->handle = marks_handle(look, p->plot, value_axis_pixel(&p->axis, scene->trigger.level));
    size->rows[p->index] = p->plot.h;
    size->ticks[p->index] = pane_most_ticks(look, p->axis.rows);
    if (!pane_place(&s->pane[p->index], p->plot, &p->axis, &p->ticks))
      return false;
  }
  return true;
}

struct screen_spot screen_pick(const struct screen *s, int x, int y)
{
  const struct layout *l = &s->layout;
  struct screen_spot spot = {.part = SCREEN_NOTHING, .pane = -1, .channel = -1, .cursor = CURSOR_NONE};
  if (l->panes == 0 || !rect_contains((struct rect){0, 0, l->width, l->height}, x, y))
    return spot;
  const struct rect legend = l->legend_place;
  struct rect plot = layout_lowest_plot(l);
  for (int i = 0; i < l->panes; i++) {
    const struct rect r = l->pane[i].plot;
    if (y < r.y || y >= r.y + r.h || x >= r.x + r.w)
      continue;
    plot = r;
    spot.pane = l->pane[i].index;
    spot.part = x < plot.x ? SCREEN_VALUE_AXIS : SCREEN_PLOT;
  }
  if (spot.part != SCREEN_NOTHING && rect_contains(s->handle, x, y))
    spot.part = SCREEN_TRIGGER;
  spot.column = x - plot.x;
  spot.row = y - plot.y;
  if (spot.part == SCREEN_PLOT)
    spot.cursor =
        cursor_marks_pick(&s->look, &s->cursors, spot.pane == l->pane[0].index, plot.w, spot.column, spot.row);
  if (spot.part != SCREEN_NOTHING)
    return spot;
  if (y >= plot.y + plot.h && y < s->layout.table_place.y && x >= plot.x && x < plot.x + plot.w)
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
  cursor_table_forget(&s->cursor_table);
  for (int i = 0; i < SCENE_PANES_MAX; i++)
    marks_forget(&s->marks[i]);
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
  const struct pane_layout *first = &l->pane[0];
  char offset[FIGURE_TEXT_MAX] = "";
  char corner[FIGURE_TEXT_MAX];
  /* Of several panes each has its own, and says so itself. */
  if (l->panes == 1)
    value_ticks_offset_label(&first->ticks, offset);
  unit_with_figure(offset, offset[0] ? first->unit : "", corner);
  const struct state_line_texts texts = {
      .corner = corner, .unit = scene->unit && !first->unit[0] ? scene->unit : "", .note = note};
  state_line_draw(&s->state_line, &s->look, scene, &texts, c, first->plot, damage);
}

/* A pane under or over others says what it shows. */
static void set_title(struct screen *s, const struct scene *scene, const struct pane_layout *p)
{
  const struct look *look = &s->look;
  char offset[FIGURE_TEXT_MAX];
  char text[PANE_TITLE_MAX + FIGURE_TEXT_MAX + 2];
  if (s->layout.panes == 1 || layout_titled_beside(&s->layout, look, p))
    return;
  value_ticks_offset_label(&p->ticks, offset);
  snprintf(text, sizeof text, "%s%s%s", p->title, offset[0] ? "  " : "", offset);
  marks_add_title(&s->marks[p->index], look, p->plot, text, pane_title_colour(look, scene, p->index));
}

static void draw_axis(struct screen *s, const struct scene *scene, const struct pane_layout *p, struct canvas *c)
{
  const struct layout *l = &s->layout;
  const bool beside = layout_titled_beside(l, &s->look, p);
  const struct pane_texts texts = {.unit = p->unit,
                                   .title = beside ? p->title : "",
                                   .title_colour = pane_title_colour(&s->look, scene, p->index),
                                   .above_below = l->panes > 1 ? l->gap / 2 : l->height};
  pane_draw_axis(&s->pane[p->index], &s->look, c, &texts, scene->grid);
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
  s->cursors = scene->cursors;
  if (all)
    start_afresh(s, c, damage);

  struct time_strip_ticks ticks;
  time_strip_choose_ticks(look, scene, &ticks);
  for (int i = 0; i < l->panes; i++) {
    const struct pane_layout *p = &l->pane[i];
    if (!pane_set_traces(&s->pane[p->index], look, scene, p->index, &ticks))
      return false;
    if (all)
      draw_axis(s, scene, p, c);
    marks_set(&s->marks[p->index], look, scene, p->index, p->plot, s->numbers, &ticks);
    set_title(s, scene, p);
  }
  time_strip_draw(&s->time_strip, look, scene, &ticks, c, layout_lowest_plot(l), damage);
  for (int i = 0; i < l->panes; i++) {
    const int index = l->pane[i].index;
    const int first = damage->count;
    plot_paint(&s->pane[index].plot, c, damage);
    marks_draw(&s->marks[index], look, &s->pane[index].plot, c, first, damage);
  }
  if (l->state_line)
    draw_state_line(s, scene, in_line ? note : "", c, damage);
  cursor_table_draw(&s->cursor_table, look, scene, c, s->layout.table_place, damage);
  const struct rect legend = l->legend_place;
  legend_draw(&s->legend, &l->legend, look, s->numbers, scene, c, legend.x, legend.y, damage);
  if (overlay_changed || damage_touches(damage, first_damage, s->overlay.place)) {
    overlay_draw(&s->overlay, look, c, layout_all_plots(l));
    damage_add(damage, s->overlay.place);
  }
  return true;
}
