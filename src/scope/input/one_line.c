#include <stdio.h>
#include <string.h>

#include "scope/input/parser_state.h"

static enum parser_kind give(struct parser *p, struct parser_event *event, enum parser_kind kind, uint64_t line,
                             int64_t stamp)
{
  event->line = line;
  event->stamp = stamp;
  if (kind == PARSER_REJECT) {
    event->count = 0;
    p->counts.rejected++;
    if (p->refused[0] == '\0')
      snprintf(p->refused, sizeof p->refused, "line %llu: '%s' %s", (unsigned long long)line, event->text, event->why);
  }
  return kind;
}

/* Makes the held header at hand the table of the rows that follow. */
static void adopt_header(struct parser *p)
{
  struct reading *r = &p->reading;
  const struct held_line *held = p->line.held;
  const char *text = p->line.text;
  size_t length = p->line.length;
  bool comment = held->look.kind == LOOK_COMMENT;
  struct look look;
  bool again;
  if (comment)
    look_into_comment(&text, &length);
  char separator = r->separator_known ? r->separator : SEPARATOR_BLANKS;
  look_with(r, separator, text, length, &look);
  size_t count = r->cell_count;
  if (separator == SEPARATOR_BLANKS) {
    size_t wanted = held->fit.cells + held->fit.drop_first - held->fit.pad;
    if (held->fit.shift_by > 0)
      wanted -= (size_t)held->fit.shift_by;
    if (count != wanted)
      count = tables_join(r->cells, count);
    if (count != wanted) {
      look_with(r, separator, text, length, &look);
      const size_t names = tables_join_words(r->cells, r->cell_count);
      if (names != wanted)
        look_with(r, separator, text, length, &look);
      count = names == wanted ? names : tables_join(r->cells, r->cell_count);
    }
  }
  bool first = r->tables.current < 0 || !r->tables.list[r->tables.current].headed;
  bool rows = r->labelled || (r->tables.current >= 0 && r->tables.list[r->tables.current].rows > 0);
  tables_adopt(&r->tables, r->cells, count, &held->fit, comment, &again);
  if (!again && (rows || !first) && !r->said.header) {
    r->said.header = true;
    note_add(r, p->line.number, text, length, "begins a new table: the rows below take their names from it");
  }
}

static void use_units(struct parser *p)
{
  struct reading *r = &p->reading;
  const char *text = p->line.text;
  size_t length = p->line.length;
  struct look look;
  if (p->line.held->look.kind == LOOK_COMMENT)
    look_into_comment(&text, &length);
  look_with(r, r->separator_known ? r->separator : SEPARATOR_BLANKS, text, length, &look);
  size_t count = r->cell_count;
  for (size_t i = 0; i < count; i++) { /* (V) and [V] are V */
    struct cell *cell = &r->cells[i];
    if (cell->datum_length > 2 && (*cell->datum == '(' || *cell->datum == '[')) {
      cell->datum++;
      cell->datum_length -= 2;
    }
  }
  tables_units(&r->tables, r->cells, count);
}

/* Appends the line at hand to the object under way. False when that makes it none, or too long. */
static bool grow_object(struct parser *p)
{
  struct object *o = &p->object;
  if (o->length + p->line.length + 1 > sizeof o->text)
    return false;
  if (o->length > 0)
    o->text[o->length++] = '\n';
  if (p->line.length > 0)
    memcpy(o->text + o->length, p->line.text, p->line.length);
  o->length += p->line.length;
  o->lines++;
  /* Each line of a short object is looked at, of a long one those at which it may end. */
  enum { EACH = 64 };
  if (o->lines > EACH && o->lines % EACH != 0 && !memchr(p->line.text, '}', p->line.length)) {
    p->line.look = (struct look){.kind = LOOK_PART};
    return true;
  }
  look_at(&p->reading, o->text, o->length, &p->line.look);
  if (p->line.look.kind == LOOK_OBJECT || p->line.look.kind == LOOK_PART)
    return true;
  o->lines--; /* the line that makes it none is not rejected with it */
  return false;
}

/* Looks at the line, or at the object it is a part of. False when the object came to nothing, and is rejected. */
static bool look_at_line(struct parser *p, const char **text, size_t *length)
{
  struct object *o = &p->object;
  *text = p->line.text;
  *length = p->line.length;
  if (p->line.too_long) {
    if (o->length > 0)
      return false;
    p->line.look = (struct look){.kind = LOOK_LONG};
    return true;
  }
  if (o->length > 0) {
    if (!grow_object(p))
      return false;
    *text = o->text;
    *length = o->length;
    if (p->line.look.kind == LOOK_OBJECT)
      o->length = 0; /* its text stays where it is until the next one */
    return true;
  }
  if (!p->line.looked)
    look_at(&p->reading, p->line.text, p->line.length, &p->line.look);
  if (p->line.look.kind == LOOK_PART) {
    o->length = 0;
    o->lines = 0;
    o->first = p->line.number;
    o->first_length = p->line.length;
    grow_object(p);
  }
  return true;
}

/* Looks at a line that is rejected: its first word is to blame, though nobody knows what separates yet. */
static void look_for_blame(struct reading *r, const char *text, size_t length, struct look *look)
{
  look_at(r, text, length, look);
  if (look->kind != LOOK_CELLS || r->separator_known)
    return;
  char separator = SEPARATOR_BLANKS;
  for (const char *c = ";\t|,"; *c && separator == SEPARATOR_BLANKS; c++)
    if (memchr(text, *c, length))
      separator = *c;
  look_with(r, separator, text, length, look);
}

