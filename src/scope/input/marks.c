#include <string.h>

#include "scope/input/brackets.h"
#include "scope/input/labels.h"
#include "scope/input/plan.h"

enum { LINES_LOOKED_AT = 2000 };

static bool is_row(const struct held_line *line)
{
  return line->look.kind == LOOK_CELLS && !line->continued && !line->too_long;
}

/*
 * A minus sign with blanks around it is a gap (in a column of its own) or the sign of the number behind it: rows without
 * one tell, by how many cells they have.
 */
static void decide_minus(struct reading *r, const struct held *h)
{
  struct look look;
  uint32_t cells = 0;
  uint32_t minuses = 0;
  r->lone_minus = MINUS_GAP;
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT && minuses == 0; i++) {
    if (!is_row(&h->line[i]) || !memchr(held_text(h, i), '-', h->line[i].length))
      continue;
    look_with(r, SEPARATOR_BLANKS, held_text(h, i), h->line[i].length, &look);
    minuses = look.numbers > 0 ? look.minuses : 0;
    cells = look.cells - look.units;
  }
  r->lone_minus = MINUS_OPEN;
  if (minuses == 0)
    return;
  size_t with = 0;
  size_t without = 0;
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    const char *text = held_text(h, i);
    size_t length = h->line[i].length;
    if (!is_row(&h->line[i]) && h->line[i].look.kind != LOOK_COMMENT)
      continue;
    if (h->line[i].look.kind == LOOK_COMMENT)
      look_into_comment(&text, &length);
    r->lone_minus = MINUS_GAP;
    look_with(r, SEPARATOR_BLANKS, text, length, &look);
    r->lone_minus = MINUS_OPEN;
    with += look.minuses == 0 && look.cells - look.units == cells;
    without += look.minuses == 0 && look.cells - look.units == cells - minuses;
  }
  if (with + without > 0)
    r->lone_minus = with > 0 ? MINUS_GAP : MINUS_SIGN;
}

/* Whether the line, with commas between, has a time of day and three digits behind it; *others: more numbers. */
static bool has_split_clock(struct reading *r, const char *text, size_t length, bool *others)
{
  struct look split;
  struct look joined;
  look_with(r, ',', text, length, &split);
  r->clock_comma = true;
  look_with(r, ',', text, length, &joined);
  r->clock_comma = false;
  *others = joined.numbers > 0;
  return joined.cells + 1 == split.cells && joined.times > 0;
}

/*
 * Where commas separate, 10:00:00,123 is a time with its milliseconds if all rows have it so and have numbers besides, or
 * a header says so.
 */
static void decide_clocks(struct reading *r, const struct held *h)
{
  size_t rows = 0;
  bool headed = false;
  bool more = true;
  uint32_t cells = 0;
  size_t first = 0;
  for (size_t i = 0; i < h->count && i < LINES_LOOKED_AT; i++) {
    const struct held_line *line = &h->line[i];
    struct look look;
    bool others;
    if (!is_row(line))
      continue;
    look_with(r, ',', held_text(h, i), line->length, &look);
    if (look.times == 0 && look.numbers == 0 && rows == 0)
      cells = look.cells; /* what may be the header */
    if (look.times == 0)
      continue;
    if (!has_split_clock(r, held_text(h, i), line->length, &others))
      return;
    if (rows++ == 0) {
      first = i;
      headed = cells + 1 == look.cells;
      if (cells == look.cells)
        return; /* the header has a name for it */
    }
    more = more && others;
  }
  if (rows == 0 || (!headed && !more))
    return;
  r->clock_comma = true;
  if (!headed)
    note_add(r, h->line[first].number, held_text(h, first), h->line[first].length,
             "begins with a time and its milliseconds; --separator , would make a cell of them");
}

void decide_marks(struct reading *r, const struct held *h)
{
  if (r->options.terminal)
    return;
  if (!r->separator_known || r->separator == SEPARATOR_BLANKS)
    decide_minus(r, h);
  else if (r->separator == ',' && !r->options.separator)
    decide_clocks(r, h);
}

static bool has_digit(const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (text[i] >= '0' && text[i] <= '9')
      return true;
  return false;
}

/* Whether rows are cells that are each a word and a number, or labelled: every row with several cells must be. */
void decide_pairs(struct reading *r, const struct held *h, bool last)
{
  struct label_rules rules = {.comma_never = r->options.comma == PARSER_COMMA_SEPARATOR};
  size_t rows = 0;
  bool bare = false;
  for (size_t i = 0; i < h->count; i++) {
    const char *text = held_text(h, i);
    size_t length = h->line[i].length;
    enum look_kind kind = h->line[i].look.kind;
    if ((kind != LOOK_CELLS && kind != LOOK_LABELLED) || !has_digit(text, length))
      continue;
    if (!memchr(text, ',', length) && !memchr(text, ';', length) && !memchr(text, '|', length) &&
        !memchr(text, '\t', length) && !labels_read_pairs(&rules, text, length, &r->named)) {
      if (kind == LOOK_LABELLED || h->line[i].look.numbers > 0)
        return;
      continue;
    }
    if (!labels_read_pairs(&rules, text, length, &r->named))
      return;
    size_t values = r->named.values;
    labels_read(&rules, text, length, &r->named);
    bare = bare || r->named.values < values;
    rows++;
  }
  r->pairs = bare && (rows > 1 || (rows == 1 && last));
}

bool decide_commas_group(const char *text, size_t length)
{
  bool any = false;
  bool brackets = true; /* until one without its partner was met: looking for each costs the square of the line */
  for (size_t i = 0; i < length; i++) {
    if (brackets && text[i] == '(' && i > 0 && text[i - 1] == ' ') {
      const char *partner = brackets_end(text + i, text + length);
      brackets = partner != NULL;
      if (partner)
        i = (size_t)(partner - text) - 1;
      continue;
    }
    if (text[i] != ',')
      continue;
    size_t before = 0;
    size_t after = 0;
    while (before < i && text[i - 1 - before] >= '0' && text[i - 1 - before] <= '9')
      before++;
    while (i + 1 + after < length && text[i + 1 + after] >= '0' && text[i + 1 + after] <= '9')
      after++;
    const bool first = before == i || text[i - 1 - before] != ',';
    if (after != 3 || before == 0 || (first ? before > 3 : before != 3))
      return false;
    any = true;
  }
  return any;
}
