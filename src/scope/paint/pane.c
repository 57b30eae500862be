#include "scope/paint/pane.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

#include "scope/paint/label.h"
#include "scope/view/log_ticks.h"
#include "scope/view/unit_text.h"

enum { LABELS_MAX = 12, LINES_A_LABEL = 2, FRAME_NEAR = 4, MINOR_ROWS = 20 };
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
  value_ticks_of(axis, pane_most_ticks(look, axis->rows), ticks);
}

bool pane_is_low(const struct look *look, int rows)
{
  return rows < 2 * look_line(look);
}

void pane_write_title(const struct scene *scene, int index, char *text, size_t size)
{
  size_t length = 0;
  text[0] = '\0';
  for (int i = 0; i < scene->channels && length < size; i++)
    if (scene->pane[index].channels >> i & 1)
      length += (size_t)snprintf(text + length, size - length, "%s%s", length ? ", " : "", scene->channel[i].name);
}

uint32_t pane_title_colour(const struct look *look, const struct scene *scene, int index)
{
  const uint64_t channels = scene->pane[index].channels;
  const bool one = channels != 0 && (channels & (channels - 1)) == 0;
  return one ? look->theme->channel[__builtin_ctzll(channels) % THEME_COLOURS] : look->theme->text;
}

const char *pane_unit(const struct look *look, const struct scene *scene, int index)
{
  const char *unit = scene->unit ? scene->unit : scene->pane[index].unit;
  const bool fits = unit && text_width(look->text, TEXT_SANS, unit) <= text_width(look->text, TEXT_SANS, "mmmm");
  return fits ? unit : "";
}

/*
 * The highest one has the unit, with the prefix of all. Where the unit brings a prefix, a figure with one of its own would
 * mislead; at decades, where each has its own, each has the unit then.
 */
