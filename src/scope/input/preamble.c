#include <string.h>

#include "scope/input/plan.h"

/* Whether a row from line t on is like line i. */
static bool has_like_from(const struct held *h, size_t i, size_t t)
{
  for (; t < h->count; t++)
    if (h->line[t].look.kind == LOOK_CELLS && h->line[t].look.cells == h->line[i].look.cells &&
        h->line[t].look.signature == h->line[i].look.signature)
      return true;
  return false;
}

/* A word and a number, whatever the word begins with: `;Sample rate,1e6`. */
static bool is_word_and_number(const struct look *look)
{
  return look->cells == 2 && look->signature == text_hash(TEXT_HASH, "wn", 2);
}

/* A row of numbers in two columns or more. */
static bool is_of_table(const struct held *h, size_t i, bool headed)
{
  const struct look *look = &h->line[i].look;
  if (look->kind != LOOK_CELLS || look->numbers == 0 || look->torn > 0 || look->lead ||
      (look->first_word && !(headed && look->numbers > 1)) || is_word_and_number(look) || look->cells - look->units < 2)
    return false;
  return (look->words == 0 && look->times == 0) || headed || held_has_like(h, i);
}

/* Passes over a line that came before the table, and over the header it was given. */
static void make_preamble(struct held *h, size_t i)
{
  h->line[i].role = HELD_PREAMBLE;
}

/*
 * A number by itself above a header, unlike all other rows: how many columns there are, or the rest of a torn line. Below
 * names for several columns it is a row that went wrong.
 */
