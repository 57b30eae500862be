#include "scope/paint/overlay.h"

#include <stdio.h>
#include <string.h>

bool overlay_update(struct overlay *o, const struct scene *scene, const char *note)
{
  bool same =
      o->help == scene->help && o->noted == (note[0] != '\0') && strncmp(o->note, note, sizeof o->note - 1) == 0;
  o->help = scene->help;
  o->noted = note[0] != '\0';
  snprintf(o->note, sizeof o->note, "%s", note);
  return !same;
}

void overlay_destroy(struct overlay *o)
{
  help_letters_destroy(&o->letters);
  *o = (struct overlay){0};
}

static struct rect in_the_middle(const struct canvas *c, struct rect plots, int width, int height, int part_above)
{
  struct rect r = {.w = width, .h = height};
  r.x = plots.x + (plots.w - r.w) / 2;
  r.y = plots.y + (plots.h - r.h) / part_above;
  r.x = r.x + r.w > c->width ? c->width - r.w : r.x;
  r.y = r.y + r.h > c->height ? c->height - r.h : r.y;
  r.x = r.x < 0 ? 0 : r.x;
  r.y = r.y < 0 ? 0 : r.y;
  return rect_intersection(r, canvas_rect(c));
}

static void draw_panel(const struct look *look, struct canvas *c, struct rect r)
{
  canvas_fill(c, r, look->theme->frame);
  canvas_fill(c, (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2}, look->theme->panel);
}

static void draw_note(struct overlay *o, const struct look *look, struct canvas *c, struct rect plots)
{
  const int pad = look_pixels(look, 16);
  char text[SCENE_NOTE_MAX];
  text_fit(look->text, TEXT_SANS, o->note, c->width - 2 * pad, text, sizeof text);
  const int width = text_width(look->text, TEXT_SANS, text) + 2 * pad;
  const struct rect r = o->place = in_the_middle(c, plots, width, look_line(look) + 2 * pad, 3);
  draw_panel(look, c, r);
  text_draw(look->text, c, TEXT_SANS, r.x + r.w / 2, r.y + pad, TEXT_CENTRE, text, look->theme->text, r);
}

static void draw_help(struct overlay *o, const struct look *look, struct canvas *c, struct rect plots)
{
  struct help_list list;
  help_list_plan(&list, &o->letters, look, c, o->help);
  if (!list.text)
    return;
  const struct rect r = o->place = in_the_middle(c, plots, list.width, list.height, 2);
  draw_panel(look, c, r);
  help_list_draw(&list, look, c, r);
}

void overlay_draw(struct overlay *o, const struct look *look, struct canvas *c, struct rect plots)
{
  o->place = (struct rect){0};
  if (o->help)
    draw_help(o, look, c, plots);
  else if (o->noted)
    draw_note(o, look, c, plots);
}
