#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "scope/input/reader_state.h"

enum { HOLD_MS = 500 /* lines wait so long at most for what decides about them */ };

/* Channels that have appeared since the last row. */
static void add_channels(struct reader *r)
{
  struct handover *h = &r->handover;
  if (r->recording)
    while (h->channels < recording_channels(r->recording))
      handover_channel(h, recording_channel_name(r->recording, h->channels), NULL,
                       recording_channel_unit(r->recording, h->channels));
  else
    while (h->channels < parser_channels(r->parser))
      handover_channel(h, parser_channel_name(r->parser, h->channels), parser_channel_path(r->parser, h->channels),
                       parser_channel_unit(r->parser, h->channels));
}

/* Units that became known after the channel's first value. */
static void add_units(struct reader *r)
{
  for (size_t c = 0; c < r->handover.channels && !r->recording; c++)
    handover_unit(&r->handover, c, parser_channel_unit(r->parser, c));
}

bool reader_states_times(const struct reader *r)
{
  return r->config.base.kind == TIME_STATED && !r->recording;
}

/* For the window, as nothing else is to be seen there. */
static void show_refusal(struct reader *r)
{
  char text[sizeof r->refusal + 40];
  const struct refusal *refusal = &r->refusal;
  if (refusal->line == 0)
    return;
  if (refusal->text[0])
    snprintf(text, sizeof text, "line %llu: '%s' %s", (unsigned long long)refusal->line, refusal->text, refusal->why);
  else
    snprintf(text, sizeof text, "line %llu: %s", (unsigned long long)refusal->line, refusal->why);
  r->refusal.line = 0;
  stream_refused(r->stream, text);
}

void reader_end_arrival(struct reader *r)
{
  struct handover *h = &r->handover;
  struct stream_counts *counts = &h->counts;
  if (r->recording) {
    const struct recording_counts read = recording_counts(r->recording);
    counts->lines = read.lines;
    counts->numbers = read.numbers;
    counts->fast = read.fast;
  } else {
    const struct parser_counts parsed = parser_counts(r->parser);
    counts->lines = parsed.lines;
    counts->numbers = parsed.numbers;
    counts->fast = parsed.fast;
    h->holding = parser_held(r->parser, &h->held);
  }
  add_units(r);
  show_refusal(r);
  if (!h->holding)
    r->hold_until_ns = 0;
  else if (r->hold_until_ns == 0)
    r->hold_until_ns = clock_now_ns() + clock_from_ms(HOLD_MS);
  if (reader_states_times(r) && r->config.replay <= 0)
    h->next_time = r->stated + 1; /* so that it is seen; one of the same time may come: see column_rule.again */
  handover_end_arrival(h);
}

static int64_t row_time(struct reader *r, const struct parser_event *event)
{
  if (r->config.base.kind == TIME_ARRIVAL)
    return event->stamp;
  if (!reader_states_times(r))
    return handover_row_time(&r->handover, event->index);
  if (r->stated < 0) {
    r->zero_ns = event->time_ns;
    stream_set_clock(r->stream, event->clock, r->zero_ns);
    if (r->config.record)
      record_time_zero(r->config.record, r->zero_ns);
  }
  r->stated = event->time_ns - r->zero_ns;
  return r->stated;
}

/*
 * Rows of one number each, written where the consumer will find them. Where nobody but the ring gets them and they are
 * evenly spaced, their times need not be written.
 */
static size_t parse_column(struct reader *r, uint8_t channel)
{
  struct handover *h = &r->handover;
  uint64_t index;
  int64_t first;
  int64_t step;
  const struct stream_room room = ring_reserve(&h->ring, channel);
  double *column = room.value;
  const size_t n = parser_rows(r->parser, &column, room.samples, &index);
  if (n > 0 && handover_even_times(h, index, n, &first, &step)) {
    ring_commit_even(&h->ring, channel, first, step, n);
  } else {
    handover_fill_times(h, index, n, room.time);
    ring_commit(&h->ring, channel, n);
  }
  handover_count(h, index, n, 1);
  return n;
}

