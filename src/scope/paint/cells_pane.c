#include "scope/paint/cells_pane.h"

#include <stdlib.h>

#include "scope/paint/cells_plot.h"
#include "scope/paint/pane.h"
#include "scope/view/unit_text.h"

enum {
  TITLE_MOST = 128,  /* bytes of what a pane is called */
  TITLE_BESIDE = 12, /* columns of it, where it stands beside the pane */
};

/* Where traces leave the range: a triangle at the edge for each, at the right end. */
static void draw_off_scale(const struct cells_pane *pane, struct cells *c, const struct scene *scene,
                           const struct cells_pane_look *how)
{
  const struct rect r = pane->plot;
  int above = r.x + r.w - 1; /* where the next one goes */
  int below = above;
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    if (channel->hidden || (scene->pane[pane->index].channels >> i & 1) == 0)
      continue;
    const uint32_t ink = how->theme->channel[i % THEME_COLOURS];
    if (channel->above && above >= r.x)
      cells_put(c, above--, r.y, 0x25B2, ink);
    if (channel->below && below >= r.x)
      cells_put(c, below--, r.y + r.h - 1, 0x25BC, ink);
  }
}

/* A mark at the trigger's level, and one above the crossing that stands still. */
static void draw_trigger(const struct cells_pane *pane, struct cells *c, const struct scene *scene,
                         const struct cells_pane_look *how)
{
  const struct trigger_scene *trigger = &scene->trigger;
  const struct rect r = pane->plot;
  const uint32_t ink = how->theme->channel[trigger->channel % THEME_COLOURS];
  struct value_axis axis = scene->pane[pane->index].axis;
  axis.rows = r.h;
  cells_put(c, r.x, r.y + value_axis_pixel(&axis, trigger->level), 0x25BA, ink);
  if (trigger->shown && trigger->column >= 0 && trigger->column < scene->time.columns)
    cells_put(c, r.x + (int)trigger->column / CELLS_EACH, r.y, 0x25BE, ink);
}

static uint32_t title_ink(const struct cells_pane *pane, const struct scene *scene, const struct theme *theme)
{
  const uint64_t channels = scene->pane[pane->index].channels;
  const bool one = channels != 0 && (channels & (channels - 1)) == 0;
  return one ? theme->channel[__builtin_ctzll(channels) % THEME_COLOURS] : theme->text;
}

/* What a low pane is called, where others have their figures; what lay there before is another pane's. */
static void draw_title_beside(const struct cells_pane *pane, struct cells *c, const struct scene *scene,
                              const struct cells_pane_look *how)
{
  const struct rect r = pane->plot;
  char title[TITLE_MOST];
  pane_write_title(scene, pane->index, title, sizeof title);
  cells_fill(c, 0, r.y, r.x - 1, r.h, how->theme->window);
  cells_text(c, 0, r.y, r.x - 1, title, title_ink(pane, scene, how->theme), false);
}

/* The line above a pane among others: its name, and what its labels leave out. */
static void draw_head(const struct cells_pane *pane, struct cells *c, const struct scene *scene,
                      const struct cells_pane_look *how)
{
  const struct rect r = pane->plot;
  char title[TITLE_MOST];
  char offset[FIGURE_TEXT_MAX];
  for (int x = r.x; x < r.x + r.w && r.y > 0; x++)
    cells_put(c, x, r.y - 1, 0x2500, how->theme->frame);
  pane_write_title(scene, pane->index, title, sizeof title);
  value_ticks_offset_label(&pane->ticks, offset);
  int x = r.x + 2;
  x += cells_text(c, x, r.y - 1, r.x + r.w - x, title, title_ink(pane, scene, how->theme), false) + 1;
  cells_text(c, x, r.y - 1, r.x + r.w - x, offset, how->theme->dim, false);
}

/* Frame, ticks and grid of a pane, under the traces. */
void cells_pane_draw_axis(const struct cells_pane *pane, struct cells *c, const struct scene *scene,
                          const struct cells_pane_look *how)
{
  const struct rect r = pane->plot;
  const struct theme *t = how->theme;
  struct value_axis axis = scene->pane[pane->index].axis;
  axis.rows = r.h;
  cells_fill(c, r.x, r.y, r.w, r.h, t->plot);
  for (int y = 0; y < r.h && how->text; y++)
    cells_put(c, r.x - 1, r.y + y, 0x2502, t->frame);
  for (int i = 0; i < how->times->time.count && scene->grid; i++) {
    const int64_t column = time_strip_column(scene, how->times, i);
    if (column >= 0 && column < scene->time.columns)
      for (int y = 0; y < r.h; y++)
        cells_put(c, r.x + (int)column / CELLS_EACH, r.y + y, 0x2502, t->grid);
  }
  if (how->text && how->name_place == CELLS_PANE_BESIDE)
    draw_title_beside(pane, c, scene, how);
  int labelled = -1; /* the row of the label below: there is room for one in each */
  for (int i = 0; i < pane->ticks.count; i++) {
    const int y = r.y + value_axis_pixel(&axis, value_ticks_value(&pane->ticks, i));
    for (int x = r.x; x < r.x + r.w && x < c->columns && y < c->rows && scene->grid; x++) {
      const bool crossing = c->cell[(long)y * c->columns + x].character == 0x2502;
      cells_put(c, x, y, crossing ? 0x253C : 0x2500, t->grid);
    }
    if (!how->text || how->name_place == CELLS_PANE_BESIDE || y == labelled)
      continue;
    labelled = y;
    char label[FIGURE_TEXT_MAX];
    value_ticks_label(&pane->ticks, i, label);
    const int width = cells_width(label);
    cells_text(c, r.x - 1 - width, y, width, label, t->dim, false);
    cells_put(c, r.x - 1, y, 0x2524, t->frame);
  }
}

int cells_pane_label_width(const struct cells_pane *pane, const struct scene *scene, enum cells_pane_name name_place)
{
  int widest = 0;
  if (name_place == CELLS_PANE_BESIDE) {
    char title[TITLE_MOST];
    pane_write_title(scene, pane->index, title, sizeof title);
    const int width = cells_width(title);
    return width < TITLE_BESIDE ? width : TITLE_BESIDE;
  }
  for (int i = 0; i < pane->ticks.count; i++) {
    char label[FIGURE_TEXT_MAX];
    value_ticks_label(&pane->ticks, i, label);
    const int width = cells_width(label);
    widest = width > widest ? width : widest;
  }
  return widest;
}

void cells_pane_draw_marks(const struct cells_pane *pane, struct cells *c, const struct scene *scene,
                           const struct cells_pane_look *how)
{
  draw_off_scale(pane, c, scene, how);
  if (scene->trigger.on && scene->trigger.pane == pane->index)
    draw_trigger(pane, c, scene, how);
  if (how->name_place == CELLS_PANE_ABOVE)
    draw_head(pane, c, scene, how);
}
