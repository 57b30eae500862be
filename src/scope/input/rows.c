#include "scope/input/rows.h"

#include <string.h>

#include "common/printable.h"
#include "scope/input/field.h"

static const char not_a_number[] = "is not a number";

/* What a first look over all fields of a row finds. */
struct survey {
  size_t fields;
  size_t labelled; /* values with a label, plotted or not */
  size_t numbers;
  size_t gaps; /* written out: not the empty cells */
  size_t empty;
  size_t words;
  const char *offender; /* the first word, or the first field when there is none */
  size_t offender_length;
};

void rows_init(struct rows *r, const struct parse_options *options)
{
  memset(r, 0, sizeof *r);
  r->options = *options;
  r->channels.only = options->only;
  r->channels.names = options->names;
  r->channels.time_column = options->time_column;
  header_init(&r->header);
  memset(r->column, CHANNEL_NONE, sizeof r->column);
}

static void say(struct rows *r, struct parse_event *event, const char *text, size_t length, const char *why)
{
  printable_copy(r->text, sizeof r->text, text, length);
  event->text = r->text;
  event->why = why;
}

static enum rows_verdict reject(struct rows *r, struct parse_event *event, const char *text, size_t length)
{
  say(r, event, text, length, not_a_number);
  return ROWS_REJECTED;
}

/* Adds a value to the row, or replaces it when the channel came before. */
static void add_value(struct rows *r, struct parse_event *event, uint64_t *seen, int channel, const struct field *field)
{
  size_t at = event->count;
  uint64_t bit = UINT64_C(1) << channel;
  if (*seen & bit)
    for (at = 0; event->channel[at] != channel;)
      at++;
  else
    event->channel[event->count++] = (uint8_t)channel;
  *seen |= bit;
  event->value[at] = field->value;
  r->numbers += field->kind == FIELD_NUMBER;
  r->slow += field->kind == FIELD_NUMBER && field->slow;
}

static void set_time(struct parse_event *event, const struct field *field)
{
  event->time = field->datum;
  event->time_length = field->datum_length;
}

/* Says once that there are more channels than there is room for. */
static bool note_full(struct rows *r, struct parse_event *event, const struct field *field)
{
  if (r->full_noted)
    return false;
  r->full_noted = true;
  say(r, event, field->text, field->length, "would be channel 65: only the first 64 are plotted");
  return true;
}

/*
 * Says once for a channel that its unit is not the one it began with, `980us` after `1.2ms`: units are ignored, so
 * the trace would be wrong. A plain zero has no unit to be wrong about.
 */
static bool note_unit(struct rows *r, struct parse_event *event, int channel, const struct field *field)
{
  struct channel *c = &r->channels.list[channel];
  if (field->kind != FIELD_NUMBER || (field->unit_length == 0 && field->value == 0))
    return false;
  size_t length = field->unit_length < sizeof c->unit ? field->unit_length : sizeof c->unit;
  if (!c->unit_seen) {
    c->unit_seen = true;
    c->unit_length = (uint8_t)length;
    if (length > 0)
      memcpy(c->unit, field->unit, length);
    return false;
  }
  if (c->unit_noted || (c->unit_length == length && (length == 0 || memcmp(c->unit, field->unit, length) == 0)))
    return false;
  c->unit_noted = true;
  say(r, event, field->text, field->length, "has another unit than before; units are ignored");
  return true;
}

