#include <string.h>

#include "scope/input/header_fit.h"
#include "scope/input/parser_state.h"

/* How many lines may be held. */
size_t waiting_lines_max(const struct parser *p)
{
  return p->options.regular && p->opening ? HELD_LINES_MAX : PARSER_HELD_LINES;
}

/* Begins to read what is held. */
static void release(struct parser *p)
{
  p->release = RELEASE_READ;
  p->release_at = 0;
}

/* The opening is over, or reports what it has: nothing of it is data so far. */
void waiting_end_opening(struct parser *p)
{
  struct plan plan = decide_opening(&p->reading, &p->held, true);
  if (plan.any) {
    p->opening = false;
    release(p);
    return;
  }
  p->release = RELEASE_REPORT;
  p->release_at = 0;
}

/* The time is over for rows held back later on. */
void waiting_end_doubt(struct parser *p)
{
  if (p->doubt != DOUBT_NOT) {
    p->held.line[0].role = HELD_REFUSED;
    p->doubt = DOUBT_NOT;
    release(p);
    return;
  }
  p->release = RELEASE_REPORT;
  p->release_at = 0;
}

static bool is_blank_line(const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (text[i] != ' ' && text[i] != '\t')
      return false;
  return true;
}

static bool has_letter(const struct held *h, const struct held_line *line)
{
  for (size_t i = 0; i < line->length; i++) {
    unsigned char c = (unsigned char)h->bytes[line->start + i];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80)
      return true;
  }
  return false;
}

/* Whether the line held last may be the first or second row below a header: it begins as one, a line with a letter is above. */
static bool may_settle(const struct held *h)
{
  const struct held_line *last = &h->line[h->count - 1];
  const char *text = h->bytes + last->start;
  const char *end = text + last->length;
  while (text < end && (*text == ' ' || *text == '\t'))
    text++;
  if (h->count < 2 || text == end || (!strchr("+-.\"'([/$|,;#?", *text) && (*text < '0' || *text > '9')))
    return false;
  return has_letter(h, last - 1) || (h->count > 2 && has_letter(h, last - 2));
}

/* A line at the start of the stream. True when it is to be read at once. */
static bool open_with(struct parser *p, const struct line *line)
{
  if (p->held.count == 0 && !line->too_long && !p->options.time_column &&
      decide_at_once(&p->reading, line->text, line->length)) {
    p->opening = false;
    return true;
  }
  held_push(&p->held, line, p->stamp);
  bool full = !held_has_room(&p->held, LINES_LENGTH_MAX, waiting_lines_max(p)) ||
              (p->options.regular && p->held.used >= PARSER_HELD_FILE);
  if (full)
    waiting_end_opening(p);
  else if (!p->options.regular && may_settle(&p->held)) {
    struct plan plan = decide_opening(&p->reading, &p->held, false);
    if (plan.settled) {
      p->opening = false;
      release(p);
    }
  }
  return false;
}

/* Whether a row of words is one that came before the table, or its header, again. */
static bool is_known_head(struct parser *p)
{
  struct reading *r = &p->reading;
  uint64_t hash = tables_hash(r->cells, r->cell_count);
  for (size_t i = 0; i < r->head_count; i++)
    if (r->head[i] == hash)
      return true;
  return false;
}

/*
 * Letters alone: what a line with changing numbers is known by, top's head. A word and numbers may be a label and its
 * values, and is not known by a row that could be none: `7 temp 1 2` above a table says nothing of `temp 5` below it.
 */
