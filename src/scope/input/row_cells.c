#include <string.h>

#include "scope/input/brackets.h"
#include "scope/input/byte.h"
#include "scope/input/row_parts.h"
#include "scope/input/time_text.h"
#include "scope/input/value.h"

/* Whether a cell is the name of a month or a day of the week, with no whole date behind it. */
static bool is_torn_date(const struct cell *cell)
{
  return cell->kind == CELL_WORD && byte_is_letter(*cell->text) && time_text_begins(cell->text, cell->length);
}

/* Whether cell i, in this column, is out of place: a word in the column of a channel, a number in that of a time. */
static bool is_misfit(const struct reading *r, const struct table *t, const struct look *look, size_t i, size_t column)
{
  const struct cell *cell = &r->cells[i];
  if (cell->kind == CELL_TORN)
    return true;
  if (cell->kind == CELL_NUMBER && t && table_column(t, column) == COLUMN_CLOCK &&
      (t->fit.shift_by == 0 || (i > 0 && is_torn_date(cell - 1))))
    return true; /* a part of a time that is none: the year behind a torn date */
  if ((cell->kind != CELL_WORD && cell->kind != CELL_TIME) || cell->unit_of_last)
    return false;
  int is = t ? table_column(t, column) : COLUMN_NEW;
  if (is >= 0 || is == COLUMN_NUMBERS)
    return true;
  /* In a stream of one column any word is. */
  return cell->kind == CELL_WORD && t && !t->headed && t->rows > 0 && t->fit.cells == 1 && look->cells > 1;
}

static struct table *table_of(struct reading *r, const struct look *look)
{
  struct table *t = tables_find(&r->tables, look->cells);
  return t && !t->headed ? tables_bare(&r->tables) : t;
}

bool row_fits(struct reading *r, const struct look *look)
{
  const struct table *t = table_of(r, look);
  if (!t)
    return look->torn == 0;
  for (size_t i = 0; i + look->lead < r->cell_count; i++)
    if (is_misfit(r, t, look, i + look->lead, table_place(t, i)))
      return false;
  return true;
}

/* A word and numbers, which no table has columns for: the word is their label. */
static bool is_word_and_numbers(struct reading *r, const struct look *look)
{
  if (!look->first_word || r->options.key || r->options.terminal)
    return false;
  const struct tables *tables = &r->tables;
  if (tables->current >= 0 && tables->list[tables->current].headed && r->separator_known &&
      r->separator != SEPARATOR_BLANKS && (look->cells - look->times > 2 || (look->times > 0 && row_fits(r, look))))
    return false; /* a row of the table that has a cell too many or too few */
  for (int i = 0; i < TABLES_MAX; i++) {
    const struct table *t = &tables->list[i];
    if (!t->used || (t->headed && t->fit.cells != look->cells))
      continue;
    if (t->headed)
      return false;
    if (t->rows > 0) { /* columns without names: unless the word is a label that is known */
      size_t first = 0;
      while (first < r->cell_count && r->cells[first].kind == CELL_TIME)
        first++;
      return names_known(&r->names, r->cells[first].datum, r->cells[first].datum_length) >= 0;
    }
  }
  return true;
}

/* A word that is a label already, and a gap. */
static bool is_label_and_gap(const struct reading *r, const struct look *look)
{
  if (!look->word_gap || look->cells - look->times != 2 || r->options.key || r->options.terminal)
    return false;
  size_t word = 0;
  while (word < r->cell_count && r->cells[word].kind == CELL_TIME)
    word++;
  return names_known(&r->names, r->cells[word].datum, r->cells[word].datum_length) >= 0;
}

