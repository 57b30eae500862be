#include <string.h>

#include "scope/input/row_parts.h"

/* Says once that a row is narrower or wider than the header its names come from. */
void row_note_width(struct reading *r, const struct table *t, const struct look *look, const char *text, size_t length,
                    uint64_t line)
{
  const uint32_t cells = look->cells - look->units;
  if (r->said.width || look->numbers == 0 || look->torn > 0 || look->lead || cells == t->fit.cells ||
      look->cells == t->fit.cells || cells == t->headings)
    return;
  r->said.width = true;
  note_add(r, line, text, length, "has %u cells, its header names %u: they are named in their order", cells,
           t->fit.cells);
}

/* mbpoll's `[1]:`, the number of a register. */
static bool is_register(const char *text, size_t length)
{
  if (length < 4 || *text != '[' || memcmp(text + length - 2, "]:", 2) != 0)
    return false;
  for (size_t i = 1; i < length - 2; i++)
    if (text[i] < '0' || text[i] > '9')
      return false;
  return true;
}

/* Whether a word without a heading may be what a thing is called, and not (+1), 2/234 or a bar of progress. */
static bool is_name(const struct cell *cell)
{
  const char c = *cell->datum;
  return cell->datum_length > 0 && (((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '/' ||
                                    is_register(cell->datum, cell->datum_length));
}

/* Says once that rows are of several things, where a word changes and the time does not. */
void row_note_key(struct reading *r, struct table *t, const struct look *look, uint64_t line)
{
  if (r->said.key_hint || r->options.key || look->words == 0)
    return;
  uint64_t hash[2] = {TEXT_HASH, TEXT_HASH}; /* of the first word; where rows have no heading, of the one behind it */
  uint64_t clock = TEXT_HASH;
  const struct cell *word = NULL;
  const struct cell *second = NULL;
  for (size_t i = look->lead; i < r->cell_count; i++) {
    const struct cell *cell = &r->cells[i];
    if (cell->kind == CELL_WORD && !cell->unit_of_last && !word && (t->headed || is_name(cell))) {
      word = cell;
      hash[0] = text_hash(hash[0], cell->datum, cell->datum_length);
    } else if (cell->kind == CELL_WORD && word == cell - 1 && !second && !t->headed && is_name(cell)) {
      second = cell; /* memcached's `STAT threads 4` */
      hash[1] = text_hash(hash[1], cell->datum, cell->datum_length);
    } else if (cell->kind == CELL_TIME) {
      clock = text_hash(clock, cell->text, cell->length);
    }
  }
  if (!word)
    return;
  const uint32_t word_hash = (uint32_t)hash[0] | 1;
  const uint32_t second_hash = (uint32_t)hash[1] | 1;
  const uint32_t clock_hash = (uint32_t)clock | 1;
  const bool other_word = t->word_hash != word_hash;
  const bool moved = t->word_hash != 0 && (other_word || t->second_hash != second_hash) && t->clock_hash == clock_hash;
  if (!other_word && second)
    word = second;
  t->word_hash = word_hash;
  t->second_hash = second_hash;
  t->clock_hash = clock_hash;
  if (!moved)
    return;
  r->said.key_hint = true;
  note_add(r, line, word->datum, word->datum_length,
           "is another word than in the row before: --key NAME tells the rows of several things apart");
}

/* Whether the row has commas between digits and others with a blank behind them: 2,01 s, 534 MB/s */
static bool has_two_kinds_of_commas(const char *text, size_t length)
{
  bool glued = false;
  bool apart = false;
  for (size_t i = 1; i + 1 < length; i++) {
    if (text[i] != ',')
      continue;
    const bool digits = text[i - 1] >= '0' && text[i - 1] <= '9' && text[i + 1] >= '0' && text[i + 1] <= '9';
    glued = glued || digits;
    apart = apart || text[i + 1] == ' ';
  }
  return glued && apart && !memchr(text, '"', length);
}

void row_note_glued(struct reading *r, const char *text, size_t length, uint64_t line)
{
  if (r->said.comma_row || r->separator != ',' || r->options.comma != PARSER_COMMA_AUTO || r->options.separator ||
      r->cell_count != 2 || r->cells[0].quoted || r->cells[1].kind != CELL_NUMBER)
    return;
  const struct cell *word = &r->cells[0];
  const struct cell *value = &r->cells[1];
  size_t digits = 0;
  while (digits < word->length && word->text[word->length - 1 - digits] >= '0' &&
         word->text[word->length - 1 - digits] <= '9')
    digits++;
  if (digits == 0 || digits == word->length || word->text[word->length - 1 - digits] != ' ' ||
      value->text != word->text + word->length + 1 || value->number.point || value->text[0] < '0' ||
      value->text[0] > '9')
    return;
  r->said.comma_row = true;
  note_add(r, line, text, length, "is cut at its comma; --comma decimal would keep its number whole");
}

void row_note_commas(struct reading *r, const struct look *look, const char *text, size_t length, uint64_t line)
{
  /* 20,5 or 1,234,567: one number to some, several to others. */
  if (r->said.comma_row || r->separator != ',' || r->options.comma != PARSER_COMMA_AUTO || r->options.separator ||
      look->cells < 2)
    return;
  const struct table *t = tables_find(&r->tables, look->cells);
  if (t && t->headed)
    return;
  if (look->words > 0 && has_two_kinds_of_commas(text, length)) { /* numbers alone may be padded: `  1, 15,100` */
    r->said.comma_row = true;
    note_add(r, line, text, length,
             "is cut at all of its commas; --comma decimal or thousands would keep numbers whole");
  }
  if (look->cells != look->numbers)
    return;
  struct number_text number;
  while (length > 0 && (*text == ' ' || *text == '\t')) {
    text++;
    length--;
  }
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    length--;
  if (number_text_read(text, length, NUMBER_COMMA, &number) != NUMBER_VALUE)
    return;
  r->said.comma_row = true;
  note_add(r, line, text, length, "is read as %u numbers; --comma decimal or thousands would make it one", look->cells);
}

/* `99|` between blanks: a number that a bar is glued to. */
static bool is_number_at_bar(const struct cell *cell)
{
  const char *text = cell->text;
  size_t length = cell->length;
  struct number_text number;
  if (length < 2 || (*text == '|') == (text[length - 1] == '|'))
    return false;
  text += *text == '|';
  return number_text_read(text, length - 1, 0, &number) == NUMBER_VALUE;
}

void row_note_unknown_unit(struct reading *r, const struct cell *cell, uint64_t line)
{
  struct number_text number;
  if (!r->said.loss && !r->options.only && !cell->unit_of_last && is_number_at_bar(cell)) {
    r->said.loss = true;
    note_add(r, line, cell->text, cell->length, "is a number at a bar: its column is not plotted");
    return;
  }
  if (r->said.loss || r->options.only || r->separator == SEPARATOR_BLANKS || r->separator == SEPARATOR_NONE ||
      cell->quoted || !number_text_begins(cell->datum, cell->datum_length))
    return;
  const char *blank = memchr(cell->datum, ' ', cell->datum_length);
  if (!blank || number_text_read(cell->datum, (size_t)(blank - cell->datum), 0, &number) != NUMBER_VALUE)
    return;
  r->said.loss = true;
  note_add(r, line, cell->datum, cell->datum_length, "is a number with an unknown unit: its column is not plotted");
}
