#include <string.h>

#include "scope/input/decide.h"
#include "scope/input/header_fit.h"
#include "scope/input/plan.h"
#include "scope/input/time_text.h"

enum {
  WIDTHS_MAX = 32,
  LINES_LOOKED_AT = 2000, /* more of a file's beginning say nothing new */
};

/* In this order they are preferred. */
static const char candidates[] = ";\t|, ";

#define GROUPED "commas group digits here, and blanks separate; --separator , would make commas separate"

/* How many rows a separator makes that agree in number. */
struct agreement {
  uint32_t rows;   /* with numbers, and nothing torn */
  uint32_t agreed; /* the most of them that have as many cells */
  uint32_t cells;  /* those */
  uint32_t first;  /* of the first */
  bool all;        /* every row has */
};

static bool is_candidate_for(const struct reading *r, char separator)
{
  return separator != ',' || r->options.comma == PARSER_COMMA_AUTO || r->options.comma == PARSER_COMMA_SEPARATOR;
}

/* 234,5;2: numbers and times with what may separate between them. */
static bool is_glued(const struct cell *cell)
{
  const char *end = cell->text + cell->length;
  for (const char *separator = ";\t|,"; *separator; separator++) {
    bool all = memchr(cell->text, *separator, cell->length) != NULL;
    for (const char *at = cell->text; at < end && all;) {
      const char *stop = memchr(at, *separator, (size_t)(end - at));
      const char *text = at;
      struct time_text time;
      if (!stop)
        stop = end;
      while (text < stop && (*text == ' ' || *text == '\t'))
        text++;
      const char *last = stop;
      while (last > text && (last[-1] == ' ' || last[-1] == '\t'))
        last--;
      size_t length = (size_t)(last - text);
      /* The dashes of mtr's `1.|--` draw a tree. */
      const bool gap = number_text_is_gap(text, length) && !(*separator == '|' && *text == '-');
      const bool number = number_text_begins(text, length) && !memchr(text, '[', length) && !memchr(text, ']', length);
      all = length == 0 || number || gap || time_text_read(text, length, &time) != TIME_TEXT_NONE;
      at = stop + 1;
    }
    if (all)
      return true;
  }
  return false;
}

static bool has_glued(const struct reading *r)
{
  for (size_t i = 0; i < r->cell_count; i++)
    if (r->cells[i].kind == CELL_WORD && !r->cells[i].unit_of_last && is_glued(&r->cells[i]))
      return true;
  return false;
}

/* mtr's `1.|-- gateway`: what draws a tree separates nothing. */
static bool has_branch(const char *text, size_t length)
{
  for (size_t i = 1; i + 3 < length; i++)
    if (text[i - 1] == '.' && memcmp(text + i, "|-- ", 4) == 0)
      return true;
  return false;
}

/* Whether the line, cut by this separator, is a row of data. */
static bool is_viable(struct reading *r, char separator, const char *text, size_t length, struct look *look)
{
  if (separator != SEPARATOR_BLANKS && !memchr(text, separator, length))
    return false;
  if (separator == '|' && has_branch(text, length))
    return false;
  look_with(r, separator, text, length, look);
  if (look->numbers == 0 || look->torn > 0 || has_glued(r))
    return false;
  return separator == SEPARATOR_BLANKS ? !look->dangling : look->cells > 1;
}

static bool is_row(const struct held_line *line)
{
  return line->look.kind == LOOK_CELLS && !line->reported && !line->continued;
}

/* Whether the row of words above the first row of numbers has so many cells. */
static bool header_agrees(struct reading *r, const struct held *h, char separator, uint32_t cells)
{
  struct look look;
  size_t d = 0;
  while (d < h->count && (!is_row(&h->line[d]) || !is_viable(r, separator, held_text(h, d), h->line[d].length, &look)))
    d++;
  size_t w = d;
  while (w > 0 && w < h->count && h->line[w - 1].look.kind == LOOK_RULE)
    w--;
  if (w == 0 || d == h->count || !is_row(&h->line[w - 1]))
    return false;
  look_with(r, separator, held_text(h, w - 1), h->line[w - 1].length, &look);
  return look.cells == cells && look.words == cells && header_is_candidate(r, &look);
}

/* Whether the rows, but for one that was cut, have a tab behind their last number, as ngspice's do. */
static bool ends_in_tab(const struct held *h)
{
  size_t rows = 0;
  size_t tabs = 0;
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    const size_t length = h->line[i].length;
    if (!is_row(&h->line[i]) || length == 0 || !memchr(held_text(h, i), '\t', length))
      continue;
    rows++;
    tabs += held_text(h, i)[length - 1] == '\t';
  }
  return tabs > 0 && tabs + 1 >= rows;
}

/*
 * Whether the header has as many words as the rows, but no tab, which is what separates these: its columns are set apart by
 * blanks, and so may be those of the rows.
 */
