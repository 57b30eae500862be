#include "scope/session.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/write.h"
#include "scope/view/columns.h"
#include "scope/view/ticks.h"

static const int64_t RATE_WINDOW_NS = 1000000000;

struct trace {
  struct column_cache cache;
  struct column *columns;
  bool hidden;
};

struct session {
  struct session_config config;
  struct history *history;
  struct view view;
  struct trace trace[STREAM_CHANNELS];
  size_t columns_allocated;

  int64_t last_time; /* newest time taken */
  int64_t last_taken_ns;
  bool took, ended, memory_out;
  int64_t end_edge;

  /* Read-outs, at most a few times a second. */
  uint64_t rate_samples;
  int64_t rate_since_ns;
  char rate[SCREEN_TEXT_MAX], rejected[SCREEN_TEXT_MAX];
};

struct session *session_new(const struct session_config *config)
{
  struct session *s = calloc(1, sizeof *s);
  if (!s)
    return NULL;
  s->config = *config;
  s->history = history_new(config->memory_bytes);
  if (!s->history) {
    free(s);
    return NULL;
  }
  if (config->initial_zero)
    history_set_initial(s->history, 0, (struct history_sample){.time = 0, .value = 0});
  for (int i = 0; i < STREAM_CHANNELS; i++)
    column_cache_init(&s->trace[i].cache);
  const int64_t unit = config->base == TIME_NUMBER ? TIME_TICKS_PER_SAMPLE : TIME_TICKS_PER_SECOND;
  view_init(&s->view, config->window, unit, config->low, config->high, config->autoscale);
  s->last_time = -1;
  s->last_taken_ns = s->rate_since_ns = config->start_ns;
  return s;
}

void session_free(struct session *s)
{
  if (!s)
    return;
  for (int i = 0; i < STREAM_CHANNELS; i++) {
    column_cache_destroy(&s->trace[i].cache);
    free(s->trace[i].columns);
  }
  history_free(s->history);
  free(s);
}

bool session_drain(struct session *s, int64_t deadline_ns)
{
  const struct stream_block *block;
  while ((block = stream_peek(s->config.stream)) != NULL) {
    if (!history_append(s->history, block->channel, block->time, block->value, block->count) && !s->memory_out) {
      s->memory_out = true;
      message("out of memory: samples are missing from the plot; a smaller --memory would help");
    }
    int64_t newest = block->time[block->count - 1];
    s->last_time = newest > s->last_time ? newest : s->last_time;
    s->took = true;
    stream_pop(s->config.stream);
    s->last_taken_ns = clock_now_ns();
    if (s->last_taken_ns > deadline_ns)
      return false;
  }
  return true;
}

bool session_took(struct session *s)
{
  bool took = s->took;
  s->took = false;
  return took;
}

bool session_lost(const struct session *s)
{
  return s->memory_out;
}

bool session_ended(const struct session *s)
{
  return s->ended;
}

const struct stream *session_stream(const struct session *s)
{
  return s->config.stream;
}

struct view *session_view(struct session *s)
{
  return &s->view;
}

int session_channels(const struct session *s)
{
  /* A channel may have its name before its first sample, or (the initial 0) be drawn before it has a name. */
  size_t named = stream_channels(s->config.stream);
  size_t drawn = history_channels(s->history);
  return (int)(named > drawn ? named : drawn);
}

const char *session_channel_name(const struct session *s, int channel)
{
  return (size_t)channel < stream_channels(s->config.stream) ? stream_channel_name(s->config.stream, (size_t)channel)
                                                             : "1";
}

int64_t session_last_taken_ns(const struct session *s)
{
  return s->last_taken_ns;
}

void session_toggle_channel(struct session *s, int channel)
{
  if (channel < session_channels(s))
    s->trace[channel].hidden = !s->trace[channel].hidden;
}

/* How far the past is complete: the right edge of what may be painted. */
static int64_t edge(struct session *s, int64_t now_ns)
{
  if (s->config.base == TIME_ARRIVAL)
    return stream_settled_until(s->config.stream, now_ns - s->config.start_ns);
  /* Without a clock the last sample stands for as long as a row lasts. */
  int64_t period =
      s->config.base == TIME_NUMBER ? TIME_TICKS_PER_SAMPLE : (int64_t)(TIME_TICKS_PER_SECOND / s->config.rate_hz);
  int64_t end = s->last_time < 0 ? 0 : s->last_time + (period > 0 ? period : 1);
  return stream_settled_until(s->config.stream, end);
}

void session_end(struct session *s, int64_t now_ns)
{
  if (s->ended)
    return;
  s->end_edge = edge(s, now_ns);
  s->ended = true;
  s->view.settled = true;
}

void session_notice_end(struct session *s, int64_t now_ns)
{
  if (stream_ended(s->config.stream))
    session_end(s, now_ns);
}

static bool allocate_columns(struct session *s, size_t columns, int channels)
{
  bool grow = columns > s->columns_allocated;
  if (grow)
    s->columns_allocated = columns + columns / 8;
  for (int i = 0; i < STREAM_CHANNELS; i++) {
    struct trace *t = &s->trace[i];
    if ((i < channels && !t->columns) || (grow && t->columns)) {
      free(t->columns);
      t->columns = malloc(s->columns_allocated * sizeof *t->columns);
      if (!t->columns)
        return false;
    }
  }
  return true;
}