/* The labelled values go into the event at once; all else is only counted. False when there is a note to give first. */
static bool survey_row(struct rows *r, const char *line, size_t length, struct parse_event *event,
                       struct survey *survey)
{
  struct field_reader reader;
  struct field field;
  uint64_t seen = 0;
  *survey = (struct survey){.fields = 0};
  field_start(&reader, line, length);
  while (field_next(&reader, &field)) {
    if (survey->fields++ == 0) {
      survey->offender = field.text;
      survey->offender_length = field.length;
    }
    if (field.labelled && (field.kind == FIELD_NUMBER || field.kind == FIELD_GAP)) {
      int channel = channels_label(&r->channels, survey->labelled, field.label, field.label_length);
      survey->labelled++;
      if (channel == CHANNEL_TIME)
        set_time(event, &field);
      else if (channel == CHANNEL_FULL && note_full(r, event, &field))
        return false;
      else if (channel >= 0 && note_unit(r, event, channel, &field))
        return false;
      else if (channel >= 0)
        add_value(r, event, &seen, channel, &field);
      continue;
    }
    if (field.labelled && channels_time_label(&r->channels, field.label, field.label_length))
      set_time(event, &field);
    survey->numbers += field.kind == FIELD_NUMBER;
    survey->gaps += field.kind == FIELD_GAP;
    survey->empty += field.kind == FIELD_EMPTY;
    if (field.kind == FIELD_WORD && survey->words++ == 0) {
      survey->offender = field.text;
      survey->offender_length = field.length;
    }
  }
  return true;
}

/* Under a header a word in a column that has had numbers is an error; elsewhere it makes its column one of words. */
static bool find_misfit(struct rows *r, const char *line, size_t length, struct field *field)
{
  struct field_reader reader;
  field_start(&reader, line, length);
  for (size_t at = 0; field_next(&reader, field); at++)
    if (field->kind == FIELD_WORD && r->column[at] >= 0)
      return true;
  return false;
}

static int resolve_column(struct rows *r, size_t at, const struct field *field)
{
  if (r->column[at] != CHANNEL_NONE)
    return r->column[at];
  size_t length = 0;
  const char *heading = header_heading(&r->header, at, &length);
  bool value =
      field->kind == FIELD_NUMBER || field->kind == FIELD_GAP || (field->kind == FIELD_EMPTY && !field->trailing);
  int channel = CHANNEL_NONE;
  if (channels_time_column(&r->channels, at, heading, length))
    channel = CHANNEL_TIME;
  else if (value)
    channel = channels_column(&r->channels, at, heading, length);
  else if (field->kind == FIELD_WORD && r->header.chosen >= 0)
    channel = CHANNEL_WORDS;
  r->column[at] = (int8_t)channel;
  return channel;
}

/* Gives each field of a row without labels to its column's channel. */
static enum rows_verdict read_columns(struct rows *r, const char *line, size_t length, struct parse_event *event)
{
  struct field_reader reader;
  struct field field;
  uint64_t seen = 0;
  field_start(&reader, line, length);
  for (size_t at = 0; field_next(&reader, &field); at++) {
    int channel = resolve_column(r, at, &field);
    if (channel == CHANNEL_TIME)
      set_time(event, &field);
    if (field.kind == FIELD_WORD || field.kind == FIELD_TIME)
      continue;
    if (channel == CHANNEL_FULL && note_full(r, event, &field))
      return ROWS_NOTED;
    if (channel >= 0)
      add_value(r, event, &seen, channel, &field);
  }
  if (event->count == 0)
    return ROWS_IGNORED;
  r->decided = true;
  return ROWS_ACCEPTED;
}

/* The oldest remembered row goes; unless it was said before, it is said now that it was no header. */
static bool drop_oldest(struct rows *r, struct parse_event *event)
{
  struct header_row *oldest = &r->header.rows[0];
  bool silent = oldest->reported || r->options.only;
  if (!silent) {
    event->line = oldest->line;
    say(r, event, oldest->text, strlen(oldest->text), not_a_number);
  }
  header_drop(&r->header);
  return !silent;
}

