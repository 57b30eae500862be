#include "scope/paint/label.h"

#include <stdio.h>
#include <string.h>

void label_forget(struct label *l)
{
  l->painted = (struct rect){0};
  l->text[0] = '\0';
}

void label_draw(struct label *l, struct text *t, struct canvas *c, enum text_font font, int x, int y,
                enum text_align align, const char *text, uint32_t colour, uint32_t background, struct damage *damage)
{
  if (l->x == x && l->y == y && l->colour == colour && strncmp(l->text, text, sizeof l->text - 1) == 0)
    return;
  struct rect old = l->painted;
  canvas_fill(c, old, background);
  snprintf(l->text, sizeof l->text, "%s", text);
  l->x = x;
  l->y = y;
  l->colour = colour;
  l->painted = text_draw(t, c, font, x, y, align, l->text, colour, rect_empty(l->clip) ? canvas_rect(c) : l->clip);
  damage_add(damage, rect_union(old, l->painted));
}

void label_row_forget(struct label_row *row)
{
  row->count = row->old_count = 0;
}

void label_row_begin(struct label_row *row)
{
  memcpy(row->old, row->item, sizeof row->old);
  row->old_count = row->count;
  row->count = 0;
}

void label_row_add(struct label_row *row, int64_t number, int x, const char *text)
{
  if (row->count == TICKS_MAX)
    return;
  struct label_row_item *item = &row->item[row->count++];
  item->number = number;
  item->x = x;
  snprintf(item->text, sizeof item->text, "%s", text);
}

static bool same(const struct label_row *row)
{
  if (row->count != row->old_count)
    return false;
  for (int i = 0; i < row->count; i++)
    if (row->item[i].x != row->old[i].x || strcmp(row->item[i].text, row->old[i].text) != 0)
      return false;
  return true;
}

void label_row_draw(struct label_row *row, struct text *t, struct canvas *c, int y, struct rect clip, uint32_t colour,
                    uint32_t background, struct damage *damage)
{
  if (same(row)) {
    for (int i = 0; i < row->count; i++)
      row->item[i].painted = row->old[i].painted;
    return;
  }
  /* All old ones go before the first new one comes: a new one may stand where another stood. */
  for (int i = 0; i < row->old_count; i++)
    canvas_fill(c, row->old[i].painted, background);
  for (int i = 0; i < row->count; i++) {
    struct label_row_item *item = &row->item[i];
    item->painted = text_draw(t, c, TEXT_SANS, item->x, y, TEXT_CENTRE, item->text, colour, clip);
    struct rect touched = item->painted;
    for (int k = 0; k < row->old_count; k++)
      if (row->old[k].number == item->number) {
        touched = rect_union(touched, row->old[k].painted);
        row->old[k].painted = (struct rect){0};
      }
    damage_add(damage, touched);
  }
  for (int k = 0; k < row->old_count; k++)
    damage_add(damage, row->old[k].painted);
}
