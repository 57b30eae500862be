#include <string.h>

#include "scope/input/header_fit.h"
#include "scope/input/plan.h"
#include "scope/input/row_parts.h"

enum { LINES_LOOKED_AT = 2000 };

#define BARS "bars set groups of columns apart here, and blanks separate; --separator '|' would make bars separate"

/*
 * How many columns each of the groups has, of the cells looked at last, and how many of words, as one figure: rows that are
 * cut alike have the same, and names such as `1m 5m 15m|usr sys` have not that of their rows.
 */
static uint64_t groups_of(const struct reading *r, const char *text, size_t length)
{
  const char *end = text + length;
  uint64_t hash = TEXT_HASH;
  size_t i = 0;
  for (const char *at = text; at < end;) {
    const char *stop = cells_group_end(at, end);
    char figures[2 * sizeof(uint32_t)];
    uint32_t count = 0;
    uint32_t words = 0;
    for (; i < r->cell_count && r->cells[i].text < stop; i++) {
      count += !r->cells[i].unit_of_last;
      words += r->cells[i].kind == CELL_WORD && !r->cells[i].unit_of_last;
    }
    memcpy(figures, &count, sizeof count);
    memcpy(figures + sizeof count, &words, sizeof words);
    if (count > 0)
      hash = text_hash(hash, figures, sizeof figures);
    at = stop + 1;
  }
  return hash;
}

static bool is_line_of_cells(const struct held_line *line)
{
  return line->look.kind == LOOK_CELLS && !line->continued && !line->too_long;
}

/* Whether a bar frames the line, or mtr's tree is drawn with it: then it sets no groups apart. */
static bool is_drawn(const char *text, size_t length)
{
  const char *end = text + length;
  while (text < end && (*text == ' ' || *text == '\t'))
    text++;
  for (const char *at = text + 1; at + 3 < end; at++)
    if (at[-1] == '.' && memcmp(at, "|--", 3) == 0)
      return true;
  return text < end && *text == '|';
}

/* Whether a word of the row begins as a number: 234,5;2 is not cut as it should be. */
static bool has_cut_number(const struct reading *r)
{
  for (size_t i = 0; i < r->cell_count; i++) {
    const struct cell *cell = &r->cells[i];
    if (cell->kind == CELL_WORD && !cell->unit_of_last && number_text_begins(cell->datum, cell->datum_length))
      return true;
  }
  return false;
}

/* Whether the line is a row with several numbers between two of its bars, and its cells are those of numbers and words. */
static bool is_of_groups(struct reading *r, const char *text, size_t length, struct look *look)
{
  uint32_t groups = 1;
  for (size_t i = 0; i < length; i++)
    groups += text[i] == '|';
  r->bars = true;
  look_with(r, SEPARATOR_BLANKS, text, length, look);
  r->bars = false;
  return groups > 1 && look->torn == 0 && look->numbers > look->words && look->numbers + look->gaps > groups &&
         !has_cut_number(r);
}

/* The rows with bars, as they are with blanks for them. */
struct bars {
  uint32_t rows;  /* that are cut as most are */
  uint32_t plain; /* of those how many have no words */
  uint32_t cells;
  uint32_t time_words;
  uint64_t groups;
};

/*
 * How the first row with bars is cut, and how most are: by a vote that takes one pass, and is right where there is a majority.
 * False where bars separate in a row, or frame it.
 */
static bool find_groups(struct reading *r, const struct held *h, uint64_t *first, uint64_t *most)
{
  uint32_t votes = 0;
  bool any = false;
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    const char *text = held_text(h, i);
    const size_t length = h->line[i].length;
    struct look look;
    if (!is_line_of_cells(&h->line[i]) || !memchr(text, '|', length))
      continue;
    if (is_drawn(text, length))
      return false;
    look_with(r, '|', text, length, &look);
    if (look.numbers > 0 && look.torn == 0)
      return false; /* a number has a cell of its own: 2|4 */
    if (!is_of_groups(r, text, length, &look))
      continue;
    const uint64_t these = groups_of(r, text, length);
    if (!any)
      *first = these;
    any = true;
    if (votes == 0)
      *most = these;
    votes = votes == 0 || these == *most ? votes + 1 : votes - 1;
  }
  return any;
}

