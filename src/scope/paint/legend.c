#include "scope/paint/legend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  DIGITS = 5,
  DIGITS_MOST = 10,
  NAME_CHARACTERS = 12,
  NAME_CHARACTERS_MOST = 40,
  SWATCH = 16,
  SPACE = 14,
  BLOCK_GAP = 28,
  LINE_GAP = 3
};

/* ---- Numbers ---- */

/* Five digits are enough, unless all of the signal happens far behind the first one. */
static int digits_to_tell_apart(double min, double max, double scale)
{
  double extent = max - min;
  if (!(extent > 0) || !isfinite(extent))
    return DIGITS;
  int digits = (int)ceil(log10(scale / extent)) + 3;
  return digits < DIGITS ? DIGITS : digits > DIGITS_MOST ? DIGITS_MOST : digits;
}

/* NaN, which is equal to nothing, has the same text as itself. */
static bool same_numbers(const double *a, const double *b)
{
  for (int i = 0; i < LEGEND_NUMBERS; i++)
    if (a[i] != b[i] && !(isnan(a[i]) && isnan(b[i])))
      return false;
  return true;
}

void legend_write_numbers(struct legend_numbers *numbers, const struct look *look, const struct scene *scene)
{
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    struct legend_numbers *n = &numbers[i];
    const double value[LEGEND_NUMBERS] = {channel->last, channel->min, channel->max, channel->mean};
    if (n->text[0][0] && same_numbers(value, n->value))
      continue;
    memcpy(n->value, value, sizeof value);
    n->width = 0;
    double scale = fmax(fabs(channel->min), fabs(channel->max));
    int digits = digits_to_tell_apart(channel->min, channel->max, scale);
    for (int k = 0; k < LEGEND_NUMBERS; k++) {
      figure_readout(value[k], scale, digits, n->text[k]);
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
static int plan_number_width(const struct look *look, const struct legend_numbers *numbers, int channels)
{
  int widest = 0;
  for (int i = 0; i < channels; i++)
    widest = numbers[i].width > widest ? numbers[i].width : widest;
  int usual = text_width(look->text, TEXT_SANS,
                         "\xE2\x88\x92"
                         "888.88M");
  int wide = widest + text_width(look->text, TEXT_SANS, "8");
  return (wide > usual ? wide : usual) + look_pixels(look, SPACE);
}

/* Room for the widest name, at least for a usual one, at most for what is left beside all numbers. */
static int plan_name_width(const struct look *look, const struct scene *scene, int channels, int number_width,
                           int width)
{
  int character = text_width(look->text, TEXT_SANS, "n");
  int widest = NAME_CHARACTERS * character;
  for (int i = 0; i < channels; i++) {
    int name = text_width(look->text, TEXT_SANS, scene->channel[i].name) + character;
    widest = name > widest ? name : widest;
  }
  int most = width - LEGEND_NUMBERS * number_width - look_pixels(look, SWATCH);
  most = most < NAME_CHARACTERS_MOST * character ? most : NAME_CHARACTERS_MOST * character;
  widest = widest < most ? widest : most;
  widest = widest > NAME_CHARACTERS * character ? widest : NAME_CHARACTERS * character;
  return look_pixels(look, SWATCH) + widest;
}

void legend_plan(struct legend_plan *plan, const struct look *look, const struct legend_numbers *numbers,
                 const struct scene *scene, int width, int height)
{
  int channels = scene->legend ? scene->channels : 0;
  int block_gap = look_pixels(look, BLOCK_GAP);
  if (channels == 0) {
    legend_plan_nothing(plan);
    return;
  }
  *plan = (struct legend_plan){.line = look_line(look) + look_pixels(look, LINE_GAP)};
  plan->number_width = plan_number_width(look, numbers, channels);
  plan->name_width = plan_name_width(look, scene, channels, plan->number_width, width);
  for (plan->numbers = LEGEND_NUMBERS; plan->numbers > 1; plan->numbers--)
    if (plan->name_width + plan->numbers * plan->number_width <= width)
      break;
  plan->block_width = plan->name_width + plan->numbers * plan->number_width + block_gap;
  plan->blocks = (width + block_gap) / plan->block_width;
  plan->blocks = plan->blocks < 1 ? 1 : plan->blocks > channels ? channels : plan->blocks;
  plan->rows = (channels + plan->blocks - 1) / plan->blocks;
  int most = height / plan->line - 2; /* the head, and room for "and so many more" */
  if (plan->rows > most)
    plan->rows = most;
  if (plan->rows <= 0) {
    legend_plan_nothing(plan);
    return;
  }
  plan->channels = plan->rows * plan->blocks < channels ? plan->rows * plan->blocks : channels;
  plan->left_out = channels - plan->channels;
}

void legend_plan_nothing(struct legend_plan *plan)
{
  *plan = (struct legend_plan){0};
}

bool legend_plan_equal(const struct legend_plan *a, const struct legend_plan *b)
{
  return a->channels == b->channels && a->left_out == b->left_out && a->blocks == b->blocks && a->rows == b->rows &&
         a->numbers == b->numbers && a->block_width == b->block_width && a->name_width == b->name_width &&
         a->number_width == b->number_width && a->line == b->line;
}

int legend_pixels(const struct legend_plan *plan, const struct look *look)
{
  return plan->rows > 0 ? (plan->rows + 1 + (plan->left_out > 0)) * plan->line + look_pixels(look, LINE_GAP) : 0;
}

/* Down the first block, then down the next: names stay where they are when a channel is added to the last. */
static int entry_x(const struct legend_plan *plan, int channel)
{
  return channel / plan->rows * plan->block_width;
}

static int entry_y(const struct legend_plan *plan, int channel)
{
  return (1 + channel % plan->rows) * plan->line;
}

int legend_pick(const struct legend_plan *plan, int x, int y)
{
  for (int i = 0; i < plan->channels; i++) {
    int width = plan->name_width + plan->numbers * plan->number_width;
    if (rect_contains((struct rect){entry_x(plan, i), entry_y(plan, i), width, plan->line}, x, y))
      return i;
  }
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

/* The swatch changes only with the name's colour: both tell whether the channel is hidden. */
static void draw_name(struct label *name, const struct legend_plan *plan, const struct look *look,
                      const struct channel_scene *channel, int i, struct canvas *c, int x, int y, struct damage *damage)
{
  const struct theme *theme = look->theme;
  uint32_t colour = channel->hidden ? theme->frame : theme->text;
  if (rect_empty(name->painted) || name->colour != colour) {
    int size = look_pixels(look, SWATCH - 6);
    struct rect swatch = {x, y + (plan->line - size) / 2 - 1, size, size};
    canvas_fill(c, swatch, channel->hidden ? theme->frame : theme->channel[i % THEME_COLOURS]);
    damage_add(damage, swatch);
  }
  name->clip = (struct rect){x, y, plan->name_width - look_pixels(look, 4), plan->line};
  int room = plan->name_width - look_pixels(look, SWATCH);
  char text[LABEL_TEXT_MAX];
  text_fit(look->text, TEXT_SANS, channel->name, room, text, sizeof text);
  label_draw(name, look->text, c, TEXT_SANS, x + look_pixels(look, SWATCH), y, TEXT_LEFT, text, colour, theme->window,
             damage);
}

static void draw_channel(struct legend *l, const struct legend_plan *plan, const struct look *look,
                         const struct legend_numbers *numbers, const struct channel_scene *channel, int i,
                         struct canvas *c, int x, int y, struct damage *damage)
{
  const struct theme *theme = look->theme;
  draw_name(&l->name[i], plan, look, channel, i, c, x, y, damage);
  for (int n = 0; n < plan->numbers; n++) {
    int left = x + plan->name_width + n * plan->number_width;
    l->number[i][n].clip = (struct rect){left, y, plan->number_width, plan->line};
    label_draw(&l->number[i][n], look->text, c, TEXT_SANS, left + plan->number_width, y, TEXT_RIGHT, numbers->text[n],
               channel->hidden ? theme->frame
               : n == 0        ? theme->text
                               : theme->dim,
               theme->window, damage);
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
    draw_channel(l, plan, look, &numbers[i], &scene->channel[i], i, c, x + entry_x(plan, i), y + entry_y(plan, i),
                 damage);
  if (plan->left_out > 0) {
    char text[LABEL_TEXT_MAX];
    snprintf(text, sizeof text, "and %d more channel%s", plan->left_out, plan->left_out == 1 ? "" : "s");
    label_draw(&l->more, look->text, c, TEXT_SANS, x, y + (1 + plan->rows) * plan->line, TEXT_LEFT, text, theme->dim,
               theme->window, damage);
  }
}
