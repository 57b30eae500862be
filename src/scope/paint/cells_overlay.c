#include "scope/paint/cells_overlay.h"

/* A panel in the middle of the picture, width x height without its edge; its upper left corner. */
static void draw_panel(struct cells *c, const struct theme *theme, int width, int height, int *x, int *y)
{
  *x = (c->columns - width) / 2;
  *y = (c->rows - height) / 2;
  *x = *x > 0 ? *x : 0;
  *y = *y > 0 ? *y : 0;
  cells_fill(c, *x - 2, *y - 1, width + 4, height + 2, theme->panel);
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
  int keys = 0;
  int whats = 0;
  int count = 0;
  for (const struct scene_help *help = scene->help; help->key; help++, count++) {
    const int key = cells_width(help->key);
    const int what = cells_width(help->what);
    keys = key > keys ? key : keys;
    whats = what > whats ? what : whats;
  }
  /* As many columns as the height asks for; what is too long for them is cut. */
  const int most = c->rows > 0 ? c->rows : 1;
  const int columns = (count + most - 1) / most;
  const int rows = (count + columns - 1) / columns;
  const int room = (c->columns - (columns - 1) * 2) / columns - keys - 2;
  whats = whats < room || room < 1 ? whats : room;
  draw_panel(c, theme, columns * (keys + 2 + whats) + (columns - 1) * 2, rows, &x, &y);
  for (int i = 0; i < count; i++) {
    const int left = x + i / rows * (keys + 2 + whats + 2);
    cells_text(c, left, y + i % rows, c->columns - left, scene->help[i].key, theme->text, false);
    cells_text(c, left + keys + 2, y + i % rows, whats, scene->help[i].what, theme->dim, false);
  }
}
