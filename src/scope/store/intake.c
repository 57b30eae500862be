#include "scope/store/intake.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/percentiles.h"

enum { EXACT_SAMPLES = 1000000 };

struct intake {
  struct stream *stream;
  struct time_base base;
  struct history *history;
  uint64_t taken;
  int64_t last_taken_ns;
  int64_t edge; /* the highest that the stream ever said */
  bool ended, lost;
  bool initial_zero;
  bool cleared;
  bool limited;
  double low, high;                 /* limits */
  uint64_t outside, outside_before; /* since the last clearing, and before it */
  struct percentiles *percentiles;  /* of each channel; NULL: none are kept */
  uint64_t broken;                  /* bit per channel: there was no memory for all of its values */
};

struct intake *intake_new(struct stream *stream, const struct time_base *base, size_t memory_bytes, bool initial_zero)
{
  struct intake *in = calloc(1, sizeof *in);
  if (!in)
    return NULL;
  in->stream = stream;
  in->base = *base;
  in->last_taken_ns = base->start_ns;
  in->history = history_new(memory_bytes);
  if (!in->history) {
    free(in);
    return NULL;
  }
  in->initial_zero = initial_zero;
  if (initial_zero)
    history_set_initial(in->history, 0, (struct history_sample){.time = 0, .value = 0});
  return in;
}

void intake_free(struct intake *in)
{
  if (!in)
    return;
  history_free(in->history);
  for (size_t i = 0; i < CHANNELS_MAX && in->percentiles; i++)
    percentiles_destroy(&in->percentiles[i]);
  free(in->percentiles);
  free(in);
}

void intake_set_limits(struct intake *in, double low, double high)
{
  in->limited = true;
  in->low = low;
  in->high = high;
}

bool intake_keep_percentiles(struct intake *in)
{
  in->percentiles = calloc(CHANNELS_MAX, sizeof *in->percentiles);
  for (size_t i = 0; i < CHANNELS_MAX && in->percentiles; i++)
    percentiles_init(&in->percentiles[i], EXACT_SAMPLES);
  return in->percentiles != NULL;
}

static void keep_percentiles(struct intake *in, const struct stream_block *block)
{
  struct percentiles *percentiles = &in->percentiles[block->channel];
  for (size_t i = 0; i < block->count; i++)
    if (block->value[i] == block->value[i] && !percentiles_add(percentiles, block->value[i]))
      in->broken |= UINT64_C(1) << block->channel;
}

static uint64_t count_outside(const double *value, size_t n, double low, double high)
{
  uint64_t count = 0;
  for (size_t i = 0; i < n; i++)
    count += (uint64_t)(value[i] < low) + (uint64_t)(value[i] > high);
  return count;
}

static void append(struct intake *in, const struct stream_block *block)
{
  in->taken += block->count;
  if (in->limited)
    in->outside += count_outside(block->value, block->count, in->low, in->high);
  const bool kept = block->even ? history_append_even(in->history, block->channel, block->first, block->step,
                                                      block->value, block->count)
                                : history_append(in->history, block->channel, block->time, block->value, block->count);
  if (in->percentiles)
    keep_percentiles(in, block);
  if (kept || in->lost)
    return;
  in->lost = true;
  message("out of memory: samples are missing from the plot; a smaller --memory would help");
}

bool intake_take(struct intake *in, int64_t deadline_ns)
{
  const struct stream_block *block;
  while (!in->ended && (block = stream_peek(in->stream)) != NULL) {
    if (block->generation == stream_generation(in->stream))
      append(in, block);
    stream_pop(in->stream);
    in->last_taken_ns = clock_now_ns();
    if (in->last_taken_ns > deadline_ns)
      return false;
  }
  return true;
}

static void advance_edge(struct intake *in, int64_t now_ns)
{
  /* Where times begin anew, what the reader states of the old ones is nothing to the new. */
  if (in->base.kind == TIME_STATED && !stream_generation_began(in->stream))
    return;
  int64_t now = time_base_runs(&in->base) ? now_ns - in->base.start_ns : INT64_MAX;
  int64_t settled = stream_settled_until(in->stream, now);
  if (settled > in->edge)
    in->edge = settled;
}

void intake_advance(struct intake *in, int64_t now_ns)
{
  if (in->ended)
    return;
  /* The end first: an edge that is looked up after it is that of the end, and nothing can come in between. */
  const bool ended = stream_ended(in->stream);
  advance_edge(in, now_ns);
  in->ended = ended;
}

