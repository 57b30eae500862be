#include "scope/input/reader.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "scope/input/demo.h"
#include "scope/input/parse.h"
#include "scope/input/remarks.h"
#include "scope/input/ring.h"
#include "scope/input/tee.h"

enum {
  READ_BYTES = 128 * 1024, /* stays in the second-level cache while it is parsed */
  REPORTS_MAX = 5,         /* rejected lines reported one by one */
  CROWDED_ROWS = 64,       /* rows in one read that make it crowded ... */
  CROWDED_READS = 20,      /* ... and crowded reads in a row that make a hint worthwhile */
  DEMO_PERIOD_NS = 5000000,
  SINKS_MAX = 2,
};

/* The thread's own; allocated once; a read that nothing ends keeps it for ever. */
struct reader {
  struct reader_config config;
  struct stream *stream;
  struct parser *parser;
  struct remarks remarks;
  struct ring ring;
  struct sink *sink[SINKS_MAX]; /* the ring first */
  size_t sinks;
  struct tee tee; /* with config.tee_fd */
  struct stream_counts counts;
  int64_t arrival;   /* time of what is being read, in a base with a clock */
  uint64_t next_row; /* data row that comes next, at the earliest */
  size_t known_channels;
  uint64_t reported;
  int crowded_reads;
  bool hinted;
  bool in_column;         /* the last row was one number: the quick road is worth a try */
  uint8_t column_channel; /* of that number */
  bool failed;            /* the input could not be read on */
  char buffer[READ_BYTES];
};

/* ---- What the sinks get ---- */

static void add_channel(struct reader *r, const char *name)
{
  for (size_t i = 0; i < r->sinks; i++)
    r->sink[i]->add_channel(r->sink[i], r->known_channels, name);
  r->known_channels++;
}

static void add_channels(struct reader *r)
{
  while (r->known_channels < parser_channels(r->parser))
    add_channel(r, parser_channel_name(r->parser, r->known_channels));
}

static void hand_over_row(struct reader *r, uint64_t index, const struct sink_row *row)
{
  for (size_t i = 0; i < r->sinks; i++)
    r->sink[i]->row(r->sink[i], row);
  r->counts.rows++;
  r->counts.samples += row->count;
  r->next_row = index + 1;
}

/* n rows of one value each, from data row `index` on. in_ring: they stand in the ring already. */
static void hand_over_column(struct reader *r, uint64_t index, size_t channel, const struct stream_room *column,
                             bool in_ring)
{
  for (size_t i = in_ring; i < r->sinks; i++)
    r->sink[i]->column(r->sink[i], channel, column->time, column->value, column->samples);
  r->counts.rows += column->samples;
  r->counts.samples += column->samples;
  r->next_row = index + column->samples;
}

static void begin_arrival(struct reader *r)
{
  r->arrival = ring_arrival_begin(&r->ring);
}

/* Everything handed over so far becomes visible, and nothing is on its way any more. */
static void end_arrival(struct reader *r)
{
  struct parse_counts parsed = parser_counts(r->parser);
  r->counts.lines = parsed.lines;
  r->counts.numbers = parsed.numbers;
  r->counts.fast = parsed.fast;
  const struct time_base *base = &r->config.base;
  const struct sink_progress progress = {.counts = r->counts,
                                         .next_time = time_base_runs(base) ? 0 : time_base_row(base, r->next_row)};
  for (size_t i = 0; i < r->sinks; i++)
    r->sink[i]->end_arrival(r->sink[i], &progress);
}

/* ---- Text ---- */

static int64_t row_time(const struct reader *r, uint64_t row)
{
  return time_base_runs(&r->config.base) ? r->arrival : time_base_row(&r->config.base, row);
}

/* Whether data rows [row, row + n) are evenly spaced; then *first and *step say how. */
static bool even_times(const struct reader *r, uint64_t row, size_t n, int64_t *first, int64_t *step)
{
  *first = row_time(r, row);
  *step = 0;
  return time_base_runs(&r->config.base) || time_base_even(&r->config.base, row, n, step);
}

/* Times of data rows [row, row + n). */
static void fill_times(const struct reader *r, uint64_t row, size_t n, int64_t *times)
{
  if (time_base_runs(&r->config.base))
    for (size_t i = 0; i < n; i++)
      times[i] = r->arrival;
  else
    time_base_rows(&r->config.base, row, n, times);
}

/*
 * Rows of one number each, by the quick road through the parser, written where the consumer will find them. Which
 * channel they belong to is known from the last such row; where that turns out wrong they are moved. False when the
 * next line needs the other road.
 */
