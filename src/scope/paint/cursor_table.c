#include "scope/paint/cursor_table.h"

#include <stdio.h>
#include <string.h>

#include "scope/paint/time_strip.h"

enum {
  SWATCH = 14,
  SWATCH_LENGTH = 8,
  SPACE = 12,
  NAME_MOST = 140,
  NAME_LEAST = 40,
  LINE_GAP = 2,
  ROWS_LEAST = 2,
  UPRIGHT_FEW = 3
};

/* ---- Texts ---- */

/* Widths grow in steps, and a digit more has room: the table is not on the move with each number. */
static int stepped(const struct look *look, int width)
{
  const int step = look_pixels(look, LOOK_STEP);
  return (width + step - 1) / step * step;
}

static void write_row(struct cursor_table *t, const struct look *look, const struct figure_format *format,
                      const struct scene *scene, int channel)
{
  struct cursor_row *row = &t->row[channel];
  const struct cursor_channel *is = &scene->cursors.channel[channel];
  if (row->written && row->version == is->version && memcmp(&row->format, format, sizeof *format) == 0)
    return;
  row->written = true;
  row->version = is->version;
  row->format = *format;
  read_outs_write(scene, channel, format, row->text);
  for (int i = 0; i < READ_OUTS; i++)
    row->width[i] = text_width(look->text, TEXT_SANS, row->text[i]);
  t->now.version++;
}

static void write_texts(struct cursor_table *t, const struct look *look, const struct legend_numbers *numbers,
                        const struct scene *scene)
{
  struct time_strip_ticks ticks;
  struct cursor_texts *now = &t->now;
  char text[FIGURE_TEXT_MAX];
  char inverse[FIGURE_TEXT_MAX];
  time_strip_choose_ticks(look, scene, &ticks);
  *now = (struct cursor_texts){.version = now->version, .active = scene->cursors.active};
  for (int i = 0; i < 2; i++) {
    time_strip_moment(scene, &ticks, scene->cursors.time[i], text);
    snprintf(now->times[i], sizeof now->times[i], "%s  %s", read_out_name[i], text);
  }
  read_outs_between(scene, text, inverse);
  snprintf(now->times[2], sizeof now->times[2], "%s  %s%s", read_out_name[READ_DELTA],
           scene->cursors.typing ? scene->cursors.typed : text, scene->cursors.typing ? "_" : "");
  snprintf(now->times[3], sizeof now->times[3], "1/%s  %s", read_out_name[READ_DELTA], inverse);
  for (int i = 0; i < READ_OUTS; i++)
    t->width[i] = text_width(look->text, TEXT_SANS, read_out_name[i]);
  for (int i = 0; i < scene->channels; i++) {
    if (scene->channel[i].hidden)
      continue;
    now->channel[now->channels++] = i;
    write_row(t, look, &numbers[i].format, scene, i);
    for (int k = 0; k < READ_OUTS; k++)
      t->width[k] = t->row[i].width[k] > t->width[k] ? t->row[i].width[k] : t->width[k];
  }
  for (int i = 0; i < READ_OUTS; i++)
    t->width[i] = stepped(look, t->width[i]);
}

/* ---- Plan ---- */

/* Room for the names of channels, between a usual and a long one. */
static int names_width(const struct look *look, const struct cursor_table *t, const struct scene *scene)
{
  int widest = look_pixels(look, NAME_LEAST);
  for (int i = 0; i < t->now.channels; i++) {
    const int width = text_width(look->text, TEXT_SANS, scene->channel[t->now.channel[i]].name);
    widest = width > widest ? width : widest;
  }
  const int most = look_pixels(look, NAME_MOST);
  return look_pixels(look, SWATCH) + stepped(look, widest < most ? widest : most);
}

/* So many numbers are shown, those that matter most, in their usual order. */
static void choose_numbers(struct cursor_plan *p, int count)
{
  bool taken[READ_OUTS] = {false};
  p->columns = 0;
  for (int i = 0; i < count; i++)
    taken[read_out_order[i]] = true;
  for (int i = 0; i < READ_OUTS; i++)
    if (taken[i])
      p->column[p->columns++] = (enum read_out)i;
}

/* A row a channel, with the numbers that fit; true when all of it does. */
static bool try_level(struct cursor_plan *p, const struct look *look, const struct cursor_table *t, int width,
                      int lines)
{
  int left = width - p->name_width;
  int count = 0;
  p->upright = false;
  for (; count < READ_OUTS; count++) {
    left -= t->width[read_out_order[count]] + look_pixels(look, SPACE);
    if (left < 0)
      break;
  }
  choose_numbers(p, count);
  p->rows = t->now.channels < lines - 2 ? t->now.channels : lines - 2;
  p->lines = p->rows + 2;
  return p->columns == READ_OUTS && p->rows == t->now.channels;
}