uint64_t waiting_hash_letters(const struct look *look, const char *text, size_t length)
{
  uint64_t hash = TEXT_HASH + look->first_word;
  for (size_t i = 0; i < length; i++)
    if ((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z'))
      hash = text_hash(hash, &text[i], 1);
  return hash;
}

bool waiting_knows_preamble(const struct reading *r, const struct look *look, const char *text, size_t length)
{
  uint64_t hash = r->head_count > 0 ? waiting_hash_letters(look, text, length) : 0;
  for (size_t i = 0; i < r->head_count; i++)
    if (r->head[i] == hash)
      return true;
  return false;
}

void waiting_remember_head(struct parser *p)
{
  struct reading *r = &p->reading;
  if (r->head_count < HEADS_MAX && !is_known_head(p))
    r->head[r->head_count++] = tables_hash(r->cells, r->cell_count);
}

/* A header that is known is used again; true when the row at hand was one. */
static bool use_known_header(struct parser *p)
{
  struct reading *r = &p->reading;
  size_t count = r->cell_count;
  if (r->separator_known && r->separator == SEPARATOR_BLANKS) {
    uint64_t whole = tables_hash(r->cells, count);
    if (!tables_know(&r->tables, whole))
      count = tables_join(r->cells, count);
    if (!tables_know(&r->tables, tables_hash(r->cells, count))) {
      look_with(r, r->separator, p->line.text, p->line.length, &p->line.look);
      count = tables_join_words(r->cells, r->cell_count);
    }
  }
  uint64_t hash = tables_hash(r->cells, count);
  for (int i = 0; i < TABLES_MAX; i++) {
    struct table *t = &r->tables.list[i];
    if (t->used && t->headed && t->hash == hash) {
      t->turn = ++r->tables.turn;
      r->tables.current = i;
      return true;
    }
  }
  if (count != p->line.look.cells) /* the cells were joined: as they were */
    look_with(r, r->separator, p->line.text, p->line.length, &p->line.look);
  return false;
}

static bool has_one_column(const struct reading *r)
{
  const struct tables *t = &r->tables;
  return t->current >= 0 && t->list[t->current].fit.cells <= 1 && t->list[t->current].rows > 0;
}

/* Whether any table has rows, so that a row's words have columns to be in. */
static bool has_table(const struct reading *r)
{
  for (int i = 0; i < TABLES_MAX; i++)
    if (r->tables.list[i].used && (r->tables.list[i].headed || r->tables.list[i].rows > 0))
      return true;
  return false;
}

/* Whether a row may belong to a table, though a line of the same letters came before it: one without names, or as wide. */
static bool may_be_of_table(struct reading *r, const struct look *look)
{
  const struct tables *t = &r->tables;
  if (!row_fits(r, look))
    return false;
  return t->current < 0 || !t->list[t->current].headed || t->list[t->current].fit.cells == look->cells;
}

bool waiting_passes_over(struct reading *r, const struct look *look, const char *text, size_t length)
{
  return look->kind == LOOK_CELLS && look->words > 0 && look->numbers > 0 &&
         waiting_knows_preamble(r, look, text, length) && !may_be_of_table(r, look);
}

/* `1,2` behind `5`: a comma separates where nothing says that it does not, and row_note_commas tells of the other reading. */
static bool has_decimal_comma(const struct reading *r)
{
  return r->options.comma == PARSER_COMMA_AUTO && r->cell_count == 1 && r->cells[0].kind == CELL_NUMBER &&
         r->cells[0].number.comma == COMMA_DECIMAL && r->cells[0].number.unit_length == 0 && !r->cells[0].quoted;
}

/* A comment may be the header of a new table where that of the rows before it was one, too. Looks at it. */
static bool may_be_header(struct reading *r, const char *text, size_t length)
{
  struct look look;
  if (r->tables.current < 0 || !r->tables.list[r->tables.current].commented || !r->separator_known)
    return false;
  look_into_comment(&text, &length);
  look_with(r, r->separator, text, length, &look);
  return header_is_candidate(r, &look) && look.cells > 1;
}

/* Whether a line that comes in the middle of the stream has to wait for the next one. Looks at it. */
static bool has_to_wait(struct parser *p, const struct line *line)
{
  struct reading *r = &p->reading;
  struct look *look = &p->line.look;
  p->doubt = DOUBT_NOT;
  p->line.text = line->text;
  p->line.length = line->length;
  if (p->options.terminal || line->too_long)
    return false;
  look_at(r, line->text, line->length, look);
  p->line.looked = true;
  if (look->kind != LOOK_CELLS || look->summary || look->lead)
    return look->kind == LOOK_COMMENT && may_be_header(r, line->text, line->length);
  if (!r->separator_known) {
    /* Rows of one cell so far: the first that has more says what separates. */
    char separator;
    uint32_t cells;
    const bool comma = has_decimal_comma(r);
    const bool parts = decide_other_separator(r, line->text, line->length, &separator, &cells);
    if (parts && (look->words > 0 || look->torn > 0 || comma)) {
      r->separator = separator;
      r->separator_known = true;
      look_at(r, line->text, line->length, look);
      if (look->kind != LOOK_CELLS || !row_fits(r, look)) {
        r->separator_known = false;
        look_at(r, line->text, line->length, look);
      }
    } else if (look->words > 0 && look->numbers == 0) {
      look_with(r, SEPARATOR_BLANKS, line->text, line->length, look);
    } else {
      look_at(r, line->text, line->length, look); /* the look for a separator has left its cells behind */
    }
  }
  if (look->numbers == 0 && look->words > 0) {
    if (use_known_header(p) || is_known_head(p)) {
      *look = (struct look){.kind = LOOK_RULE}; /* passed over */
      return false;
    }
    if (look->gaps + look->empty > 0 && has_table(r) && row_fits(r, look))
      return false;
    bool candidate = !has_one_column(r) && header_is_candidate(r, look);
    char other;
    uint32_t wide;
    if (!decide_other_separator(r, line->text, line->length, &other, &wide)) {
      p->line.looked = false;
      return candidate;
    }
    p->line.looked = false;
    p->doubt = DOUBT_SEPARATOR;
    p->doubt_separator = other;
    p->doubt_cells = wide;
    return true;
  }
  char separator;
  uint32_t cells;
  if (waiting_passes_over(r, look, line->text, line->length)) {
    *look = (struct look){.kind = LOOK_RULE};
    return false;
  }
  if (!row_fits(r, look)) {
    if (!decide_other_separator(r, line->text, line->length, &separator, &cells)) {
      p->line.looked = false;
      return false;
    }
    p->line.looked = false;
    p->doubt = DOUBT_SEPARATOR;
    p->doubt_separator = separator;
    p->doubt_cells = cells;
    return true;
  }
  if (look->words > 0 && !look->first_word && r->labelled && !has_table(r)) {
    p->doubt = DOUBT_ROW;
    return true;
  }
  return false;
}

/* A second line behind a row in doubt. */
static void settle_doubt(struct parser *p)
{
  struct reading *r = &p->reading;
  struct held *h = &p->held;
  struct held_line *first = &h->line[0];
  struct held_line *last = &h->line[h->count - 1];
  const char *text = h->bytes + last->start;
  look_at(r, h->bytes + first->start, first->length, &first->look);
  look_at(r, text, last->length, &last->look);
  first->role = last->role = HELD_DATA;
  if (p->doubt == DOUBT_SEPARATOR) {
    char separator;
    uint32_t cells;
    bool again = last->look.kind == LOOK_CELLS && !row_fits(r, &last->look) &&
                 decide_other_separator(r, text, last->length, &separator, &cells) && separator == p->doubt_separator &&
                 cells == p->doubt_cells;
    if (again) {
      r->separator = separator;
      r->separator_known = true;
      r->comma_grouped = false;
      r->bars = false;
      if (!r->said.separator)
        note_add(r, first->number, h->bytes + first->start, first->length,
                 "and the rows from here on have another separator; --separator C fixes it");
      r->said.separator = true;
    } else {
      first->role = HELD_REFUSED;
    }
  } else if (last->look.kind != LOOK_CELLS || last->look.signature != first->look.signature) {
    first->role = HELD_REFUSED;
  }
  p->doubt = DOUBT_NOT;
  release(p);
}

/* A line behind others that are held back in the middle of the stream. */
static void settle_running(struct parser *p)
{
  if (p->doubt != DOUBT_NOT) {
    settle_doubt(p);
    return;
  }
  struct plan plan = decide_running(&p->reading, &p->held);
  if (plan.settled) {
    release(p);
    return;
  }
  if (!held_has_room(&p->held, LINES_LENGTH_MAX, PARSER_HELD_LINES)) {
    p->release = RELEASE_REPORT;
    p->release_at = 0;
  }
}

/* A line that was read from the input. True when it is p->line now. */
bool waiting_take_in(struct parser *p, const struct line *line)
{
  p->counts.lines++;
  if (line->number <= p->options.skip)
    return false;
  p->line.looked = false;
  quick_forget(&p->quick); /* whatever this line changes, the rows behind it are looked at anew */
  if (!p->options.terminal && p->object.length == 0 && !line->too_long && is_blank_line(line->text, line->length))
    return false;
  if (p->opening) {
    if (!open_with(p, line))
      return false;
  } else if (p->held.count > 0) {
    held_push(&p->held, line, p->stamp);
    settle_running(p);
    return false;
  } else if (p->object.length == 0 && has_to_wait(p, line)) {
    held_push(&p->held, line, p->stamp);
    p->held.line[0].look = p->line.look;
    return false;
  }
  p->line.there = true;
  p->line.text = line->text;
  p->line.length = line->length;
  p->line.number = line->number;
  p->line.stamp = p->stamp;
  p->line.role = HELD_DATA;
  p->line.too_long = line->too_long;
  p->line.held = NULL;
  return true;
}

/* The next line of those that are released. */
bool waiting_take_released(struct parser *p)
{
  struct held *h = &p->held;
  if (p->release_at == h->count) {
    p->release = RELEASE_NOT;
    held_clear(h);
    return false;
  }
  const struct held_line *held = &h->line[p->release_at++];
  p->line = (struct current){.there = true,
                             .text = h->bytes + held->start,
                             .length = held->length,
                             .number = held->number,
                             .stamp = held->stamp,
                             .role = held->role,
                             .too_long = held->too_long,
                             .held = held};
  return true;
}
