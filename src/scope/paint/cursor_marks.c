#include "scope/paint/cursor_marks.h"

#include <stdio.h>
#include <stdlib.h>

#include "scope/view/read_outs.h"

enum { LINE = 1, REACH = 5, HANDLE = 16, BAR = 3, DOT_RADIUS = 3 };

static int handle_width(const struct look *look)
{
  return look_pixels(look, HANDLE) | 1; /* its middle is a pixel */
}

static int handle_height(const struct look *look)
{
  return look_line(look) + 1;
}

/* Where a cursor's line stands in a plot so wide, in or out of view. */
static int line_column(const struct cursors_scene *c, int which, int columns)
{
  const int column = c->column[which];
  return column < 0 ? 0 : column >= columns ? columns - 1 : column;
}

static bool in_view(const struct cursors_scene *c, int which, int columns)
{
  return c->column[which] >= 0 && c->column[which] < columns;
}

static uint32_t colour_of(const struct look *look, const struct cursors_scene *c, int which)
{
  return which == c->active ? look->theme->text : look->theme->dim;
}

/* The left edge of a handle: about its line, but within the plot. */
static int handle_left(const struct look *look, const struct cursors_scene *c, int which, int columns)
{
  const int width = handle_width(look);
  const int left = line_column(c, which, columns) - width / 2;
  return left + width > columns ? columns - width : left < 0 ? 0 : left;
}

static void set_line(struct marks_list *list, const struct look *look, const struct scene *scene, int which, int index,
                     struct rect plot)
{
  const struct cursors_scene *c = &scene->cursors;
  const int width = look_pixels(look, LINE) > 0 ? look_pixels(look, LINE) : 1;
  if (!in_view(c, which, plot.w))
    return;
  const struct rect line = {plot.x + c->column[which] - (width - 1) / 2, plot.y, width, plot.h};
  mark_list_add(list, MARK_EDGE, colour_of(look, c, which), rect_intersection(line, plot));
  for (int i = 0; i < scene->channels; i++) {
    const double value = c->channel[i].value[which];
    if (scene->channel[i].hidden || (scene->pane[index].channels >> i & 1) == 0 || !c->channel[i].measured)
      continue;
    const double row = value_axis_row(&scene->pane[index].axis, value);
    if (row >= 0 && row < plot.h)
      mark_list_add_dot(list, plot.x + c->column[which], row, look_pixels(look, DOT_RADIUS),
                        look->theme->channel[i % THEME_COLOURS]);
  }
}

/* Between the handles, with how far they are apart written on it. */
static void set_bar(struct marks_list *list, const struct look *look, const struct scene *scene, struct rect plot)
{
  const struct cursors_scene *c = &scene->cursors;
  const int first = line_column(c, 0, plot.w) < line_column(c, 1, plot.w) ? 0 : 1;
  const int from = handle_left(look, c, first, plot.w) + handle_width(look);
  const int to = handle_left(look, c, 1 - first, plot.w);
  const int height = look_pixels(look, BAR) > 0 ? look_pixels(look, BAR) : 1;
  char delta[FIGURE_TEXT_MAX];
  char inverse[FIGURE_TEXT_MAX];
  char text[MARKS_TEXT_MAX];
  if (from >= to)
    return;
  const struct rect bar = {plot.x + from, plot.y + (handle_height(look) - height) / 2, to - from, height};
  mark_list_add(list, MARK_EDGE, look->theme->frame, bar);
  read_outs_between(scene, delta, inverse);
  snprintf(text, sizeof text, "\xCE\x94 %s%s", c->typing ? c->typed : delta, c->typing ? "_" : "");
  const int width = text_width(look->text, TEXT_SANS, text) + look_pixels(look, HANDLE);
  const struct rect label = {plot.x + (from + to - width) / 2, plot.y, width, handle_height(look)};
  struct mark *mark = width <= to - from ? mark_list_add(list, MARK_READ_OUT, look->theme->frame, label) : NULL;
  if (mark)
    snprintf(mark->text, sizeof mark->text, "%s", text);
}

void cursor_marks_set(struct marks_list *list, const struct look *look, const struct scene *scene, int index,
                      struct rect plot)
{
  const struct cursors_scene *c = &scene->cursors;
  if (!c->on || plot.w < 2 * handle_width(look))
    return;
  set_line(list, look, scene, 1 - c->active, index, plot);
  set_line(list, look, scene, c->active, index, plot);
  if (index != scene_next_pane(scene, -1) || plot.h < 2 * handle_height(look))
    return;
  set_bar(list, look, scene, plot);
  for (int k = 0; k < 2; k++) {
    const int which = k == 0 ? 1 - c->active : c->active;
    const struct rect place = {plot.x + handle_left(look, c, which, plot.w), plot.y, handle_width(look),
                               handle_height(look)};
    struct mark *mark = mark_list_add(list, MARK_LABEL, colour_of(look, c, which), rect_intersection(place, plot));
    if (mark)
      snprintf(mark->text, sizeof mark->text, "%s", read_out_name[which]);
  }
}

enum cursor_part cursor_marks_pick(const struct look *look, const struct cursors_scene *c, bool first_pane, int columns,
                                   int column, int row)
{
  const int reach = look_pixels(look, REACH);
  const bool top = first_pane && row < handle_height(look);
  int left[2];
  int right[2];
  if (!c->on)
    return CURSOR_NONE;
  for (int i = 0; i < 2; i++) {
    const bool line = in_view(c, i, columns);
    left[i] = top ? handle_left(look, c, i, columns) : line ? c->column[i] - reach : INT32_MAX;
    right[i] = top ? left[i] + handle_width(look) : line ? c->column[i] + reach + 1 : INT32_MIN;
  }
  /* The active one lies over the other. */
  for (int k = 0; k < 2; k++) {
    const int which = k == 0 ? c->active : 1 - c->active;
    if (column >= left[which] && column < right[which])
      return which == 0 ? CURSOR_FIRST : CURSOR_SECOND;
  }
  const int first = left[0] < left[1] ? 0 : 1;
  return top && column >= right[first] && column < left[1 - first] ? CURSOR_BOTH : CURSOR_NONE;
}
