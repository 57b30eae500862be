#include "scope/input/handover.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"

enum { REPLAY_PERIOD_MS = 5 /* rows that are due within that come together */ };

void handover_init(struct handover *h, const struct handover_config *config, struct stream *stream,
                   struct remarks *remarks)
{
  h->stream = stream;
  h->remarks = remarks;
  h->base = config->base;
  ring_init(&h->ring, stream, &config->base);
  h->sink[0] = &h->ring.sink;
  h->sinks = 1;
  if (config->counter) {
    counter_init(&h->counter, config->counter, &config->base, &h->ring.sink);
    h->sink[0] = &h->counter.sink;
  }
  if (config->record)
    h->sink[h->sinks++] = record_begin(config->record, &config->base, remarks, stream_stop_fd(stream));
  h->counts = (struct stream_counts){.lines = 0};
  h->quick = !config->counter && config->replay <= 0;
  h->timed = config->timed || config->replay > 0;
  h->next_row = 0;
  h->next_time = 0;
  h->channels = 0;
  h->recorded = 0;
  h->holding = false;
  h->replay = (struct replay){.speed = config->replay};
}

void handover_begin_arrival(struct handover *h)
{
  h->arrival = ring_arrival_begin(&h->ring);
}

void handover_end_arrival(struct handover *h)
{
  struct sink_progress progress = {
      .counts = h->counts, .next_time = h->next_time, .holding = h->holding, .held = h->held};
  if (!h->timed)
    progress.next_time = time_base_runs(&h->base) ? 0 : time_base_row(&h->base, h->next_row);
  for (size_t i = 0; i < h->sinks; i++)
    h->sink[i]->end_arrival(h->sink[i], &progress);
}

void handover_end(struct handover *h, bool failed)
{
  for (size_t i = 0; i < h->sinks; i++)
    h->sink[i]->end(h->sink[i], failed);
}

/*
 * The unit in the name under which a channel is recorded: that of the time before, so that what comes again goes on under
 * its name; but never one that its values do not have.
 */
static const char *recorded_unit(struct handover *h, const char *path, const char *unit)
{
  struct handover_recorded *known;
  for (size_t i = h->recorded; i > 0 && i + HANDOVER_RECORDED > h->recorded; i--) {
    known = &h->name[(i - 1) % HANDOVER_RECORDED];
    if (strcmp(known->path, path) == 0 && (!unit[0] || !known->unit[0] || strcmp(known->unit, unit) == 0))
      return known->unit;
  }
  known = &h->name[h->recorded++ % HANDOVER_RECORDED];
  snprintf(known->path, sizeof known->path, "%s", path);
  snprintf(known->unit, sizeof known->unit, "%s", unit);
  return known->unit;
}

void handover_channel(struct handover *h, const char *name, const char *path, const char *unit)
{
  char recorded[2 * CHANNEL_NAME_MAX];
  const char *named = h->sinks > 1 ? recorded_unit(h, path ? path : name, unit ? unit : "") : "";
  if (strlen(path ? path : name) + strlen(named) + sizeof " []" > CHANNEL_NAME_MAX)
    named = ""; /* or the line could not be read back */
  h->sink[0]->add_channel(h->sink[0], h->channels, name, unit ? unit : "");
  snprintf(recorded, sizeof recorded, "%s%s%s%s", path ? path : name, named[0] ? " [" : "", named, named[0] ? "]" : "");
  for (size_t i = 1; i < h->sinks; i++)
    h->sink[i]->add_channel(h->sink[i], h->channels, recorded, "");
  h->has_unit[h->channels++] = unit && unit[0];
}

void handover_unit(struct handover *h, size_t channel, const char *unit)
{
  if (h->has_unit[channel] || !unit[0])
    return;
  h->has_unit[channel] = true;
  h->sink[0]->set_unit(h->sink[0], channel, unit);
}

void handover_restart(struct handover *h, bool times_anew)
{
  if (times_anew)
    h->next_time = 0;
  const struct sink_progress progress = {.counts = h->counts, .next_time = h->next_time, .times_anew = times_anew};
  for (size_t i = 0; i < h->sinks; i++)
    h->sink[i]->restart(h->sink[i], &progress);
  h->channels = 0;
  h->holding = false;
}

int64_t handover_row_time(const struct handover *h, uint64_t row)
{
  return time_base_runs(&h->base) ? h->arrival : time_base_row(&h->base, row);
}

bool handover_even_times(const struct handover *h, uint64_t row, size_t n, int64_t *first, int64_t *step)
{
  *first = handover_row_time(h, row);
  *step = 0;
  return time_base_runs(&h->base) || time_base_even(&h->base, row, n, step);
}

void handover_fill_times(const struct handover *h, uint64_t row, size_t n, int64_t *times)
{
  if (time_base_runs(&h->base))
    for (size_t i = 0; i < n; i++)
      times[i] = h->arrival;
  else
    time_base_rows(&h->base, row, n, times);
}

enum handover_wait handover_wait(struct handover *h, int64_t time)
{
  if (h->replay.speed <= 0)
    return HANDOVER_DUE;
  const int64_t due_ns = replay_due_ns(&h->replay, time, clock_now_ns());
  for (int64_t now_ns; (now_ns = clock_now_ns()) < due_ns;) {
    const int64_t reached = replay_time(&h->replay, now_ns);
    h->next_time = reached < time ? reached : time;
    handover_end_arrival(h);
    remarks_say(h->remarks);
    const int left_ms = clock_timeout_ms(due_ns, now_ns);
    struct pollfd asked = {.fd = stream_ask_fd(h->stream), .events = POLLIN};
    if (poll(&asked, 1, left_ms < REPLAY_PERIOD_MS ? left_ms : REPLAY_PERIOD_MS) > 0)
      stream_take_notice(h->stream);
    handover_begin_arrival(h);
    if (stream_stop_asked(h->stream))
      return HANDOVER_STOP;
    if (stream_clear_asked(h->stream))
      return HANDOVER_CLEAR;
  }
  return HANDOVER_DUE;
}

void handover_count(struct handover *h, uint64_t index, size_t rows, size_t channels)
{
  h->counts.rows += rows;
  h->counts.samples += rows * channels;
  if (rows > 0)
    h->next_row = index + rows;
}

void handover_row(struct handover *h, uint64_t index, const struct sink_row *row)
{
  for (size_t i = 0; i < h->sinks; i++)
    h->sink[i]->row(h->sink[i], row);
  handover_count(h, index, 1, row->count);
  h->next_time = row->time;
}

void handover_columns(struct handover *h, uint64_t index, const struct handover_columns *rows)
{
  double value[CHANNELS_MAX];
  for (size_t k = 1; k < h->sinks; k++) {
    struct sink *sink = h->sink[k];
    if (rows->count == 1 && rows->rows > 0)
      sink->column(sink, rows->channel[0], rows->time, rows->column[0], rows->rows);
    for (size_t i = 0; i < rows->rows && rows->count > 1; i++) {
      for (size_t c = 0; c < rows->count; c++)
        value[c] = rows->column[c][i];
      sink->row(sink, &(struct sink_row){
                          .time = rows->time[i], .count = rows->count, .channel = rows->channel, .value = value});
    }
  }
  ring_commit_rows(&h->ring, rows->rows);
  handover_count(h, index, rows->rows, rows->count);
}
