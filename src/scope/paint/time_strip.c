#include "scope/paint/time_strip.h"

enum { TICK_SPACING = 96 };

void time_strip_choose_ticks(const struct look *look, const struct scene *scene, struct time_ticks *ticks)
{
  int most = scene->time.columns / look_pixels(look, TICK_SPACING) + 1;
  time_ticks_choose(&scene->time, scene->time_unit, scene->clock_labels,
                    most < 2           ? 2
                    : most > TICKS_MAX ? TICKS_MAX
                                       : most,
                    ticks);
}

void time_strip_forget(struct time_strip *strip)
{
  label_forget(&strip->unit);
  label_row_forget(&strip->labels);
}

void time_strip_draw(struct time_strip *strip, const struct look *look, const struct scene *scene,
                     const struct time_ticks *ticks, struct canvas *c, struct rect plot, struct damage *damage)
{
  const struct theme *theme = look->theme;
  int pad = look_pixels(look, LOOK_PAD);
  int gap = look_pixels(look, LOOK_GAP);
  const char *unit = ticks->clock ? "" : scene->time_name;
  /* Labels at the ends move inwards rather than be cut; the unit stands to their left, where the values' labels are. */
  int left = unit[0] ? plot.x - pad : 0;
  label_row_begin(&strip->labels);
  for (int i = 0; i < ticks->count; i++) {
    int64_t column = time_axis_column(&scene->time, time_ticks_time(ticks, i)) - scene->time.first;
    if (column < 0 || column >= scene->time.columns)
      continue;
    char text[FIGURE_TEXT_MAX];
    time_ticks_label(ticks, i, text);
    int half = text_width(look->text, TEXT_SANS, text) / 2 + 2;
    int x = plot.x + (int)column;
    x = x > c->width - half ? c->width - half : x;
    x = x < left + half ? left + half : x;
    label_row_add(&strip->labels, ticks->first + i, x, text);
  }
  int y = plot.y + plot.h + gap;
  struct rect place = {left, y, c->width - left, look_line(look)};
  label_row_draw(&strip->labels, look->text, c, y, place, theme->dim, theme->window, damage);
  label_draw(&strip->unit, look->text, c, TEXT_SANS, plot.x - pad - gap, y, TEXT_RIGHT, unit, theme->dim, theme->window,
             damage);
}
