#include "scope/paint/pane.h"

#include <math.h>

enum { LABELS_MAX = 12, LINES_A_LABEL = 2, FRAME_NEAR = 4 };
static const double LINE_WIDTH = 1.5;
static const double DOT_SIZE = 3;
static const double GAP_ROWS = 12; /* what is higher in a column is no gap of a dash */
static const double LONE_SIZE = 6; /* of a sample between two gaps */

void pane_init(struct pane *p)
{
  *p = (struct pane){0};
  plot_init(&p->plot);
}

void pane_destroy(struct pane *p)
{
  plot_destroy(&p->plot);
}

int pane_most_ticks(const struct look *look, int rows)
{
  int most = rows / (look_line(look) * LINES_A_LABEL);
  return most < VALUE_TICKS_LEAST ? VALUE_TICKS_LEAST : most > LABELS_MAX ? LABELS_MAX : most;
}

void pane_choose_ticks(const struct look *look, const struct value_axis *axis, struct value_ticks *ticks)
{
  value_ticks_choose(axis->low, axis->high, pane_most_ticks(look, axis->rows), ticks);
}

const char *pane_unit(const struct look *look, const char *unit)
{
  const bool fits = unit && text_width(look->text, TEXT_SANS, unit) <= text_width(look->text, TEXT_SANS, "mmmm");
  return fits ? unit : "";
}

/* The highest one has the unit. */
static void write_label(const struct value_ticks *ticks, int i, const char *unit, char text[FIGURE_TEXT_MAX])
{
  char figure[FIGURE_TEXT_MAX];
  value_ticks_label(ticks, i, figure);
  figure_with_unit(figure, i == ticks->count - 1 && ticks->offset == 0 ? unit : "", text);
}

int pane_label_width(const struct look *look, const struct value_ticks *ticks, const char *unit)
{
  int widest = text_width(look->text, TEXT_SANS,
                          "\xE2\x88\x92"
                          "10");
  for (int i = 0; i < ticks->count; i++) {
    char label[FIGURE_TEXT_MAX];
    write_label(ticks, i, unit, label);
    int width = text_width(look->text, TEXT_SANS, label);
    widest = width > widest ? width : widest;
  }
  int step = look_pixels(look, LOOK_STEP);
  return (widest + step - 1) / step * step;
}

bool pane_place(struct pane *p, struct rect place, const struct value_axis *axis, const struct value_ticks *ticks)
{
  p->axis = *axis;
  p->ticks = *ticks;
  if (rect_equal(p->plot.rect, place) && p->plot.grid_row)
    return true;
  return plot_resize(&p->plot, place);
}

/* A grid line that stands right beside the frame would be a blot, not a line. */
static bool beside_no_frame(const struct look *look, int64_t place, int size)
{
  const int near = look_pixels(look, FRAME_NEAR);
  return place >= near && place < size - near;
}

void pane_draw_axis(struct pane *p, const struct look *look, struct canvas *c, const char *unit, bool grid)
{
  const struct rect r = p->plot.rect;
  const struct theme *theme = look->theme;
  int half = look_line(look) / 2;
  int rows[TICKS_MAX];
  int lines = 0;
  int last = r.h + 2 * half; /* row of the label below */
  for (int i = 0; i < p->ticks.count; i++) {
    const int row = value_axis_pixel(&p->axis, value_ticks_value(&p->ticks, i));
    if (beside_no_frame(look, row, r.h))
      rows[lines++] = row;
    if (last - row < 2 * half) /* there is room for one label only */
      continue;
    last = row;
    char text[FIGURE_TEXT_MAX];
    write_label(&p->ticks, i, unit, text);
    text_draw(look->text, c, TEXT_SANS, r.x - look->gap, r.y + row - half, TEXT_RIGHT, text, theme->dim,
              canvas_rect(c));
  }
  canvas_fill(c, (struct rect){r.x - 1, r.y - 1, r.w + 2, 1}, theme->frame);
  canvas_fill(c, (struct rect){r.x - 1, r.y + r.h, r.w + 2, 1}, theme->frame);
  canvas_fill(c, (struct rect){r.x - 1, r.y, 1, r.h}, theme->frame);
  canvas_fill(c, (struct rect){r.x + r.w, r.y, 1, r.h}, theme->frame);
  p->plot.background = theme->plot;
  p->plot.grid_colour = theme->grid;
  plot_grid_rows(&p->plot, rows, grid ? lines : 0);
  plot_invalidate(&p->plot);
}

static void dash_trace(struct spans *spans, const struct look *look, int channel, int64_t first)
{
  const int *dash = theme_dash(channel);
  int pixels[THEME_DASH_MAX + 1] = {0};
  for (int i = 0; dash[i]; i++)
    pixels[i] = look_pixels(look, dash[i]) > 0 ? look_pixels(look, dash[i]) : 1;
  spans_dash(spans, pixels, first, GAP_ROWS * look->scale);
}

bool pane_set_traces(struct pane *p, const struct look *look, const struct scene *scene, int index,
                     const struct time_strip_ticks *ticks)
{
  uint64_t shown = 0;
  if (!plot_begin(&p->plot, scene->channels))
    return false;
  const double width = (scene->dots ? DOT_SIZE : LINE_WIDTH) * look->scale;
  const double sideways = (width - 1) / 2; /* how far a bar that is as wide as a line reaches into its neighbours */
  const int radius = (int)(sideways + (scene->dots ? 0.5 : 0.125));
  const struct spans_pen pen = {.thickness = width, .steps = scene->steps, .dots = scene->dots};
  p->plot.thickness = width;
  p->plot.side_quarters = sideways > radius ? (int)lround((sideways - radius) * 4) : 0;
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    struct spans *spans = &p->plot.now[i];
    p->plot.colour[i] = look->theme->channel[i % THEME_COLOURS];
    if (channel->hidden || !(scene->pane[index].channels >> i & 1)) {
      spans_clear(spans);
      continue;
    }
    shown |= (uint64_t)1 << i;
    spans_trace(spans, channel->columns, &p->axis, &pen);
    if (!scene->dots)
      spans_show_isolated(spans, LONE_SIZE * look->scale);
    spans_widen(spans, radius);
    if (!scene->dots)
      dash_trace(spans, look, i, scene->time.first);
  }
  for (int i = 0; i < ticks->time.count && scene->grid; i++) {
    const int64_t column = time_strip_column(scene, ticks, i);
    if (beside_no_frame(look, column, scene->time.columns))
      plot_grid_column(&p->plot, column);
  }
  if (shown != p->shown || p->grid != scene->grid || p->dots != scene->dots)
    plot_invalidate(&p->plot);
  p->shown = shown;
  p->grid = scene->grid;
  p->dots = scene->dots;
  return true;
}
