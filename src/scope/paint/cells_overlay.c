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
  draw_panel(c, theme, keys + 2 + whats, count, &x, &y);
  for (int i = 0; i < count; i++) {
    cells_text(c, x, y + i, c->columns - x, scene->help[i].key, theme->text, false);
    cells_text(c, x + keys + 2, y + i, c->columns - x - keys - 2, scene->help[i].what, theme->dim, false);
  }
}
