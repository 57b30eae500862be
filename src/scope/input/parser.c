#include "scope/input/parser.h"

#include <stdlib.h>
#include <string.h>

#include "scope/input/parser_state.h"

struct parser *parser_new(const struct parser_options *options)
{
  struct parser *p = calloc(1, sizeof *p);
  if (!p)
    return NULL;
  p->options = *options;
  p->opening = !options->terminal;
  lines_reset(&p->lines);
  reading_init(&p->reading, options);
  return p;
}

void parser_free(struct parser *p)
{
  free(p);
}

void parser_feed(struct parser *p, const char *bytes, size_t length, int64_t stamp)
{
  p->stamp = stamp;
  lines_feed(&p->lines, bytes, length);
}

void parser_end(struct parser *p)
{
  lines_end(&p->lines);
}

void parser_reset(struct parser *p)
{
  reading_reset(&p->reading);
  held_clear(&p->held);
  p->opening = !p->options.terminal;
  p->release = RELEASE_NOT;
  p->doubt = DOUBT_NOT;
  p->line.there = false;
  p->pending = false;
  p->note_at = 0;
  p->object.length = 0;
  quick_forget(&p->quick);
}

bool parser_held(const struct parser *p, int64_t *stamp)
{
  for (size_t i = 0; i < p->held.count; i++)
    if (!p->held.line[i].reported) {
      *stamp = p->held.line[i].stamp;
      return true;
    }
  return false;
}

void parser_decide(struct parser *p)
{
  if (p->held.count == 0 || p->release != RELEASE_NOT)
    return;
  if (p->opening)
    waiting_end_opening(p);
  else
    waiting_end_doubt(p);
}

static void give_note(struct parser *p, struct parser_event *event)
{
  const struct note *note = &p->reading.note[p->note_at++];
  event->line = note->line;
  event->count = 0;
  event->text = note->text;
  event->why = note->why;
}

/* The next event, notes not looked at; PARSER_MORE when there is none. */
static enum parser_kind next_event(struct parser *p, struct parser_event *event)
{
  for (;;) {
    enum parser_kind kind = PARSER_MORE;
    if (p->line.there) {
      kind = line_read(p, event);
    } else if (p->release == RELEASE_READ) {
      waiting_take_released(p);
    } else if (p->release == RELEASE_REPORT) {
      kind = line_report_held(p, event);
    } else {
      struct line line;
      if (lines_next(&p->lines, &line)) {
        waiting_take_in(p, &line);
      } else if (p->lines.ended && p->object.length > 0 && p->held.count == 0) {
        kind = line_refuse_object(p, event);
      } else {
        int64_t stamp;
        if (!p->lines.ended || !parser_held(p, &stamp))
          return PARSER_MORE;
        parser_decide(p);
      }
    }
    if (kind != PARSER_MORE || p->reading.note_count > 0)
      return kind;
  }
}

enum parser_kind parser_next(struct parser *p, struct parser_event *event)
{
  for (;;) {
    if (p->note_at < p->reading.note_count) {
      give_note(p, event);
      return PARSER_NOTE;
    }
    p->note_at = 0;
    p->reading.note_count = 0;
    if (p->pending) {
      p->pending = false;
      *event = p->event;
      return p->pending_kind;
    }
    enum parser_kind kind = next_event(p, event);
    if (p->reading.note_count == 0)
      return kind;
    if (kind != PARSER_MORE) { /* what is to be said of a row is said before it */
      p->pending = true;
      p->pending_kind = kind;
      p->event = *event;
    }
  }
}

size_t parser_row_channels(const struct parser *p, const uint8_t **channel)
{
  *channel = p->quick.channel;
  if (p->line.there || p->pending || p->reading.note_count > 0 || p->opening || p->held.count > 0 ||
      p->object.length > 0 || !lines_open(&p->lines))
    return 0;
  return p->quick.channels;
}

size_t parser_rows(struct parser *p, double *const *column, size_t max, uint64_t *index)
{
  const uint8_t *channel;
  const size_t channels = parser_row_channels(p, &channel);
  *index = p->index;
  if (channels == 0)
    return 0;
  const size_t rows = quick_rows(&p->quick, &p->reading, &p->lines, column, max);
  p->index += rows;
  p->counts.lines += rows;
  p->counts.rows += rows;
  p->counts.samples += rows * channels;
  p->counts.numbers += rows * p->quick.numbers;
  p->counts.fast += rows * p->quick.numbers;
  return rows;
}

size_t parser_channels(const struct parser *p)
{
  return p->reading.names.count;
}

const char *parser_channel_name(const struct parser *p, size_t channel)
{
  return p->reading.names.list[channel].name;
}

const char *parser_channel_path(const struct parser *p, size_t channel)
{
  return p->reading.names.list[channel].path;
}

const char *parser_channel_unit(const struct parser *p, size_t channel)
{
  return p->reading.names.list[channel].unit;
}

bool parser_missing(const struct parser *p, char *text, size_t size)
{
  return names_missing(&p->reading.names, text, size);
}

bool parser_key_missing(const struct parser *p)
{
  return p->options.key && !p->reading.names.key_came;
}

bool parser_time_missing(const struct parser *p)
{
  return p->options.time_column && !p->reading.time.came;
}

const char *parser_first_refused(const struct parser *p)
{
  return p->refused;
}

struct parser_counts parser_counts(const struct parser *p)
{
  return p->counts;
}
