#include "scope/input/quick.h"

#include <math.h>
#include <string.h>

#include "scope/input/byte.h"
#include "scope/input/decimal.h"
#include "scope/input/time_text.h"

static const double LIMIT = 9e37;          /* SCPI's 9.91E+37 is a gap */
static const double UNIX_TIME = 978307200; /* the first that the last of a list may be: see time_text_is_unix */
static const double NO_VALUE = (double)NAN;

/* A shape on its way. */
struct draft {
  const struct reading *r;
  const struct look *look;
  const char *line;
  size_t length;
  const struct parser_event *event;
  struct quick *quick;
  struct shape_span span[SHAPE_STEPS];
  size_t spans;
};

/* Whether a number with this unit needs no scaling, and nothing is to be said of it. */
static bool is_unscaled(const struct channel *c, const struct number_text *number)
{
  if (number->unit_length == 0)
    return !c->has_unit;
  return c->has_unit && c->unit_length == number->unit_length &&
         memcmp(c->unit, number->unit, number->unit_length) == 0;
}

/* The next value of the event, which is this channel's. False when it is not: the row is not understood. */
static bool add_channel(struct draft *d, int channel, int value, double constant)
{
  struct quick *q = d->quick;
  size_t k = q->channels;
  if (k == d->event->count || d->event->channel[k] != channel)
    return false;
  q->channel[k] = (uint8_t)channel;
  q->value[k] = (int8_t)value;
  q->constant[k] = constant;
  q->channels++;
  q->numbers += value != QUICK_CONSTANT || !isnan(constant);
  return true;
}

/* How many blanks stand before text. */
static size_t count_blanks(const struct draft *d, const char *text)
{
  size_t n = 0;
  while (text - n > d->line && text[-1 - (ptrdiff_t)n] == ' ')
    n++;
  return n;
}

/* Whether blanks before a number mean nothing: behind a sign, or what separates. */
static bool is_padded(const struct draft *d, const char *text)
{
  const char *at = text - count_blanks(d, text);
  if (at == d->line)
    return false;
  char before = at[-1];
  if (d->look->kind == LOOK_LABELLED)
    return before == '=' || before == ':';
  if (d->look->kind == LOOK_OBJECT)
    return before == ':' || before == ',' || before == '[';
  return d->r->separator_known && d->r->separator == before && before != ' ';
}

/* Whether text is so many digits and the unit, and nothing else: no exponent of Fortran's. */
static bool is_all(const char *text, size_t length, size_t digits, const struct number_text *number)
{
  if (number->unit_length == 0)
    return digits == length;
  return number->unit == text + digits || (text[digits] == ' ' && number->unit == text + digits + 1);
}

/* Whether the digits alone are the value that came out. */
static bool is_value_of(const char *text, size_t digits, double value)
{
  double plain;
  return decimal_parse(text, digits, &plain) != DECIMAL_NONE && !(plain < value) && !(plain > value);
}

/* A number for a channel, or for none (-1). */
static bool add_number(struct draft *d, const char *text, size_t length, const struct number_text *number, int channel,
                       double limit)
{
  struct quick *q = d->quick;
  const size_t digits = decimal_length(text, length);
  if (text < d->line || text + length > d->line + d->length || digits == 0 || !is_all(text, length, digits, number) ||
      number->comma != COMMA_ABSENT || number->multiplied || d->spans == SHAPE_VALUES)
    return false;
  struct shape_span *span = &d->span[d->spans];
  *span = (struct shape_span){.start = (size_t)(text - d->line),
                              .length = digits,
                              .kind = SHAPE_VALUE,
                              .limit = limit,
                              .padded = is_padded(d, text)};
  if (channel >= 0) {
    const struct channel *c = &d->r->names.list[channel];
    if (!is_unscaled(c, number) || !is_value_of(text, digits, d->event->value[q->channels]))
      return false;
    span->whole = c->comma == COMMA_ABSENT; /* a point would tell what commas are in this channel */
    if (number->unit_length == 0 && !c->bare)
      q->not_bare |= UINT64_C(1) << q->channels;
    if (!add_channel(d, channel, (int)d->spans, 0))
      return false;
  }
  d->spans++;
  return true;
}