static void write_label(const struct value_ticks *ticks, int i, const char *unit, char text[FIGURE_TEXT_MAX])
{
  char figure[FIGURE_TEXT_MAX];
  value_ticks_label(ticks, i, figure);
  const bool highest = i == ticks->count - 1;
  const bool prefixed = unit_is_prefixed(unit);
  if (prefixed && !highest && !ticks->decades)
    unit_strip_figure(figure);
  unit_with_figure(figure, (highest || (prefixed && ticks->decades)) && ticks->offset == 0 ? unit : "", text);
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

/* The labels from the bottom up, as far as there is room, and where the grid has its lines; their number. */
static int draw_figures(const struct pane *p, const struct look *look, struct canvas *c, const struct pane_texts *texts,
                        int rows[TICKS_MAX])
{
  const struct rect r = p->plot.rect;
  const int half = look_line(look) / 2;
  int lines = 0;
  int last = INT_MAX; /* upper edge of the label below */
  for (int i = 0; i < p->ticks.count; i++) {
    const int row = value_axis_pixel(&p->axis, value_ticks_value(&p->ticks, i));
    if (beside_no_frame(look, row, r.h))
      rows[lines++] = row;
    int top = row - half;
    top = top > r.h + texts->above_below - 2 * half ? r.h + texts->above_below - 2 * half : top;
    top = top < -texts->above_below ? -texts->above_below : top;
    if (top > last - 2 * half) /* there is room for one label only */
      continue;
    last = top;
    char text[FIGURE_TEXT_MAX];
    write_label(&p->ticks, i, texts->unit, text);
    text_draw(look->text, c, TEXT_SANS, r.x - look->gap, r.y + top, TEXT_RIGHT, text, look->theme->dim, canvas_rect(c));
  }
  return lines;
}

/* Short marks left of a logarithmic axis, where it has no labels. */
static void draw_minor(const struct pane *p, const struct look *look, struct canvas *c)
{
  const struct rect r = p->plot.rect;
  double minor[LOG_MINOR_MAX];
  const int length = (look->gap + 1) / 2;
  const int count =
      !p->ticks.decades ? 0 : log_ticks_minor(&p->axis, &p->ticks.log, look_pixels(look, MINOR_ROWS), minor);
  for (int i = 0; i < count; i++)
    canvas_fill(c, (struct rect){r.x - 1 - length, r.y + value_axis_pixel(&p->axis, minor[i]), length, 1},
                look->theme->frame);
}

/* What the pane is called, beside it, where that is all there is room for. */
static void draw_title(const struct pane *p, const struct look *look, struct canvas *c, const struct pane_texts *texts)
{
  const struct rect r = p->plot.rect;
  const int line = look_line(look);
  char text[LABEL_TEXT_MAX];
  if (r.h + 2 * texts->above_below < line - 2)
    return;
  text_fit(look->text, TEXT_SANS, texts->title, r.x - look->gap - 2, text, sizeof text);
  text_draw(look->text, c, TEXT_SANS, r.x - look->gap, r.y + (r.h - line) / 2, TEXT_RIGHT, text, texts->title_colour,
            canvas_rect(c));
}

void pane_draw_axis(struct pane *p, const struct look *look, struct canvas *c, const struct pane_texts *texts,
                    bool grid)
{
  const struct rect r = p->plot.rect;
  const struct theme *theme = look->theme;
  int rows[TICKS_MAX];
  int lines = 0;
  if (texts->title[0])
    draw_title(p, look, c, texts);
  else
    lines = draw_figures(p, look, c, texts, rows);
  if (p->axis.scale == VALUE_LOG && !texts->title[0])
    draw_minor(p, look, c);
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

/* The last row above a place, or the first below, as a pixel; none of the plot's where it is off scale. */
static int row_at(const struct pane *p, double value, double beside)
{
  const double row = floor(value_axis_row(&p->axis, value) + beside);
  return row < 0 ? -1 : row < p->plot.rect.h ? (int)row : p->plot.rect.h;
}

/* What reaches beyond a limit by more than half of a line's width is outside: a line at the limit is not. */
static void set_limits(struct pane *p, const struct look *look, const struct scene *scene)
{
  const struct limits_scene *limits = &scene->limits;
  const double half = LINE_WIDTH * look->scale / 2;
  if (!limits->on)
    return;
  const int high = row_at(p, limits->high, -half);
  p->plot.limit_colour = look->theme->alert;
  p->plot.inside_from = high > 0 ? high : 0;
  p->plot.inside_to = row_at(p, limits->low, half) + 1;
  p->plot.limit_row[0] = row_at(p, limits->high, 0);
  p->plot.limit_row[1] = row_at(p, limits->low, 0);
}

bool pane_set_traces(struct pane *p, const struct look *look, const struct scene *scene, int index,
                     const struct time_strip_ticks *ticks)
{
  const uint64_t all = scene->channels < CHANNELS_MAX ? (UINT64_C(1) << scene->channels) - 1 : UINT64_MAX;
  const uint64_t channels = scene->pane[index].channels & all;
  uint64_t shown = 0;
  if (!plot_begin(&p->plot, __builtin_popcountll(channels)))
    return false;
  const double width = (scene->dots ? DOT_SIZE : LINE_WIDTH) * look->scale;
  const double sideways = (width - 1) / 2; /* how far a bar that is as wide as a line reaches into its neighbours */
  const int radius = (int)(sideways + (scene->dots ? 0.5 : 0.125));
  const struct spans_pen pen = {.thickness = width, .steps = scene->steps, .dots = scene->dots};
  p->plot.thickness = width;
  set_limits(p, look, scene);
  p->plot.side_quarters = sideways > radius ? (int)lround((sideways - radius) * 4) : 0;
  int trace = 0; /* of the plot: its channels are those of the pane */
  for (int i = 0; i < scene->channels; i++) {
    if ((channels >> i & 1) == 0)
      continue;
    const struct channel_scene *channel = &scene->channel[i];
    struct spans *spans = &p->plot.now[trace];
    p->plot.colour[trace++] = look->theme->channel[i % THEME_COLOURS];
    if (channel->hidden) {
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
  if (channels != p->channels || shown != p->shown || p->grid != scene->grid || p->dots != scene->dots)
    plot_invalidate(&p->plot);
  p->channels = channels;
  p->shown = shown;
  p->grid = scene->grid;
  p->dots = scene->dots;
  return true;
}
