#include "scope/paint/legend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scope/view/ticks.h"

enum {
  NAME_CHARACTERS = 12,
  NAME_CHARACTERS_LEAST = 5,
  NAME_CHARACTERS_MOST = 40,
  SWATCH = 28, /* room for the sample of a line */
  SWATCH_LENGTH = 20,
  SWATCH_HEIGHT = 3,
  SPACE = 14,
  BLOCK_GAP = 24,
  LINE_GAP = 3
};

/* ---- Numbers ---- */

/* NaN, which is equal to nothing, has the same text as itself. */
static bool same_numbers(const double *a, const double *b)
{
  for (int i = 0; i < LEGEND_NUMBERS; i++)
    if (a[i] != b[i] && !(isnan(a[i]) && isnan(b[i])))
      return false;
  return true;
}

/* The prefix of the axis that shows a channel; none beside an axis of several units, whose figures are in the channel's. */
static int axis_exponent(const struct scene *scene, int channel)
{
  for (int i = 0; i < scene->panes; i++)
    if (scene->pane[i].channels >> channel & 1) {
      const char *unit = scene->channel[channel].unit;
      if (!scene->unit && unit && unit_is_prefixed(unit) && !(scene->pane[i].unit && scene->pane[i].unit[0]))
        return 0;
      struct value_ticks ticks;
      value_ticks_of(&scene->pane[i].axis, VALUE_TICKS_LEAST, &ticks);
      return ticks.offset == 0 ? ticks.exponent : 0;
    }
  return 0;
}

void legend_write_numbers(struct legend_numbers *numbers, const struct look *look, const struct scene *scene)
{
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    struct legend_numbers *n = &numbers[i];
    const double value[LEGEND_NUMBERS] = {channel->last, channel->min, channel->max, channel->mean};
    const char *unit = scene_unit(scene, i);
    const int exponent = axis_exponent(scene, i);
    if (n->text[0][0] && same_numbers(value, n->value) && n->exponent == exponent &&
        n->form.decimals == channel->form.decimals && n->form.digits == channel->form.digits &&
        strncmp(n->given, unit, sizeof n->given - 1) == 0)
      continue;
    snprintf(n->given, sizeof n->given, "%s", unit);
    memcpy(n->value, value, sizeof value);
    n->exponent = exponent;
    n->form = channel->form;
    n->width = 0;
    figure_format_choose(channel->last, channel->min, channel->max, &channel->form, exponent, &n->format);
    const bool in_unit = unit_text(n->given, n->format.exponent, n->unit);
    for (int k = 0; k < LEGEND_NUMBERS; k++) {
      const int decimals = k == LEGEND_NUMBERS - 1 ? n->format.mean_decimals : n->format.decimals;
      figure_fixed(value[k], n->format.exponent, decimals, n->text[k]);
      if (in_unit && fabs(value[k]) < FIGURE_FIXED_MOST)
        unit_strip_figure(n->text[k]);
      int width = text_width(look->text, TEXT_SANS, n->text[k]);
      n->width = width > n->width ? width : n->width;
    }
  }
}

/* ---- Plan ---- */

/*
 * Room for a usual number, or where one is wider for that and a digit more. As all digits have one width and numbers
 * of one channel have as many, this changes only with the order of magnitude or the sign: a table whose columns followed
 * each number would always be on the move.
 */
static int plan_number_width(const struct look *look, const struct legend_numbers *numbers, int channels, int width)
{
  int widest = 0;
  for (int i = 0; i < channels; i++)
    widest = numbers[i].width > widest ? numbers[i].width : widest;
  int usual = text_width(look->text, TEXT_SANS,
                         "\xE2\x88\x92"
                         "888.88M");
  int wide = widest + text_width(look->text, TEXT_SANS, "8");
  const bool narrow = width < 3 * usual;
  return (wide > usual || narrow ? wide : usual) + look_pixels(look, SPACE);
}

/* The unit behind a name: " [ms]". */
static void write_unit(const struct legend_numbers *n, char text[UNIT_TEXT_MAX + 3])
{
  snprintf(text, UNIT_TEXT_MAX + 3, n->unit[0] ? " [%s]" : "%s", n->unit);
}

static int unit_width(const struct look *look, const struct legend_numbers *n)
{
  char text[UNIT_TEXT_MAX + 3];
  write_unit(n, text);
  return text[0] ? text_width(look->text, TEXT_SANS, text) : 0;
}

