#include "scope/input/quick.h"

#include <math.h>
#include <string.h>

#include "scope/input/decimal.h"
#include "scope/input/digits.h"

/*
 * A number at text, which has a newline behind it; readable is the end of what may be read. Returns the byte behind
 * it, NULL when what stands there is not just a finite number.
 */
static inline const char *read_number(const char *text, const char *readable, double *value, uint32_t *slow)
{
  if (readable - text >= DIGITS_READABLE) {
    int negative;
    uint64_t integer;
    unsigned places;
    const char *end = digits_number(text, &negative, &integer, &places);
    if (end && (*end <= ',' || *end == ';' || *end == '|') && integer <= UINT64_C(1) << 53) {
      /* The sign bit is put in by hand, for the same reason that digits_number takes it without a branch. */
      double positive = (double)(int64_t)integer / digits_power[places];
      uint64_t bits;
      memcpy(&bits, &positive, sizeof bits);
      bits |= (uint64_t)negative << 63;
      memcpy(value, &bits, sizeof bits);
      return end;
    }
    if (end && (*end <= ',' || *end == ';' || *end == '|')) {
      *value = decimal_compose(integer, -(int)places, negative);
      return end;
    }
  }
  const char *end = text;
  while (*end != '\n' && *end != ' ' && *end != '\t' && *end != '\r' && *end != ',' && *end != ';' && *end != '|')
    end++;
  if (*text != '-' && *text != '+' && *text != '.' && (*text < '0' || *text > '9'))
    return NULL;
  enum decimal_road road = decimal_parse(text, (size_t)(end - text), value);
  *slow += road == DECIMAL_SLOW;
  /* SCPI's 9.91E+37 is a gap: the ordinary road knows. */
  return road == DECIMAL_NONE || !isfinite(*value) || fabs(*value) > 9e37 ? NULL : end;
}

static inline const char *skip_spaces(const char *at)
{
  while (*at == ' ' || *at == '\t')
    at++;
  return at;
}

/* The newline behind at, over spaces and a carriage return; NULL when anything else stands there. */
static inline const char *find_newline(const char *at)
{
  if (*at == '\n')
    return at;
  at = skip_spaces(at);
  at += *at == '\r';
  return *at == '\n' ? at : NULL;
}

void quick_learn(struct quick *q, const struct reading *r, const struct look *look)
{
  q->cells = 0;
  q->slots = 0;
  if (look->kind != LOOK_CELLS || !look->plain || look->lead || look->empty > 0 || r->options.key ||
      r->options.time_column || r->options.terminal || look->cells > CHANNELS_MAX || look->summary)
    return;
  if (look->cells > 1 && !(r->separator_known && r->separator && strchr(" ,;|\t", r->separator)))
    return;
  const struct table *t = r->tables.current < 0 ? NULL : &r->tables.list[r->tables.current];
  for (int i = 0; i < TABLES_MAX; i++)
    if (r->tables.list[i].used && r->tables.list[i].turn == r->tables.turn)
      t = &r->tables.list[i]; /* the one the row was read under */
  if (!t || t->fit.shift_by != 0 || t->fit.lead || (t->headed && t->fit.cells != look->cells))
    return;
  bool any = false;
  for (size_t i = 0; i < look->cells; i++) {
    int is = table_column(t, i);
    if (is < 0 && is != COLUMN_LEFT_OUT && is != COLUMN_FULL)
      return;
    if (is >= 0 && r->names.list[is].has_unit)
      return;
    q->channel[i] = (int8_t)(is >= 0 ? is : -1);
    any = any || is >= 0;
  }
  if (!any)
    return;
  q->separator = r->separator;
  q->groups_said = r->said.comma_row || t->headed || r->options.comma != PARSER_COMMA_AUTO || r->separator != ',';
  q->headed = t->headed;
  q->cells = look->cells;
}

void quick_forget(struct quick *q)
{
  q->cells = 0;
  q->slots = 0;
}

/* Whether the value has its channel's own unit, so that it needs no scaling. */
static bool is_unscaled(const struct channel *c, const struct number_text *number)
{
  if (number->unit_length == 0)
    return !c->has_unit;
  return c->has_unit && c->unit_length == number->unit_length &&
         memcmp(c->unit, number->unit, number->unit_length) == 0;
}