static enum row_verdict take_word_and_numbers(struct reading *r, const struct look *look, const char *text,
                                              size_t length, uint64_t line, struct parser_event *event)
{
  const struct cell *word = NULL;
  bool negative = false;
  uint32_t part = 0;
  size_t last = 0;
  named_clear(&r->named);
  for (size_t i = 0; i < r->cell_count; i++)
    if (r->cells[i].kind == CELL_NUMBER)
      last = i;
  for (size_t i = 0; i < r->cell_count; i++) {
    const struct cell *cell = &r->cells[i];
    if (cell->kind == CELL_WORD && !word) {
      word = cell;
    } else if (cell->kind == CELL_GAP && cell->length == 1 && *cell->text == '-' && look->numbers == 1 &&
               look->gaps == 1 && i + 1 == last) {
      negative = true; /* a balance: N     -    12.34 g */
    } else if (word && (cell->kind == CELL_NUMBER || cell->kind == CELL_GAP || cell->kind == CELL_EMPTY)) {
      bool unix_time = i == last && part > 0 && cell->number.unit_length == 0 && cell->kind == CELL_NUMBER &&
                       time_text_is_unix(cell->number.value);
      struct named *item = named_add(&r->named,
                                     unix_time                   ? NAMED_TIME
                                     : cell->kind == CELL_NUMBER ? NAMED_NUMBER
                                                                 : NAMED_GAP,
                                     word->datum, word->datum_length);
      if (!item)
        break;
      item->part = ++part;
      item->number = cell->number;
      item->text = cell->text;
      item->length = cell->length;
      if (negative) {
        item->number.value = -item->number.value;
        item->number.other = -item->number.other;
      }
    }
  }
  return row_take_named(r, look, text, length, line, event);
}

/* Under a heading of its own a word is no unit of the number before it: top's S behind SHR. */
static void detach_units(struct reading *r, const struct table *t, const struct look *look)
{
  if (look->cells != t->fit.cells)
    return;
  for (size_t i = 1 + look->lead; i < r->cell_count; i++) {
    if (!r->cells[i].unit_of_last)
      continue;
    r->cells[i].unit_of_last = false;
    r->cells[i - 1].number.unit_length = 0;
  }
}

/* The key of a row of cells. */
static bool set_key_of_cells(struct reading *r, const struct table *t, const struct look *look)
{
  for (size_t i = 0; i + look->lead < r->cell_count; i++) {
    size_t length;
    size_t column = table_place(t, i);
    const char *heading = table_heading(t, column, &length);
    const struct cell *cell = &r->cells[i + look->lead];
    if (names_role_of_column(&r->names, column, heading, length) == NAMES_KEY && cell->datum_length > 0) {
      names_set_key(&r->names, cell->datum, cell->datum_length);
      return true;
    }
  }
  return false;
}

/* Whether another column of the table has this channel: two of --names are alike, or one is the number of the other. */
static bool has_channel(const struct table *t, size_t column, int channel)
{
  for (size_t k = 0; k < t->touched; k++)
    if (k != column && table_column(t, k) == channel)
      return true;
  return false;
}

/* A column's channel, which begins with its first number. */
static int column_channel(struct reading *r, struct table *t, const struct look *look, size_t column, bool gap)
{
  int is = table_column(t, column);
  bool each_row = r->options.key != NULL || look->lead;
  if (!each_row && (is >= 0 || is == COLUMN_LEFT_OUT || is == COLUMN_FULL))
    return is >= 0 ? is : is == COLUMN_FULL ? NAMES_FULL : NAMES_LEFT_OUT;
  if (is == COLUMN_TIME || is == COLUMN_KEY)
    return NAMES_LEFT_OUT;
  size_t length;
  const char *heading = table_heading(t, column, &length);
  int role = names_role_of_column(&r->names, column, heading, length);
  if (role != NAMES_UNKNOWN) {
    table_set_column(t, column, role == NAMES_TIME ? COLUMN_TIME : COLUMN_KEY);
    return NAMES_LEFT_OUT;
  }
  if (each_row && gap && names_column_known(&r->names, column, heading, length) < 0)
    return NAMES_LEFT_OUT; /* with this key the column has not begun */
  int channel = names_column(&r->names, column, heading, length, 1);
  for (unsigned number = 2; !each_row && channel >= 0 && has_channel(t, column, channel) && number < 1000; number++)
    channel = names_column(&r->names, column, heading, length, number);
  if (each_row)
    table_set_column(t, column, COLUMN_NUMBERS);
  else
    table_set_column(t, column, channel >= 0 ? channel : channel == NAMES_FULL ? COLUMN_FULL : COLUMN_LEFT_OUT);
  return channel;
}