static struct bars count_rows(struct reading *r, const struct held *h, uint64_t groups)
{
  struct bars bars = {.groups = groups};
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    const char *text = held_text(h, i);
    const size_t length = h->line[i].length;
    struct look look;
    if (!is_line_of_cells(&h->line[i]) || !memchr(text, '|', length) || !is_of_groups(r, text, length, &look) ||
        groups_of(r, text, length) != groups)
      continue;
    bars.rows++;
    bars.plain += look.words == 0;
    bars.cells = look.cells - look.units;
    bars.time_words = look.time_words;
  }
  return bars;
}

/*
 * What the row with bars above the first row of numbers says, where it is one of words: 1 when it has as many cells as the
 * rows with blanks for its bars, -1 when not, 0 when there is none.
 */
static int ask_header(struct reading *r, const struct held *h, const struct bars *bars)
{
  struct look look;
  size_t d = 0;
  while (d < h->count && d < LINES_LOOKED_AT &&
         (!is_line_of_cells(&h->line[d]) || !is_of_groups(r, held_text(h, d), h->line[d].length, &look)))
    d++;
  while (d > 0 && d < h->count && !memchr(held_text(h, d - 1), '|', h->line[d - 1].length))
    d--; /* a rule, or a row that lost its bars */
  if (d == 0 || d == h->count || !is_line_of_cells(&h->line[d - 1]))
    return 0;
  r->bars = true;
  look_with(r, SEPARATOR_BLANKS, held_text(h, d - 1), h->line[d - 1].length, &look);
  r->bars = false;
  if (look.numbers > 0) /* `1m 5m 15m|usr sys`: no header, but names it is */
    return look.words > 0 && look.cells == bars->cells ? 1 : 0;
  const uint32_t times = bars->time_words > 1 ? bars->time_words - 1 : 0; /* a date and a time below one name */
  return look.words == look.cells && (look.cells == bars->cells || look.cells + times == bars->cells) ? 1 : -1;
}

bool decide_bars(struct reading *r, const struct held *h, uint32_t agreed)
{
  uint64_t first = 0;
  uint64_t most = 0;
  if (!find_groups(r, h, &first, &most))
    return false;
  struct bars bars = count_rows(r, h, first);
  const struct bars others = most != first ? count_rows(r, h, most) : bars;
  if (others.rows > bars.rows)
    bars = others;
  const int header = ask_header(r, h, &bars);
  if (header < 0 || (header == 0 && (bars.rows < 2 || bars.plain < 2)) || bars.rows + (uint32_t)header <= agreed)
    return false;
  r->separator = SEPARATOR_BLANKS;
  r->separator_known = true;
  r->bars = true;
  r->groups = bars.groups;
  r->other_groups = 0;
  note_add(r, 0, "", 0, BARS);
  return true;
}

bool decide_bar_words(struct reading *r, const struct held *h)
{
  const struct held_line *header = NULL;
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    const char *text = held_text(h, i);
    const size_t length = h->line[i].length;
    struct look look;
    struct look bars;
    if (!is_line_of_cells(&h->line[i]))
      continue;
    look_with(r, SEPARATOR_BLANKS, text, length, &look);
    if (look.numbers == 0) {
      header = header_is_candidate(r, &look) ? &h->line[i] : NULL;
      continue;
    }
    const uint32_t names = look.cells - (look.time_words > 1 ? look.time_words - 1 : 0);
    if (!header || look.torn > 0 || look.dangling || memchr(h->bytes + header->start, '|', header->length))
      return false;
    look_with(r, '|', text, length, &bars);
    if (bars.numbers > 0 && bars.torn == 0)
      return false;
    look_with(r, SEPARATOR_BLANKS, h->bytes + header->start, header->length, &look);
    if (look.cells != names)
      return false;
    r->separator = SEPARATOR_BLANKS;
    r->separator_known = true;
    return true;
  }
  return false;
}

bool row_has_groups(struct reading *r, const char *text, size_t length, uint64_t line)
{
  const uint64_t groups = groups_of(r, text, length);
  if (groups == r->groups) {
    r->other_groups = 0;
    return true;
  }
  if (groups != r->other_groups) { /* one that went wrong, or the first of others: the next one tells */
    r->other_groups = groups;
    return false;
  }
  r->groups = groups;
  if (!r->said.groups)
    note_add(r, line, text, length, "and the rows from here on have other groups between their bars");
  r->said.groups = true;
  return true;
}
