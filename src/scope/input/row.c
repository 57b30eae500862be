#include <stdio.h>
#include <string.h>

#include "scope/input/row_parts.h"
#include "scope/input/time_text.h"

void row_refuse(struct reading *r, struct parser_event *event, const char *text, size_t length)
{
  text_escape(r->text, sizeof r->text, text, length);
  snprintf(r->why, sizeof r->why, "is not a number");
  event->text = r->text;
  event->why = r->why;
}

const struct cell *row_word_behind_label(const struct reading *r)
{
  size_t word = 0;
  while (word < r->cell_count && r->cells[word].kind == CELL_TIME)
    word++;
  if (word >= r->cell_count || r->cells[word].kind != CELL_WORD ||
      names_known(&r->names, r->cells[word].datum, r->cells[word].datum_length) < 0)
    return NULL;
  for (size_t i = word + 1; i < r->cell_count; i++)
    if (r->cells[i].kind == CELL_WORD && !r->cells[i].unit_of_last)
      return &r->cells[i];
  return NULL;
}

void row_blame(const struct reading *r, const struct look *look, const char **text, size_t *length)
{
  if (look->kind != LOOK_CELLS)
    return;
  const struct cell *worst = row_word_behind_label(r);
  for (size_t i = 0; i < r->named.count; i++) { /* the text behind the label of a channel */
    const struct named *item = &r->named.item[i];
    if (item->kind != NAMED_WORD || names_known(&r->names, item->name, item->name_length) < 0)
      continue;
    *text = item->text;
    *length = item->length;
    return;
  }
  for (size_t i = 0; i < r->cell_count; i++) {
    const struct cell *cell = &r->cells[i];
    if (cell->kind == CELL_TORN) {
      worst = cell;
      break;
    }
    if (!worst && (cell->kind == CELL_WORD || (cell->kind == CELL_TIME && look->words == 0)) && !cell->unit_of_last)
      worst = cell;
  }
  if (worst) {
    *text = worst->text;
    *length = worst->length;
  }
}

void row_refuse_why(struct reading *r, struct parser_event *event, const char *text, size_t length, const char *why)
{
  row_refuse(r, event, text, length);
  snprintf(r->why, sizeof r->why, "%s", why);
}

void row_refuse_long(struct reading *r, struct parser_event *event, const char *text)
{
  row_refuse_why(r, event, text, PARSER_TEXT_MAX, "is the start of a line of more than 65536 bytes");
}

/* The row's time, where --time-column asks for one. False: the row is rejected. */
bool row_take_time(struct reading *r, uint64_t line, struct parser_event *event, const char *text, size_t length)
{
  (void)line;
  if (!r->options.time_column)
    return true;
  const char *why = time_column_finish(&r->time, &event->time_ns);
  event->clock = time_column_clock(&r->time);
  if (!why)
    return true;
  r->wanted = true;
  row_refuse_why(r, event, text, length, why);
  return false;
}

/* A cell or labelled text of the time column. */
void row_add_time(struct reading *r, uint64_t line, const char *text, size_t length)
{
  bool open;
  time_column_add(&r->time, text, length, &open);
  if (open && !r->time.order_noted) {
    r->time.order_noted = true;
    note_add(r, line, text, length, "is taken month first, as no date of its column tells");
  }
}

bool row_begins_with_name_of_date(const char *text, size_t length)
{
  const char *end = text + length;
  while (text < end && (*text == ' ' || *text == '\t'))
    text++;
  const char *stop = text;
  while (stop < end && *stop != ' ' && *stop != '\t')
    stop++;
  return text < stop && ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z') &&
         time_text_begins(text, (size_t)(stop - text));
}

/* Whether the line begins with a whole date of that form. */
static bool begins_with_named_date(const char *text, size_t length)
{
  size_t words;
  if (!row_begins_with_name_of_date(text, length))
    return false;
  while (length > 0 && (*text == ' ' || *text == '\t')) {
    text++;
    length--;
  }
  return cells_time(text, text + length, &words) != NULL;
}

static enum row_verdict take(struct reading *r, const struct look *look, const char *text, size_t length, uint64_t line,
                             struct parser_event *event)
{
  event->line = line;
  event->count = 0;
  event->time_ns = 0;
  event->clock = CLOCK_NONE;
  event->text = NULL;
  event->why = NULL;
  r->numbers = 0;
  r->slow = 0;
  r->wanted = false;
  switch (look->kind) {
  case LOOK_BLANK:
  case LOOK_COMMENT:
  case LOOK_RULE:
    if (!r->options.terminal)
      return ROW_SKIPPED;
    break;
  case LOOK_OBJECT:
  case LOOK_LABELLED:
    return row_take_named(r, look, text, length, line, event);
  case LOOK_CELLS:
    return row_take_cells(r, look, text, length, line, event);
  case LOOK_LONG:
    r->wanted = true;
    row_refuse_long(r, event, text);
    return ROW_REJECTED;
  case LOOK_DEEP:
    row_refuse_why(r, event, text, length, "is nested deeper than 64 levels, and is not a number");
    return ROW_REJECTED;
  case LOOK_PART:
    break;
  }
  row_refuse(r, event, text, length);
  return ROW_REJECTED;
}

enum row_verdict row_take(struct reading *r, const struct look *look, const char *text, size_t length, uint64_t line,
                          struct parser_event *event)
{
  const enum row_verdict verdict = take(r, look, text, length, line, event);
  if (verdict == ROW_ACCEPTED && !r->dated && (look->kind == LOOK_CELLS || look->kind == LOOK_LABELLED))
    r->dated = begins_with_named_date(text, length);
  return verdict;
}
