#include "scope/paint/marks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope/paint/cursor_marks.h"
#include "scope/view/figures.h"

enum { TRIANGLE = 9, DOT_RADIUS = 3, READ_OUT_RADIUS = 4, HANDLE_REACH = 8 };

void marks_forget(struct marks *m)
{
  m->before.count = 0;
  m->before.dots = 0;
}

static bool shown(const struct scene *scene, int pane, int channel)
{
  return !scene->channel[channel].hidden && (scene->pane[pane].channels >> channel & 1) != 0;
}

/* Side by side from the right, at the upper or lower edge: a triangle, and the last value where that is off scale too. */
static void set_off_scale(struct marks_list *list, const struct look *look, const struct scene *scene, int index,
                          struct rect plot, const struct legend_numbers *numbers, bool above)
{
  const int gap = look_pixels(look, 4);
  const int side = look_pixels(look, TRIANGLE);
  const bool low = plot.h < 2 * look_line(look); /* there is room for triangles alone, smaller ones in the end */
  const int height = !low ? look_line(look) : plot.h / 2 < side ? plot.h / 2 : side;
  int right = plot.x + plot.w - gap;
  if (height < 1)
    return;
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    if (!shown(scene, index, i) || !(above ? channel->above : channel->below))
      continue;
    const bool last = channel->off_now == (above ? 1 : -1) && !low;
    char text[FIGURE_TEXT_MAX + UNIT_TEXT_MAX] = "";
    if (last) /* the unit may have the prefix */
      snprintf(text, sizeof text, "%s%s%s", numbers[i].text[0], numbers[i].unit[0] ? " " : "", numbers[i].unit);
    const int width = side + (text[0] ? gap + text_width(look->text, TEXT_SANS, text) : 0);
    if (right - width < plot.x + gap)
      return;
    const int y = above ? plot.y + !low : plot.y + plot.h - height - !low;
    struct mark *mark = mark_list_add(list, above ? MARK_ABOVE : MARK_BELOW, look->theme->channel[i % THEME_COLOURS],
                                      (struct rect){right - width, y, width, height});
    if (!mark)
      return;
    snprintf(mark->text, sizeof mark->text, "%s", text);
    right -= width + 2 * gap;
  }
}

/* All that is shown has left the range: the plot is empty, and this is why. */
static void set_hint(struct marks_list *list, const struct look *look, const struct scene *scene, int index,
                     struct rect plot)
{
  static const char text[] = "all off scale: a fits the range";
  int channels = 0;
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    if (!shown(scene, index, i) || channel->min != channel->min)
      continue;
    channels++;
    const struct value_axis *axis = &scene->pane[index].axis;
    if (!(channel->min > axis->high || channel->max < axis->low))
      return;
  }
  if (channels == 0)
    return;
  const int width = text_width(look->text, TEXT_SANS, text) + 2 * look_pixels(look, 8);
  const int height = look_line(look) + 2 * look_pixels(look, 4);
  if (plot.h < look_line(look))
    return; /* triangles say it */
  const struct rect place = {plot.x + (plot.w - width) / 2, plot.y + (plot.h - height) / 2, width, height};
  struct mark *mark = mark_list_add(list, MARK_HINT, look->theme->text, rect_intersection(place, plot));
  if (mark)
    snprintf(mark->text, sizeof mark->text, "%s", text);
}

static void set_hover(struct marks_list *list, const struct look *look, const struct scene *scene, struct rect plot,
                      const struct legend_numbers *numbers, const struct time_strip_ticks *ticks)
{
  const struct hover_scene *hover = &scene->hover;
  const struct channel_scene *channel = &scene->channel[hover->channel];
  const uint32_t colour = look->theme->channel[hover->channel % THEME_COLOURS];
  char figure[FIGURE_TEXT_MAX];
  char value[FIGURE_TEXT_MAX];
  char time[FIGURE_TEXT_MAX];
  for (int i = 0; i < hover->marks; i++)
    mark_list_add_dot(list, plot.x + hover->mark[i].column, hover->mark[i].row, look_pixels(look, DOT_RADIUS), colour);
  mark_list_add_dot(list, plot.x + hover->column, hover->row, look_pixels(look, READ_OUT_RADIUS), colour);

  const struct figure_format *format = &numbers[hover->channel].format;
  figure_fixed(hover->value, format->exponent, format->decimals, figure);
  unit_with_figure(figure, scene_unit(scene, hover->channel), value);
  time_strip_moment(scene, ticks, hover->time, time);
  const int gap = look_pixels(look, 6);
  char text[MARKS_TEXT_MAX];
  snprintf(text, sizeof text, "%.40s  %s  at %s", channel->name, value, time);
  struct rect place = {.w = text_width(look->text, TEXT_SANS, text) + 2 * gap, .h = look_line(look) + gap};
  const int row = (int)fmin(fmax(hover->row, 0), plot.h);
  place.x = plot.x + hover->column + 2 * gap;
  place.y = plot.y + row - place.h - gap;
  if (place.x + place.w > plot.x + plot.w)
    place.x = plot.x + hover->column - place.w - 2 * gap;
  place.x = place.x < plot.x ? plot.x : place.x;
  place.y = place.y < plot.y ? plot.y + row + 2 * gap : place.y;
  place = rect_intersection(place, plot);
  struct mark *mark = rect_empty(place) ? NULL : mark_list_add(list, MARK_READ_OUT, colour, place);
  if (mark)
    snprintf(mark->text, sizeof mark->text, "%s", text);
}

