#include "scope/input/header_fit.h"

#include <string.h>
#include <strings.h>

#include "scope/stream/units.h"

/* Whether nothing in the cell could be called a name. */
static bool is_punctuation(const struct cell *cell)
{
  for (size_t i = 0; i < cell->length; i++) {
    const unsigned char c = (unsigned char)cell->text[i];
    if (c >= 0x80 || c == '%' || c == '#' || c == '$' || (c >= '0' && c <= '9') ||
        ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
      return false;
  }
  return cell->length > 0;
}

/* df's `1K-blocks` begins like a number and is none that failed. */
static bool is_of_blocks(const struct cell *cell)
{
  return cell->datum_length > 7 && memcmp(cell->datum + cell->datum_length - 7, "-blocks", 7) == 0;
}

/* On the cells of the line looked at last. */
bool header_is_candidate(struct reading *r, const struct look *look)
{
  if (look->kind != LOOK_CELLS || look->numbers > 0 || look->gaps > 0 || look->torn > 0 || look->words == 0 ||
      (look->times > 0 && look->time_at > 0)) /* sar has its time in front; behind a word it is what the word tells */
    return false;
  bool blanks = r->separator == SEPARATOR_BLANKS || !r->separator_known;
  for (size_t i = 0; i < r->cell_count; i++) {
    const struct cell *cell = &r->cells[i];
    if (blanks && cell->kind == CELL_WORD && !cell->quoted && memchr(cell->text, '|', cell->length) &&
        !memchr(cell->text, '(', cell->length))
      return false; /* /proc/net/dev: words that a | divides are no cells between blanks */
    if (cell->kind == CELL_WORD && !cell->quoted &&
        (is_punctuation(cell) || (blanks && cell->length > 1 && strchr(",;", cell->text[cell->length - 1]))))
      return false; /* `x =` or `[[` and a matrix below; `ready, ok` */
    if (blanks && i == 0 && cell->length > 0 && *cell->text == '@')
      return false; /* a setting of xmgrace's: `@TYPE xy` */
    if (cell->kind == CELL_WORD &&
        (!text_is_text(cell->text, cell->length) ||
         (blanks && !cell->quoted && number_text_begins(cell->datum, cell->datum_length) && !is_of_blocks(cell))))
      return false;
  }
  return true;
}

/* Whether a heading is one of a time, so that a row's time is not without one. */
static bool is_heading_of_time(const struct cell *cell)
{
  static const char *const words[] = {"time", "date", "timestamp", "datetime", "ts",
                                      "t",    "utc",  "clock",     "zeit",     "datum"};
  size_t letters = 0;
  while (letters < cell->datum_length && (cell->datum[letters] | 0x20) >= 'a' && (cell->datum[letters] | 0x20) <= 'z')
    letters++;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strlen(words[i]) == letters && strncasecmp(cell->datum, words[i], letters) == 0)
      return true;
  return false;
}

/* R's write.table: names in quotes, and above the rows' own names, which are in quotes too, none. */
static bool is_of_r(const struct reading *r, size_t count, const struct look *row)
{
  for (size_t i = 0; i < count; i++)
    if (!r->cells[i].quoted)
      return false;
  return row->first_quoted;
}

/*
 * Whether the header has a name for the first column alone, which is of words or times: `rollout/ |` above rows of a table
 * in sections, `Date,,` below the names.
 */
static bool names_nothing(const struct reading *r, size_t count, const struct look *row)
{
  for (size_t i = 1; i < count; i++)
    if (r->cells[i].kind != CELL_EMPTY)
      return false;
  return count > 1 && (row->first_word || (row->times > 0 && row->time_at == 0));
}

