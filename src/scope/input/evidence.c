#include "scope/input/reading.h"

static void add_evidence(struct reading *r, uint64_t key, const struct number_text *number)
{
  bool decimal = number->comma == COMMA_DECIMAL;
  bool thousands = number->comma == COMMA_THOUSANDS || (number->comma == COMMA_ABSENT && number->point);
  if (!decimal && !thousands)
    return;
  for (size_t i = 0; i < r->evidence_count; i++)
    if (r->evidence[i].key == key) {
      r->evidence[i].decimal = r->evidence[i].decimal || decimal;
      r->evidence[i].thousands = r->evidence[i].thousands || thousands;
      r->evidence[i].pointed = r->evidence[i].pointed || number->pointed;
      return;
    }
  if (r->evidence_count < EVIDENCE_MAX)
    r->evidence[r->evidence_count++] = (struct evidence){key, decimal, thousands, number->pointed};
}

void evidence_collect(struct reading *r, const struct look *look)
{
  if (look->kind == LOOK_LABELLED || look->kind == LOOK_OBJECT) {
    for (size_t i = 0; i < r->named.count; i++) {
      const struct named *item = &r->named.item[i];
      if (item->kind == NAMED_NUMBER)
        add_evidence(r, text_hash(TEXT_HASH + item->part, item->name, item->name_length), &item->number);
      if (item->path)
        names_learn_path(&r->names, item->name, item->name_length, item->leaf);
    }
  } else if (look->kind == LOOK_CELLS) {
    for (size_t i = look->lead; i < r->cell_count; i++)
      if (r->cells[i].kind == CELL_NUMBER)
        add_evidence(r, i - look->lead, &r->cells[i].number);
  }
}
