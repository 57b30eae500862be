#include "scope/input/parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scope/input/decimal.h"
#include "scope/input/digits.h"
#include "scope/input/field.h"
#include "scope/input/rows.h"
#include "scope/input/shape.h"

enum {
  CARRY_BYTES = PARSE_LINE_MAX + 2, /* a line with a carriage return, and one byte to see that it is too long */
};

struct parser {
  const char *bytes; /* what was fed */
  const char *end;
  const char *at;
  const char *complete; /* behind the last newline of what was fed: before it every scan meets a newline */
  const char *line;     /* the line at hand, NULL when there is none */
  size_t line_length;
  bool ended;
  bool wide;      /* the last row had several fields: the column road is not worth trying */
  uint64_t index; /* number of the next data row */
  struct parse_counts counts;
  size_t carry_length;
  struct shape number; /* of a row that is one number */
  struct shape row;    /* of the last row that had several, see parser_rows */
  uint8_t row_channel[CHANNELS_MAX];
  struct rows rows;
  char carry[CARRY_BYTES]; /* the start of a line whose end has not been fed yet */
};

struct parser *parser_new(const struct parse_options *options)
{
  struct parser *p = malloc(sizeof *p);
  if (!p)
    return NULL;
  memset(p, 0, offsetof(struct parser, rows));
  const struct shape_span span = {.length = 1, .kind = SHAPE_VALUE, .limit = INFINITY};
  shape_build(&p->number, SHAPE_SPACES | SHAPE_TABS, "0", 1, &span, 1);
  rows_init(&p->rows, options);
  return p;
}

void parser_free(struct parser *p)
{
  free(p);
}

void parser_feed(struct parser *p, const char *bytes, size_t length)
{
  const char *newline = length > 0 ? memrchr(bytes, '\n', length) : NULL;
  p->bytes = bytes;
  p->at = bytes;
  p->end = length > 0 ? bytes + length : bytes;
  p->complete = newline ? newline + 1 : bytes;
  p->ended = false;
}

void parser_end(struct parser *p)
{
  p->ended = true;
}

/* Appends to the carry; of a line that is too long anyway the rest is let go. */
static void carry_bytes(struct parser *p, const char *bytes, size_t length)
{
  size_t room = CARRY_BYTES - p->carry_length;
  size_t taken = length < room ? length : room;
  if (taken > 0)
    memcpy(p->carry + p->carry_length, bytes, taken);
  p->carry_length += taken;
}

/* Finds the next complete line; false when more has to be fed first. */
static bool take_line(struct parser *p)
{
  if (p->at < p->complete) {
    const char *newline = memchr(p->at, '\n', (size_t)(p->end - p->at));
    size_t length = (size_t)(newline - p->at);
    p->line = p->at;
    p->line_length = length;
    if (p->carry_length > 0) {
      carry_bytes(p, p->at, length);
      p->line = p->carry;
      p->line_length = p->carry_length;
    }
    p->at = newline + 1;
    return true;
  }
  if (p->at < p->end) {
    carry_bytes(p, p->at, (size_t)(p->end - p->at));
    p->at = p->end;
  }
  if (!p->ended || p->carry_length == 0)
    return false;
  p->line = p->carry;
  p->line_length = p->carry_length;
  return true;
}

static void finish_line(struct parser *p)
{
  p->counts.lines++;
  p->line = NULL;
  p->carry_length = 0;
}

static void count_row(struct parser *p, struct parse_event *event, uint64_t numbers, uint64_t slow)
{
  event->index = p->index++;
  p->counts.rows++;
  p->counts.numbers += numbers;
  p->counts.fast += numbers - slow;
}

static enum parse_kind give_reject(struct parser *p, struct parse_event *event)
{
  event->count = 0;
  p->counts.rejected++;
  return PARSE_REJECT;
}

/*
 * A number at text, which has a newline behind it; readable is the end of what may be read. Returns the byte behind
 * it, NULL when what stands there is not just a finite number.
 */
