#include "scope/paint/layout.h"

#include <stdint.h>
#include <string.h>

#include "scope/paint/pane.h"
#include "scope/paint/text.h"
#include "scope/paint/time_strip.h"

enum { STATE_LINES = 8, LEGEND_LINES = 12 /* of the window's height, for there to be any */ };
static const double LEGEND_SHARE = 0.42; /* of what it shares with the plots, which are never smaller */
static const double TABLES_SHARE = 0.55; /* the same with the table of the cursors */

enum { PANE_GAP = 5, PANES_WIDE = 8 };

/* shared: the height of what the tables under the plots share with these. The cursors' has room before the legend has. */
static void plan_tables(struct layout *l, const struct look *look, const struct scene *scene,
                        const struct legend_numbers *numbers, struct cursor_table *table, int shared)
{
  const int panes = scene_panes_shown(scene);
  struct legend_plan *plan = &l->legend;
  legend_plan_nothing(plan);
  if ((!scene->legend && !scene->cursors.on) || l->height < LEGEND_LINES * look_line(look)) {
    cursor_table_plan(table, look, numbers, scene, l->width, 0);
    l->cursors = table->plan;
    return;
  }
  /* The plot's left edge depends on its height, and that on the legend: the ticks of a usual height are taken for it. */
  int labels = look_pixels(look, 4 * LOOK_STEP);
  for (int i = scene_next_pane(scene, -1); i >= 0; i = scene_next_pane(scene, i)) {
    struct value_axis axis = scene->pane[i].axis;
    struct value_ticks ticks;
    axis.rows = (int)(shared * (1 - LEGEND_SHARE)) / panes;
    pane_choose_ticks(look, &axis, &ticks);
    const int wide = pane_label_width(look, &ticks, pane_unit(look, scene, i));
    labels = wide > labels ? wide : labels;
  }
  const int left = look->pad + labels + look->gap;
  const int room = l->width - look->pad - look->gap - left;
  const int most = (int)(shared * (scene->cursors.on ? TABLES_SHARE : LEGEND_SHARE));
  cursor_table_plan(table, look, numbers, scene, room, most);
  l->cursors = table->plan;
  if (scene->legend)
    legend_plan(plan, look, numbers, scene, room, most - cursor_table_pixels(table, look));
}

bool layout_titled_beside(const struct layout *l, const struct look *look, const struct pane_layout *pane)
{
  return l->panes > 1 && pane_is_low(look, pane->plot.h);
}

/* Room for what stands left of the panes, which is the same for all. */
static int plan_label_width(const struct look *look, const struct layout *l)
{
  int labels = 0;
  for (int i = 0; i < l->panes; i++) {
    const struct pane_layout *p = &l->pane[i];
    const int step = look_pixels(look, LOOK_STEP);
    const int width = layout_titled_beside(l, look, p)
                          ? (text_width(look->text, TEXT_SANS, p->title) + step - 1) / step * step
                          : pane_label_width(look, &p->ticks, p->unit);
    labels = width > labels ? width : labels;
  }
  /* Names may be long; with one pane there are figures alone. */
  return l->panes > 1 && labels > l->width / PANES_WIDE ? l->width / PANES_WIDE : labels;
}

/* Panes of equal height under each other, from `top` on: to a pixel, and where there are more than pixels one over another. */
static void plan_panes(struct layout *l, const struct look *look, const struct scene *scene, int top, int height)
{
  const int pad = look->pad;
  const int gap = look->gap;
  l->panes = scene_panes_shown(scene);
  height = height > 1 ? height : 1;
  const int each = height / l->panes;
  l->gap = l->panes == 1 || each < 2 ? 0 : each < PANE_GAP * 4 ? 1 : look_pixels(look, PANE_GAP);
  int index = -1;
  for (int i = 0; i < l->panes; i++) {
    struct pane_layout *p = &l->pane[i];
    index = scene_next_pane(scene, index);
    const int from = top + (int)((int64_t)(height + l->gap) * i / l->panes);
    const int to = top + (int)((int64_t)(height + l->gap) * (i + 1) / l->panes) - l->gap;
    *p =
        (struct pane_layout){.index = index,
                             .plot = {.y = from < l->height ? from : l->height - 1, .h = to - from > 1 ? to - from : 1},
                             .axis = scene->pane[index].axis,
                             .unit = pane_unit(look, scene, index)};
    p->axis.rows = p->plot.h;
    pane_choose_ticks(look, &p->axis, &p->ticks);
    if (l->panes > 1)
      pane_write_title(scene, index, p->title, sizeof p->title);
  }
  const int left = pad + plan_label_width(look, l) + gap;
  const int right = l->width - pad - gap;
  for (int i = 0; i < l->panes; i++) {
    struct pane_layout *p = &l->pane[i];
    p->plot.x = left < l->width ? left : l->width - 1;
    p->plot.w = right - left > 1 ? right - left : 1;
    p->plot = rect_intersection(p->plot, (struct rect){0, 0, l->width, l->height});
    p->axis.rows = p->plot.h;
  }
}

struct rect layout_lowest_plot(const struct layout *l)
{
  return l->pane[l->panes - 1].plot;
}

struct rect layout_all_plots(const struct layout *l)
{
  struct rect all = {0};
  for (int i = 0; i < l->panes; i++)
    all = rect_union(all, l->pane[i].plot);
  return all;
}

void layout_plan(struct layout *l, int width, int height, const struct look *look, const struct scene *scene,
                 const struct legend_numbers *numbers, struct cursor_table *table)
{
  const int line = look_line(look);
  *l = (struct layout){.width = width, .height = height, .state_line = height >= STATE_LINES * line};
  /* The highest label reaches half a line above the plot. */
  const int above = look->pad > line / 2 + 2 ? look->pad : line / 2 + 2;
  const int top = l->state_line ? look->pad + line + above : above;
  const int rest = height - top - time_strip_pixels(look) - look->gap;
  plan_tables(l, look, scene, numbers, table, rest);
  const int table_height = cursor_table_pixels(table, look);
  const int legend_height = legend_pixels(&l->legend, look);
  plan_panes(l, look, scene, top, rest - legend_height - table_height);

  const struct rect lowest = layout_lowest_plot(l);
  const int under = lowest.y + lowest.h + time_strip_pixels(look);
  l->table_place = (struct rect){lowest.x, under, width - lowest.x, table_height};
  l->legend_place = (struct rect){lowest.x, under + table_height, width - lowest.x, legend_height};
}

static bool panes_equal(const struct pane_layout *a, const struct pane_layout *b)
{
  return a->index == b->index && rect_equal(a->plot, b->plot) && a->axis.low == b->axis.low &&
         a->axis.high == b->axis.high && a->axis.scale == b->axis.scale && a->axis.around_zero == b->axis.around_zero &&
         strcmp(a->unit, b->unit) == 0 && strcmp(a->title, b->title) == 0;
}

bool layout_equal(const struct layout *a, const struct layout *b)
{
  if (a->width != b->width || a->height != b->height || a->state_line != b->state_line || a->panes != b->panes ||
      !legend_plan_equal(&a->legend, &b->legend) || !cursor_plan_equal(&a->cursors, &b->cursors))
    return false;
  for (int i = 0; i < a->panes; i++)
    if (!panes_equal(&a->pane[i], &b->pane[i]))
      return false;
  return true;
}