/* Below a header a row of units may name the unit of plain numbers. */
static void give_unit(struct reading *r, const struct table *t, size_t column, int channel)
{
  size_t length;
  const char *unit = table_unit(t, column, &length);
  struct channel *c = &r->names.list[channel];
  if (length == 0 || c->has_unit || c->began || length >= NAMES_UNIT_MAX)
    return;
  memcpy(c->unit, unit, length);
  c->unit[length] = '\0';
  c->unit_length = length;
}

static bool take_times(struct reading *r, struct table *t, const struct look *look, uint64_t line,
                       struct parser_event *event, const char *text, size_t length)
{
  if (!r->options.time_column)
    return true;
  time_column_start(&r->time);
  const char *blamed = text;
  size_t blamed_length = length;
  for (size_t i = 0; i + look->lead < r->cell_count; i++) {
    const struct cell *cell = &r->cells[i + look->lead];
    size_t size;
    size_t column = table_place(t, i);
    const char *heading = table_heading(t, column, &size);
    if (names_time_part(&r->names, column + 1, heading, size) < 0 || (cell->kind == CELL_TIME && cell->continued))
      continue;
    blamed = cell->text;
    blamed_length = cell->length;
    row_add_time(r, line, cell->datum, cell->datum_length);
  }
  return row_take_time(r, line, event, blamed, blamed_length);
}

/* `v=[7` of `v=[7, 8, 9`, whose end was cut: no label with two numbers. */
static bool is_torn_list(const struct cell *label)
{
  const char *end = label->text + label->length;
  for (const char *at = label->text; at < end; at++)
    if (*at == '[' || *at == '{' || *at == '(') {
      const char *behind = brackets_end(at, end);
      if (!behind)
        return true;
      at = behind - 1;
    }
  return false;
}

