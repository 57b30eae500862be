#include "scope/input/ring.h"

#include <string.h>

#include "common/clock.h"

static struct ring *ring_of(struct sink *sink)
{
  return (struct ring *)sink;
}

static int64_t clock_since_start(void *context)
{
  const struct ring *ring = context;
  return clock_now_ns() - ring->base.start_ns;
}

/* Whether the gathered rows are evenly spaced; then *step is the distance. */
static bool is_even(const struct ring *ring, int64_t *step)
{
  *step = ring->rows > 1 ? ring->time[1] - ring->time[0] : 0;
  int64_t difference = 0;
  for (size_t i = 1; i < ring->rows; i++)
    difference |= (ring->time[i] - ring->time[i - 1]) ^ *step;
  return difference == 0;
}

/* Hands the gathered rows to the stream. */
static void flush(struct ring *ring)
{
  size_t rows = ring->rows;
  int64_t step;
  bool even = is_even(ring, &step);
  ring->rows = 0;
  for (size_t i = 0; i < ring->channels && rows > 0; i++)
    if (even)
      stream_put_even(ring->stream, ring->channel[i], ring->time[0], step, ring->value[i], rows);
    else
      stream_put(ring->stream, ring->channel[i], ring->time, ring->value[i], rows);
}

static void set_unit(struct sink *sink, size_t channel, const char *unit)
{
  stream_channel_set_unit(ring_of(sink)->stream, channel, unit);
}

static void add_channel(struct sink *sink, size_t channel, const char *name, const char *unit)
{
  if (unit[0])
    set_unit(sink, channel, unit);                 /* first: who sees the channel sees its unit */
  stream_channel_add(ring_of(sink)->stream, name); /* the stream counts alike */
}

static void add_row(struct sink *sink, const struct sink_row *row)
{
  struct ring *ring = ring_of(sink);
  bool same = row->count == ring->channels && memcmp(row->channel, ring->channel, row->count) == 0;
  if (!same || ring->rows == RING_ROWS)
    flush(ring);
  if (!same) {
    ring->channels = row->count;
    memcpy(ring->channel, row->channel, row->count);
  }
  ring->time[ring->rows] = row->time;
  for (size_t i = 0; i < row->count; i++)
    ring->value[i][ring->rows] = row->value[i];
  ring->rows++;
}

static void add_column(struct sink *sink, size_t channel, const int64_t *time, const double *value, size_t n)
{
  struct ring *ring = ring_of(sink);
  flush(ring);
  stream_put(ring->stream, channel, time, value, n);
}

static void end_arrival(struct sink *sink, const struct sink_progress *progress)
{
  struct ring *ring = ring_of(sink);
  flush(ring);
  stream_publish(ring->stream, &progress->counts);
  ring->holding = progress->holding;
  if (!time_base_runs(&ring->base))
    stream_state_next(ring->stream, progress->next_time);
  else if (progress->holding)
    stream_state_next(ring->stream, progress->held);
  else
    stream_arrival_end(ring->stream);
}

static void restart(struct sink *sink, const struct sink_progress *progress)
{
  struct ring *ring = ring_of(sink);
  flush(ring);
  ring->channels = 0;
  stream_publish(ring->stream, &progress->counts);
  stream_begin_generation(ring->stream, &progress->counts, progress->times_anew ? progress->next_time : INT64_MIN);
}

static void end(struct sink *sink, bool failed)
{
  stream_end(ring_of(sink)->stream, failed);
}

void ring_init(struct ring *ring, struct stream *stream, const struct time_base *base)
{
  ring->sink = (struct sink){.add_channel = add_channel,
                             .set_unit = set_unit,
                             .row = add_row,
                             .column = add_column,
                             .end_arrival = end_arrival,
                             .restart = restart,
                             .end = end};
  ring->stream = stream;
  ring->base = *base;
  ring->rows = 0;
  ring->channels = 0;
  ring->holding = false;
  if (time_base_runs(base))
    stream_arrival_end(stream);
  else
    stream_state_next(stream, time_base_row(base, 0));
}

int64_t ring_arrival_begin(struct ring *ring)
{
  if (!time_base_runs(&ring->base))
    return 0;
  /* What is held back is older than what is read now, and its time is stated already: that statement stands. */
  return ring->holding ? clock_since_start(ring) : stream_arrival_begin(ring->stream, clock_since_start, ring);
}

struct stream_room ring_reserve(struct ring *ring, size_t channel)
{
  flush(ring);
  return stream_reserve(ring->stream, channel);
}

void ring_commit(struct ring *ring, size_t channel, size_t n)
{
  stream_commit(ring->stream, channel, n);
}

void ring_commit_even(struct ring *ring, size_t channel, int64_t first, int64_t step, size_t n)
{
  stream_commit_even(ring->stream, channel, first, step, n);
}

int64_t *ring_reserve_rows(struct ring *ring, const uint8_t *channel, size_t count, double **column)
{
  flush(ring);
  ring->channels = count;
  memcpy(ring->channel, channel, count);
  for (size_t i = 0; i < count; i++)
    column[i] = ring->value[i];
  return ring->time;
}

void ring_commit_rows(struct ring *ring, size_t n)
{
  ring->rows = n;
  flush(ring);
}