/* Room for the widest name, at least for a usual one. */
static int plan_name_width(const struct look *look, const struct scene *scene, const struct legend_numbers *numbers,
                           int channels)
{
  int character = text_width(look->text, TEXT_SANS, "n");
  int widest = NAME_CHARACTERS * character;
  for (int i = 0; i < channels; i++) {
    int name = text_width(look->text, TEXT_SANS, scene->channel[i].name) + unit_width(look, &numbers[i]) + character;
    widest = name > widest ? name : widest;
  }
  widest = widest < NAME_CHARACTERS_MOST * character ? widest : NAME_CHARACTERS_MOST * character;
  return look_pixels(look, SWATCH) + widest;
}

/* Blocks and rows for names so wide and so many numbers; true when all channels are in sight. */
static bool try_plan(struct legend_plan *plan, const struct look *look, int name_width, int numbers, int width,
                     int lines)
{
  const int most_rows = numbers > 0 ? lines - 1 : lines; /* the head */
  const int block_gap = look_pixels(look, BLOCK_GAP);
  plan->numbers = numbers;
  plan->name_width = name_width;
  plan->block_width = name_width + numbers * plan->number_width + block_gap;
  plan->blocks = (width + block_gap) / plan->block_width;
  plan->blocks = plan->blocks < 1 ? 1 : plan->blocks > plan->channels ? plan->channels : plan->blocks;
  plan->all_rows = (plan->channels + plan->blocks - 1) / plan->blocks;
  plan->rows = plan->all_rows < most_rows ? plan->all_rows : most_rows;
  return plan->all_rows <= most_rows && plan->block_width - block_gap <= width;
}

/* full: the width of names that are not cut. These are cut first, to no less than what tells them apart mostly, then numbers are left out, the last one last. */
static void choose_plan(struct legend_plan *plan, const struct look *look, int full, int width, int lines)
{
  const int character = text_width(look->text, TEXT_SANS, "n");
  const int swatch = look_pixels(look, SWATCH);
  const int usual = swatch + NAME_CHARACTERS * character;
  const int least = swatch + NAME_CHARACTERS_LEAST * character;
  for (int numbers = LEGEND_NUMBERS; numbers >= 0; numbers--) {
    if (try_plan(plan, look, full, numbers, width, lines))
      return;
    /* Names share what the usual width leaves over. */
    if (try_plan(plan, look, usual, numbers, width, lines)) {
      const int each = (width + look_pixels(look, BLOCK_GAP)) / plan->blocks - look_pixels(look, BLOCK_GAP);
      const int names = each - numbers * plan->number_width;
      try_plan(plan, look, names < full ? names : full, numbers, width, lines);
      return;
    }
    if (numbers <= 1 && try_plan(plan, look, least, numbers, width, lines))
      return;
  }
  /* Not all are in sight, whatever is done: then those that are have their last value at least. */
  try_plan(plan, look, usual, 1, width, lines);
  if (plan->name_width + plan->number_width > width || plan->rows < 1)
    try_plan(plan, look, least < width ? least : width, lines > 1 && least + plan->number_width <= width, width, lines);
}

/* The first row in sight: as asked for, moved so that there is no empty row below and the cursor is seen. */
static int first_row(const struct legend_plan *plan, const struct scene *scene)
{
  int first = scene->legend_first;
  if (plan->cursor >= 0) {
    const int row = plan->cursor % plan->all_rows;
    first = first > row ? row : first;
    first = first < row - plan->rows + 1 ? row - plan->rows + 1 : first;
  }
  const int most = plan->all_rows - plan->rows;
  return first < 0 ? 0 : first > most ? most : first;
}

void legend_plan(struct legend_plan *plan, const struct look *look, const struct legend_numbers *numbers,
                 const struct scene *scene, int width, int height)
{
  int channels = scene->legend ? scene->channels : 0;
  legend_plan_nothing(plan);
  if (channels == 0)
    return;
  plan->line = look_line(look) + look_pixels(look, LINE_GAP);
  const int lines = height / plan->line;
  if (lines < 1 || width < look_pixels(look, SWATCH)) {
    legend_plan_nothing(plan);
    return;
  }
  plan->channels = channels;
  plan->number_width = plan_number_width(look, numbers, channels, width);
  choose_plan(plan, look, plan_name_width(look, scene, numbers, plan->channels), width, lines);
  plan->more = plan->rows < plan->all_rows && plan->rows > 1;
  plan->rows -= plan->more;
  plan->cursor = scene->legend_cursor < channels ? scene->legend_cursor : -1;
  plan->first = first_row(plan, scene);
}

