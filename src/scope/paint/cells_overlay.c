#include "scope/paint/cells_overlay.h"

enum { HELP_GAP = 2 /* columns between keys, what they do, and the next keys */ };

/* A panel in the middle of the picture, width x height without its edge; its upper left corner. */
static void draw_panel(struct cells *c, const struct theme *theme, int width, int height, int *x, int *y)
{
  *x = (c->columns - width) / 2;
  *y = (c->rows - height) / 2;
  *x = *x > 0 ? *x : 0;
  *y = *y > 0 ? *y : 0;
  cells_fill(c, *x - 2, *y - 1, width + 4, height + 2, theme->panel);
}

/* Of the keys of the list from number `first` on, `rows` of them. */
static int key_width(const struct scene_help *help, int first, int rows, int count)
{
  int widest = 0;
  for (int i = first; i < first + rows && i < count; i++) {
    const int width = cells_width(help[i].key);
    widest = width > widest ? width : widest;
  }
  return widest;
}

void cells_overlay_draw(struct cells *c, const struct theme *theme, const struct scene *scene)
{
  int x;
  int y;
  if (!scene->help) {
    if (!scene->note || scene->channels > 0)
      return; /* beside a plot it stands in the line above */
    draw_panel(c, theme, cells_width(scene->note), 1, &x, &y);
    cells_text(c, x, y, c->columns - x, scene->note, theme->text, false);
    return;
  }
  int count = 0;
  int whats = 0;
  for (const struct scene_help *help = scene->help; help->key; help++, count++) {
    const int what = cells_width(help->what);
    whats = what > whats ? what : whats;
  }
  /* As many columns as the height asks for, each as wide as its keys; texts that are too long for it are cut. */
  const int columns = (count + c->rows - 1) / c->rows;
  const int rows = (count + columns - 1) / columns;
  int all_keys = 0;
  for (int i = 0; i < columns; i++)
    all_keys += key_width(scene->help, i * rows, rows, count);
  const int between = (2 * columns - 1) * HELP_GAP;
  const int room = (c->columns - between - all_keys) / columns;
  whats = whats < room || room < 1 ? whats : room;
  draw_panel(c, theme, all_keys + columns * whats + between, rows, &x, &y);
  for (int i = 0; i < columns; i++) {
    const int keys = key_width(scene->help, i * rows, rows, count);
    for (int k = i * rows; k < count && k < (i + 1) * rows; k++) {
      cells_text(c, x, y + k % rows, c->columns - x, scene->help[k].key, theme->text, false);
      cells_text(c, x + keys + HELP_GAP, y + k % rows, whats, scene->help[k].what, theme->dim, false);
    }
    x += keys + whats + 2 * HELP_GAP;
  }
}