void intake_end(struct intake *in, int64_t now_ns)
{
  if (in->ended)
    return;
  advance_edge(in, now_ns);
  in->ended = true;
}

void intake_clear(struct intake *in)
{
  stream_ask_clear(in->stream);
  history_clear(in->history);
  in->cleared = true;
  in->outside_before += in->outside;
  in->outside = 0;
  in->broken = 0;
  for (size_t i = 0; i < CHANNELS_MAX && in->percentiles; i++)
    percentiles_clear(&in->percentiles[i]);
  if (in->base.kind == TIME_STATED)
    in->edge = 0;
  if (in->initial_zero && !in->ended)
    history_set_initial(in->history, 0, (struct history_sample){.time = in->edge, .value = 0});
}

bool intake_cleared(const struct intake *in)
{
  return in->cleared;
}

/* Waits until there is something to take, or the reader is done, or the deadline has come. */
static void wait_for_reader(struct intake *in, int64_t deadline_ns)
{
  const bool ended = in->ended || stream_ended(in->stream);
  if (ended || stream_prepare_wait(in->stream, STREAM_WAKE_FIRST)) {
    const int64_t left_ns = deadline_ns - clock_now_ns();
    int timeout_ms = -1;
    if (deadline_ns != INT64_MAX)
      timeout_ms = left_ns > 0 ? (int)(left_ns / CLOCK_MS_NS) + 1 : 0;
    struct pollfd wait[] = {{.fd = stream_acknowledged_fd(in->stream), .events = POLLIN},
                            {.fd = ended ? -1 : stream_data_fd(in->stream), .events = POLLIN}};
    poll(wait, 2, timeout_ms);
  }
  stream_finish_wait(in->stream);
}

bool intake_finish(struct intake *in, int64_t deadline_ns)
{
  stream_ask_stop(in->stream);
  bool done = false;
  for (;;) {
    /* Looked at before taking: all that the reader has read is published before it acknowledges. */
    const bool acknowledged = stream_acknowledged(in->stream);
    const bool empty = intake_take(in, deadline_ns);
    done = acknowledged && empty;
    if (done || clock_now_ns() >= deadline_ns)
      break;
    if (empty)
      wait_for_reader(in, deadline_ns);
  }
  if (done)
    intake_end(in, clock_now_ns());
  return done;
}

const struct history *intake_history(const struct intake *in)
{
  return in->history;
}

const struct stream *intake_stream(const struct intake *in)
{
  return in->stream;
}

struct stream *intake_source(const struct intake *in)
{
  return in->stream;
}

const struct time_base *intake_time_base(const struct intake *in)
{
  return &in->base;
}

int64_t intake_edge(const struct intake *in)
{
  return in->edge;
}

int64_t intake_begin(const struct intake *in)
{
  int64_t begin = INT64_MAX;
  for (size_t c = 0; c < history_channels(in->history); c++) {
    struct history_sample first;
    if (history_first(in->history, c, &first) && first.time < begin)
      begin = first.time;
  }
  return begin != INT64_MAX ? begin : in->cleared ? in->edge : 0;
}

bool intake_ended(const struct intake *in)
{
  return in->ended;
}

uint64_t intake_outside(const struct intake *in)
{
  return in->outside;
}

uint64_t intake_outside_ever(const struct intake *in)
{
  return in->outside_before + in->outside;
}

double intake_percentile(struct intake *in, size_t channel, double percent)
{
  if (!in->percentiles || (in->broken >> channel & 1))
    return (double)NAN;
  return percentiles_at(&in->percentiles[channel], percent);
}

bool intake_lost(const struct intake *in)
{
  return in->lost;
}

uint64_t intake_taken(const struct intake *in)
{
  return in->taken;
}

int64_t intake_last_taken_ns(const struct intake *in)
{
  return in->last_taken_ns;
}

size_t intake_channels(const struct intake *in)
{
  size_t named = stream_channels(in->stream);
  size_t drawn = history_channels(in->history);
  return named > drawn ? named : drawn;
}

const char *intake_channel_name(const struct intake *in, size_t channel)
{
  return channel < stream_channels(in->stream) ? stream_channel_name(in->stream, channel) : "1";
}

const char *intake_channel_unit(const struct intake *in, size_t channel)
{
  return stream_channel_unit(in->stream, channel);
}