enum row_verdict row_take_cells(struct reading *r, const struct look *look, const char *text, size_t length,
                                uint64_t line, struct parser_event *event)
{
  const struct cell *blamed;
  if (look->summary)
    return ROW_SKIPPED;
  if (r->bars && look->torn == 0 && !row_has_groups(r, text, length, line)) {
    r->wanted = true;
    row_blame(r, look, &text, &length);
    if (look->words > 0)
      row_refuse(r, event, text, length);
    else
      row_refuse_why(r, event, text, length, "has other groups of numbers than the rows before, and is not a number");
    return ROW_REJECTED;
  }
  if (r->dated && look->first_word && row_begins_with_name_of_date(text, length)) {
    r->wanted = true; /* Nov 25 10: what is left of a date when the line is cut, and no label with its numbers */
    row_refuse(r, event, text, length);
    return ROW_REJECTED;
  }
  if (r->options.terminal && look->words + look->times > 0) { /* a line is numbers between blanks, or labelled */
    row_blame(r, look, &text, &length);
    row_refuse(r, event, text, length);
    return ROW_REJECTED;
  }
  if (is_word_and_numbers(r, look) || is_label_and_gap(r, look)) {
    if (is_torn_list(&r->cells[0])) {
      r->wanted = true;
      row_refuse(r, event, text, length);
      return ROW_REJECTED;
    }
    row_note_glued(r, text, length, line);
    return take_word_and_numbers(r, look, text, length, line, event);
  }
  struct table *t = table_of(r, look);
  if (!r->options.key && (!t || (!t->headed && t->rows == 0)) && (blamed = row_word_behind_label(r)) != NULL) {
    r->wanted = true;
    row_refuse(r, event, blamed->text, blamed->length);
    return ROW_REJECTED;
  }
  if (look->word_gap && (!t || (!t->headed && t->rows == 0))) { /* `ready ?`: no channel begins with a gap */
    row_blame(r, look, &text, &length);
    row_refuse(r, event, text, length);
    return ROW_REJECTED;
  }
  if (!t || (!t->headed && look->torn == 0 && look->numbers == 0 && t->rows == 0)) {
    /* Gaps alone, before any number: no table begins with them. */
    if (look->torn == 0 && look->words == 0 && look->numbers == 0 && look->gaps + look->empty > 0)
      return ROW_ACCEPTED;
    if (!t)
      t = tables_bare(&r->tables);
  }
  if (t->headed) {
    detach_units(r, t, look);
    row_note_width(r, t, look, text, length, line);
  }
  if (r->options.key && !set_key_of_cells(r, t, look))
    return ROW_SKIPPED;
  for (size_t i = 0; i + look->lead < r->cell_count; i++) {
    const struct cell *cell = &r->cells[i + look->lead];
    if (is_misfit(r, t, look, i + look->lead, table_place(t, i))) {
      int is = table_column(t, table_place(t, i));
      r->wanted = is >= 0 || is == COLUMN_NUMBERS;
      row_refuse(r, event, cell->text, cell->length);
      return ROW_REJECTED;
    }
  }
  if (look->words + look->times > 0 && look->numbers + look->gaps + look->empty == 0) {
    row_blame(r, look, &text, &length);
    row_refuse(r, event, text, length);
    return ROW_REJECTED;
  }
  if (!take_times(r, t, look, line, event, text, length))
    return ROW_REJECTED;
  if (look->lead && !r->options.key) {
    const struct cell *lead = &r->cells[0];
    names_set_key(&r->names, lead->datum, lead->datum_length - 1);
  }
  row_note_commas(r, look, text, length, line);
  uint64_t seen = 0;
  for (size_t i = 0; i + look->lead < r->cell_count; i++) {
    const struct cell *cell = &r->cells[i + look->lead];
    size_t column = table_place(t, i);
    bool gap = cell->kind == CELL_GAP || cell->kind == CELL_EMPTY;
    if (cell->kind == CELL_TIME && table_column(t, column) == COLUMN_NEW)
      table_set_column(t, column, COLUMN_CLOCK);
    if (cell->kind == CELL_WORD && table_column(t, column) == COLUMN_NEW)
      row_note_unknown_unit(r, cell, line);
    if (cell->kind != CELL_NUMBER && !gap)
      continue;
    int is = table_column(t, column);
    if (gap && is < 0 && is != COLUMN_NUMBERS)
      continue; /* a channel begins with a number */
    int channel = column_channel(r, t, look, column, gap);
    if (channel == NAMES_FULL)
      value_note_full(r, line, cell->text, cell->length);
    if (channel < 0 || event->count == CHANNELS_MAX)
      continue;
    if (seen >> channel & 1) /* of two things with one key, or of two cells in the place of a time, the first counts */
      continue;
    seen |= UINT64_C(1) << channel;
    give_unit(r, t, column, channel);
    const struct value_source source = {
        .number = &cell->number, .gap = gap, .text = cell->text, .length = cell->length, .evidence = i, .line = line};
    value_put(r, event, channel, &source);
    if (r->names.list[channel].pointed) /* the next in this column may be one whose point is no decimal one */
      r->cells[i + look->lead].number.comma = COMMA_THOUSANDS;
  }
  if (look->lead && !r->options.key)
    names_set_key(&r->names, "", 0);
  row_note_key(r, t, look, line);
  if (!t->headed && t->rows == 0)
    t->fit.cells = look->cells - look->units;
  else if (!t->headed && look->cells - look->units > t->fit.cells)
    t->fit.cells = look->cells - look->units;
  t->rows += t->rows < 1000;
  return ROW_ACCEPTED;
}