static bool is_lone_number(const struct held *h, size_t i)
{
  const struct look *look = &h->line[i].look;
  if (look->kind != LOOK_CELLS || look->cells != 1 || look->numbers != 1 || held_has_like(h, i))
    return false;
  while (i-- > 0)
    if (held_is_words(&h->line[i].look) && h->line[i].look.cells > 1)
      return false;
  return true;
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

/* MATLAB's `1.0e+03 *` above the rows that it has divided. */
static bool is_factor(struct reading *r, const struct held *h, size_t i)
{
  struct look look;
  if (h->line[i].look.kind != LOOK_CELLS || h->line[i].look.words != 1)
    return false;
  look_with(r, SEPARATOR_BLANKS, held_text(h, i), h->line[i].length, &look);
  return r->cell_count == 2 && look.numbers == 1 && r->cells[1].length == 1 && *r->cells[1].text == '*';
}

/* Whether line i has words in most of the cells where line k, which is as wide, has numbers. */
static bool stands_apart(struct reading *r, const struct held *h, size_t i, size_t k)
{
  enum { CELLS_COMPARED = 64 };
  bool number[CELLS_COMPARED];
  struct look look;
  size_t numbers = 0;
  size_t words = 0;
  char separator = r->separator_known ? r->separator : SEPARATOR_BLANKS;
  look_with(r, separator, held_text(h, k), h->line[k].length, &look);
  for (size_t c = 0; c < CELLS_COMPARED; c++) {
    number[c] = c < r->cell_count && r->cells[c].kind == CELL_NUMBER;
    numbers += number[c];
  }
  look_with(r, separator, held_text(h, i), h->line[i].length, &look);
  for (size_t c = 0; c < CELLS_COMPARED && c < r->cell_count; c++)
    words += number[c] && r->cells[c].kind == CELL_WORD;
  return 2 * words > numbers;
}

/* The table's first row, and where it begins: its header, or that row. h->count when there is none. */
static size_t find_table(const struct held *h, size_t *begin)
{
  for (size_t t = 0; t < h->count; t++) {
    const uint32_t header = h->line[t].header;
    if (h->line[t].look.kind != LOOK_CELLS || h->line[t].look.numbers == 0 || h->line[t].failed ||
        !is_of_table(h, t, header > 0))
      continue;
    *begin = header > 0 ? header - 1 : t;
    return t;
  }
  *begin = h->count;
  return h->count;
}

/* Whether line i is the header of a row from line t on. */
static bool names_rows(const struct held *h, size_t i, size_t t)
{
  for (; t < h->count; t++)
    if (h->line[t].header == i + 1)
      return true;
  return false;
}

/* Whether the row is labelled, be it by a word in front that no header makes a column of. */
static bool is_labelled(const struct held_line *line)
{
  return line->look.kind == LOOK_LABELLED || (line->look.kind == LOOK_OBJECT && !line->continued) ||
         (line->look.kind == LOOK_CELLS && line->look.first_word && line->header == 0 && line->role == HELD_DATA);
}

/* The first cell of a row that is no time, where it is a word; NULL where it is something else. */
static const struct cell *word_in_front(const struct reading *r)
{
  size_t i = 0;
  while (i < r->cell_count && r->cells[i].kind == CELL_TIME)
    i++;
  return i < r->cell_count && r->cells[i].kind == CELL_WORD ? &r->cells[i] : NULL;
}

/*
 * Whether line i, above the labelled rows from `first` on, is one of them that went wrong: its label is that of a row below,
 * be it with a word too many, or, above several of them, it has a label, a number and an empty cell besides (a frame that
 * lost one of its ends).
 */
static bool is_spoilt_label(struct reading *r, const struct held *h, size_t i, size_t first, size_t labelled)
{
  enum { ROWS = 64 }; /* more of them say nothing new, and each costs a look */
  const char separator = r->separator_known ? r->separator : SEPARATOR_BLANKS;
  struct look look;
  look_with(r, separator, held_text(h, i), h->line[i].length, &look);
  const struct cell *word = word_in_front(r);
  if (!word)
    return false;
  if (labelled > 1 && look.words == 1 && look.empty > 0 && look.torn == 0)
    return true;
  const char *label = word->datum;
  const size_t length = word->datum_length;
  for (size_t k = first; k < h->count && k - first < ROWS; k++) {
    if (h->line[k].look.kind != LOOK_CELLS || !is_labelled(&h->line[k]))
      continue;
    look_with(r, separator, held_text(h, k), h->line[k].length, &look);
    const struct cell *other = word_in_front(r);
    if (other && other->datum_length == length && memcmp(other->datum, label, length) == 0)
      return true;
  }
  return false;
}

/* Refuses line i, and takes back the header that names its columns alone: it is one of words like others. */
static void refuse_label(struct held *h, size_t i)
{
  const uint32_t header = h->line[i].header;
  h->line[i].role = HELD_REFUSED;
  h->line[i].header = 0;
  if (header > 0 && h->line[header - 1].role == HELD_HEADER && !names_rows(h, header - 1, 0))
    h->line[header - 1].role = HELD_DATA;
}

/*
 * A lone row of words and numbers above two or more labelled rows is a preamble, `Pinging 192.0.2.7 with 32 bytes of data`,
 * unless it is one of them that went wrong; below them, where there is no table, it is rejected as it is later on.
 */
static void plan_beside_labels(struct reading *r, struct held *h, bool table)
{
  size_t labelled = 0;
  size_t first = h->count;
  for (size_t i = h->count; i-- > 0;)
    if (is_labelled(&h->line[i])) {
      labelled++;
      first = i;
    }
  if (labelled == 0 || r->pairs)
    return;
  for (size_t i = 0; i < h->count; i++) {
    const struct look *look = &h->line[i].look;
    if (h->line[i].role != HELD_DATA || !held_is_data(look) || look->words == 0 || look->first_word ||
        held_has_like(h, i))
      continue;
    if (i < first && is_spoilt_label(r, h, i, first, labelled))
      refuse_label(h, i);
    else if (labelled < 2)
      continue;
    else if (i < first && *held_text(h, i) != '{') /* an object cut short is one that went wrong */
      make_preamble(h, i);
    else if (!table)
      h->line[i].role = HELD_REFUSED; /* ping's `4 packets transmitted, 25% packet loss` */
  }
}

/* A word and a number below a row of the table, before its row t, are a value that failed: `1 wait`, `oops 7`, `3 8`. */
static void take_back_failed(struct held *h, size_t t)
{
  bool began = false;
  for (size_t i = 0; i < t && t < h->count; i++) {
    const struct look *look = &h->line[i].look;
    if (!held_is_data(look) || look->cells != h->line[t].look.cells)
      continue;
    began = began || (h->line[i].role == HELD_DATA && !look->first_word);
    if (began && look->first_word && h->line[i].role == HELD_PREAMBLE)
      h->line[i].role = HELD_DATA;
  }
}

/*
 * A text that is nearly a number behind a label whose numbers come below, `lat=1m30s` above `lat=2s`, is a value that failed
 * and no preamble. More than a few of them at the beginning say nothing new.
 */
static void find_failed_values(struct reading *r, struct held *h)
{
  enum { ROWS = 64 };
  size_t rows = 0;
  for (size_t i = 0; i + 1 < h->count && rows < ROWS; i++) {
    struct look look;
    if (!held_is_words(&h->line[i].look) || h->line[i].reported)
      continue;
    look_at(r, held_text(h, i), h->line[i].length, &look);
    const struct named *item = &r->named.item[0];
    if (r->named.count == 0 || item->kind != NAMED_WORD || !number_text_begins(item->text, item->length))
      continue;
    rows++;
    h->line[i].failed = h->line[i].failed || label_recurs(r, h, i, i);
  }
}

/* Whether an object is an array, the rows of which may be of one line or of several. */
static bool is_array(const struct held *h, size_t i)
{
  const struct held_line *first = &h->line[i];
  while (first->continued) /* the first line held continues none */
    first--;
  const char *text = h->bytes + first->start;
  const char *end = text + first->length;
  while (text < end && (*text == ' ' || *text == '\t'))
    text++;
  return text < end && *text == '[';
}

void plan_preamble(struct reading *r, struct held *h)
{
  find_failed_values(r, h);
  size_t begin;
  size_t t = find_table(h, &begin);
  for (size_t i = 0; i < t && t < h->count && !r->pairs; i++) {
    struct look *look = &h->line[i].look;
    if (i >= begin && look->kind != LOOK_LABELLED)
      continue; /* a row between the header and the first row that fits it went wrong */
    bool labelled = look->kind == LOOK_LABELLED || (look->kind == LOOK_OBJECT && !is_array(h, i));
    if (is_factor(r, h, i)) {
      make_preamble(h, i);
      note_add(r, h->line[i].number, held_text(h, i), h->line[i].length,
               "is a factor of the rows below: they are plotted as they are printed");
    } else if ((labelled && !r->options.only && !label_recurs(r, h, i, t)) ||
               (look->kind == LOOK_CELLS && (look->first_word || is_word_and_number(look)) &&
                !has_like_from(h, i, t)) ||
               (h->line[i].role == HELD_HEADER && !names_rows(h, i, t)) || (begin < t && is_lone_number(h, i))) {
      make_preamble(h, i);
    }
  }
  plan_beside_labels(r, h, t < h->count);
  /* Lone rows unlike two or more followers that are alike. */
  size_t alike = 0;
  while (alike < h->count &&
         (h->line[alike].role != HELD_DATA || !held_is_data(&h->line[alike].look) || !held_has_like(h, alike)))
    alike++;
  bool table_began = false;
  for (size_t i = 0; i < alike && alike < h->count; i++) {
    const struct look *look = &h->line[i].look;
    bool headed = i > 0 && h->line[i - 1].role == HELD_HEADER;
    if (h->line[i].role != HELD_DATA || !held_is_data(look))
      continue;
    const bool lone =
        look->words > 0 && !look->first_word && h->line[alike].look.cells > 1 && !table_began && !held_has_like(h, i);
    if (lone && (stands_apart(r, h, i, alike) || (!headed && look->cells != h->line[alike].look.cells)))
      make_preamble(h, i);
    else
      table_began = table_began || h->line[i].header > 0;
  }
  take_back_failed(h, t);
}

/*
 * Words and numbers among labelled rows, where no table is and no other row is alike: `lab.hum oops 1764064800` behind
 * `lab.temp 21.5 1764064800`.
 */
void plan_among_labels(struct held *h)
{
  size_t labelled = h->count; /* the first one */
  for (size_t i = h->count; i-- > 0;) {
    const struct held_line *line = &h->line[i];
    if (line->role != HELD_DATA)
      continue;
    if (line->header > 0 || line->look.lead)
      return;
    if (line->look.kind == LOOK_LABELLED || (line->look.kind == LOOK_CELLS && line->look.first_word))
      labelled = i;
    else if (held_is_data(&line->look) && !line->failed && (line->look.words == 0 || held_has_like(h, i)))
      return;
  }
  for (size_t i = labelled; i < h->count; i++) {
    const struct look *look = &h->line[i].look;
    if (h->line[i].role == HELD_DATA && held_is_data(look) && !look->first_word && !h->line[i].failed)
      h->line[i].role = HELD_REFUSED;
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

/* Whether a row of a word and a number that is no data stands above: then a value that failed, below, is none either. */
static bool is_below_preamble(const struct held *h, size_t i)
{
  while (i-- > 0)
    if (h->line[i].role == HELD_PREAMBLE && h->line[i].look.first_word)
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
  if (first < h->count && h->line[first].header > 0)
    first = h->line[first].header - 1; /* what stands between a header and its rows is of the table */
  for (size_t i = h->count; i-- > 0;) {
    struct held_line *line = &h->line[i];
    if (line->role == HELD_HEADER) {
      above = true;
      continue;
    }
    if (line->role != HELD_DATA || !held_is_words(&line->look) || (line->look.word_gap && i > first)) {
      above = above && (line->look.kind == LOOK_RULE || line->look.kind == LOOK_COMMENT);
      continue;
    }
    const bool before = (later && opening && i < first) || above;
    line->role = before && (!line->failed || is_below_preamble(h, i)) ? HELD_PREAMBLE : HELD_REFUSED;
  }
  for (size_t i = 0; i < h->count; i++)
    if (h->line[i].role == HELD_REFUSED && came_before(h, i))
      h->line[i].role = HELD_PREAMBLE;
}
