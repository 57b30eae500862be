#include <string.h>

#include "scope/input/array_lines.h"
#include "scope/input/byte.h"
#include "scope/input/json.h"
#include "scope/input/labels.h"
#include "scope/input/reading.h"

void reading_init(struct reading *r, const struct parser_options *options)
{
  memset(r, 0, offsetof(struct reading, evidence));
  r->options = *options;
  names_init(&r->names, &r->options);
  time_column_init(&r->time, options->time_unit);
  r->head_count = 0;
  r->cell_count = 0;
  r->tables.turn = 0;
  tables_reset(&r->tables);
  if (options->separator) {
    r->separator = options->separator;
    r->separator_known = true;
  } else if (options->terminal) {
    r->separator = SEPARATOR_BLANKS;
    r->separator_known = true;
  }
}

void reading_reset(struct reading *r)
{
  struct parser_options options = r->options;
  uint64_t came = r->names.only_came;
  reading_init(r, &options);
  r->names.only_came = came;
}

/* How far a comment's sign reaches; 0 when the line is none. */
static size_t comment_sign(const char *text, size_t length)
{
  if (length == 0)
    return 0;
  if (*text == '#') {
    size_t n = 1;
    while (n < length && text[n] == '#')
      n++;
    return n;
  }
  if (*text == '%' && (length == 1 || byte_is_blank(text[1])))
    return 1;
  if (length >= 2 && text[0] == '/' && text[1] == '/' && (length == 2 || byte_is_blank(text[2])))
    return 2;
  return 0;
}

void look_into_comment(const char **text, size_t *length)
{
  const char *end = *text + *length;
  const char *at = bytes_skip_blanks(*text, end);
  at += comment_sign(at, (size_t)(end - at));
  at = bytes_skip_blanks(at, end);
  *text = at;
  *length = (size_t)(end - at);
}

/* Nothing but dashes and the like, drawn to be looked at; as many gaps as a table has columns are gaps. */
static bool is_rule(const struct reading *r, const char *text, size_t length)
{
  size_t signs = 0;
  size_t pieces = 0;
  for (size_t i = 0; i < length; i++) {
    if (byte_is_blank(text[i]))
      continue;
    const bool box = length - i > 2 && text[i] == '\xE2' && (text[i + 1] == '\x94' || text[i + 1] == '\x95');
    if (!box && !strchr("-=+|_*~:", text[i]))
      return false;
    signs++;
    pieces += i == 0 || byte_is_blank(text[i - 1]);
    i += box ? 2 : 0; /* lines and corners that tables are drawn with, U+2500 to U+257F */
  }
  if (signs < 3)
    return false;
  const struct tables *t = &r->tables;
  bool gaps = pieces == signs && t->current >= 0 && t->list[t->current].fit.cells == pieces;
  return !gaps;
}

static struct cell_rules rules_of(const struct reading *r, char separator)
{
  struct cell_rules rules = {.separator = separator};
  switch (r->options.comma) {
  case PARSER_COMMA_SEPARATOR:
    rules.comma_never = true;
    break;
  case PARSER_COMMA_DECIMAL:
    rules.comma = NUMBER_COMMA | NUMBER_COMMA_DECIMAL;
    break;
  case PARSER_COMMA_THOUSANDS:
    rules.comma = NUMBER_COMMA | NUMBER_COMMA_THOUSANDS;
    break;
  case PARSER_COMMA_AUTO:
    if (r->comma_grouped && separator == SEPARATOR_BLANKS)
      rules.comma = NUMBER_COMMA | NUMBER_COMMA_THOUSANDS;
    break;
  }
  if (r->options.terminal)
    rules.comma_never = true;
  rules.minus = r->lone_minus == MINUS_SIGN;
  rules.bars = r->bars;
  rules.clock_comma = r->clock_comma;
  return rules;
}

