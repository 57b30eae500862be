#include "scope/paint/state_line.h"

#include <stdio.h>
#include <string.h>

static const double TITLE_SHARE = 0.4; /* of the line, which a title may have before counts get any */

void state_line_forget(struct state_line *line)
{
  line->all[0] = '\0';
}

void state_line_say(const struct scene *scene, char *text, size_t size)
{
  static const char *const word[] = {
      [SCENE_LIVE] = "live", [SCENE_HELD] = "held", [SCENE_PAUSED] = "paused", [SCENE_ENDED] = "end of input"};
  const bool sweeps = scene->trigger_says[0] != '\0'; /* how it goes says that it lives */
  const char *state = scene->state == SCENE_LIVE && sweeps ? "" : word[scene->state];
  snprintf(text, size, "%s%s%s%s%s%s", state, sweeps && state[0] ? ", " : "", scene->trigger_says,
           scene->behind[0] ? ", " : "", scene->behind, scene->coarse ? ", only coarse data left" : "");
}

static uint32_t state_colour(const struct theme *theme, enum scene_state state)
{
  const uint32_t colour[] = {[SCENE_LIVE] = theme->live,
                             [SCENE_HELD] = theme->paused,
                             [SCENE_PAUSED] = theme->paused,
                             [SCENE_ENDED] = theme->ended};
  return colour[state];
}

/* The state stays beside the note where there is room: what was said may be why one looks for it. */
static void draw_note(const struct look *look, const struct scene *scene, const char *note, const char *state,
                      struct canvas *c, int right, struct rect strip)
{
  const int pad = look->pad;
  const struct rect bar = {0, 0, c->width, strip.y + strip.h + pad / 2};
  char text[SCENE_NOTE_MAX];
  canvas_fill(c, bar, look->theme->frame);
  canvas_fill(c, (struct rect){bar.x, bar.y, bar.w, bar.h - 1}, look->theme->panel);
  text_fit(look->text, TEXT_SANS, note, c->width - 2 * pad, text, sizeof text);
  text_draw(look->text, c, TEXT_SANS, c->width / 2, strip.y, TEXT_CENTRE, text, look->theme->text, bar);
  const int end = (c->width + text_width(look->text, TEXT_SANS, text)) / 2;
  if (right - text_width(look->text, TEXT_SANS, state) >= end + 2 * pad)
    text_draw(look->text, c, TEXT_SANS, right, strip.y, TEXT_RIGHT, state, state_colour(look->theme, scene->state),
              bar);
}

static void draw_parts(const struct look *look, const struct scene *scene, const struct state_line_texts *texts,
                       const char *state, struct canvas *c, struct rect plot, struct rect strip)
{
  const struct theme *theme = look->theme;
  const int y = strip.y;
  const bool crowded = text_width(look->text, TEXT_SANS, texts->corner) > plot.x - 2 * look->gap;
  text_draw(look->text, c, TEXT_SANS, crowded ? look->gap : plot.x - look->gap, y, crowded ? TEXT_LEFT : TEXT_RIGHT,
            texts->corner, theme->dim, strip);
  const int left = crowded            ? text_width(look->text, TEXT_SANS, texts->corner) + 4 * look->gap
                   : texts->corner[0] ? plot.x + 2 * look->gap
                                      : plot.x;
  int right = plot.x + plot.w;
  int title_width = text_width(look->text, TEXT_BOLD, scene->title);
  const int share = (int)((right - left) * TITLE_SHARE);
  title_width = title_width < share ? title_width : share;
  /* From the right, as far as the title leaves room: the state first, at the least its dot. */
  const struct {
    const char *text, *brief;
    uint32_t colour;
  } part[] = {{state, "\xE2\x97\x8F", state_colour(theme, scene->state)},
              {scene->outside, "", theme->alert},
              {scene->rejected, "", theme->alert},
              {scene->rate, "", theme->dim}};
  for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
    const char *text = part[i].text;
    if (right - text_width(look->text, TEXT_SANS, text) - look->pad < left + title_width)
      text = part[i].brief;
    const int width = text_width(look->text, TEXT_SANS, text);
    if (width == 0 || right - width < left)
      continue;
    text_draw(look->text, c, TEXT_SANS, right, y, TEXT_RIGHT, text, part[i].colour, strip);
    right -= width + 2 * look->pad;
  }
  char title[SCENE_TEXT_MAX];
  text_fit(look->text, TEXT_BOLD, scene->title, right - left, title, sizeof title);
  title_width = text_width(look->text, TEXT_BOLD, title);
  if (title_width > right - left)
    return;
  text_draw(look->text, c, TEXT_BOLD, left, y, TEXT_LEFT, title, theme->text, strip);
  const int unit = left + title_width + look->pad;
  if (texts->unit[0] && unit + text_width(look->text, TEXT_SANS, texts->unit) <= right)
    text_draw(look->text, c, TEXT_SANS, unit, y, TEXT_LEFT, texts->unit, theme->dim, strip);
}

void state_line_draw(struct state_line *line, const struct look *look, const struct scene *scene,
                     const struct state_line_texts *texts, struct canvas *c, struct rect plot, struct damage *damage)
{
  char state[4 * SCENE_TEXT_MAX] = "\xE2\x97\x8F "; /* U+25CF, a dot */
  char all[sizeof line->all];
  state_line_say(scene, state + strlen(state), sizeof state - strlen(state));
  /* The title comes last: it may be too long to be kept whole, and is the one part that never changes. */
  snprintf(all, sizeof all, "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s", texts->note, scene->outside, scene->rejected, scene->rate,
           state, texts->corner, texts->unit, scene->title);
  if (strcmp(all, line->all) == 0)
    return;
  memcpy(line->all, all, sizeof all);

  const struct rect strip = {0, look->pad, c->width, text_height(look->text, TEXT_BOLD)};
  const struct rect whole = {0, 0, c->width, strip.y + strip.h + look->pad / 2};
  canvas_fill(c, whole, look->theme->window);
  damage_add(damage, whole);
  if (texts->note[0])
    draw_note(look, scene, texts->note, state, c, plot.x + plot.w, strip);
  else
    draw_parts(look, scene, texts, state, c, plot, strip);
}
