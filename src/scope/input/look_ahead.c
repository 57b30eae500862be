#include "scope/input/plan.h"

/* What the commas in numbers are, and the times behind labels. */
static void collect(struct reading *r, struct held *h)
{
  for (size_t i = 0; i < h->count; i++) {
    struct look look;
    if (h->line[i].role != HELD_DATA || h->line[i].continued)
      continue;
    look_at(r, held_text(h, i), h->line[i].length, &look);
    evidence_collect(r, &look);
    if (!r->options.time_column)
      continue;
    if (look.kind == LOOK_LABELLED || look.kind == LOOK_OBJECT) {
      for (size_t k = 0; k < r->named.count; k++) {
        const struct named *item = &r->named.item[k];
        if (names_role_of_label(&r->names, item->name, item->name_length) == NAMES_TIME)
          time_column_peek(&r->time, item->text, item->length);
      }
    }
  }
}

/* Looks ahead at the time column of rows of cells: its header is known by now. */
static void peek_times(struct reading *r, struct held *h)
{
  const struct held_line *header = NULL;
  if (!r->options.time_column)
    return;
  for (size_t i = 0; i < h->count; i++) {
    if (h->line[i].role == HELD_HEADER)
      header = &h->line[i];
    if (h->line[i].role != HELD_DATA || h->line[i].look.kind != LOOK_CELLS)
      continue;
    struct look look;
    size_t asked = SIZE_MAX;
    if (header) {
      const char *text = h->bytes + header->start;
      size_t length = header->length;
      if (header->look.kind == LOOK_COMMENT)
        look_into_comment(&text, &length);
      look_with(r, r->separator, text, length, &look);
      size_t count = r->separator == SEPARATOR_BLANKS ? tables_join(r->cells, r->cell_count) : r->cell_count;
      for (size_t k = 0; k < count; k++)
        if (names_time_part(&r->names, k + 1, r->cells[k].datum, r->cells[k].datum_length) >= 0)
          asked = k;
    }
    look_with(r, r->separator_known ? r->separator : SEPARATOR_NONE, held_text(h, i), h->line[i].length, &look);
    for (size_t k = 0; k < r->cell_count; k++)
      if (k == asked || names_time_part(&r->names, k + 1, "", 0) >= 0)
        time_column_peek(&r->time, r->cells[k].datum, r->cells[k].datum_length);
  }
}

void plan_look_ahead(struct reading *r, struct held *h)
{
  collect(r, h);
  peek_times(r, h);
  if (time_column_settle(&r->time) && !r->time.unit_noted) {
    r->time.unit_noted = true;
    note_add(r, 0, "", 0, "--time-column: times are taken as %s; --time-unit says otherwise",
             time_column_unit_name(&r->time));
  }
}