static bool header_prefers_blanks(struct reading *r, const struct held *h, const struct agreement *tabs,
                                  const struct agreement *blanks)
{
  const bool as_wide = blanks->cells >= tabs->cells || (blanks->cells + 1 == tabs->cells && ends_in_tab(h));
  return blanks->agreed >= tabs->agreed && as_wide && blanks->cells > 1 &&
         header_agrees(r, h, SEPARATOR_BLANKS, blanks->cells) && !header_agrees(r, h, '\t', tabs->cells);
}

static struct agreement agree(struct reading *r, const struct held *h, char separator)
{
  struct agreement a = {.rows = 0};
  uint32_t width[WIDTHS_MAX];
  uint32_t count[WIDTHS_MAX];
  size_t widths = 0;
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    struct look look;
    if (separator == '|' && has_branch(held_text(h, i), h->line[i].length))
      return (struct agreement){.rows = 0}; /* nor in any other line: of a cut one there may be but `2.|` */
    if (!is_row(&h->line[i]) || !is_viable(r, separator, h->bytes + h->line[i].start, h->line[i].length, &look))
      continue;
    uint32_t cells = look.cells;
    /* An empty last cell is not worth a disagreement: `0012,`. */
    if (a.rows++ == 0)
      a.first = cells;
    size_t k = 0;
    while (k < widths && width[k] != cells)
      k++;
    if (k == WIDTHS_MAX)
      continue;
    if (k == widths) {
      width[widths] = cells;
      count[widths++] = 0;
    }
    count[k]++;
    if (count[k] > a.agreed) {
      a.agreed = count[k];
      a.cells = cells;
    }
  }
  /* A header above the rows that has as many cells as they have speaks for the separator, too. */
  if (separator != SEPARATOR_BLANKS && a.cells > 1 && header_agrees(r, h, separator, a.cells)) {
    a.rows++;
    a.agreed++;
  }
  a.all = a.agreed == a.rows;
  return a;
}

/* Tabs only align columns: several in a row, or beside blanks, in rows that agree as rows of words. */
static bool tabs_align(struct reading *r, const struct held *h, const struct agreement *tabs,
                       const struct agreement *blanks)
{
  bool several = false;
  if (!blanks->all || blanks->rows < tabs->rows)
    return false;
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    const char *text = h->bytes + h->line[i].start;
    const char *end = text + h->line[i].length;
    if (!is_row(&h->line[i]))
      continue;
    while (text < end && (*text == ' ' || *text == '\t'))
      text++;
    while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
      end--;
    for (const char *at = memchr(text, '\t', (size_t)(end - text)); at && at + 1 < end;
         at = memchr(at + 1, '\t', (size_t)(end - at - 1)))
      several = several || at[1] == '\t' || at[1] == ' ' || (at > text && at[-1] == ' ');
    struct look by_tabs;
    struct look by_blanks;
    look_with(r, '\t', h->bytes + h->line[i].start, h->line[i].length, &by_tabs);
    if (by_tabs.cells < 2)
      continue;
    look_with(r, SEPARATOR_BLANKS, h->bytes + h->line[i].start, h->line[i].length, &by_blanks);
    if (by_tabs.numbers == 0 && by_tabs.cells == tabs->cells && by_blanks.cells != blanks->cells)
      return false; /* a header says otherwise */
  }
  return several;
}

/* 1,234,567  12%: blanks make the cells, and commas group the digits. */
static bool blanks_separate_groups(struct reading *r, const struct held *h)
{
  bool any = false;
  if (r->options.comma != PARSER_COMMA_AUTO)
    return false;
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    const char *text = h->bytes + h->line[i].start;
    size_t length = h->line[i].length;
    struct look look;
    if (!is_row(&h->line[i]) || !memchr(text, ',', length))
      continue;
    if (!decide_commas_group(text, length))
      return false;
    r->comma_grouped = true;
    look_with(r, SEPARATOR_BLANKS, text, length, &look);
    r->comma_grouped = false;
    if (look.cells < 2 || look.numbers == 0)
      return false;
    any = true;
  }
  return any;
}

/* A header of one cell says that its rows have one: val, 1,234,567. */
static bool header_of_one_cell(struct reading *r, const struct held *h)
{
  bool header = false;
  bool began = false;   /* numbers stand above */
  bool several = false; /* there are names for several columns */
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    const char *text = h->bytes + h->line[i].start;
    size_t length = h->line[i].length;
    struct look look;
    if (h->line[i].look.kind == LOOK_COMMENT && !began) {
      look_into_comment(&text, &length);
      look_with(r, ',', text, length, &look);
      several = several || (look.cells > 1 && look.words == look.cells);
    }
    if (h->line[i].look.kind != LOOK_CELLS || h->line[i].continued)
      continue;
    look_with(r, SEPARATOR_NONE, text, length, &look);
    if (look.numbers > 0) {
      began = true;
      if (!header || memchr(text, ',', length))
        break;
      continue; /* names for several columns may stand below */
    }
    look_with(r, ',', text, length, &look);
    several = several || (look.cells > 1 && look.words == look.cells && header_is_candidate(r, &look));
    if (began)
      continue;
    look_with(r, SEPARATOR_BLANKS, text, length, &look);
    size_t joined = tables_join(r->cells, r->cell_count);
    header = joined == 1 && header_is_candidate(r, &look) && !memchr(text, ',', length) && !memchr(text, ';', length) &&
             !memchr(text, '|', length);
  }
  return began && header && !several;
}