void legend_plan_nothing(struct legend_plan *plan)
{
  *plan = (struct legend_plan){.cursor = -1};
}

bool legend_plan_equal(const struct legend_plan *a, const struct legend_plan *b)
{
  return a->channels == b->channels && a->blocks == b->blocks && a->all_rows == b->all_rows && a->rows == b->rows &&
         a->first == b->first && a->more == b->more && a->cursor == b->cursor && a->numbers == b->numbers &&
         a->block_width == b->block_width && a->name_width == b->name_width && a->number_width == b->number_width &&
         a->line == b->line;
}

/* There is a line above with what the numbers are. */
static int head_rows(const struct legend_plan *plan)
{
  return plan->numbers > 0 ? 1 : 0;
}

int legend_pixels(const struct legend_plan *plan, const struct look *look)
{
  return plan->rows > 0 ? (plan->rows + head_rows(plan) + plan->more) * plan->line + look_pixels(look, LINE_GAP) : 0;
}

/* Down the first block, then down the next: names stay where they are when a channel is added to the last. */
static int entry_x(const struct legend_plan *plan, int channel)
{
  return channel / plan->all_rows * plan->block_width;
}

static int entry_y(const struct legend_plan *plan, int channel)
{
  return (head_rows(plan) + channel % plan->all_rows - plan->first) * plan->line;
}

static bool in_sight(const struct legend_plan *plan, int channel)
{
  const int row = plan->rows > 0 ? channel % plan->all_rows : -1;
  return row >= plan->first && row < plan->first + plan->rows;
}

int legend_left_out(const struct legend_plan *plan)
{
  int count = 0;
  for (int i = 0; i < plan->channels; i++)
    count += !in_sight(plan, i);
  return count;
}

/* All of a channel's entry, relative to the table. */
static struct rect entry_place(const struct legend_plan *plan, int channel)
{
  const int width = plan->name_width + plan->numbers * plan->number_width;
  return (struct rect){entry_x(plan, channel), entry_y(plan, channel), width, plan->line};
}

int legend_pick(const struct legend_plan *plan, int x, int y)
{
  for (int i = 0; i < plan->channels; i++)
    if (in_sight(plan, i) && rect_contains(entry_place(plan, i), x, y))
      return i;
  return -1;
}

/* ---- Painting ---- */

void legend_forget(struct legend *l)
{
  for (int i = 0; i < CHANNELS_MAX; i++) {
    label_forget(&l->name[i]);
    for (int n = 0; n < LEGEND_NUMBERS; n++) {
      label_forget(&l->head[i][n]);
      label_forget(&l->number[i][n]);
    }
  }
  label_forget(&l->more);
}

/* A piece of the channel's line, dashed as it is. */
static void draw_swatch(const struct look *look, struct canvas *c, struct rect place, int channel, uint32_t colour)
{
  const int *dash = theme_dash(channel);
  int x = 0;
  for (int i = 0; x < place.w; i++) {
    if (dash[0] && !dash[i])
      i = 0;
    const int length = dash[0] ? look_pixels(look, dash[i]) : place.w;
    const struct rect piece = {place.x + x, place.y, length < place.w - x ? length : place.w - x, place.h};
    if (i % 2 == 0)
      canvas_fill(c, piece, colour);
    x += length > 0 ? length : 1;
  }
}