/* Rows by the quick road through the parser. False when the next line needs the other road. */
static bool parse_rows(struct reader *r)
{
  struct handover *h = &r->handover;
  struct handover_columns rows = {.rows = 0};
  rows.count = parser_row_channels(r->parser, &rows.channel);
  if (rows.count == 1 && h->sinks == 1) {
    rows.rows = parse_column(r, rows.channel[0]);
  } else if (rows.count > 0) {
    double *column[CHANNELS_MAX];
    uint64_t index;
    int64_t *time = ring_reserve_rows(&h->ring, rows.channel, rows.count, column);
    rows.time = time;
    rows.column = column;
    rows.rows = parser_rows(r->parser, column, RING_ROWS, &index);
    handover_fill_times(h, index, rows.rows, time);
    handover_columns(h, index, &rows);
  }
  r->in_rows = rows.rows > 0;
  return r->in_rows;
}

static void note(struct reader *r, uint64_t line, const char *text, const char *why)
{
  if (line == 0)
    remarks_message(&r->remarks, "%s", why);
  else if (text && text[0])
    remarks_message(&r->remarks, "line %llu: '%s' %s", (unsigned long long)line, text, why);
  else
    remarks_message(&r->remarks, "line %llu: %s", (unsigned long long)line, why);
}

static void copy_text(char *to, size_t size, const char *text)
{
  size_t n = text ? strlen(text) : 0;
  n = n < size ? n : size - 1;
  memcpy(to, text ? text : "", n);
  to[n] = '\0';
}

static void report(struct reader *r, uint64_t line, const char *text, const char *why)
{
  r->handover.counts.rejected++;
  if (r->handover.channels == 0) { /* copied only: there may be millions, of which one is to be seen */
    r->refusal.line = line;
    copy_text(r->refusal.text, sizeof r->refusal.text, text);
    copy_text(r->refusal.why, sizeof r->refusal.why, why);
  }
  if (r->config.source.kind == SOURCE_TERMINAL)
    remarks_complain(&r->remarks);
  else if (r->reported++ < READER_REPORTS_MAX)
    note(r, line, text, why);
}

/* A row, in its time. False when a stop came before that. */
static bool take_row(struct reader *r, uint64_t index, const struct sink_row *row)
{
  enum handover_wait what;
  while ((what = handover_wait(&r->handover, row->time)) == HANDOVER_CLEAR)
    handover_restart(&r->handover, false); /* within a read: its channels keep their names and numbers */
  if (what == HANDOVER_STOP)
    return false;
  add_channels(r);
  handover_row(&r->handover, index, row);
  return true;
}

static void read_recording(struct reader *r)
{
  struct recording_event event;
  for (;;) {
    switch (recording_next(r->recording, &event)) {
    case RECORDING_MORE:
      return;
    case RECORDING_ROW:
      if (!take_row(r, r->handover.next_row,
                    &(struct sink_row){
                        .time = event.time, .count = event.count, .channel = event.channel, .value = event.value}))
        return;
      break;
    case RECORDING_REJECT:
      report(r, event.line, event.text, event.why);
      break;
    }
  }
}

void reader_parse_all(struct reader *r)
{
  struct parser_event event;
  for (;;) {
    if (r->in_rows && parse_rows(r))
      continue;
    switch (parser_next(r->parser, &event)) {
    case PARSER_MORE:
      return;
    case PARSER_ROW:
      if (!take_row(
              r, event.index,
              &(struct sink_row){
                  .time = row_time(r, &event), .count = event.count, .channel = event.channel, .value = event.value}))
        return;
      r->in_rows = r->handover.quick && !reader_states_times(r); /* more like it may follow */
      break;
    case PARSER_REJECT:
      report(r, event.line, event.text, event.why);
      break;
    case PARSER_NOTE:
      note(r, event.line, event.text, event.why);
      break;
    }
  }
}

void reader_parse(struct reader *r, size_t n)
{
  if (r->recording) {
    if (n > 0)
      recording_feed(r->recording, r->buffer, n);
    else
      recording_end(r->recording);
    read_recording(r);
    if (n == 0 && !stream_stop_asked(r->stream))
      r->handover.next_time = recording_next_time(r->recording);
    return;
  }
  if (n > 0)
    parser_feed(r->parser, r->buffer, n, r->handover.arrival);
  else
    parser_end(r->parser);
  reader_parse_all(r);
}