/* Whether a header of `count` cells names the columns of rows like `row`. */
static bool fits(const struct reading *r, const struct look *row, size_t count, bool lead_of_row, bool indented,
                 struct table_fit *fit)
{
  uint32_t cells = row->cells - lead_of_row;
  *fit = (struct table_fit){.cells = cells, .lead = lead_of_row};
  if (count == cells)
    return true;
  bool blanks = r->separator == SEPARATOR_BLANKS;
  if (blanks && row->time_words > 1 && count == cells - (row->time_words - 1)) {
    fit->shift_at = row->time_at;
    fit->shift_by = (int32_t)row->time_words - 1;
    return true;
  }
  if (row->times > 0 && row->time_at == 0 && count > 1 && count == cells - row->time_words && (indented || !blanks) &&
      !is_heading_of_time(&r->cells[0])) {
    fit->pad = row->time_words; /* the times in front have no heading: as tables are printed whose index they are */
    return true;
  }
  if (blanks && row->times == 0 && row->torn == 0 && count + 1 == cells && (count > 1 || !row->first_word) &&
      ((indented && !row->indented) || is_of_r(r, count, row))) {
    fit->pad = 1; /* nor has the index of a table that pandas or R printed */
    return true;
  }
  const bool last_empty = r->cells[count - 1].kind == CELL_EMPTY;
  if (!blanks && ((row->last_empty && count + 1 == cells) || (last_empty && count == (size_t)cells + 1)))
    return true;
  if (!blanks && row->time_words == 1 && count == cells + 1 && row->time_at + 1 < count &&
      is_heading_of_time(&r->cells[row->time_at]) && is_heading_of_time(&r->cells[row->time_at + 1])) {
    fit->shift_at = row->time_at;
    fit->shift_by = -1;
    return true;
  }
  /* Where it is indented and the rows are not, nothing of it stands above the word: the row is one short. */
  if (lead_of_row && count > 2 && count == (size_t)cells + 1 && !(indented && !row->indented)) {
    fit->drop_first = true; /* the header has a name for the word in front, too */
    return true;
  }
  const struct cell *first = &r->cells[0];
  if (blanks && count == (size_t)cells + 1 && first->length > 1 && first->text[first->length - 1] == ':') {
    fit->drop_first = true; /* iostat's avg-cpu: */
    return true;
  }
  return false;
}

/* What Prometheus says in comments about the metric below: it has as many words as a row, but names no columns. */
static bool is_of_metrics(const char *text, size_t length)
{
  return length > 5 && text[4] == ' ' &&
         (memcmp(text, "HELP", 4) == 0 || memcmp(text, "TYPE", 4) == 0 || memcmp(text, "UNIT", 4) == 0);
}

/* `type: matrix`, one thing told of the rows and no names for their columns; of a comment `Created: 5 May, by me` too. */
static bool tells_one_thing(const struct cell *cells, size_t count, bool comment)
{
  if (count < 2 || (count > 2 && !comment) || cells[0].length < 2 || cells[0].text[cells[0].length - 1] != ':')
    return false;
  for (size_t i = 1; i < count; i++)
    if (cells[i].length > 0 && cells[i].text[cells[i].length - 1] == ':')
      return false;
  return true;
}

bool header_fit(struct reading *r, const struct held *h, size_t w, const struct look *row, bool lead_of_row,
                size_t *count, struct table_fit *fit)
{
  const char *text = held_text(h, w);
  const bool indented = h->line[w].length > 0 && (*text == ' ' || *text == '\t');
  size_t length = h->line[w].length;
  struct look look;
  if (h->line[w].look.kind == LOOK_COMMENT)
    look_into_comment(&text, &length);
  if (h->line[w].look.kind == LOOK_COMMENT && is_of_metrics(text, length))
    return false;
  look_with(r, r->separator_known ? r->separator : SEPARATOR_NONE, text, length, &look);
  bool blanks = r->separator == SEPARATOR_BLANKS && r->separator_known;
  if (!r->separator_known && (memchr(text, ',', length) || memchr(text, ';', length) || memchr(text, '|', length)))
    return false;            /* names of several columns, which come later */
  if (!r->separator_known) { /* rows of one cell: a header of one word, perhaps with brackets behind */
    look_with(r, SEPARATOR_BLANKS, text, length, &look);
    blanks = true;
  }
  if (!header_is_candidate(r, &look))
    return false;
  *count = r->cell_count;
  if (names_nothing(r, *count, row))
    return false;
  if (blanks && !lead_of_row && tells_one_thing(r->cells, *count, h->line[w].look.kind == LOOK_COMMENT))
    return false;
  /* Where blanks separate, a row of two words is no header of a word and a number. */
  bool pair = row->first_word && row->cells - row->units - row->times == 2 && !lead_of_row;
  if (blanks && pair && *count == 2 && !r->options.key)
    return false;
  if (blanks) {
    size_t joined = tables_join(r->cells, r->cell_count);
    if (joined != *count && fits(r, row, joined, lead_of_row, indented, fit)) {
      *count = joined;
      return true;
    }
    if (joined != *count)
      look_with(r, r->separator_known ? r->separator : SEPARATOR_BLANKS, text, length, &look);
  }
  if (fits(r, row, *count, lead_of_row, indented, fit))
    return true;
  const size_t names = blanks ? tables_join_words(r->cells, r->cell_count) : 0;
  if (names < 2 || !fits(r, row, names, lead_of_row, indented, fit))
    return false;
  *count = names;
  return true;
}