/* A row a number, and a column a channel, with the numbers that fit; false: not all channels do. */
static bool try_upright(struct cursor_plan *p, const struct look *look, const struct cursor_table *t,
                        const struct scene *scene, int width, int lines)
{
  const int head = t->now.channels > 1 ? 1 : 0;
  const int space = look_pixels(look, SPACE);
  p->upright = true;
  p->number_width = p->name_width = 0;
  for (int i = 0; i < READ_OUTS; i++) {
    const int name = text_width(look->text, TEXT_SANS, read_out_name[i]);
    p->name_width = name > p->name_width ? name : p->name_width;
    p->number_width = t->width[i] > p->number_width ? t->width[i] : p->number_width;
  }
  for (int i = 0; i < t->now.channels && head; i++) {
    const int name = text_width(look->text, TEXT_SANS, scene->channel[t->now.channel[i]].name);
    const int most = name < look_pixels(look, NAME_LEAST) ? name : look_pixels(look, NAME_LEAST);
    p->number_width = most > p->number_width ? most : p->number_width;
  }
  p->number_width += space / 2;
  p->block_width = p->name_width + t->now.channels * p->number_width + space;
  p->blocks = (width + space) / p->block_width;
  const int most = lines - 1 - head;
  if (p->blocks < 1 || most < 1)
    return false;
  p->blocks = p->blocks < READ_OUTS ? p->blocks : READ_OUTS;
  p->rows = (READ_OUTS + p->blocks - 1) / p->blocks;
  p->rows = p->rows < most ? p->rows : most;
  choose_numbers(p, p->blocks * p->rows < READ_OUTS ? p->blocks * p->rows : READ_OUTS);
  p->blocks = (p->columns + p->rows - 1) / p->rows;
  p->lines = 1 + head + p->rows;
  return true;
}

void cursor_table_plan(struct cursor_table *t, const struct look *look, const struct legend_numbers *numbers,
                       const struct scene *scene, int width, int height)
{
  struct cursor_plan *p = &t->plan;
  struct cursor_plan plan = {.line = look_line(look) + look_pixels(look, LINE_GAP)};
  *p = (struct cursor_plan){.lines = 0};
  if (!scene->cursors.on)
    return;
  write_texts(t, look, numbers, scene);
  const int lines = (height - look_pixels(look, LINE_GAP)) / plan.line;
  if (lines < 1 || width < look_pixels(look, NAME_LEAST))
    return;
  plan.name_width = names_width(look, t, scene);
  *p = plan;
  if (t->now.channels == 0 || lines < 1 + ROWS_LEAST) {
    p->lines = 1;
    return;
  }
  if (try_level(p, look, t, width, lines))
    return;
  const struct cursor_plan level = *p;
  /* For many channels it is high, and there should be something left of the plot. */
  if (!try_upright(p, look, t, scene, width, t->now.channels > UPRIGHT_FEW ? lines * 3 / 4 : lines) ||
      (level.rows == t->now.channels && level.columns >= p->columns))
    *p = level;
}

bool cursor_plan_equal(const struct cursor_plan *a, const struct cursor_plan *b)
{
  if (a->lines != b->lines || a->line != b->line || a->upright != b->upright || a->rows != b->rows ||
      a->blocks != b->blocks || a->block_width != b->block_width || a->name_width != b->name_width ||
      a->number_width != b->number_width || a->columns != b->columns)
    return false;
  for (int i = 0; i < a->columns; i++)
    if (a->column[i] != b->column[i])
      return false;
  return true;
}

int cursor_table_pixels(const struct cursor_table *t, const struct look *look)
{
  return t->plan.lines > 0 ? t->plan.lines * t->plan.line + look_pixels(look, LINE_GAP) : 0;
}

void cursor_table_forget(struct cursor_table *t)
{
  t->painted = false;
}

/* ---- Painting ---- */

static void draw_right(const struct look *look, struct canvas *c, int right, int y, const char *text, uint32_t colour,
                       struct rect clip)
{
  text_draw(look->text, c, TEXT_SANS, right, y, TEXT_RIGHT, text, colour, clip);
}