static struct label_rules label_rules_of(const struct reading *r)
{
  struct cell_rules rules = rules_of(r, SEPARATOR_NONE);
  return (struct label_rules){
      .separator = r->separator_known ? r->separator : 0, .comma_never = rules.comma_never, .comma = rules.comma};
}

/* Whether cell i is a minus sign by itself with a number behind it, or the word that stands where a number should. */
static bool is_lone_minus(const struct cell *cells, size_t i, size_t count)
{
  if (cells[i].length != 1 || *cells[i].text != '-' || i + 1 == count)
    return false;
  const struct cell *next = &cells[i + 1];
  return next->kind == CELL_WORD || (next->kind == CELL_NUMBER && *next->text != '-' && *next->text != '+');
}

/* Counts what is in the cells. */
static void survey(struct reading *r, struct look *look)
{
  const struct cell *cells = r->cells + look->lead;
  size_t count = r->cell_count - look->lead;
  size_t others = 0; /* words that are neither the first nor a unit */
  bool first = true; /* no cell but times so far */
  look->cells = (uint32_t)count;
  look->plain = count > 0;
  look->signature = TEXT_HASH;
  for (size_t i = 0; i < count; i++) {
    const struct cell *cell = &cells[i];
    char kind = 'n';
    switch (cell->kind) {
    case CELL_NUMBER:
      look->numbers++;
      look->plain = look->plain && cell->number.unit_length == 0 && cell->number.comma == COMMA_ABSENT &&
                    !cell->number.multiplied && !cell->quoted;
      first = false;
      break;
    case CELL_GAP:
      look->gaps++;
      look->minuses += is_lone_minus(cells, i, count);
      look->plain = false;
      first = false;
      break;
    case CELL_EMPTY:
      look->empty++;
      look->plain = look->plain && i > 0 && i + 1 == count;
      first = false;
      break;
    case CELL_TIME:
      kind = 't';
      look->plain = false;
      if (look->times++ == 0) {
        look->time_at = (uint32_t)i;
        look->time_words = 1;
      } else if (cell->continued && look->time_at + look->time_words == i) {
        look->time_words++;
      } else if (!cell->continued && look->time_words == 1 && look->time_at + 1 == i) {
        look->time_words++; /* a date and a time in two cells */
      }
      break;
    case CELL_TORN:
      look->torn++;
      look->plain = false;
      break;
    case CELL_WORD:
      kind = cell->unit_of_last ? 'u' : 'w';
      look->plain = false;
      if (cell->unit_of_last) {
        look->units++;
        break;
      }
      look->words++;
      if (cell->length > 1 && strchr(",;", cell->text[cell->length - 1]))
        look->dangling = true;
      if (first && (cell->quoted || label_begins(cell->datum, cell->datum_length)))
        look->first_word = true;
      else
        others++;
      first = false;
      break;
    }
    look->signature = text_hash(look->signature, &kind, 1);
  }
  const bool labelled = look->first_word && others == 0 && look->torn == 0;
  look->first_word = labelled && look->numbers > 0 && look->empty == 0;
  look->word_gap = labelled && look->numbers == 0 && look->gaps + look->empty > 0;
  look->last_empty = count > 1 && cells[count - 1].kind == CELL_EMPTY;
}

/* Whether the columns at hand say that the lone minus signs of the row belong to the numbers behind them. */
static bool are_signs(const struct reading *r, const struct look *look)
{
  const struct tables *t = &r->tables;
  const uint32_t cells = look->cells - look->units - look->minuses;
  const uint32_t columns = t->current >= 0 ? t->list[t->current].fit.cells : 0;
  return columns > 0 ? cells == columns : cells == 1;
}

void look_with(struct reading *r, char separator, const char *text, size_t length, struct look *look)
{
  struct cell_rules rules = rules_of(r, separator);
  *look = (struct look){.kind = LOOK_CELLS};
  r->cell_count = cells_read(&rules, text, length, r->cells);
  survey(r, look);
  look->indented = length > 0 && byte_is_blank(*text);
  look->first_quoted = r->cell_count > 0 && r->cells[0].quoted;
  if (separator == SEPARATOR_BLANKS && look->minuses > 0 && r->lone_minus == MINUS_OPEN && are_signs(r, look)) {
    rules.minus = true;
    *look = (struct look){.kind = LOOK_CELLS};
    r->cell_count = cells_read(&rules, text, length, r->cells);
    survey(r, look);
  }
}