static bool parse_column(struct reader *r)
{
  uint8_t channel;
  uint64_t index;
  struct stream_room room = ring_reserve(&r->ring, r->column_channel);
  room.samples = parser_column(r->parser, room.value, room.samples, &channel, &index);
  r->in_column = room.samples > 0;
  if (!r->in_column) {
    ring_commit(&r->ring, r->column_channel, 0);
    return false;
  }
  add_channels(r);
  int64_t first;
  int64_t step;
  /* Where nobody but the ring gets them the times need not be written. */
  bool even = r->sinks == 1 && channel == r->column_channel && even_times(r, index, room.samples, &first, &step);
  if (even) {
    hand_over_column(r, index, channel, &room, true);
    ring_commit_even(&r->ring, channel, first, step, room.samples);
    return true;
  }
  fill_times(r, index, room.samples, room.time);
  if (channel == r->column_channel) {
    hand_over_column(r, index, channel, &room, true);
    ring_commit(&r->ring, channel, room.samples);
  } else {
    int64_t time[STREAM_BLOCK_SAMPLES];
    double value[STREAM_BLOCK_SAMPLES];
    memcpy(time, room.time, room.samples * sizeof *time);
    memcpy(value, room.value, room.samples * sizeof *value);
    ring_commit(&r->ring, r->column_channel, 0);
    r->column_channel = channel;
    hand_over_column(r, index, channel, &(struct stream_room){time, value, room.samples}, false);
  }
  return true;
}

/* The same for rows of several numbers, as long as nobody but the ring wants them and times are even. */
static bool parse_rows(struct reader *r)
{
  const uint8_t *channel;
  size_t channels = parser_row_channels(r->parser, &channel);
  int64_t first;
  int64_t step;
  if (channels == 0 || r->sinks > 1 || !even_times(r, r->next_row, RING_ROWS, &first, &step))
    return false;
  double *column[CHANNELS_MAX];
  uint64_t index = 0;
  ring_reserve_rows(&r->ring, channel, channels, column);
  size_t n = parser_rows(r->parser, column, RING_ROWS, &index);
  if (n > 0)
    even_times(r, index, n, &first, &step);
  ring_commit_rows(&r->ring, first, step, n);
  r->counts.rows += n;
  r->counts.samples += n * channels;
  r->next_row = n > 0 ? index + n : r->next_row;
  return n > 0;
}

static void note(struct reader *r, const struct parse_event *event)
{
  if (event->text && event->text[0])
    remarks_message(&r->remarks, "line %llu: '%s' %s", (unsigned long long)event->line, event->text, event->why);
  else
    remarks_message(&r->remarks, "line %llu: %s", (unsigned long long)event->line, event->why);
}

static void report(struct reader *r, const struct parse_event *event)
{
  r->counts.rejected++;
  if (r->config.source.kind == SOURCE_TERMINAL)
    remarks_complain(&r->remarks);
  else if (r->reported++ < REPORTS_MAX)
    note(r, event);
}

/* Parses what was fed, to its end: a stop does not shorten it, or a row could be torn. */
static void parse_all(struct reader *r)
{
  struct parse_event event;
  for (;;) {
    if ((r->in_column && parse_column(r)) || parse_rows(r))
      continue;
    switch (parser_next(r->parser, &event)) {
    case PARSE_MORE:
      return;
    case PARSE_ROW:
      add_channels(r);
      hand_over_row(
          r, event.index,
          &(struct sink_row){
              .time = row_time(r, event.index), .count = event.count, .channel = event.channel, .value = event.value});
      r->in_column = event.count == 1; /* more like it may follow */
      break;
    case PARSE_REJECT:
      report(r, &event);
      break;
    case PARSE_NOTE:
      note(r, &event);
      break;
    }
  }
}

/* Says once that lines come in bunches, which share one time, where the person could space them. */
static void hint_when_crowded(struct reader *r, uint64_t rows_before)
{
  bool crowded = r->counts.rows - rows_before >= CROWDED_ROWS;
  r->crowded_reads = crowded ? r->crowded_reads + 1 : 0;
  if (r->hinted || !time_base_runs(&r->config.base) || r->crowded_reads < CROWDED_READS)
    return;
  r->hinted = true;
  remarks_message(&r->remarks, "many lines come in each read and share its time: --rate HZ would space them");
}

/* Passes on what was read; n 0: that was all. */
static void pass_on(struct reader *r, size_t n)
{
  if (!r->config.tee || r->tee.error)
    return;
  if (n == 0)
    tee_end(&r->tee);
  else if (!tee_pass(&r->tee, r->buffer, n, stream_stop_fd(r->stream)) && r->tee.error == EPIPE) {
    if (r->config.nobody_reads)
      r->config.nobody_reads();
  } else if (r->tee.error && r->tee.error != ETIMEDOUT) {
    remarks_message(&r->remarks, "standard output: %s", strerror(r->tee.error));
    r->failed = true;
  }
}