/* Both times and what lies between, from the left, as far as they fit. */
static void draw_times(const struct cursor_table *t, const struct look *look, const struct scene *scene,
                       struct canvas *c, struct rect place)
{
  static const int order[] = {2, 0, 1, 3}; /* the distance matters most */
  bool fits[4] = {false};
  int left = place.w;
  int x = place.x;
  for (int i = 0; i < 4; i++) {
    const int width = text_width(look->text, TEXT_SANS, t->now.times[order[i]]) + look_pixels(look, 2 * SPACE);
    fits[order[i]] = i == 0 || width <= left + look_pixels(look, 2 * SPACE);
    left -= fits[order[i]] ? width : 0;
  }
  for (int i = 0; i < 4; i++) {
    const bool strong = i == scene->cursors.active || i == READ_DELTA;
    if (!fits[i])
      continue;
    text_draw(look->text, c, TEXT_SANS, x, place.y, TEXT_LEFT, t->now.times[i],
              strong ? look->theme->text : look->theme->dim, place);
    x += text_width(look->text, TEXT_SANS, t->now.times[i]) + look_pixels(look, 2 * SPACE);
  }
}

static void draw_swatch(const struct look *look, struct canvas *c, int channel, int x, int y, int line)
{
  const int side = look_pixels(look, SWATCH_LENGTH);
  canvas_fill(c, (struct rect){x, y + (line - side) / 2, side, side}, look->theme->channel[channel % THEME_COLOURS]);
}

static void draw_level(const struct cursor_table *t, const struct look *look, const struct scene *scene,
                       struct canvas *c, struct rect place)
{
  const struct cursor_plan *p = &t->plan;
  const int left_out = t->now.channels - p->rows;
  char name[LABEL_TEXT_MAX] = "";
  for (int row = -1; row < p->rows; row++) {
    const int y = place.y + (row + 2) * p->line;
    const int channel = row < 0 ? 0 : t->now.channel[row];
    int right = place.x + p->name_width;
    if (row >= 0) {
      draw_swatch(look, c, channel, place.x, y, p->line);
      text_fit(look->text, TEXT_SANS, scene->channel[channel].name, p->name_width - look_pixels(look, SWATCH), name,
               sizeof name);
    } else if (left_out > 0) {
      snprintf(name, sizeof name, "and %d more", left_out);
    }
    text_draw(look->text, c, TEXT_SANS, place.x + (row < 0 ? 0 : look_pixels(look, SWATCH)), y, TEXT_LEFT, name,
              row < 0 ? look->theme->dim : look->theme->text, place);
    for (int i = 0; i < p->columns; i++) {
      const enum read_out what = p->column[i];
      right += t->width[what] + look_pixels(look, SPACE);
      draw_right(look, c, right, y, row < 0 ? read_out_name[what] : t->row[channel].text[what],
                 row < 0 ? look->theme->dim : look->theme->text, place);
    }
  }
}

static void draw_upright(const struct cursor_table *t, const struct look *look, const struct scene *scene,
                         struct canvas *c, struct rect place)
{
  const struct cursor_plan *p = &t->plan;
  const int head = t->now.channels > 1 ? 1 : 0;
  for (int i = 0; i < p->columns; i++) {
    const enum read_out what = p->column[i];
    const int x = place.x + i / p->rows * p->block_width;
    const int y = place.y + (1 + head + i % p->rows) * p->line;
    text_draw(look->text, c, TEXT_SANS, x, y, TEXT_LEFT, read_out_name[what], look->theme->dim, place);
    for (int k = 0; k < t->now.channels; k++)
      draw_right(look, c, x + p->name_width + (k + 1) * p->number_width, y, t->row[t->now.channel[k]].text[what],
                 look->theme->text, place);
  }
  for (int b = 0; b < p->blocks && head; b++)
    for (int k = 0; k < t->now.channels; k++) {
      const int channel = t->now.channel[k];
      const int right = place.x + b * p->block_width + p->name_width + (k + 1) * p->number_width;
      const int room = p->number_width - look_pixels(look, SPACE) / 2 - look_pixels(look, SWATCH);
      char name[LABEL_TEXT_MAX];
      text_fit(look->text, TEXT_SANS, scene->channel[channel].name, room, name, sizeof name);
      const int width = text_width(look->text, TEXT_SANS, name);
      draw_swatch(look, c, channel, right - width - look_pixels(look, SWATCH), place.y + p->line, p->line);
      draw_right(look, c, right, place.y + p->line, name, look->theme->text, place);
    }
}

void cursor_table_draw(struct cursor_table *t, const struct look *look, const struct scene *scene, struct canvas *c,
                       struct rect place, struct damage *damage)
{
  if (t->plan.lines == 0 || (t->painted && memcmp(&t->now, &t->before, sizeof t->now) == 0))
    return;
  t->painted = true;
  memcpy(&t->before, &t->now, sizeof t->before);
  canvas_fill(c, place, look->theme->window);
  damage_add(damage, rect_intersection(place, canvas_rect(c)));
  draw_times(t, look, scene, c, place);
  if (t->plan.lines == 1)
    return;
  if (t->plan.upright)
    draw_upright(t, look, scene, c, place);
  else
    draw_level(t, look, scene, c, place);
}