/* ---- Rows of cells ---- */

/* The table that the row was read under. */
static const struct table *last_table(const struct reading *r)
{
  for (int i = 0; i < TABLES_MAX; i++)
    if (r->tables.list[i].used && r->tables.list[i].turn == r->tables.turn)
      return &r->tables.list[i];
  return NULL;
}

static bool draft_cells(struct draft *d)
{
  const struct reading *r = d->r;
  const struct look *look = d->look;
  const struct table *t = last_table(r);
  if (!t || t->fit.shift_by != 0 || t->fit.lead || (t->headed && t->fit.cells != look->cells) || look->lead ||
      look->summary || look->words + look->times + look->torn + look->units > 0 || look->cells > CHANNELS_MAX ||
      (look->cells > 1 && !(r->separator_known && r->separator)) ||
      (!r->separator_known && memchr(d->line, '\t', d->length)))
    return false;
  const bool blanks = r->separator_known && r->separator == SEPARATOR_BLANKS;
  for (size_t i = 0; i < look->cells && i < CHANNELS_MAX; i++) {
    const struct cell *cell = &r->cells[i];
    int is = table_column(t, i);
    if (cell->kind != CELL_NUMBER) { /* a gap, which channels alone have */
      if (is >= 0 && !add_channel(d, is, QUICK_CONSTANT, NO_VALUE))
        return false;
      continue;
    }
    if (is < 0 && is != COLUMN_LEFT_OUT && is != COLUMN_FULL)
      return false;
    /* Between blanks a unit may turn a row into a dump of bytes: 0A 1F. */
    if ((blanks && cell->number.unit_length > 0) ||
        !add_number(d, cell->datum, cell->datum_length, &cell->number, is >= 0 ? is : -1, LIMIT))
      return false;
  }
  return true;
}

static unsigned flags_of_cells(const struct draft *d)
{
  const struct reading *r = d->r;
  const struct table *t = last_table(r);
  unsigned flags = SHAPE_SPACES;
  if (r->separator_known && r->separator != '\t')
    flags |= SHAPE_TABS; /* else it separates, or may yet come to */
  /* See note_row_of_groups. */
  if (!r->said.comma_row && r->separator == ',' && !t->headed && d->look->cells > 1)
    flags |= SHAPE_GROUPED;
  return flags;
}

/* ---- Rows whose values have names ---- */

/*
 * Whether what stands behind a number is the same to it whatever its digits are. Behind some numbers it could make a date,
 * a time, or a group of three: those go the ordinary road, all of them.
 */
static bool is_indifferent(const char *literal, size_t length)
{
  if (length < 2)
    return true;
  unsigned char first = (unsigned char)literal[0];
  if (strchr(":/Tt_,'", first) && byte_is_digit(literal[1]))
    return false;
  if (first >= 0x80 && ((length > 2 && byte_is_digit(literal[2])) || (length > 3 && byte_is_digit(literal[3]))))
    return false;
  size_t start = 0;
  while (start < length && byte_is_blank(literal[start]))
    start++;
  size_t stop = start;
  while (stop < length && byte_is_letter(literal[stop]))
    stop++;
  bool half = stop - start == 2 && (literal[start + 1] | 0x20) == 'm'; /* AM, PM */
  return !half && !(stop > start && time_text_begins(literal + start, stop - start));
}

static bool are_indifferent(const struct draft *d)
{
  for (size_t i = 0; i < d->spans; i++) {
    size_t at = d->span[i].start + d->span[i].length;
    size_t stop = i + 1 < d->spans ? d->span[i + 1].start : d->length;
    if (stop < at || !is_indifferent(d->line + at, stop - at))
      return false;
    /* A=1,2,3 is a list, but A=4,567,890 a number. */
    if (i + 1 < d->spans && stop - at == 1 && d->line[at] == ',')
      return false;
  }
  return true;
}

