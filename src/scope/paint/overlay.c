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

enum { SIZES = 4, COLUMNS_MOST = 4 };

/* Pixels of the letters that the list of keys is tried with, the first that fits is taken. */
static const int sizes[SIZES] = {13, 11, 9, 7};

void overlay_destroy(struct overlay *o)
{
  for (int i = 0; i < SIZES; i++)
    text_free(o->text[i]);
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

/* The list of keys in one size of letters and so many columns. */
struct help_plan {
  struct text *text;
  int count, columns, rows;
  int keys, whats, line, pad; /* pixels */
};

static int help_width(const struct help_plan *p)
{
  return p->columns * (p->keys + p->pad + p->whats) + (p->columns - 1) * 2 * p->pad + 2 * p->pad;
}

static int help_height(const struct help_plan *p)
{
  return p->rows * p->line + 2 * p->pad;
}

static bool plan_help(const struct overlay *o, const struct look *look, const struct canvas *c, struct text *text,
                      struct help_plan *p)
{
  *p = (struct help_plan){.text = text};
  for (const struct scene_help *help = o->help; help->key; help++) {
    const int key = text_width(text, TEXT_MONO, help->key);
    const int what = text_width(text, TEXT_SANS, help->what);
    p->keys = key > p->keys ? key : p->keys;
    p->whats = what > p->whats ? what : p->whats;
    p->count++;
  }
  p->line = text_height(text, TEXT_SANS) + look_pixels(look, text == o->text[0] ? 4 : 1);
  p->pad = text_height(text, TEXT_SANS) * 2 / 3;
  for (p->columns = 1; p->columns <= COLUMNS_MOST; p->columns++) {
    p->rows = (p->count + p->columns - 1) / p->columns;
    if (help_height(p) <= c->height && help_width(p) <= c->width)
      return true;
  }
  /* As many columns as the height asks for; texts are cut. */
  for (p->columns = 1; p->columns < COLUMNS_MOST; p->columns++) {
    p->rows = (p->count + p->columns - 1) / p->columns;
    if (help_height(p) <= c->height)
      break;
  }
  const int room = (c->width - 2 * p->pad - (p->columns - 1) * 2 * p->pad) / p->columns - p->keys - p->pad;
  p->rows = (p->count + p->columns - 1) / p->columns;
  p->whats = room < 1 ? 1 : room;
  return false;
}

static void draw_help(struct overlay *o, const struct look *look, struct canvas *c, struct rect plots)
{
  struct help_plan p = {.text = NULL};
  for (int i = 0; i < SIZES; i++) {
    if (!o->text[i])
      o->text[i] = text_new(look_pixels(look, sizes[i]));
    if (!o->text[i] || plan_help(o, look, c, o->text[i], &p))
      break;
  }
  if (!p.text)
    return;
  const struct rect r = o->place = in_the_middle(c, plots, help_width(&p), help_height(&p), 2);
  draw_panel(look, c, r);
  for (int i = 0; i < p.count; i++) {
    const int x = r.x + p.pad + i / p.rows * (p.keys + p.whats + 3 * p.pad);
    const int y = r.y + p.pad + i % p.rows * p.line;
    char what[SCENE_TEXT_MAX];
    text_fit(p.text, TEXT_SANS, o->help[i].what, p.whats, what, sizeof what);
    text_draw(p.text, c, TEXT_MONO, x, y, TEXT_LEFT, o->help[i].key, look->theme->text, r);
    text_draw(p.text, c, TEXT_SANS, x + p.keys + p.pad, y, TEXT_LEFT, what, look->theme->dim, r);
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
