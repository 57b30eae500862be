#include "scope/paint/cells_overlay.h"

#include <string.h>

/* A panel in the middle of the picture, width x height without its edge; its upper left corner. */
static void draw_panel(struct cells *c, const struct theme *theme, int width, int height, int *x, int *y)
{
  *x = (c->columns - width) / 2;
  *y = (c->rows - height) / 2;
  *x = *x > 0 ? *x : 0;
  *y = *y > 0 ? *y : 0;
  cells_fill(c, *x - 2, *y - 1, width + 4, height + 2, theme->panel);
}

/* The list as a table, in as many columns as the height asks for; false where it would not be read whole. */
static bool draw_table(struct cells *c, const struct theme *theme, const struct scene_help *help)
{
  int keys = 0;
  int whats = 0;
  int count = 0;
  for (; help[count].key; count++) {
    const int key = cells_width(help[count].key);
    const int what = cells_width(help[count].what);
    keys = key > keys ? key : keys;
    whats = what > whats ? what : whats;
  }
  if (count == 0)
    return true;
  const int most = c->rows > 0 ? c->rows : 1;
  const int columns = (count + most - 1) / most;
  const int rows = (count + columns - 1) / columns;
  const int width = columns * (keys + 2 + whats) + (columns - 1) * 2;
  if (width > c->columns)
    return false;
  int x;
  int y;
  draw_panel(c, theme, width, rows, &x, &y);
  for (int i = 0; i < count; i++) {
    const int left = x + i / rows * (keys + 2 + whats + 2);
    cells_text(c, left, y + i % rows, keys, help[i].key, theme->text, false);
    cells_text(c, left + keys + 2, y + i % rows, whats, help[i].what, theme->dim, false);
  }
  return true;
}

/* Where running text goes on: the next cell, from the left margin of its panel. */
struct flow {
  struct cells *cells; /* NULL: nothing is drawn */
  int left, top, width;
  int x, y;
};

/* Words behind what is there, gap cells apart from it; what does not fit into the line goes into the next. */
static void flow_words(struct flow *f, const char *words, int gap, uint32_t ink)
{
  while (*words) {
    char word[64];
    size_t length = strcspn(words, " ");
    const size_t kept = length < sizeof word ? length : sizeof word - 1;
    memcpy(word, words, kept);
    word[kept] = '\0';
    const int width = cells_width(word);
    f->x += f->x > 0 ? gap : 0;
    if (f->x > 0 && f->x + width > f->width) {
      f->x = 0;
      f->y++;
    }
    if (f->cells)
      cells_text(f->cells, f->left + f->x, f->top + f->y, f->width - f->x, word, ink, false);
    f->x += width;
    gap = 1;
    while (words[length] == ' ')
      length++;
    words += length;
  }
}

static void flow_help(struct flow *f, const struct theme *theme, const struct scene_help *help)
{
  flow_words(f, help->key, 3, theme->text);
  flow_words(f, help->what, 1, theme->dim);
}

/* Whether the first count entries, and a last one if there is one, fit below each other; where they end. */
static bool flow_fits(const struct cells *c, const struct theme *theme, const struct scene_help *help, int count,
                      const struct scene_help *last, struct flow *f)
{
  f->x = f->y = 0;
  for (int i = 0; i < count; i++)
    flow_help(f, theme, &help[i]);
  if (last)
    flow_help(f, theme, last);
  return f->y < c->rows;
}

/* The list as running text, where there is no room for a table; where there is none for that either, its beginning. */
static void draw_flow(struct cells *c, const struct theme *theme, const struct scene_help *help)
{
  static const struct scene_help rest = {"…", "the rest: man scope"};
  struct flow f = {.width = c->columns > 4 ? c->columns - 4 : c->columns};
  int count = 0;
  while (help[count].key)
    count++;
  const struct scene_help *last = NULL;
  while (!flow_fits(c, theme, help, count, last, &f) && count > 0) {
    last = &rest;
    count--;
  }
  draw_panel(c, theme, f.width, f.y + 1, &f.left, &f.top);
  f.cells = c;
  flow_fits(c, theme, help, count, last, &f);
}

void cells_overlay_draw(struct cells *c, const struct theme *theme, const struct scene *scene)
{
  if (scene->help) {
    if (!draw_table(c, theme, scene->help))
      draw_flow(c, theme, scene->help);
    return;
  }
  if (!scene->note || scene->channels > 0)
    return; /* beside a plot it stands in the line above */
  int x;
  int y;
  draw_panel(c, theme, cells_width(scene->note), 1, &x, &y);
  cells_text(c, x, y, c->columns - x, scene->note, theme->text, false);
}