/* One read, and all that follows from it. False when it was the last. */
static bool read_arrival(struct reader *r)
{
  const uint64_t rows_before = r->counts.rows;
  begin_arrival(r);
  ssize_t n = source_read(&r->config.source, r->buffer, sizeof r->buffer);
  if (n == SOURCE_FAILED) {
    remarks_message(&r->remarks, "%s: %s", r->config.source.name, strerror(errno));
    r->failed = true;
  }
  const char *news = source_news(&r->config.source);
  if (news)
    remarks_message(&r->remarks, "%s", news);
  if (n > 0)
    parser_feed(r->parser, r->buffer, (size_t)n);
  else if (n != SOURCE_AGAIN)
    parser_end(r->parser);
  if (n != SOURCE_AGAIN)
    parse_all(r);
  end_arrival(r);
  if (n > 0) {
    pass_on(r, (size_t)n);
    hint_when_crowded(r, rows_before);
    if (r->buffer[n - 1] == '\n') /* Ctrl-D may send a part of a line: its rest belongs to the same question */
      remarks_prompt(&r->remarks);
  }
  return n > 0 || n == SOURCE_AGAIN || n == SOURCE_WRITER_LEFT;
}

/* As source_wait, but leaves the input alone while too much waits to be said. */
static enum source_wait wait_for_input(struct reader *r)
{
  const int stop_fd = stream_stop_fd(r->stream);
  if (!remarks_crowded(&r->remarks))
    return source_wait(&r->config.source, stop_fd, remarks_fd(&r->remarks), -1);
  struct pollfd wait[] = {{.fd = stop_fd, .events = POLLIN}, {.fd = remarks_fd(&r->remarks), .events = POLLOUT}};
  return poll(wait, 2, -1) > 0 && wait[0].revents ? SOURCE_STOP : SOURCE_WRITABLE;
}

static void read_input(struct reader *r)
{
  remarks_prompt(&r->remarks);
  for (;;) {
    remarks_say(&r->remarks);
    enum source_wait what = wait_for_input(r);
    if (what == SOURCE_STOP || (what == SOURCE_READY && !read_arrival(r)))
      return;
  }
}

/* ---- The built-in signals ---- */

static void hand_over_demo_row(struct reader *r, uint64_t row)
{
  uint8_t channel[DEMO_CHANNELS];
  double value[DEMO_CHANNELS];
  for (int c = 0; c < DEMO_CHANNELS; c++) {
    channel[c] = (uint8_t)c;
    value[c] = demo_value(c, row);
  }
  hand_over_row(
      r, row, &(struct sink_row){.time = row_time(r, row), .count = DEMO_CHANNELS, .channel = channel, .value = value});
}

/* The demo's rows that are due; all at one go when they are asked for by number. */
static void play_demo(struct reader *r)
{
  for (int c = 0; c < DEMO_CHANNELS; c++)
    add_channel(r, demo_name[c]);
  const int64_t start_ns = r->config.base.start_ns;
  int64_t deadline_ns = start_ns;
  uint64_t limit = r->config.demo_rows ? r->config.demo_rows : UINT64_MAX;
  while (r->next_row < limit && !stream_stop_asked(r->stream)) {
    uint64_t due = limit;
    if (!r->config.demo_rows)
      due = (uint64_t)((clock_now_ns() - start_ns) / (TIME_TICKS_PER_SECOND / DEMO_RATE_HZ) + 1);
    begin_arrival(r);
    while (r->next_row < due)
      hand_over_demo_row(r, r->next_row);
    end_arrival(r);
    if (!r->config.demo_rows) {
      deadline_ns += DEMO_PERIOD_NS;
      clock_wait_until_ns(deadline_ns);
    }
  }
}

/* ---- The thread ---- */

static void destroy(struct reader *r)
{
  record_free(r->config.record);
  remarks_destroy(&r->remarks);
  parser_free(r->parser);
  free(r);
}

static void *run(void *context)
{
  struct reader *r = context;
  if (r->config.demo)
    play_demo(r);
  else
    read_input(r);
  pass_on(r, 0);
  r->failed |= r->config.record && record_lost(r->config.record) > 0;
  for (size_t i = 0; i < r->sinks; i++)
    r->sink[i]->end(r->sink[i], r->failed);
  struct stream *stream = r->stream;
  remarks_finish(&r->remarks, stream_stop_fd(stream), READER_LAST_WORDS_MS);
  destroy(r);
  stream_acknowledge(stream);
  return NULL;
}

int reader_start(const struct reader_config *config, struct stream *stream)
{
  struct reader *r = calloc(1, sizeof *r);
  if (!r)
    return ENOMEM;
  r->config = *config;
  r->stream = stream;
  const struct parse_options options = {
      .terminal = config->source.kind == SOURCE_TERMINAL, .only = config->only, .names = config->names};
  r->parser = parser_new(&options);
  remarks_init(&r->remarks, config->prompt_fd);
  ring_init(&r->ring, stream, &config->base);
  r->sink[r->sinks++] = &r->ring.sink;
  if (config->record)
    r->sink[r->sinks++] = record_begin(config->record, &config->base, &r->remarks, stream_stop_fd(stream));
  if (config->tee)
    tee_init(&r->tee, config->tee_fd);

  pthread_attr_t detached;
  pthread_t thread;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  int error = r->parser ? pthread_attr_init(&detached) : ENOMEM;
  if (!error) {
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the thread inherits it: signals are the main thread's */
    error = pthread_create(&thread, &detached, run, r);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&detached);
  }
  if (error)
    destroy(r);
  return error;
}
