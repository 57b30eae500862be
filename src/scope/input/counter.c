#include "scope/input/counter.h"

#include <math.h>
#include <stdio.h>

#include "scope/input/name_list.h"

enum { COLUMN_ROWS = 256 };

static struct counter *counter_of(struct sink *sink)
{
  return (struct counter *)sink;
}

/* The unit of what comes out: of a rate it is a second's. */
static const char *unit_of(const struct counter *counter, size_t channel, const char *unit, char *text, size_t size)
{
  snprintf(text, size, "%s%s", unit, unit[0] && counter->channel[channel].counts && counter->seconds ? "/s" : "");
  return text;
}

static void add_channel(struct sink *sink, size_t channel, const char *name, const char *unit)
{
  struct counter *counter = counter_of(sink);
  char text[CHANNEL_UNIT_MAX + sizeof "/s"];
  const bool counts = counter->names[0] == '\0' || name_list_has(counter->names, name);
  counter->channel[channel] = (struct counter_channel){.counts = counts};
  counter->found += counts;
  counter->next->add_channel(counter->next, channel, name, unit_of(counter, channel, unit, text, sizeof text));
}

static void set_unit(struct sink *sink, size_t channel, const char *unit)
{
  struct counter *counter = counter_of(sink);
  char text[CHANNEL_UNIT_MAX + sizeof "/s"];
  counter->next->set_unit(counter->next, channel, unit_of(counter, channel, unit, text, sizeof text));
}

/* The rate at this sample; false where it has none of its own. */
static bool count(struct counter *counter, size_t number, int64_t time, double value, double *rate)
{
  struct counter_channel *channel = &counter->channel[number];
  *rate = value;
  if (!channel->counts || isnan(value))
    return true;
  const bool back = channel->begun && value < channel->value;
  if (channel->begun && !back && time == channel->time)
    return false;
  *rate = (double)NAN;
  if (channel->begun && !back)
    *rate = (value - channel->value) / ((double)(time - channel->time) / counter->unit);
  channel->begun = true;
  channel->time = time;
  channel->value = value;
  return true;
}

static void add_row(struct sink *sink, const struct sink_row *row)
{
  struct counter *counter = counter_of(sink);
  uint8_t channel[CHANNELS_MAX];
  double value[CHANNELS_MAX];
  struct sink_row rates = {.time = row->time, .channel = channel, .value = value};
  for (size_t i = 0; i < row->count; i++) {
    channel[rates.count] = row->channel[i];
    rates.count += count(counter, row->channel[i], row->time, row->value[i], &value[rates.count]);
  }
  if (rates.count > 0)
    counter->next->row(counter->next, &rates);
}

static void add_column(struct sink *sink, size_t channel, const int64_t *time, const double *value, size_t n)
{
  struct counter *counter = counter_of(sink);
  int64_t times[COLUMN_ROWS];
  double rates[COLUMN_ROWS];
  for (size_t i = 0; i < n;) {
    size_t filled = 0;
    for (; i < n && filled < COLUMN_ROWS; i++) {
      times[filled] = time[i];
      filled += count(counter, channel, time[i], value[i], &rates[filled]);
    }
    if (filled > 0)
      counter->next->column(counter->next, channel, times, rates, filled);
  }
}

static void end_arrival(struct sink *sink, const struct sink_progress *progress)
{
  counter_of(sink)->next->end_arrival(counter_of(sink)->next, progress);
}

static void restart(struct sink *sink, const struct sink_progress *progress)
{
  counter_of(sink)->next->restart(counter_of(sink)->next, progress);
}

static void end(struct sink *sink, bool failed)
{
  counter_of(sink)->next->end(counter_of(sink)->next, failed);
}

void counter_init(struct counter *counter, const char *names, const struct time_base *base, struct sink *next)
{
  *counter = (struct counter){.sink = {.add_channel = add_channel,
                                       .set_unit = set_unit,
                                       .row = add_row,
                                       .column = add_column,
                                       .end_arrival = end_arrival,
                                       .restart = restart,
                                       .end = end},
                              .next = next,
                              .names = names,
                              .seconds = base->kind != TIME_NUMBER,
                              .unit = (double)time_base_unit(base)};
}