static inline const char *quick_number(const char *text, const char *readable, double *value, uint64_t *slow)
{
  if (readable - text >= DIGITS_READABLE) {
    int negative;
    uint64_t integer;
    unsigned places;
    const char *end = digits_number(text, &negative, &integer, &places);
    if (end && *end <= ',' && integer <= UINT64_C(1) << 53) {
      /* The sign bit is put in by hand, for the same reason that digits_number takes it without a branch. */
      double positive = (double)(int64_t)integer / digits_power[places];
      uint64_t bits;
      memcpy(&bits, &positive, sizeof bits);
      bits |= (uint64_t)negative << 63;
      memcpy(value, &bits, sizeof bits);
      return end;
    }
    if (end && *end <= ',') {
      *value = decimal_compose(integer, -(int)places, negative);
      return end;
    }
  }
  const char *end = text;
  while (*end != '\n' && *end != ' ' && *end != '\t' && *end != '\r' && *end != ',' && *end != ';')
    end++;
  if (*text != '-' && *text != '+' && *text != '.' && (*text < '0' || *text > '9'))
    return NULL;
  enum decimal_road road = decimal_parse(text, (size_t)(end - text), value);
  *slow += road == DECIMAL_SLOW;
  return road == DECIMAL_NONE || !isfinite(*value) ? NULL : end;
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

/* Whether lines may be taken where they lie: what the columns mean is settled, and no line is under way. */
static bool quick_road_open(const struct parser *p)
{
  return !p->line && p->carry_length == 0 && p->at < p->complete && p->rows.decided && !p->rows.options.time_column;
}

/* Makes the shape of a row that was accepted, where it is nothing but numbers that were all taken; else there is none. */
static void shape_row(struct parser *p, const char *line, size_t length, const struct parse_event *event)
{
  struct shape_span spans[CHANNELS_MAX];
  struct field_reader reader;
  struct field field;
  size_t count = 0;
  p->row.values = 0;
  if (p->rows.options.only || p->rows.options.time_column || p->rows.options.terminal)
    return;
  length -= length > 0 && line[length - 1] == '\r';
  field_start(&reader, line, length);
  while (field_next(&reader, &field)) {
    if (field.kind != FIELD_NUMBER || count == event->count)
      return;
    spans[count++] = (struct shape_span){
        .start = (size_t)(field.datum - line), .length = field.datum_length, .kind = SHAPE_VALUE, .limit = INFINITY};
  }
  if (count < 2 || count != event->count ||
      !shape_build(&p->row, SHAPE_SPACES | SHAPE_TABS, line, length, spans, count))
    return;
  memcpy(p->row_channel, event->channel, count);
}

/*
 * A row of nothing but plain numbers in columns that are all known, read in one go. False, and nothing has happened,
 * when it is anything else. A line that is too long ends at the last column at the latest, which is never known: in a
 * line of commas alone it is the empty cell at the end.
 */
static bool take_quick_row(struct parser *p, struct parse_event *event)
{
  const int8_t *column = p->rows.column;
  const char *at = skip_spaces(p->at);
  const char *first = NULL; /* behind the first field */
  size_t count = 0;
  uint64_t slow = 0;
  for (size_t field = 0;; field++) {
    int channel = column[field];
    double value;
    at = quick_number(at, p->end, &value, &slow);
    if (!at || channel == CHANNEL_NONE || channel == CHANNEL_TIME)
      return false;
    if (!first)
      first = at;
    if (channel >= 0) {
      event->channel[count] = (uint8_t)channel;
      event->value[count] = value;
      count++;
    }
    const char *next = skip_spaces(at);
    if (*next == ',' || *next == ';')
      next = skip_spaces(next + 1);
    else if (*next == '\r' || *next == '\n')
      break;
    else if (next == at)
      return false;
    at = next;
  }
  const char *newline = find_newline(at);
  if (!newline || count == 0 || newline - p->at > PARSE_LINE_MAX)
    return false;
  event->line = p->counts.lines + 1;
  event->count = count;
  event->time = NULL;
  event->time_length = 0;
  event->text = NULL;
  event->why = NULL;
  const char *line = p->at;
  p->at = newline + 1;
  p->wide = at != first;
  if (p->wide)
    shape_row(p, line, (size_t)(newline - line), event);
  p->counts.lines++;
  count_row(p, event, count, slow);
  return true;
}

enum parse_kind parser_next(struct parser *p, struct parse_event *event)
{
  for (;;) {
    if (quick_road_open(p) && take_quick_row(p, event))
      return PARSE_ROW;
    if (!p->line && !take_line(p)) {
      if (p->ended && rows_end(&p->rows, event))
        return give_reject(p, event);
      return PARSE_MORE;
    }
    switch (rows_line(&p->rows, p->line, p->line_length, p->counts.lines + 1, event)) {
    case ROWS_SKIPPED:
      finish_line(p);
      continue;
    case ROWS_IGNORED:
      p->index++;
      finish_line(p);
      continue;
    case ROWS_ACCEPTED:
      count_row(p, event, p->rows.numbers, p->rows.slow);
      shape_row(p, p->line, p->line_length, event);
      finish_line(p);
      return PARSE_ROW;
    case ROWS_REJECTED:
      p->index++;
      finish_line(p);
      return give_reject(p, event);
    case ROWS_EARLIER:
      return give_reject(p, event);
    case ROWS_NOTED:
      event->count = 0;
      return PARSE_NOTE;
    }
  }
}

size_t parser_column(struct parser *p, double *values, size_t max, uint8_t *channel, uint64_t *index)
{
  if (p->wide || !quick_road_open(p) || p->rows.column[0] < 0)
    return 0;
  double *column[] = {values};
  size_t count;
  p->at = shape_match(&p->number, p->at, p->complete, p->end, max, column, &count);
  *channel = (uint8_t)p->rows.column[0];
  *index = p->index;
  p->index += count;
  p->counts.lines += count;
  p->counts.rows += count;
  p->counts.numbers += count;
  p->counts.fast += count;
  return count;
}

size_t parser_rows(struct parser *p, double *const *column, size_t max, uint64_t *index)
{
  if (p->row.values == 0 || !quick_road_open(p))
    return 0;
  size_t count;
  p->at = shape_match(&p->row, p->at, p->complete, p->end, max, column, &count);
  *index = p->index;
  p->index += count;
  p->counts.lines += count;
  p->counts.rows += count;
  p->counts.numbers += count * p->row.values;
  p->counts.fast += count * p->row.values;
  return count;
}

size_t parser_row_channels(const struct parser *p, const uint8_t **channel)
{
  *channel = p->row_channel;
  return p->row.values;
}

size_t parser_channels(const struct parser *p)
{
  return p->rows.channels.count;
}

const char *parser_channel_name(const struct parser *p, size_t channel)
{
  return p->rows.channels.list[channel].name;
}

struct parse_counts parser_counts(const struct parser *p)
{
  return p->counts;
}