/* A row with neither label nor number: before the first data row it may be a header, later it may be one again. */
static enum rows_verdict judge_words(struct rows *r, const char *line, size_t length, uint64_t number,
                                     const struct survey *survey, struct parse_event *event)
{
  if (r->options.terminal)
    return reject(r, event, survey->offender, survey->offender_length);
  header_draft(&r->header, line, length);
  if (header_has_draft(&r->header))
    return ROWS_SKIPPED;
  if (r->decided) {
    const struct header *h = &r->header;
    if (survey->gaps > 0 && h->chosen >= 0 && h->rows[h->chosen].fields == survey->fields)
      return ROWS_ACCEPTED;
    return r->options.only ? ROWS_IGNORED : reject(r, event, survey->offender, survey->offender_length);
  }
  char text[PARSE_TEXT_MAX + 1];
  printable_copy(text, sizeof text, survey->offender, survey->offender_length);
  while (!header_keep_draft(&r->header, number, text))
    if (drop_oldest(r, event))
      return ROWS_EARLIER;
  return ROWS_SKIPPED;
}

/* In a table whose rows begin with a time, `Average: ...` sums up: it is no sample of any moment. */
static bool is_summary(const struct rows *r, const char *line, size_t length)
{
  if (!r->header.timed || length == 0)
    return false;
  if (!((line[0] >= 'A' && line[0] <= 'Z') || (line[0] >= 'a' && line[0] <= 'z')))
    return false;
  size_t end = 0;
  while (end < length && line[end] != ' ' && line[end] != '\t')
    end++;
  return line[end - 1] == ':';
}

static enum rows_verdict judge_row(struct rows *r, const char *line, size_t length, uint64_t number,
                                   struct parse_event *event)
{
  struct survey survey;
  if (!survey_row(r, line, length, event, &survey))
    return ROWS_NOTED;
  if (survey.labelled > 0) {
    if (event->count == 0)
      return ROWS_IGNORED;
    r->decided = true;
    return ROWS_ACCEPTED;
  }
  if (survey.numbers == 0 && (survey.words > 0 || survey.gaps + survey.empty == 0)) {
    enum rows_verdict verdict = judge_words(r, line, length, number, &survey, event);
    if (verdict != ROWS_ACCEPTED)
      return verdict;
  }
  if (!r->options.terminal && !r->decided && header_choose(&r->header, survey.fields)) {
    /* Columns may have been met before, under no name, in rows that --only ignored. */
    memset(r->column, CHANNEL_NONE, sizeof r->column);
    r->decided = true;
  }
  struct field misfit;
  if (survey.words > 0 && r->header.chosen < 0 && !r->options.only)
    return reject(r, event, survey.offender, survey.offender_length);
  if (survey.words > 0 && r->header.chosen >= 0 && find_misfit(r, line, length, &misfit))
    return reject(r, event, misfit.text, misfit.length);
  return read_columns(r, line, length, event);
}

enum rows_verdict rows_line(struct rows *r, const char *line, size_t length, uint64_t number, struct parse_event *event)
{
  event->line = number;
  event->count = 0;
  event->time = NULL;
  event->time_length = 0;
  event->text = NULL;
  event->why = NULL;
  r->numbers = 0;
  r->slow = 0;
  if (number == 1 && length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0) {
    /* A byte order mark, as some spreadsheets write one. */
    line += 3;
    length -= 3;
  }
  if (length > 0 && line[length - 1] == '\r')
    length--;
  if (length > PARSE_LINE_MAX) {
    say(r, event, line, PARSE_TEXT_MAX, "is the start of a line of more than 65536 bytes");
    return ROWS_REJECTED;
  }
  if (field_line_blank(line, length)) {
    if (!r->options.terminal)
      return ROWS_SKIPPED;
    return reject(r, event, line, length);
  }
  if (is_summary(r, line, length))
    return ROWS_SKIPPED;
  return judge_row(r, line, length, number, event);
}

bool rows_end(struct rows *r, struct parse_event *event)
{
  if (r->decided || r->options.only)
    return false;
  for (size_t i = 0; i < r->header.count; i++) {
    struct header_row *row = &r->header.rows[i];
    if (row->reported)
      continue;
    row->reported = true;
    event->line = row->line;
    event->count = 0;
    say(r, event, row->text, strlen(row->text), not_a_number);
    return true;
  }
  return false;
}
