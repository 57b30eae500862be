#include "scope/input/value.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "scope/stream/units.h"

void note_add(struct reading *r, uint64_t line, const char *text, size_t length, const char *why, ...)
{
  if (r->note_count == NOTES_MAX)
    return;
  struct note *note = &r->note[r->note_count++];
  note->line = line;
  text_escape(note->text, sizeof note->text, text, length);
  va_list arguments;
  va_start(arguments, why);
  vsnprintf(note->why, sizeof note->why, why, arguments);
  va_end(arguments);
}

void value_note_full(struct reading *r, uint64_t line, const char *text, size_t length)
{
  if (r->said.full)
    return;
  r->said.full = true;
  note_add(r, line, text, length, "would be channel %d: only the first %d are plotted; --only chooses others",
           CHANNELS_MAX + 1, CHANNELS_MAX);
}

/* What evidence says of the commas of a column or label: ABSENT when it says nothing, or both. */
static enum number_comma comma_by_evidence(const struct reading *r, uint64_t key)
{
  for (size_t i = 0; i < r->evidence_count; i++)
    if (r->evidence[i].key == key && (r->evidence[i].decimal != r->evidence[i].thousands || r->evidence[i].pointed))
      return r->evidence[i].decimal ? COMMA_DECIMAL : COMMA_THOUSANDS;
  return COMMA_ABSENT;
}

static bool pointed_by_evidence(const struct reading *r, uint64_t key)
{
  for (size_t i = 0; i < r->evidence_count; i++)
    if (r->evidence[i].key == key)
      return r->evidence[i].pointed;
  return false;
}

/* The value of a number whose comma may be open, settled by the other numbers of its channel. */
static double settle_comma(struct reading *r, struct channel *channel, const struct value_source *source)
{
  const struct number_text *number = source->number;
  channel->pointed = channel->pointed || number->pointed || (number->group && pointed_by_evidence(r, source->evidence));
  if (number->comma == COMMA_ABSENT && number->group && channel->pointed)
    return nearbyint(number->value * 1000); /* 4.512 beside 4.532,25 */
  if (number->comma == COMMA_ABSENT) {
    if (number->point && channel->comma == COMMA_ABSENT)
      channel->comma = COMMA_THOUSANDS;
    return number->value;
  }
  if (number->comma != COMMA_OPEN) {
    channel->comma = number->comma;
    return number->value;
  }
  if (channel->comma == COMMA_ABSENT)
    channel->comma = comma_by_evidence(r, source->evidence);
  if (channel->comma == COMMA_ABSENT && !r->said.comma_open) {
    r->said.comma_open = true;
    note_add(r, source->line, source->text, source->length,
             "is taken for thousands; --comma decimal would make it a decimal comma");
  }
  return channel->comma == COMMA_DECIMAL ? number->other : number->value;
}

/* Scales a value to the channel's first unit; another unit, or none, is said once. */
static double scale_unit(struct reading *r, struct channel *channel, const struct value_source *source, double value)
{
  const char *unit = source->number->unit;
  size_t length = source->number->unit_length < NAMES_UNIT_MAX - 1 ? source->number->unit_length : NAMES_UNIT_MAX - 1;
  if (source->number->multiplied && !r->said.multiplied) {
    r->said.multiplied = true;
    note_add(r, source->line, source->text, source->length,
             "is multiplied out: k, M, G, T and P stand for 1e3 to 1e15");
  }
  double times;
  double by;
  if (length == 0) {
    /* A plain zero has no unit to be wrong about. */
    bool other = channel->has_unit && value != 0 && !channel->unit_noted;
    channel->bare = channel->bare || (!channel->has_unit && value != 0);
    if (other) {
      channel->unit_noted = true;
      note_add(r, source->line, source->text, source->length, "has no unit, as before (%.*s): it is not scaled",
               (int)channel->unit_length, channel->unit);
    }
    return value;
  }
  if (!channel->has_unit && !channel->bare) {
    memcpy(channel->unit, unit, length);
    channel->unit[length] = '\0';
    channel->unit_length = length;
    channel->has_unit = true;
    return value;
  }
  if (channel->has_unit && unit_ratio(channel->unit, channel->unit_length, unit, length, &times, &by))
    return value * times / by;
  if (!channel->unit_noted) {
    channel->unit_noted = true;
    note_add(r, source->line, source->text, source->length, "has another unit than before (%s): it is not scaled",
             channel->has_unit ? channel->unit : "none");
  }
  return value;
}

void value_put(struct reading *r, struct parser_event *event, int channel, const struct value_source *source)
{
  struct channel *c = &r->names.list[channel];
  double value = (double)NAN;
  if (!source->gap) {
    value = settle_comma(r, c, source);
    value = scale_unit(r, c, source, value);
    r->numbers++;
    r->slow += source->number->slow;
  }
  c->began = true;
  event->channel[event->count] = (uint8_t)channel;
  event->value[event->count] = isfinite(value) ? value : (double)NAN;
  event->count++;
}