enum parser_kind line_refuse_object(struct parser *p, struct parser_event *event)
{
  struct object *o = &p->object;
  row_refuse(&p->reading, event, o->text, o->first_length < o->length ? o->first_length : o->length);
  p->index++;
  o->length = 0;
  if (p->options.only)
    return PARSER_MORE;
  p->counts.rejected += o->lines - 1;
  return give(p, event, PARSER_REJECT, o->first, p->line.stamp);
}

/* Whether the row of words that is passed over has as many cells as the header below it: it may be one another time. */
static bool might_be_header(const struct parser *p)
{
  for (size_t i = p->release_at; i < p->held.count; i++)
    if (p->held.line[i].role == HELD_HEADER)
      return p->held.line[i].look.cells == p->line.look.cells;
  return false;
}

/* Goes through the role of the line at hand. PARSER_MORE: no event came of it. */
enum parser_kind line_read(struct parser *p, struct parser_event *event)
{
  struct reading *r = &p->reading;
  const char *text;
  size_t length;
  switch (p->line.role) {
  case HELD_HEADER:
    p->line.there = false;
    adopt_header(p);
    return PARSER_MORE;
  case HELD_UNITS:
    p->line.there = false;
    use_units(p);
    return PARSER_MORE;
  case HELD_PREAMBLE:
    p->line.there = false;
    look_with(r, r->separator_known ? r->separator : SEPARATOR_BLANKS, p->line.text, p->line.length, &p->line.look);
    if (p->line.look.numbers == 0) {
      if (!might_be_header(p))
        waiting_remember_head(p);
    } else if (p->line.look.words > 0 && r->head_count < HEADS_MAX) {
      r->head[r->head_count++] = waiting_hash_letters(&p->line.look, p->line.text, p->line.length);
    }
    return PARSER_MORE;
  case HELD_REFUSED:
    p->line.there = false;
    if (p->line.held && p->line.held->reported)
      return PARSER_MORE;
    p->index++;
    if (p->options.only)
      return PARSER_MORE;
    look_for_blame(r, p->line.text, p->line.length, &p->line.look);
    text = p->line.text;
    length = p->line.length;
    row_blame(r, &p->line.look, &text, &length);
    row_refuse(r, event, text, length);
    return give(p, event, PARSER_REJECT, p->line.number, p->line.stamp);
  case HELD_DATA:
    break;
  }
  if (p->line.held && p->line.held->reported) { /* said already, and no header after all */
    p->line.there = false;
    return PARSER_MORE;
  }
  if (!look_at_line(p, &text, &length))
    return line_refuse_object(p, event);
  if (p->line.look.kind == LOOK_PART) {
    p->line.there = false;
    return PARSER_MORE;
  }
  struct look look = p->line.look;
  if (p->line.held && waiting_passes_over(r, &look, text, length)) {
    p->line.there = false;
    return PARSER_MORE;
  }
  enum row_verdict verdict = row_take(r, &look, text, length, p->line.number, event);
  uint64_t number = p->line.number;
  int64_t stamp = p->line.stamp;
  if (look.rest) { /* the next object of the line */
    p->line.text = look.rest;
    p->line.length = look.rest_length;
    p->line.looked = false;
  } else {
    p->line.there = false;
  }
  switch (verdict) {
  case ROW_SKIPPED:
    if (p->options.key && look.kind == LOOK_CELLS && look.words > 0 && r->head_count < HEADS_MAX &&
        !waiting_knows_preamble(r, &look, text, length))
      r->head[r->head_count++] = waiting_hash_letters(&look, text, length);
    p->index += look.kind != LOOK_BLANK && look.kind != LOOK_COMMENT && look.kind != LOOK_RULE && !look.summary;
    return PARSER_MORE;
  case ROW_REJECTED:
    p->index++;
    if (p->options.only && !r->wanted)
      return PARSER_MORE;
    return give(p, event, PARSER_REJECT, number, stamp);
  case ROW_ACCEPTED:
    break;
  }
  event->index = p->index++;
  if (event->count == 0)
    return PARSER_MORE;
  p->counts.rows++;
  p->counts.samples += event->count;
  p->counts.numbers += r->numbers;
  p->counts.fast += r->numbers - r->slow;
  if (p->release == RELEASE_NOT)
    quick_learn(&p->quick, r, &look, text, length, event);
  return give(p, event, PARSER_ROW, number, stamp);
}

/* Rejects the next of the lines held that was not reported yet; PARSER_MORE when all are. */
enum parser_kind line_report_held(struct parser *p, struct parser_event *event)
{
  struct reading *r = &p->reading;
  struct held *h = &p->held;
  while (p->release_at < h->count) {
    struct held_line *held = &h->line[p->release_at++];
    enum look_kind kind = held->look.kind;
    if (held->reported)
      continue;
    held->reported = true;
    if (kind == LOOK_COMMENT || kind == LOOK_RULE || kind == LOOK_BLANK)
      continue;
    p->index++;
    if (p->options.only)
      continue;
    const char *text = h->bytes + held->start;
    size_t length = held->length;
    event->count = 0;
    if (held->too_long) {
      row_refuse_long(r, event, text);
    } else {
      look_for_blame(r, text, length, &held->look);
      row_blame(r, &held->look, &text, &length);
      row_refuse(r, event, text, length);
    }
    return give(p, event, PARSER_REJECT, held->number, held->stamp);
  }
  p->release = RELEASE_NOT;
  /* Some room is made, so that what comes can be held too; the latest lines are those that may be headers. */
  if (h->count > PARSER_HELD_LINES / 2)
    held_drop(h, h->count - PARSER_HELD_LINES / 2);
  while (h->count > 0 && !held_has_room(h, LINES_LENGTH_MAX, waiting_lines_max(p)))
    held_drop(h, 1);
  return PARSER_MORE;
}