static bool has_double_tab(const char *text, size_t length)
{
  for (size_t i = 1; i < length; i++)
    if (text[i] == '\t' && text[i - 1] == '\t')
      return true;
  return false;
}

bool decide_at_once(struct reading *r, const char *text, size_t length)
{
  struct look look;
  if (r->separator_known) {
    look_at(r, text, length, &look);
    return look.kind == LOOK_CELLS && look.plain;
  }
  look_at(r, text, length, &look);
  if (look.kind != LOOK_CELLS)
    return false;
  if (look.plain && look.cells == 1)
    return !memchr(text, '\t', length); /* one number: what separates is still open; a tab may do so already */
  for (const char *c = candidates; *c; c++) {
    if (!is_candidate_for(r, *c) || !is_viable(r, *c, text, length, &look) || !look.plain)
      continue;
    if (*c != '\t' || !has_double_tab(text, length)) {
      r->separator = *c;
      r->separator_known = true;
      return true;
    }
  }
  return false;
}

/*
 * Labelled rows right below a header that has as many cells as they have, with numbers in cells of their own: `a=5` is then a
 * cell of text, and the separator is that of the header. 0: there are none.
 */
static char separator_of_texts(struct reading *r, const struct held *h)
{
  for (size_t d = 1; d < h->count && d < LINES_LOOKED_AT; d++) {
    if (h->line[d - 1].look.kind == LOOK_LABELLED)
      return 0; /* rows above are labelled, too */
    if (h->line[d].look.kind != LOOK_LABELLED || h->line[d - 1].look.kind != LOOK_CELLS)
      continue;
    for (const char *c = candidates; *c && *c != SEPARATOR_BLANKS; c++) {
      struct look header;
      struct look row;
      if (!is_candidate_for(r, *c) || !is_viable(r, *c, h->bytes + h->line[d].start, h->line[d].length, &row))
        continue;
      if (decide_splits_values(r, *c, h->bytes + h->line[d].start, h->line[d].length))
        continue;
      look_with(r, *c, h->bytes + h->line[d - 1].start, h->line[d - 1].length, &header);
      if (header.cells == row.cells && header.numbers == 0 && header.words == header.cells)
        return *c;
    }
  }
  return 0;
}

void decide_separator(struct reading *r, struct held *h)
{
  struct agreement best = {.rows = 0};
  struct agreement tabs = {.rows = 0};
  char chosen = 0;
  if (r->separator_known)
    return;
  for (const char *c = candidates; *c; c++) {
    if (!is_candidate_for(r, *c))
      continue;
    struct agreement a = agree(r, h, *c);
    if (*c == '\t')
      tabs = a;
    if (a.agreed > best.agreed && (a.cells > 1 || *c == SEPARATOR_BLANKS)) {
      best = a;
      chosen = *c;
    }
    if (*c == SEPARATOR_BLANKS && chosen == '\t' &&
        (tabs_align(r, h, &tabs, &a) || header_prefers_blanks(r, h, &tabs, &a))) {
      best = a;
      chosen = SEPARATOR_BLANKS;
    }
  }
  if (decide_bars(r, h, best.agreed) || (best.agreed == 0 && decide_bar_words(r, h)))
    return;
  if (best.agreed == 0 || (chosen == SEPARATOR_BLANKS && best.cells == 1 && best.all)) {
    char texts = separator_of_texts(r, h);
    if (best.agreed == 0 && !texts && blanks_separate_groups(r, h)) {
      r->separator = SEPARATOR_BLANKS;
      r->separator_known = true;
      r->comma_grouped = true;
      note_add(r, 0, "", 0, GROUPED);
    } else if (texts) {
      r->separator = texts;
      r->separator_known = true;
    } else if (header_of_one_cell(r, h)) {
      r->separator = SEPARATOR_NONE;
      r->separator_known = true;
    }
    return; /* rows of one cell leave it open */
  }
  if (chosen == ',' && header_of_one_cell(r, h))
    chosen = SEPARATOR_NONE;
  else if ((chosen == ',' || chosen == SEPARATOR_BLANKS) && blanks_separate_groups(r, h)) {
    chosen = SEPARATOR_BLANKS;
    r->comma_grouped = true;
    note_add(r, 0, "", 0, GROUPED);
  }
  r->separator = chosen;
  r->separator_known = true;
}

bool decide_other_separator(struct reading *r, const char *text, size_t length, char *separator, uint32_t *cells)
{
  struct look look;
  if (r->options.separator || r->options.terminal)
    return false;
  for (const char *c = candidates; *c; c++) {
    if ((*c == r->separator && r->separator_known) || !is_candidate_for(r, *c) ||
        !is_viable(r, *c, text, length, &look) || look.words > look.numbers || (look.cells < 2))
      continue;
    *separator = *c;
    *cells = look.cells;
    return true;
  }
  return false;
}