/* Last, min, max and mean of what is in view; min and max with the value held at the left edge. */
static void legend_numbers(struct session *s, int i, struct scene_channel *out)
{
  const struct view *v = &s->view;
  struct history_summary sum;
  int64_t from = v->first * v->column_width;
  int64_t to = (v->first + v->columns) * v->column_width;
  to = to < v->edge ? to : v->edge;
  history_range(s->history, (size_t)i, from, to, &sum);
  out->min = sum.min;
  out->max = sum.max;
  out->mean = sum.mean;
  out->last = sum.items ? sum.last : (double)NAN;
  struct history_sample held;
  if (s->config.style == COLUMN_STEP && history_before(s->history, (size_t)i, from > 0 ? from : 1, &held)) {
    out->min = fmin(out->min, held.value);
    out->max = fmax(out->max, held.value);
    out->last = sum.items ? out->last : held.value;
  }
  if (!v->paused && !s->ended && history_items(s->history, (size_t)i) > 0)
    out->last = stream_latest(s->config.stream, (size_t)i);
}

static void state_numbers(struct session *s, int64_t now_ns)
{
  struct stream_counts counts;
  stream_counts(s->config.stream, &counts);
  int64_t passed = now_ns - s->rate_since_ns;
  if (passed >= RATE_WINDOW_NS || s->rate[0] == '\0' || s->ended) {
    double rate = passed > 0 ? (double)(counts.samples - s->rate_samples) / ((double)passed * 1e-9) : 0;
    char text[TICKS_TEXT_MAX];
    if (s->ended) {
      ticks_number((double)counts.samples, counts.samples < 10000 ? 1 : 4, text); /* small counts are exact */
      snprintf(s->rate, sizeof s->rate, "%s samples", text);
    } else {
      ticks_number(rate < 0.05 ? 0 : rate, 3, text);
      snprintf(s->rate, sizeof s->rate, "%s/s", text);
    }
    if (passed >= RATE_WINDOW_NS) {
      s->rate_samples = counts.samples;
      s->rate_since_ns = now_ns;
    }
  }
  s->rejected[0] = '\0';
  if (counts.rejected)
    snprintf(s->rejected, sizeof s->rejected, "%llu rejected", (unsigned long long)counts.rejected);
}

bool session_frame(struct session *s, int columns, int64_t now_ns, bool numbers, struct scene *scene)
{
  struct view *v = &s->view;
  session_notice_end(s, now_ns);
  if (v->columns != columns)
    view_resize(v, columns);
  view_advance(v, 0, s->ended ? s->end_edge : edge(s, now_ns));

  int channels = session_channels(s);
  if (!allocate_columns(s, (size_t)columns, channels))
    return false;
  const struct column_grid grid = {.width = v->column_width, .edge = v->edge, .style = s->config.style};
  double low = INFINITY;
  double high = -INFINITY;
  for (int i = 0; i < channels; i++) {
    struct trace *t = &s->trace[i];
    if (!column_cache_get(&t->cache, s->history, (size_t)i, &grid, v->first, (size_t)columns, t->columns))
      return false;
    for (int k = 0; v->autoscale && !t->hidden && k < columns; k++) {
      low = t->columns[k].low < low ? t->columns[k].low : low;
      high = t->columns[k].high > high ? t->columns[k].high : high;
    }
  }
  if (!v->paused)
    view_autoscale(v, low, high, now_ns);

  bool fresh = channels != scene->channels || numbers;
  scene->view = v;
  scene->ticks_per_unit = s->config.base == TIME_NUMBER ? TIME_TICKS_PER_SAMPLE : TIME_TICKS_PER_SECOND;
  scene->time_unit = s->config.base == TIME_NUMBER ? "n" : "s";
  scene->clock_labels = s->config.base != TIME_NUMBER;
  scene->dots = s->config.style == COLUMN_POINTS;
  scene->channels = channels;
  scene->title = s->config.title;
  scene->unit = s->config.unit;
  scene->state = v->paused ? SCREEN_PAUSED : s->ended ? SCREEN_ENDED : SCREEN_LIVE;
  for (int i = 0; i < channels; i++) {
    struct scene_channel *channel = &scene->channel[i];
    channel->name = session_channel_name(s, i);
    channel->hidden = s->trace[i].hidden;
    channel->columns = s->trace[i].columns;
    if (fresh)
      legend_numbers(s, i, channel);
  }
  if (fresh)
    state_numbers(s, now_ns);
  scene->rate = s->rate;
  scene->rejected = s->rejected;
  return true;
}

/* The shortest text that reads back as the same double. */
static void exact_text(double value, char text[32])
{
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, 32, "%.*g", digits, value);
    if (strtod(text, NULL) == value)
      return;
  }
}

int session_summary(const struct session *s, int fd, int cancel_fd)
{
  const char head[] = "channel\tcount\tmin\tmax\tmean\tlast\n";
  int error = write_patiently(fd, head, sizeof head - 1, -1, cancel_fd);
  for (int i = 0; i < session_channels(s) && !error; i++) {
    struct history_summary sum;
    history_total(s->history, (size_t)i, &sum);
    if (sum.items == 0)
      continue;
    const double value[] = {sum.min, sum.max, sum.mean, sum.last};
    char line[STREAM_NAME_MAX + 200];
    int length = snprintf(line, sizeof line, "%s\t%llu", session_channel_name(s, i), (unsigned long long)sum.count);
    for (size_t k = 0; k < sizeof value / sizeof *value; k++) {
      char text[32];
      exact_text(value[k], text);
      length += snprintf(line + length, sizeof line - (size_t)length, "\t%s", text);
    }
    length += snprintf(line + length, sizeof line - (size_t)length, "\n");
    error = write_patiently(fd, line, (size_t)length, -1, cancel_fd);
  }
  return error;
}
