#include "scope/paint/time_strip.h"
#include "scope/view/unit_text.h"

#include <stdio.h>
#include <time.h>

enum { TICK_SPACING = 96, STRIP_HEIGHT = 4, THUMB_LEAST = 6, DAY = 86400 };

/* By how many seconds the time that is shown is ahead, at a moment of the axis. */
static int64_t ahead_of_utc(const struct scene *scene)
{
  int64_t since_zero;
  struct tm local;
  if (scene->clock != CLOCK_LOCAL ||
      __builtin_sub_overflow(time_axis_begin(&scene->time), scene->time_zero, &since_zero))
    return 0;
  const time_t moment = (time_t)(since_zero / scene->time_unit);
  return localtime_r(&moment, &local) ? local.tm_gmtoff : 0;
}

void time_strip_choose_ticks(const struct look *look, const struct scene *scene, struct time_strip_ticks *ticks)
{
  int most = scene->time.columns / look_pixels(look, TICK_SPACING) + 1;
  most = most < 2 ? 2 : most > TICKS_MAX ? TICKS_MAX : most;
  const bool by_clock = scene->time_labels == SCENE_TIME_CLOCK;
  ticks->zero = scene->time_zero - (by_clock ? ahead_of_utc(scene) * scene->time_unit : 0);
  struct time_axis axis = scene->time;
  if (__builtin_sub_overflow(axis.origin, ticks->zero, &axis.origin)) {
    axis.origin = scene->time.origin; /* at the end of all times nothing counts from anywhere */
    ticks->zero = 0;
  }
  time_ticks_choose(&axis, scene->time_unit, scene->clock_labels, most, &ticks->time);
}

int64_t time_strip_column(const struct scene *scene, const struct time_strip_ticks *ticks, int i)
{
  int64_t time;
  if (__builtin_add_overflow(time_ticks_time(&ticks->time, i), ticks->zero, &time))
    return INT64_MIN;
  return time_axis_column(&scene->time, time) - scene->time.first;
}

