#include "scope/input/byte.h"
#include "scope/input/plan.h"

/* Whether a word is one of a language: letters, not all of them capitals, as those of `DE AD BE EF` are. */
static bool is_of_language(const struct cell *cell)
{
  bool small = false;
  for (size_t i = 0; i < cell->length; i++) {
    const char c = cell->text[i];
    const bool last = i + 1 == cell->length;
    if (!byte_is_letter(c) && !(last && (c == ',' || c == ':')))
      return false;
    small = small || (c >= 'a' && c <= 'z');
  }
  return small;
}

/* Whether row i is more words of a language than numbers, and like no other. */
static bool is_sentence(struct reading *r, const struct held *h, size_t i)
{
  const struct held_line *line = &h->line[i];
  struct look look;
  size_t words = 0;
  if (!held_is_data(&line->look) || line->look.words <= line->look.numbers || line->look.first_word ||
      line->header > 0 || held_has_like(h, i))
    return false;
  look_with(r, SEPARATOR_BLANKS, held_text(h, i), line->length, &look);
  for (size_t c = 0; c < r->cell_count; c++)
    words += r->cells[c].kind == CELL_WORD && is_of_language(&r->cells[c]);
  return words > look.numbers;
}

/*
 * What a program says before its first row of numbers, or while there is none: iperf3's `Connecting to host 192.0.2.1, port
 * 5201` is no value of 5201, though only one row has come yet. One alone may be the first of many.
 */
void plan_sentences(struct reading *r, struct held *h)
{
  size_t rows = 0;
  size_t end = 0; /* of the sentences that no other row stands above */
  bool first = true;
  if (r->separator_known && r->separator != SEPARATOR_BLANKS)
    return;
  for (size_t i = 0; i < h->count; i++) {
    if (h->line[i].role != HELD_DATA || held_is_words(&h->line[i].look))
      continue;
    if (!held_is_data(&h->line[i].look))
      return;
    first = first && is_sentence(r, h, i);
    end = first ? i + 1 : end;
    rows++;
  }
  for (size_t i = 0; i < end && rows > 1; i++)
    if (h->line[i].role == HELD_DATA && held_is_data(&h->line[i].look))
      h->line[i].role = HELD_REFUSED;
}