/* Where an object begins in the line, and the last word before it; NULL when there is none. */
static const char *find_object(const char *text, const char *end, const char **prefix, size_t *prefix_length)
{
  const char *at = bytes_skip_blanks(text, end);
  *prefix_length = 0;
  if (at < end && (*at == '[' || *at == ',')) {
    const char *next = bytes_skip_blanks(at + 1, end);
    return next < end && *next == '{' ? next : NULL;
  }
  if (at < end && *at == '{')
    return at;
  for (const char *brace = memchr(text, '{', (size_t)(end - text)); brace;
       brace = memchr(brace + 1, '{', (size_t)(end - brace - 1))) {
    const char *next = bytes_skip_blanks(brace + 1, end);
    if (brace == text || !strchr(" \t:=", brace[-1]) || next == end || !strchr("\"'}", *next))
      continue;
    const char *to = brace;
    while (to > text && strchr(" \t:=", to[-1]))
      to--;
    const char *from = to;
    while (from > text && !byte_is_blank(from[-1]))
      from--;
    if (label_begins(from, (size_t)(to - from))) {
      *prefix = from;
      *prefix_length = (size_t)(to - from);
    }
    return brace;
  }
  return NULL;
}

/* An object, and what follows it, or an array of numbers over several lines. False when the line is none. */
static bool look_at_object(struct reading *r, const char *text, size_t length, struct look *look)
{
  const char *end = text + length;
  const char *prefix = NULL;
  size_t prefix_length;
  size_t used = 0;
  const char *start = find_object(text, end, &prefix, &prefix_length);
  const bool array = !start && !r->options.terminal;
  if (!start && !array)
    return false;
  int commas = r->options.comma == PARSER_COMMA_SEPARATOR ? 0 : rules_of(r, SEPARATOR_NONE).comma | NUMBER_COMMA;
  named_clear(&r->named);
  enum json_result result =
      array ? array_lines_read(text, length, &r->named)
            : json_read(start, (size_t)(end - start), prefix, prefix_length, commas, &r->named, &used);
  if (result == JSON_NONE)
    return false;
  look->kind = result == JSON_WHOLE ? LOOK_OBJECT : result == JSON_PART ? LOOK_PART : LOOK_DEEP;
  if (result != JSON_WHOLE || array)
    return true;
  const char *at = bytes_skip_blanks(start + used, end);
  while (at < end && (*at == ',' || *at == ']' || byte_is_blank(*at)))
    at++;
  if (at == end)
    return true;
  if (*at != '{')
    return false;
  look->rest = at;
  look->rest_length = (size_t)(end - at);
  return true;
}

/* The first word of the line ends in a colon. */
static bool begins_with_lead(const char *text, const char *end)
{
  const char *at = bytes_skip_blanks(text, end);
  const char *start = at;
  while (at < end && !byte_is_blank(*at))
    at++;
  return at - start > 1 && at[-1] == ':' && label_begins(start, (size_t)(at - start));
}

/*
 * Cells that the tables at hand know better than the labels in them: `Average: 1 2` where times stood, `Mem: 1 2` under
 * free's header, and a row of a table with a cell `a=1` in a column of words.
 */
