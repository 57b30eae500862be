#include "scope/paint/state_line.h"

#include <stdio.h>
#include <string.h>

void state_line_forget(struct state_line *line)
{
  line->all[0] = '\0';
}

void state_line_draw(struct state_line *line, const struct look *look, const struct scene *scene, struct canvas *c,
                     struct rect plot, struct damage *damage)
{
  static const char *const word[] = {
      [SCENE_LIVE] = "live", [SCENE_HELD] = "held", [SCENE_PAUSED] = "paused", [SCENE_ENDED] = "end of input"};
  const struct theme *theme = look->theme;
  const uint32_t colour[] = {[SCENE_LIVE] = theme->live,
                             [SCENE_HELD] = theme->paused,
                             [SCENE_PAUSED] = theme->paused,
                             [SCENE_ENDED] = theme->ended};
  char state[SCENE_TEXT_MAX];
  char all[sizeof line->all];
  const char *unit = scene->unit ? scene->unit : "";
  snprintf(state, sizeof state, "\xE2\x97\x8F %s", word[scene->state]); /* U+25CF, a dot */
  /* The title comes last: it may be too long to be kept whole, and is the one part that never changes. */
  snprintf(all, sizeof all, "%s\n%s\n%s\n%s\n%s", scene->rejected, scene->rate, state, unit, scene->title);
  if (strcmp(all, line->all) == 0)
    return;
  memcpy(line->all, all, sizeof all);

  int pad = look_pixels(look, LOOK_PAD);
  int gap = look_pixels(look, LOOK_GAP);
  int apart = look_pixels(look, 2 * LOOK_PAD);
  int y = pad;
  struct rect strip = {0, y, c->width, text_height(look->text, TEXT_BOLD)};
  canvas_fill(c, strip, theme->window);
  damage_add(damage, strip);
  /* The unit stands over the labels of its axis, or where it is too wide for that where the title begins. */
  int left = plot.x - gap;
  int unit_width = text_width(look->text, TEXT_SANS, unit);
  bool wide = unit_width > left - gap;
  text_draw(look->text, c, TEXT_SANS, wide ? pad : left - unit_width, y, TEXT_LEFT, unit, theme->dim, strip);
  left = wide ? pad + unit_width + pad : plot.x;
  int right = plot.x + plot.w;
  /* From the right, as far as there is room. */
  const struct {
    const char *text;
    uint32_t colour;
  } part[] = {{state, colour[scene->state]}, {scene->rejected, theme->alert}, {scene->rate, theme->dim}};
  for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
    int width = text_width(look->text, TEXT_SANS, part[i].text);
    if (width == 0 || right - width < left)
      continue;
    text_draw(look->text, c, TEXT_SANS, right, y, TEXT_RIGHT, part[i].text, part[i].colour, strip);
    right -= width + apart;
  }
  char title[SCENE_TEXT_MAX];
  text_fit(look->text, TEXT_BOLD, scene->title, right - left, title, sizeof title);
  if (text_width(look->text, TEXT_BOLD, title) <= right - left)
    text_draw(look->text, c, TEXT_BOLD, left, y, TEXT_LEFT, title, theme->text, strip);
}