void quick_learn_named(struct quick *q, const struct reading *r, const struct look *look, const char *text,
                       size_t length, const struct parser_event *event)
{
  q->slots = 0;
  if ((look->kind != LOOK_LABELLED && look->kind != LOOK_OBJECT) || look->rest || r->options.key ||
      r->options.time_column || r->options.terminal || r->named.count != event->count || r->named.full ||
      event->count > QUICK_SLOTS)
    return;
  const char *at = text;
  size_t used = 0;
  for (size_t i = 0; i < event->count; i++) {
    const struct named *item = &r->named.item[i];
    size_t before = (size_t)(item->text - at);
    size_t digits = decimal_length(item->text, item->length);
    /* A=1,2,3 is a list, but A=4,567,890 a number; and the last of a list may be a Unix time. */
    if ((i > 0 && before == 1 && *at == ',') || (item->part > 1 && item->text + digits == text + length))
      return;
    if (item->kind != NAMED_NUMBER || item->number.comma != COMMA_ABSENT || item->number.multiplied || digits == 0 ||
        digits > 19 || item->text < at || item->text + item->length > text + length ||
        used + before > QUICK_LITERAL - 256 || !is_unscaled(&r->names.list[event->channel[i]], &item->number))
      return;
    memcpy(q->literal + used, at, before);
    q->literal_start[i] = (uint16_t)used;
    q->slot_channel[i] = event->channel[i];
    used += before;
    at = item->text + digits;
  }
  size_t left = (size_t)(text + length - at);
  if (left > 255 || memchr(q->literal, '\n', used))
    return;
  memcpy(q->literal + used, at, left);
  q->literal_start[event->count] = (uint16_t)used;
  q->literal_start[event->count + 1] = (uint16_t)(used + left);
  q->slots = event->count;
}

static bool take_literal(const struct quick *q, size_t i, const char **at, const char *end)
{
  size_t size = (size_t)(q->literal_start[i + 1] - q->literal_start[i]);
  if ((size_t)(end - *at) < size || memcmp(*at, q->literal + q->literal_start[i], size) != 0)
    return false;
  *at += size;
  return true;
}

/* A number behind which anything may stand; only of the commonest form. */
static const char *read_slot(const char *text, const char *readable, double *value)
{
  int negative;
  uint64_t integer;
  unsigned places;
  if (readable - text < DIGITS_READABLE)
    return NULL;
  const char *end = digits_number(text, &negative, &integer, &places);
  if (!end)
    return NULL;
  *value = decimal_compose(integer, -(int)places, negative);
  return end;
}

static bool quick_named(const struct quick *q, struct lines *lines, struct parser_event *event)
{
  const char *at = lines->at;
  for (size_t i = 0; i < q->slots; i++) {
    if (!take_literal(q, i, &at, lines->complete))
      return false;
    at = read_slot(at, lines->end, &event->value[i]);
    if (!at)
      return false;
  }
  if (at >= lines->complete || !take_literal(q, q->slots, &at, lines->complete) || at >= lines->complete)
    return false;
  at += *at == '\r';
  if (at >= lines->complete || *at != '\n' || at - lines->at > PARSER_LINE_MAX)
    return false;
  memcpy(event->channel, q->slot_channel, q->slots);
  event->count = q->slots;
  event->line = ++lines->count;
  lines->at = at + 1;
  return true;
}

bool quick_row(const struct quick *q, struct lines *lines, struct parser_event *event, uint32_t *slow)
{
  if (q->slots > 0)
    return quick_named(q, lines, event);
  const char *at = lines->at;
  size_t count = 0;
  bool groups = !q->groups_said;
  while (*at == ' ' || (*at == '\t' && q->separator != '\t'))
    at++;
  for (size_t cell = 0;; cell++) {
    double value;
    const char *start = at;
    at = read_number(at, lines->end, &value, slow);
    if (!at || cell == q->cells)
      return false;
    groups = groups && (cell == 0 ? at - start <= 3 : at - start == 3);
    if (q->channel[cell] >= 0) {
      event->channel[count] = (uint8_t)q->channel[cell];
      event->value[count++] = value;
    }
    if (*at == '\n' || cell + 1 == q->cells)
      break;
    const char *behind = at;
    while (*at == ' ' || (*at == '\t' && q->separator != '\t'))
      at++;
    if (q->separator == ' ') {
      if (at == behind)
        return false;
      continue;
    }
    if (*at != q->separator)
      return false;
    at++;
    while (*at == ' ' || (*at == '\t' && q->separator != '\t'))
      at++;
  }
  const char *newline = q->separator == '\t' && *at == '\t' ? NULL : find_newline(at);
  if (!newline || count == 0 || groups || newline - lines->at > PARSER_LINE_MAX)
    return false;
  event->count = count;
  event->line = ++lines->count;
  lines->at = newline + 1;
  return true;
}

size_t quick_column(const struct quick *q, struct lines *lines, double *values, size_t max, uint64_t *slow)
{
  const char *at = lines->at;
  const char *complete = lines->complete;
  const char *end = lines->end;
  size_t count = 0;
  if (q->cells != 1)
    return 0;
  while (count < max && at < complete) {
    uint32_t slower = 0;
    const char *next = read_number(*at == ' ' ? skip_spaces(at) : at, end, &values[count], &slower);
    if (!next)
      break;
    next = find_newline(next);
    if (!next || next - at > PARSER_LINE_MAX)
      break;
    at = next + 1;
    *slow += slower;
    count++;
  }
  lines->at = at;
  lines->count += count;
  return count;
}
