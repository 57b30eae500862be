#include <string.h>

#include "scope/input/plan.h"

enum { CELLS_COMPARED = 64, LINES_LOOKED_AT = 256 };

/* The cells of a row, as far as they are compared; the texts are those of the line. */
struct row_copy {
  size_t count;
  struct cell cell[CELLS_COMPARED];
};

static void copy_row(struct reading *r, const struct held *h, size_t i, struct row_copy *copy)
{
  struct look look;
  look_with(r, r->separator, held_text(h, i), h->line[i].length, &look);
  copy->count = r->cell_count < CELLS_COMPARED ? r->cell_count : CELLS_COMPARED;
  memcpy(copy->cell, r->cells, copy->count * sizeof copy->cell[0]);
}

static bool is_nothing(const struct cell *cell)
{
  return cell->kind == CELL_GAP || cell->kind == CELL_EMPTY;
}

static bool is_word(const struct cell *cell)
{
  return cell->kind == CELL_WORD && !cell->unit_of_last;
}

/* Whether the row has nothing where the other one has a number, and no word there; *same: and a word of the other one. */
static bool is_gap_row_of(const struct row_copy *row, const struct row_copy *other, bool *same)
{
  bool gap = false;
  *same = false;
  for (size_t i = 0; i < row->count && i < other->count; i++) {
    const struct cell *cell = &row->cell[i];
    const struct cell *of = &other->cell[i];
    if (is_word(cell) && (of->kind == CELL_NUMBER || of->kind == CELL_TIME))
      return false;
    gap = gap || (is_nothing(cell) && of->kind == CELL_NUMBER);
    *same = *same || (is_word(cell) && is_word(of) && cell->length == of->length &&
                      memcmp(cell->text, of->text, cell->length) == 0);
  }
  return gap;
}

static bool is_like(const struct held *h, size_t i, size_t k)
{
  return held_is_data(&h->line[k].look) && h->line[k].look.numbers > 0 &&
         h->line[k].look.cells == h->line[i].look.cells;
}

/* Lines further away say nothing, or a file of such lines would cost their square. */
static size_t nearest_above(const struct held *h, size_t i)
{
  for (size_t k = i; k-- > 0 && i - k <= LINES_LOOKED_AT;)
    if (is_like(h, i, k))
      return k;
  return i;
}

static size_t nearest_below(const struct held *h, size_t i)
{
  for (size_t k = i + 1; k < h->count && k - i <= LINES_LOOKED_AT; k++)
    if (is_like(h, i, k))
      return k;
  return h->count;
}

/* Whether line i is a row of the table whose rows are above it, or below it with a word that it has, too. */
static bool is_gap_row(struct reading *r, const struct held *h, size_t i)
{
  struct row_copy row;
  struct row_copy other;
  bool same;
  const size_t above = nearest_above(h, i);
  const size_t below = nearest_below(h, i);
  copy_row(r, h, i, &row);
  if (above < i) {
    if (h->line[above].look.first_word && below < h->count && !h->line[below].look.first_word)
      return false; /* settings above the header of the table below */
    copy_row(r, h, above, &other);
    return is_gap_row_of(&row, &other, &same);
  }
  if (below == h->count)
    return false;
  copy_row(r, h, below, &other);
  return is_gap_row_of(&row, &other, &same) && same;
}

void plan_gap_rows(struct reading *r, struct held *h)
{
  if (!r->separator_known)
    return;
  for (size_t i = 0; i < h->count; i++) {
    struct look *look = &h->line[i].look;
    if (held_is_words(look) && look->gaps + look->empty > 0 && !look->word_gap && !h->line[i].reported)
      look->gap_row = is_gap_row(r, h, i);
  }
}
