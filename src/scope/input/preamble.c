#include <string.h>

#include "scope/input/plan.h"

/* Whether some other row held is like this one. */
static bool has_like(const struct held *h, size_t i)
{
  for (size_t k = 0; k < h->count; k++)
    if (k != i && h->line[k].look.kind == LOOK_CELLS && h->line[k].look.cells == h->line[i].look.cells &&
        h->line[k].look.signature == h->line[i].look.signature)
      return true;
  return false;
}

/* A row of numbers in two columns or more. */
static bool is_of_table(const struct held *h, size_t i, bool headed)
{
  const struct look *look = &h->line[i].look;
  if (look->kind != LOOK_CELLS || look->numbers == 0 || look->torn > 0 || look->first_word || look->lead ||
      look->cells - look->units < 2)
    return false;
  return (look->words == 0 && look->times == 0) || headed || has_like(h, i);
}

/* Passes over a line that came before the table, and over the header it was given. */
static void make_preamble(struct held *h, size_t i)
{
  h->line[i].role = HELD_PREAMBLE;
}

/* Whether a labelled row's first label comes again behind line t: then it is no preamble but data. */
static bool label_recurs(struct reading *r, const struct held *h, size_t i, size_t t)
{
  struct look look;
  char name[128];
  look_at(r, held_text(h, i), h->line[i].length, &look);
  if (r->named.count == 0 || r->named.item[0].name_length >= sizeof name)
    return false;
  size_t length = r->named.item[0].name_length;
  memcpy(name, r->named.item[0].name, length);
  for (size_t k = t + 1; k < h->count; k++) {
    if (h->line[k].look.kind != LOOK_LABELLED && h->line[k].look.kind != LOOK_OBJECT)
      continue;
    look_at(r, held_text(h, k), h->line[k].length, &look);
    if (r->named.count > 0 && r->named.item[0].name_length == length &&
        memcmp(r->named.item[0].name, name, length) == 0)
      return true;
  }
  return false;
}

/* The table's first row, and where it begins: its header, or that row. h->count when there is none. */
static size_t find_table(const struct held *h, size_t *begin)
{
  for (size_t t = 0; t < h->count; t++) {
    size_t s = t;
    const struct look *row = &h->line[t].look;
    if (row->kind != LOOK_CELLS || row->numbers == 0)
      continue;
    /* Its header stands right above, or above rows that are as wide. */
    for (;; s--) {
      size_t w = s;
      while (w > 0 && (h->line[w - 1].look.kind == LOOK_COMMENT || h->line[w - 1].look.kind == LOOK_RULE ||
                       h->line[w - 1].role == HELD_UNITS))
        w--;
      if (w > 0 && h->line[w - 1].role == HELD_HEADER && h->line[w - 1].fit.cells == row->cells) {
        s = w - 1;
        break;
      }
      if (s == 0 || h->line[s - 1].look.kind != LOOK_CELLS || h->line[s - 1].look.cells != row->cells ||
          !held_is_data(&h->line[s - 1].look)) {
        s = t;
        break;
      }
    }
    if (!is_of_table(h, t, s < t))
      continue;
    *begin = s;
    return t;
  }
  *begin = h->count;
  return h->count;
}

void plan_preamble(struct reading *r, struct held *h)
{
  size_t begin;
  size_t t = find_table(h, &begin);
  for (size_t i = 0; i < begin && t < h->count && !r->pairs; i++) {
    struct look *look = &h->line[i].look;
    bool labelled = look->kind == LOOK_LABELLED || look->kind == LOOK_OBJECT;
    if ((labelled && !r->options.only && !label_recurs(r, h, i, t)) || (look->kind == LOOK_CELLS && look->first_word) ||
        (held_is_words(look) && h->line[i].role == HELD_HEADER))
      make_preamble(h, i);
  }
  /* Lone rows unlike two or more followers that are alike. */
  size_t alike = h->count;
  size_t last = h->count;
  for (size_t i = 0; i < h->count && alike == h->count; i++) {
    if (h->line[i].role != HELD_DATA || !held_is_data(&h->line[i].look))
      continue;
    if (last < h->count && h->line[last].look.cells == h->line[i].look.cells &&
        h->line[last].look.signature == h->line[i].look.signature)
      alike = last;
    last = i;
  }
  for (size_t i = 0; i < alike && alike < h->count; i++) {
    const struct look *look = &h->line[i].look;
    bool headed = i > 0 && h->line[i - 1].role == HELD_HEADER;
    if (h->line[i].role == HELD_DATA && held_is_data(look) && !headed && look->words > 0 && !look->first_word &&
        look->cells != h->line[alike].look.cells && h->line[alike].look.cells > 1 && !has_like(h, i))
      make_preamble(h, i);
  }
}

/* Whether the same row of words came before, and was passed over. */
static bool came_before(const struct held *h, size_t i)
{
  for (size_t k = 0; k < i; k++)
    if (h->line[k].role == HELD_PREAMBLE && h->line[k].length == h->line[i].length &&
        memcmp(held_text(h, k), held_text(h, i), h->line[i].length) == 0)
      return true;
  return false;
}

/*
 * Rows of words that are no header: before a table or labelled rows, and right above a header, they are a preamble, else
 * they are rejected.
 */
void plan_words(struct held *h, bool opening)
{
  size_t first = h->count; /* row of a table of two columns or more, or labelled */
  bool later = false;
  bool above = false; /* the line below is a header, or belongs to one */
  for (size_t i = h->count; i-- > 0;) {
    const struct look *look = &h->line[i].look;
    if (h->line[i].role == HELD_DATA &&
        (look->kind == LOOK_LABELLED || look->kind == LOOK_OBJECT || held_is_data(look)))
      first = i;
    if (h->line[i].role == HELD_DATA && (look->kind == LOOK_LABELLED || look->kind == LOOK_OBJECT ||
                                         (held_is_data(look) && look->cells - look->units > 1)))
      later = true;
  }
  for (size_t i = h->count; i-- > 0;) {
    struct held_line *line = &h->line[i];
    if (line->role == HELD_HEADER) {
      above = true;
      continue;
    }
    if (line->role != HELD_DATA || !held_is_words(&line->look)) {
      above = above && (line->look.kind == LOOK_RULE || line->look.kind == LOOK_COMMENT);
      continue;
    }
    line->role = (later && opening && i < first) || above ? HELD_PREAMBLE : HELD_REFUSED;
  }
  for (size_t i = 0; i < h->count; i++)
    if (h->line[i].role == HELD_REFUSED && came_before(h, i))
      h->line[i].role = HELD_PREAMBLE;
}