static bool draft_named(struct draft *d)
{
  const struct named_list *named = &d->r->named;
  const bool labelled = d->look->kind == LOOK_LABELLED;
  if (named->full || d->look->rest)
    return false;
  for (size_t i = 0; i < named->count; i++) {
    const struct named *item = &named->item[i];
    const int channel = item->channel >= 0 ? item->channel : -1;
    if (item->kind != NAMED_NUMBER) {
      if (channel >= 0 && !add_channel(d, channel, QUICK_CONSTANT, NO_VALUE))
        return false;
    } else if (byte_is_letter(*item->text)) { /* true and false */
      if (channel >= 0 && !add_channel(d, channel, QUICK_CONSTANT, item->number.value))
        return false;
    } else if (!add_number(d, item->text, item->length, &item->number, channel,
                           labelled && item->part > 1 ? UNIX_TIME : LIMIT)) {
      return false;
    }
  }
  return !labelled || are_indifferent(d);
}

/* ---- Learning and reading ---- */

void quick_learn(struct quick *q, const struct reading *r, const struct look *look, const char *text, size_t length,
                 const struct parser_event *event)
{
  struct draft draft = {.r = r, .look = look, .line = text, .length = length, .event = event, .quick = q};
  unsigned flags = 0;
  bool drafted = false;
  quick_forget(q);
  if (q->waiting > 0) {
    q->waiting--;
    return;
  }
  if (r->options.careful || r->options.key || r->options.time_column || r->options.terminal)
    return;
  if (look->kind == LOOK_CELLS) {
    drafted = draft_cells(&draft);
    flags = drafted ? flags_of_cells(&draft) : 0;
  } else if (look->kind == LOOK_LABELLED || look->kind == LOOK_OBJECT) {
    drafted = draft_named(&draft);
  }
  if (!drafted || q->channels != event->count || !shape_build(&q->shape, flags, text, length, draft.span, draft.spans))
    quick_forget(q);
}

void quick_forget(struct quick *q)
{
  q->channels = 0;
  q->numbers = 0;
  q->not_bare = 0;
}

/* Plain numbers other than zero settle that a channel has no unit. */
static void settle_bare(struct quick *q, struct reading *r, double *const *column, size_t rows)
{
  for (size_t i = 0; i < q->channels; i++) {
    if (!(q->not_bare >> i & 1))
      continue;
    size_t k = 0;
    while (k < rows && fpclassify(column[i][k]) == FP_ZERO)
      k++;
    if (k == rows)
      continue;
    r->names.list[q->channel[i]].bare = true;
    q->not_bare &= ~(UINT64_C(1) << i);
  }
}

size_t quick_rows(struct quick *q, struct reading *r, struct lines *lines, double *const *column, size_t max)
{
  double *to[SHAPE_VALUES];
  size_t rows;
  for (size_t s = 0; s < q->shape.values; s++)
    to[s] = q->left_out;
  for (size_t i = 0; i < q->channels; i++)
    if (q->value[i] != QUICK_CONSTANT)
      to[q->value[i]] = column[i];
  const struct shape_input in = {lines->fed, lines->at, lines->complete, lines->end};
  lines->at = shape_match(&q->shape, &in, max < QUICK_ROWS ? max : QUICK_ROWS, to, &rows);
  lines->count += rows;
  q->useless = rows > 0 ? 0 : q->useless < QUICK_PATIENCE + QUICK_PAUSE_BITS ? q->useless + 1 : q->useless;
  q->waiting = q->useless > QUICK_PATIENCE ? (1U << (q->useless - QUICK_PATIENCE)) - 1 : 0;
  for (size_t i = 0; i < q->channels; i++)
    if (q->value[i] == QUICK_CONSTANT)
      for (size_t k = 0; k < rows; k++)
        column[i][k] = q->constant[i];
  if (q->not_bare)
    settle_bare(q, r, column, rows);
  return rows;
}
