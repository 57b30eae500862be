#include "scope/paint/legend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scope/paint/screen.h"
#include "scope/view/ticks.h"

enum {
  DIGITS = 5,
  DIGITS_MOST = 10,
  NAME_CHARACTERS = 12,
  NAME_CHARACTERS_MOST = 40,
  WIDTH_STEP = 8,
  SWATCH = 16,
  SPACE = 14,
  BLOCK_GAP = 28,
  LINE_GAP = 3
};

static int scaled(const struct legend *l, double px)
{
  return (int)lround(px * l->scale);
}

/* Room for the widest name, at least for a usual one, at most for what is left beside all numbers. */
static int plan_name_width(const struct legend *l, struct text *t, const struct scene *scene, int channels, int width)
{
  int character = text_width(t, TEXT_SANS, "n");
  int widest = NAME_CHARACTERS * character;
  for (int i = 0; i < channels; i++) {
    int name = text_width(t, TEXT_SANS, scene->channel[i].name) + character;
    widest = name > widest ? name : widest;
  }
  int most = width - LEGEND_NUMBERS * l->number_width - scaled(l, SWATCH);
  most = most < NAME_CHARACTERS_MOST * character ? most : NAME_CHARACTERS_MOST * character;
  widest = widest < most ? widest : most;
  widest = widest > NAME_CHARACTERS * character ? widest : NAME_CHARACTERS * character;
  return scaled(l, SWATCH) + widest;
}

void legend_plan(struct legend *l, struct text *t, const struct scene *scene, int width, int height, double scale)
{
  int channels = scene->legend ? scene->channels : 0;
  l->scale = scale;
  l->line = text_height(t, TEXT_SANS) + scaled(l, LINE_GAP);
  int usual = text_width(t, TEXT_SANS,
                         "\xE2\x88\x92"
                         "888.88M");
  l->number_width = (l->widest_number > usual ? l->widest_number : usual) + scaled(l, SPACE);
  l->name_width = plan_name_width(l, t, scene, channels, width);
  for (l->numbers = LEGEND_NUMBERS; l->numbers > 1; l->numbers--)
    if (l->name_width + l->numbers * l->number_width <= width)
      break;
  l->block_width = l->name_width + l->numbers * l->number_width + scaled(l, BLOCK_GAP);
  l->blocks = (width + scaled(l, BLOCK_GAP)) / l->block_width;
  l->blocks = l->blocks < 1 ? 1 : l->blocks;
  l->blocks = l->blocks > channels && channels > 0 ? channels : l->blocks;
  l->rows = (channels + l->blocks - 1) / l->blocks;
  int most = height / l->line - 2; /* the head, and room for "and so many more" */
  if (l->rows > most)
    l->rows = most > 0 ? most : 0;
  l->channels = l->rows * l->blocks < channels ? l->rows * l->blocks : channels;
  l->left_out = channels - l->channels;
}

int legend_pixels(const struct legend *l)
{
  return l->rows > 0 ? (l->rows + 1 + (l->left_out > 0)) * l->line + scaled(l, LINE_GAP) : 0;
}

void legend_forget(struct legend *l)
{
  for (int i = 0; i < LEGEND_CHANNELS; i++) {
    label_forget(&l->name[i]);
    for (int n = 0; n < LEGEND_NUMBERS; n++) {
      label_forget(&l->head[i][n]);
      label_forget(&l->number[i][n]);
    }
  }
  label_forget(&l->more);
}

/* Five digits are enough, unless all of the signal happens far behind the first one. */
static int digits_to_tell_apart(double min, double max, double scale)
{
  double extent = max - min;
  if (!(extent > 0) || !isfinite(extent))
    return DIGITS;
  int digits = (int)ceil(log10(scale / extent)) + 3;
  return digits < DIGITS ? DIGITS : digits > DIGITS_MOST ? DIGITS_MOST : digits;
}

static void draw_channel(struct legend *l, struct text *t, struct canvas *c, int x, int y, int i,
                         const struct scene_channel *channel, const struct theme *theme, struct damage *damage)
{
  uint32_t colour = channel->hidden ? theme->frame : theme->channel[i % THEME_COLOURS];
  struct label *name = &l->name[i];
  if (rect_empty(name->painted) || name->colour != (channel->hidden ? theme->frame : theme->text)) {
    int size = scaled(l, SWATCH - 6);
    struct rect swatch = {x, y + (l->line - size) / 2 - 1, size, size};
    canvas_fill(c, swatch, colour);
    damage_add(damage, swatch);
  }
  name->clip = (struct rect){x, y, l->name_width - scaled(l, 4), l->line};
  char short_name[LABEL_TEXT_MAX];
  text_fit(t, TEXT_SANS, channel->name, l->name_width - scaled(l, SWATCH), short_name, sizeof short_name);
  label_draw(name, t, c, TEXT_SANS, x + scaled(l, SWATCH), y, TEXT_LEFT, short_name,
             channel->hidden ? theme->frame : theme->text, theme->window, damage);
  const double value[LEGEND_NUMBERS] = {channel->last, channel->min, channel->max, channel->mean};
  double scale = fmax(fabs(channel->min), fabs(channel->max));
  int digits = digits_to_tell_apart(channel->min, channel->max, scale);
  for (int n = 0; n < l->numbers; n++) {
    char text[TICKS_TEXT_MAX];
    ticks_readout(value[n], scale, digits, text);
    int room = text_width(t, TEXT_SANS, text);
    if (room > l->widest_number) /* from the next frame on, and in steps, so that the table is not always on the move */
      l->widest_number = room + scaled(l, WIDTH_STEP);
    l->number[i][n].clip = (struct rect){x + l->name_width + n * l->number_width, y, l->number_width, l->line};
    label_draw(&l->number[i][n], t, c, TEXT_SANS, x + l->name_width + (n + 1) * l->number_width, y, TEXT_RIGHT, text,
               channel->hidden ? theme->frame
               : n == 0        ? theme->text
                               : theme->dim,
               theme->window, damage);
  }
}

void legend_draw(struct legend *l, struct text *t, struct canvas *c, int x, int y, const struct scene *scene,
                 const struct theme *theme, struct damage *damage)
{
  static const char *const head[LEGEND_NUMBERS] = {"last", "min", "max", "mean"};
  for (int b = 0; b < l->blocks && l->rows > 0; b++)
    for (int n = 0; n < l->numbers; n++)
      label_draw(&l->head[b][n], t, c, TEXT_SANS, x + b * l->block_width + l->name_width + (n + 1) * l->number_width, y,
                 TEXT_RIGHT, head[n], theme->dim, theme->window, damage);
  /* Down the first block, then down the next: names stay where they are when a channel is added to the last. */
  for (int i = 0; i < l->channels && i < scene->channels; i++)
    draw_channel(l, t, c, x + i / l->rows * l->block_width, y + (1 + i % l->rows) * l->line, i, &scene->channel[i],
                 theme, damage);
  if (l->left_out > 0 && l->rows > 0) {
    char text[LABEL_TEXT_MAX];
    snprintf(text, sizeof text, "and %d more channel%s", l->left_out, l->left_out == 1 ? "" : "s");
    label_draw(&l->more, t, c, TEXT_SANS, x, y + (1 + l->rows) * l->line, TEXT_LEFT, text, theme->dim, theme->window,
               damage);
  }
}