static bool look_at_table(struct reading *r, const char *text, size_t length, struct look *look)
{
  const struct tables *t = &r->tables;
  if (t->current < 0 || !r->separator_known || r->options.terminal)
    return false;
  const struct table *table = &t->list[t->current];
  bool lead = r->separator == SEPARATOR_BLANKS && begins_with_lead(text, text + length);
  bool clock = table_column(table, 0) == COLUMN_CLOCK && (table->headed || lead);
  bool word_first = clock && label_begins(bytes_skip_blanks(text, text + length), length > 0);
  bool separated = table->headed && r->separator != SEPARATOR_BLANKS && r->separator != SEPARATOR_NONE;
  if (!(lead && table->headed && table->fit.lead) && !word_first && !separated)
    return false;
  look_with(r, r->separator, text, length, look);
  if (r->cell_count == 0)
    return false;
  if (clock && r->cells[0].kind == CELL_WORD && (look->numbers > 0 || r->cell_count == table->fit.cells)) {
    look->summary = true;
    return true;
  }
  if (lead && table->fit.lead && look->numbers > 0 && look->cells <= table->fit.cells + 1 &&
      (look->words == 1 || look->cells == table->fit.cells + 1 ||
       names_have_key(&r->names, r->cells[0].text, r->cells[0].length - 1))) {
    *look = (struct look){.kind = LOOK_CELLS, .lead = true, .indented = byte_is_blank(*text)};
    survey(r, look);
    return true;
  }
  return separated && look->numbers > 0 && look->torn == 0 && r->cell_count == table->fit.cells && row_fits(r, look);
}

/* No label has a value, but one that is a channel has a word: `db: oops 125` is no row of cells. */
static bool is_spoilt(const struct reading *r)
{
  for (size_t i = 0; i < r->named.count && r->labelled; i++)
    if (r->named.item[i].kind == NAMED_WORD && r->named.item[i].length > 0 &&
        names_known(&r->names, r->named.item[i].name, r->named.item[i].name_length) >= 0)
      return true;
  return false;
}

/* Whether a number with a comma stands behind a label that had a list of several before. */
static bool was_list(const struct reading *r)
{
  for (size_t i = 0; i < r->named.count; i++) {
    const struct named *item = &r->named.item[i];
    if (item->kind != NAMED_NUMBER || item->number.comma == COMMA_ABSENT || item->number.point || item->part > 1)
      continue;
    const int channel = names_known(&r->names, item->name, item->name_length);
    if (channel >= 0 && r->names.list[channel].listed)
      return true;
  }
  return false;
}

void look_at(struct reading *r, const char *text, size_t length, struct look *look)
{
  const char *end = text + length;
  const char *at = bytes_skip_blanks(text, end);
  *look = (struct look){.kind = LOOK_BLANK};
  r->cell_count = 0;
  named_clear(&r->named);
  if (at == end)
    return;
  if (!r->options.terminal && comment_sign(at, (size_t)(end - at)) > 0) {
    look->kind = LOOK_COMMENT;
    return;
  }
  while (byte_is_blank(end[-1]))
    end--;
  if (!r->options.terminal &&
      ((end - at == 1 && (*at == '[' || *at == ']')) || (end - at == 2 && memcmp(at, "],", 2) == 0)))
    return; /* the brackets of an array of objects, each on a line of its own */
  if (look_at_object(r, text, length, look))
    return;
  *look = (struct look){.kind = LOOK_BLANK};
  if (look_at_table(r, text, length, look))
    return;
  struct label_rules rules = label_rules_of(r);
  if (r->pairs && labels_read_pairs(&rules, text, length, &r->named)) {
    *look = (struct look){.kind = LOOK_LABELLED, .pairs = true};
    return;
  }
  labels_read(&rules, text, length, &r->named);
  if (!rules.comma && !rules.comma_never && (was_list(r) || label_is_answer(at, (size_t)(end - at)))) {
    rules.comma_lists = true;
    labels_read(&rules, text, length, &r->named);
  }
  if (r->named.values > 0 || is_spoilt(r)) {
    *look = (struct look){.kind = LOOK_LABELLED};
    return;
  }
  if (!r->options.terminal && is_rule(r, text, length)) {
    look->kind = LOOK_RULE;
    return;
  }
  look_with(r, r->separator_known ? r->separator : SEPARATOR_NONE, text, length, look);
}
