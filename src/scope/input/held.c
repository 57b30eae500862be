#include "scope/input/held.h"

#include <string.h>

void held_clear(struct held *h)
{
  h->count = 0;
  h->used = 0;
}

bool held_has_room(const struct held *h, size_t length, size_t lines_max)
{
  return h->count < lines_max && h->count < HELD_LINES_MAX && h->used + length <= HELD_BYTES;
}

void held_push(struct held *h, const struct line *line, int64_t stamp)
{
  struct held_line *held = &h->line[h->count++];
  *held = (struct held_line){.start = (uint32_t)h->used,
                             .length = (uint32_t)line->length,
                             .number = line->number,
                             .stamp = stamp,
                             .too_long = line->too_long};
  if (line->length > 0)
    memcpy(h->bytes + h->used, line->text, line->length);
  h->used += line->length;
}

void held_drop(struct held *h, size_t lines)
{
  if (lines > h->count)
    lines = h->count;
  uint32_t gone = lines < h->count ? h->line[lines].start : (uint32_t)h->used;
  memmove(h->bytes, h->bytes + gone, h->used - gone);
  h->used -= gone;
  h->count -= lines;
  memmove(h->line, h->line + lines, h->count * sizeof h->line[0]);
  for (size_t i = 0; i < h->count; i++)
    h->line[i].start -= gone;
}

const char *held_text(const struct held *h, size_t i)
{
  return h->bytes + h->line[i].start;
}

bool held_is_data(const struct look *look)
{
  return look->kind == LOOK_CELLS &&
         (look->numbers > 0 || (look->gaps > 0 && look->words == 0 && look->torn == 0) || look->gap_row);
}

bool held_is_words(const struct look *look)
{
  return look->kind == LOOK_CELLS && look->numbers == 0 && look->words > 0 && !look->gap_row;
}

bool held_has_like(const struct held *h, size_t i)
{
  for (size_t k = 0; k < h->count; k++)
    if (k != i && h->line[k].look.kind == LOOK_CELLS && h->line[k].look.cells == h->line[i].look.cells &&
        h->line[k].look.signature == h->line[i].look.signature)
      return true;
  return false;
}