static void set_box(struct marks_list *list, const struct look *look, const struct box_scene *box, struct rect plot)
{
  const int x = plot.x + box->from_column;
  const int y = plot.y + box->from_row;
  const int w = box->to_column - box->from_column + 1;
  const int h = box->to_row - box->from_row + 1;
  const struct rect edges[] = {{x, y, w, 1}, {x, y + h - 1, w, 1}, {x, y, 1, h}, {x + w - 1, y, 1, h}};
  for (int i = 0; i < 4; i++)
    mark_list_add(list, MARK_EDGE, look->theme->text, edges[i]);
}

struct rect marks_handle(const struct look *look, struct rect plot, int row)
{
  const int reach = look_pixels(look, HANDLE_REACH);
  return (struct rect){plot.x - reach / 2, plot.y + row - reach, reach * 2, 2 * reach + 1};
}

/* The trigger: a handle at its level, a line there while it is moved, and a mark above the crossing that stands still. */
static void set_trigger(struct marks_list *list, const struct look *look, const struct scene *scene, int index,
                        struct rect plot)
{
  const struct trigger_scene *trigger = &scene->trigger;
  const uint32_t colour = look->theme->channel[trigger->channel % THEME_COLOURS];
  const int side = look_pixels(look, TRIANGLE) | 1;
  const int row = value_axis_pixel(&scene->pane[index].axis, trigger->level);
  if (scene->level_line)
    mark_list_add(list, MARK_EDGE, colour, (struct rect){plot.x, plot.y + row, plot.w, 1});
  const struct rect handle = {plot.x, plot.y + row - side / 2, side, side};
  mark_list_add(list, MARK_LEVEL, colour, rect_intersection(handle, plot));
  const struct rect above = {plot.x + (int)trigger->column - side / 2, plot.y, side, side / 2 + 1};
  if (trigger->shown && trigger->column >= 0 && trigger->column < plot.w)
    mark_list_add(list, MARK_CROSSING, colour, rect_intersection(above, plot));
}

void marks_set(struct marks *m, const struct look *look, const struct scene *scene, int index, struct rect plot,
               const struct legend_numbers *numbers, const struct time_strip_ticks *ticks)
{
  struct marks_list *list = &m->now;
  list->count = 0;
  list->dots = 0;
  cursor_marks_set(list, look, scene, index, plot);
  set_off_scale(list, look, scene, index, plot, numbers, true);
  set_off_scale(list, look, scene, index, plot, numbers, false);
  set_hint(list, look, scene, index, plot);
  if (scene->trigger.on && scene->trigger.pane == index)
    set_trigger(list, look, scene, index, plot);
  if (scene->hover.on && scene->hover.pane == index)
    set_hover(list, look, scene, plot, numbers, ticks);
  if (scene->box.on && scene->box.pane == index)
    set_box(list, look, &scene->box, plot);
}

void marks_add_title(struct marks *m, const struct look *look, struct rect plot, const char *text, uint32_t colour)
{
  const int gap = look_pixels(look, 6);
  char fitting[MARKS_TEXT_MAX];
  text_fit(look->text, TEXT_SANS, text, plot.w - 2 * gap, fitting, sizeof fitting);
  const struct rect place = {plot.x + gap, plot.y + 1, text_width(look->text, TEXT_SANS, fitting), look_line(look)};
  struct mark *mark = fitting[0] ? mark_list_add(&m->now, MARK_TITLE, colour, rect_intersection(place, plot)) : NULL;
  if (mark)
    snprintf(mark->text, sizeof mark->text, "%s", fitting);
}

/* ---- Painting ---- */

static struct rect dot_place(const struct mark_dot *dot, struct rect plot)
{
  const int size = 2 * dot->radius + 3;
  const int y = plot.y + (int)floor(dot->row) - dot->radius - 1;
  return rect_intersection((struct rect){dot->x - dot->radius - 1, y, size, size}, plot);
}