/* A line of a drawn table, U+2500 to U+257F, that stands between its columns. */
static bool is_drawn(const struct cell *cell)
{
  return cell->length == 3 && (memcmp(cell->text, "\xE2\x94", 2) == 0 || memcmp(cell->text, "\xE2\x95", 2) == 0);
}

/* Whether each of the first `count` cells has a name, and none has that of another. */
static bool all_differ(const struct reading *r, size_t count)
{
  if (count > CHANNELS_MAX)
    return true; /* so wide a table is no one's by hand, and looking costs the square of its width */
  for (size_t i = 0; i < count; i++) {
    const struct cell *cell = &r->cells[i];
    if (cell->kind == CELL_EMPTY || cell->datum_length == 0)
      return false;
    for (size_t k = 0; k < i; k++)
      if (r->cells[k].datum_length == cell->datum_length && !is_drawn(cell) &&
          memcmp(r->cells[k].datum, cell->datum, cell->datum_length) == 0)
        return false;
  }
  return true;
}

size_t header_of_names(struct reading *r, const struct held *h, size_t w, const struct look *row, bool lead_of_row,
                       struct table_fit *fit)
{
  enum { ROWS_ABOVE = 2 };
  size_t count;
  struct table_fit above;
  size_t chosen = w;
  size_t rows = 0;
  if (!header_fit(r, h, w, row, lead_of_row, &count, &above) || all_differ(r, count))
    return w;
  for (size_t i = w; i-- > 0 && rows < ROWS_ABOVE;) {
    if (h->line[i].look.kind == LOOK_RULE || h->line[i].look.kind == LOOK_BLANK)
      continue;
    if (!held_is_words(&h->line[i].look) || !header_fit(r, h, i, row, lead_of_row, &count, &above))
      break;
    rows++;
    if (!all_differ(r, count) || memchr(held_text(h, i), ':', h->line[i].length)) /* `Units,CH1:V,CH2:V`: settings */
      continue;
    chosen = i;
    *fit = above;
  }
  return chosen;
}

/* At least half of the cells that are not empty are known units, alone or in brackets. */
bool header_is_of_units(const struct reading *r, size_t count)
{
  size_t units = 0;
  size_t texts = 0;
  for (size_t i = 0; i < count; i++) {
    const char *text = r->cells[i].datum;
    size_t length = r->cells[i].datum_length;
    if (length > 2 && (*text == '(' || *text == '[')) {
      text++;
      length -= 2;
    }
    texts += length > 0;
    units += length > 0 && unit_known(text, length);
  }
  return texts > 0 && 2 * units >= texts;
}

void header_note_unfit(struct reading *r, const struct held *h)
{
  size_t d = 0;
  struct look look;
  if (!r->separator_known || r->separator == SEPARATOR_BLANKS || r->separator == SEPARATOR_NONE)
    return;
  while (d < h->count && (h->line[d].role != HELD_DATA || !held_is_data(&h->line[d].look)))
    d++;
  size_t w = d;
  while (w > 0 && h->line[w - 1].look.kind == LOOK_RULE)
    w--;
  if (w == 0 || d == h->count || h->line[d].header > 0 || !held_is_words(&h->line[w - 1].look) ||
      h->line[d].look.first_word)
    return;
  for (size_t i = d; i < h->count; i++)
    if (h->line[i].header == w)
      return; /* of rows further below */
  const struct held_line *line = &h->line[w - 1];
  look_with(r, r->separator, held_text(h, w - 1), line->length, &look);
  const uint32_t cells = look.cells;
  const bool candidate = header_is_candidate(r, &look);
  look_with(r, SEPARATOR_BLANKS, held_text(h, w - 1), line->length, &look);
  const uint32_t named = h->line[d].look.cells - h->line[d].look.last_empty;
  if (candidate && cells != h->line[d].look.cells &&
      (cells > 1 || (look.words > 1 && look.words + 1 >= named && look.words <= named + 1)))
    note_add(r, line->number, held_text(h, w - 1), line->length,
             "has %u cells, the rows below have %u: it gives no names", cells, h->line[d].look.cells);
}