/* Hours and minutes, with seconds and their parts where the step needs them; the date where a day begins. */
static void label_moment(const struct time_ticks *ticks, int64_t time, bool dated, char text[FIGURE_TEXT_MAX])
{
  const int64_t seconds = time / ticks->unit - (time % ticks->unit < 0);
  const time_t moment = (time_t)seconds;
  struct tm tm;
  if (!gmtime_r(&moment, &tm)) {
    text[0] = '\0';
    return;
  }
  if (dated && (ticks->step >= DAY * ticks->unit || (seconds % DAY == 0 && ticks->step >= 60 * ticks->unit))) {
    snprintf(text, FIGURE_TEXT_MAX, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
    return;
  }
  int length = snprintf(text, FIGURE_TEXT_MAX, "%02d:%02d", tm.tm_hour, tm.tm_min);
  if (ticks->step < 60 * ticks->unit)
    length += snprintf(text + length, (size_t)(FIGURE_TEXT_MAX - length), ":%02d", tm.tm_sec);
  int decimals = 0;
  for (int64_t step = ticks->step; step % ticks->unit != 0 && decimals < 9; step *= 10)
    decimals++;
  int64_t part = time - seconds * ticks->unit;
  int64_t unit = ticks->unit;
  for (int i = 0; i < decimals; i++)
    unit /= 10;
  if (decimals > 0 && unit > 0)
    snprintf(text + length, (size_t)(FIGURE_TEXT_MAX - length), ".%0*lld", decimals, (long long)(part / unit));
}

void time_strip_label(const struct scene *scene, const struct time_strip_ticks *ticks, int i,
                      char text[FIGURE_TEXT_MAX])
{
  const int64_t time = time_ticks_time(&ticks->time, i);
  char figure[FIGURE_TEXT_MAX];
  text[0] = '\0';
  if (scene->time_labels == SCENE_TIME_CLOCK) {
    label_moment(&ticks->time, time, scene->clock != CLOCK_DAY, text);
    return;
  }
  if (scene->time_labels == SCENE_TIME_SINCE_START && time < 0 && !scene->trigger.shown)
    return;
  time_ticks_label(&ticks->time, i, figure);
  /* Seconds say so at each label; a sample's number is nothing but a number. */
  const char *unit = scene->clock_labels && !ticks->time.clock ? scene->time_name : "";
  unit_with_figure(figure, time == 0 ? "" : unit, text);
}

void time_strip_moment(const struct scene *scene, const struct time_strip_ticks *ticks, int64_t time,
                       char text[FIGURE_TEXT_MAX])
{
  struct time_strip_ticks one = *ticks;
  int64_t step = 1;
  while (step < scene->time.width && step <= INT64_MAX / 10)
    step *= 10;
  step = scene->clock_labels ? (step >= 10 ? step / 10 : step) : scene->time_unit;
  const int64_t since = time - ticks->zero;
  struct time_axis axis = {.origin = since / step * step, .width = step, .columns = 1};
  time_ticks_choose(&axis, scene->time_unit, scene->clock_labels, 2, &one.time);
  one.time.first = since / one.time.step;
  one.time.count = 1;
  time_strip_label(scene, &one, 0, text);
}

void time_strip_forget(struct time_strip *strip)
{
  label_row_forget(&strip->labels);
  strip->drawn = false;
}

int time_strip_pixels(const struct look *look)
{
  return look->gap + look_line(look) + look_pixels(look, STRIP_HEIGHT) + look->gap;
}

struct rect time_strip_place(const struct look *look, struct rect plot)
{
  return (struct rect){plot.x, plot.y + plot.h + look->gap + look_line(look), plot.w, look_pixels(look, STRIP_HEIGHT)};
}

/* Where on the strip the view lies. */
static struct rect find_thumb(const struct look *look, const struct scene *scene, struct rect place)
{
  const struct strip_scene *s = &scene->strip;
  if (s->end <= s->begin)
    return (struct rect){0};
  const double begin = (double)(s->begin < s->from ? s->begin : s->from);
  const double end = (double)(s->end > s->to ? s->end : s->to);
  const double each = place.w / (end - begin);
  int least = look_pixels(look, THUMB_LEAST);
  least = least < place.w ? least : place.w;
  int from = (int)(((double)s->from - begin) * each);
  int to = (int)(((double)s->to - begin) * each + 0.5);
  if (to - from < least) {
    from = from + least > place.w ? place.w - least : from;
    to = from + least;
  }
  return (struct rect){place.x + from, place.y, to - from, place.h};
}

static void draw_strip(struct time_strip *strip, const struct look *look, const struct scene *scene, struct canvas *c,
                       struct rect place, struct damage *damage)
{
  const struct rect thumb = find_thumb(look, scene, place);
  if (strip->drawn && rect_equal(thumb, strip->thumb))
    return;
  strip->drawn = true;
  strip->thumb = thumb;
  canvas_fill(c, place, look->theme->plot);
  canvas_fill(c, thumb, look->theme->frame);
  damage_add(damage, rect_intersection(place, canvas_rect(c)));
}

void time_strip_draw(struct time_strip *strip, const struct look *look, const struct scene *scene,
                     const struct time_strip_ticks *ticks, struct canvas *c, struct rect plot, struct damage *damage)
{
  const struct theme *theme = look->theme;
  label_row_begin(&strip->labels);
  const int left = plot.x - look->gap;
  int last = -c->width; /* where the label before ends */
  for (int i = 0; i < ticks->time.count; i++) {
    int64_t column = time_strip_column(scene, ticks, i);
    if (column < 0 || column >= scene->time.columns)
      continue;
    char text[FIGURE_TEXT_MAX];
    time_strip_label(scene, ticks, i, text);
    const int half = text_width(look->text, TEXT_SANS, text) / 2 + 2;
    /* Labels at the ends move inwards rather than be cut, or stand where the value axis has its lowest label. */
    int x = plot.x + (int)column;
    x = x > c->width - half ? c->width - half : x;
    x = x < left + half ? left + half : x;
    if (x - half < last)
      continue;
    last = x + half;
    label_row_add(&strip->labels, ticks->time.first + i, x, text);
  }
  int y = plot.y + plot.h + look->gap;
  struct rect place = {left, y, c->width - left, look_line(look)};
  label_row_draw(&strip->labels, look->text, c, y, place, theme->dim, theme->window, damage);
  draw_strip(strip, look, scene, c, time_strip_place(look, plot), damage);
}