static void draw_triangle(const struct look *look, struct canvas *c, struct rect place, bool above, uint32_t colour)
{
  const int usual = look_pixels(look, TRIANGLE);
  const int side = usual < place.h ? usual : place.h;
  const int top = place.y + (place.h - side) / 2;
  for (int i = 0; i < side; i++) {
    const int width = above ? i : side - 1 - i;
    canvas_fill(c, (struct rect){place.x + (side - width) / 2, top + i, width, 1}, colour);
  }
}

static void draw_mark(const struct mark *mark, const struct look *look, struct canvas *c)
{
  const struct rect p = mark->place;
  const int y = p.y + (p.h - look_line(look)) / 2;
  switch (mark->kind) {
  case MARK_ABOVE:
  case MARK_BELOW:
    draw_triangle(look, c, p, mark->kind == MARK_ABOVE, mark->colour);
    text_draw(look->text, c, TEXT_SANS, p.x + p.w, y, TEXT_RIGHT, mark->text, mark->colour, p);
    break;
  case MARK_READ_OUT:
  case MARK_HINT:
    canvas_fill(c, p, mark->kind == MARK_HINT ? look->theme->frame : mark->colour);
    canvas_fill(c, (struct rect){p.x + 1, p.y + 1, p.w - 2, p.h - 2}, look->theme->panel);
    text_draw(look->text, c, TEXT_SANS, p.x + p.w / 2, y, TEXT_CENTRE, mark->text, look->theme->text, p);
    break;
  case MARK_TITLE:
    text_draw(look->text, c, TEXT_SANS, p.x, y, TEXT_LEFT, mark->text, mark->colour, p);
    break;
  case MARK_LEVEL: /* what of it lies in the plot: it points to the right */
    for (int i = 0; i < p.h; i++)
      canvas_fill(c, (struct rect){p.x, p.y + i, p.w - 2 * abs(i - p.h / 2) > 1 ? p.w - 2 * abs(i - p.h / 2) : 1, 1},
                  mark->colour);
    break;
  case MARK_CROSSING:
    for (int i = 0; i < p.h && 2 * i < p.w; i++)
      canvas_fill(c, (struct rect){p.x + i, p.y + i, p.w - 2 * i, 1}, mark->colour);
    break;
  case MARK_EDGE:
    canvas_fill(c, p, mark->colour);
    break;
  case MARK_LABEL:
    canvas_fill(c, p, mark->colour);
    text_draw(look->text, c, TEXT_BOLD, p.x + p.w / 2, y, TEXT_CENTRE, mark->text, look->theme->plot, p);
    break;
  }
}

static bool touched(const struct marks_list *list, struct rect plot, const struct damage *damage, int first)
{
  for (int i = 0; i < list->count; i++)
    if (damage_touches(damage, first, list->mark[i].place))
      return true;
  for (int i = 0; i < list->dots; i++)
    if (damage_touches(damage, first, dot_place(&list->dot[i], plot)))
      return true;
  return false;
}

static void restore(const struct marks_list *list, const struct plot *plot, struct canvas *c, struct damage *damage)
{
  for (int i = 0; i < list->count; i++)
    plot_restore(plot, c, list->mark[i].place, damage);
  for (int i = 0; i < list->dots; i++)
    plot_restore(plot, c, dot_place(&list->dot[i], plot->rect), damage);
}

static bool lists_equal(const struct marks_list *a, const struct marks_list *b)
{
  return a->count == b->count && a->dots == b->dots &&
         memcmp(a->mark, b->mark, (size_t)a->count * sizeof *a->mark) == 0 &&
         memcmp(a->dot, b->dot, (size_t)a->dots * sizeof *a->dot) == 0;
}

void marks_draw(struct marks *m, const struct look *look, const struct plot *plot, struct canvas *c, int first,
                struct damage *damage)
{
  const bool changed = !lists_equal(&m->now, &m->before);
  if (!changed && !touched(&m->now, plot->rect, damage, first))
    return;
  restore(&m->before, plot, c, damage);
  restore(&m->now, plot, c, damage);
  for (int i = 0; i < m->now.dots; i++)
    canvas_dot(c, m->now.dot[i].x + 0.5, plot->rect.y + m->now.dot[i].row, m->now.dot[i].radius, m->now.dot[i].colour,
               dot_place(&m->now.dot[i], plot->rect));
  for (int i = 0; i < m->now.count; i++)
    draw_mark(&m->now.mark[i], look, c);
  m->before.count = m->now.count;
  m->before.dots = m->now.dots;
  memcpy(m->before.mark, m->now.mark, (size_t)m->now.count * sizeof *m->now.mark);
  memcpy(m->before.dot, m->now.dot, (size_t)m->now.dots * sizeof *m->now.dot);
}
