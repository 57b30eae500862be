#include "scope/paint/overlay.h"

#include <stdio.h>
#include <string.h>

bool overlay_update(struct overlay *o, const struct scene *scene)
{
  const char *note = scene->note ? scene->note : "";
  bool same =
      o->help == scene->help && o->noted == (scene->note != NULL) && strncmp(o->note, note, sizeof o->note - 1) == 0;
  o->help = scene->help;
  o->noted = scene->note != NULL;
  snprintf(o->note, sizeof o->note, "%s", note);
  return !same;
}

/* The panel's place for a text so large. */
static struct rect find_place(const struct look *look, const struct canvas *c, struct rect plots, int width, int lines,
                              int part_above)
{
  int pad = look_pixels(look, 2 * LOOK_PAD);
  int gap = look_pixels(look, LOOK_GAP);
  struct rect r = {.w = width + 2 * pad, .h = lines * (look_line(look) + gap) - gap + 2 * pad};
  r.x = plots.x + (plots.w - r.w) / 2;
  r.y = plots.y + (plots.h - r.h) / part_above;
  return rect_intersection(r, canvas_rect(c));
}

static void draw_panel(const struct look *look, struct canvas *c, struct rect r)
{
  canvas_fill(c, r, look->theme->frame);
  canvas_fill(c, (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2}, look->theme->panel);
}

static void draw_note(struct overlay *o, const struct look *look, struct canvas *c, struct rect plots)
{
  int width = text_width(look->text, TEXT_SANS, o->note);
  const struct rect r = o->place = find_place(look, c, plots, width, 1, 4);
  draw_panel(look, c, r);
  text_draw(look->text, c, TEXT_SANS, r.x + r.w / 2, r.y + look_pixels(look, 2 * LOOK_PAD), TEXT_CENTRE, o->note,
            look->theme->text, r);
}

static void draw_help(struct overlay *o, const struct look *look, struct canvas *c, struct rect plots)
{
  int pad = look_pixels(look, 2 * LOOK_PAD);
  int line = look_line(look) + look_pixels(look, LOOK_GAP);
  int keys = 0;
  int whats = 0;
  int count = 0;
  for (const struct scene_help *help = o->help; help->key; help++) {
    int key = text_width(look->text, TEXT_MONO, help->key);
    int what = text_width(look->text, TEXT_SANS, help->what);
    keys = key > keys ? key : keys;
    whats = what > whats ? what : whats;
    count++;
  }
  const struct rect r = o->place = find_place(look, c, plots, keys + pad + whats, count, 2);
  draw_panel(look, c, r);
  for (int i = 0; i < count; i++) {
    int y = r.y + pad + i * line;
    text_draw(look->text, c, TEXT_MONO, r.x + pad, y, TEXT_LEFT, o->help[i].key, look->theme->text, r);
    text_draw(look->text, c, TEXT_SANS, r.x + pad + keys + pad, y, TEXT_LEFT, o->help[i].what, look->theme->dim, r);
  }
}

void overlay_draw(struct overlay *o, const struct look *look, struct canvas *c, struct rect plots)
{
  o->place = (struct rect){0};
  if (o->help)
    draw_help(o, look, c, plots);
  else if (o->noted)
    draw_note(o, look, c, plots);
}