/* The swatch changes only with the name's colour: both tell whether the channel is hidden. */
static void draw_name(struct label *name, const struct legend_plan *plan, const struct look *look,
                      const struct legend_numbers *numbers, const struct channel_scene *channel, int i,
                      struct canvas *c, int x, int y, struct damage *damage)
{
  const struct theme *theme = look->theme;
  const uint32_t colour = channel->hidden ? theme->frame : theme->text;
  const uint32_t background = plan->cursor == i ? theme->panel : theme->window;
  if (rect_empty(name->painted) || name->colour != colour) {
    const int height = look_pixels(look, SWATCH_HEIGHT);
    const struct rect swatch = {x + look_pixels(look, 2), y + (plan->line - height) / 2 - 1,
                                look_pixels(look, SWATCH_LENGTH), height};
    canvas_fill(c, swatch, background);
    draw_swatch(look, c, swatch, i, channel->hidden ? theme->frame : theme->channel[i % THEME_COLOURS]);
    damage_add(damage, swatch);
  }
  name->clip = (struct rect){x, y, plan->name_width - look_pixels(look, 4), plan->line};
  const int room = plan->name_width - look_pixels(look, SWATCH + 4);
  char text[LABEL_TEXT_MAX];
  char unit[UNIT_TEXT_MAX + 3];
  write_unit(numbers, unit);
  const int rest = room - unit_width(look, numbers);
  const int least = NAME_CHARACTERS_LEAST * text_width(look->text, TEXT_SANS, "n");
  if (rest < least &&
      rest < text_width(look->text, TEXT_SANS, channel->name)) /* the name is what tells channels apart */
    unit[0] = '\0';
  text_fit(look->text, TEXT_SANS, channel->name, unit[0] ? rest : room, text, sizeof text - sizeof unit);
  const size_t fitted = strlen(text);
  snprintf(text + fitted, sizeof text - fitted, "%s", unit);
  label_draw(name, look->text, c, TEXT_SANS, x + look_pixels(look, SWATCH), y, TEXT_LEFT, text, colour, background,
             damage);
}

/* Around the channel that keys chose. */
static void draw_cursor(const struct legend_plan *plan, const struct look *look, struct canvas *c, int x, int y)
{
  struct rect place = entry_place(plan, plan->cursor);
  place.x += x - look_pixels(look, 2);
  place.y += y - look_pixels(look, 1);
  place.w += look_pixels(look, 4);
  canvas_fill(c, place, look->theme->dim);
  canvas_fill(c, (struct rect){place.x + 1, place.y + 1, place.w - 2, place.h - 2}, look->theme->panel);
}

static void draw_channel(struct legend *l, const struct legend_plan *plan, const struct look *look,
                         const struct legend_numbers *numbers, const struct channel_scene *channel, int i,
                         struct canvas *c, int x, int y, struct damage *damage)
{
  const struct theme *theme = look->theme;
  if (plan->cursor == i && rect_empty(l->name[i].painted))
    draw_cursor(plan, look, c, x - entry_x(plan, i), y - entry_y(plan, i));
  draw_name(&l->name[i], plan, look, numbers, channel, i, c, x, y, damage);
  for (int n = 0; n < plan->numbers; n++) {
    int left = x + plan->name_width + n * plan->number_width;
    l->number[i][n].clip = (struct rect){left, y, plan->number_width, plan->line};
    label_draw(&l->number[i][n], look->text, c, TEXT_SANS, left + plan->number_width, y, TEXT_RIGHT, numbers->text[n],
               channel->hidden                  ? theme->frame
               : n == 0 && channel->outside_now ? theme->alert
               : n == 0                         ? theme->text
                                                : theme->dim,
               plan->cursor == i ? theme->panel : theme->window, damage);
  }
}

void legend_draw(struct legend *l, const struct legend_plan *plan, const struct look *look,
                 const struct legend_numbers *numbers, const struct scene *scene, struct canvas *c, int x, int y,
                 struct damage *damage)
{
  static const char *const head[LEGEND_NUMBERS] = {"last", "min", "max", "mean"};
  const struct theme *theme = look->theme;
  for (int b = 0; b < plan->blocks; b++)
    for (int n = 0; n < plan->numbers; n++)
      label_draw(&l->head[b][n], look->text, c, TEXT_SANS,
                 x + b * plan->block_width + plan->name_width + (n + 1) * plan->number_width, y, TEXT_RIGHT, head[n],
                 theme->dim, theme->window, damage);
  for (int i = 0; i < plan->channels && i < scene->channels; i++)
    if (in_sight(plan, i))
      draw_channel(l, plan, look, &numbers[i], &scene->channel[i], i, c, x + entry_x(plan, i), y + entry_y(plan, i),
                   damage);
  if (plan->more) {
    char text[LABEL_TEXT_MAX];
    snprintf(text, sizeof text, "%d of %d channels out of sight: scroll, or Tab", legend_left_out(plan),
             plan->channels);
    label_draw(&l->more, look->text, c, TEXT_SANS, x, y + (head_rows(plan) + plan->rows) * plan->line, TEXT_LEFT, text,
               theme->dim, theme->window, damage);
  }
}
