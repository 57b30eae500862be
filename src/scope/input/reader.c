#include "scope/input/reader.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "scope/input/demo.h"
#include "scope/input/parser.h"
#include "scope/input/remarks.h"
#include "scope/input/ring.h"
#include "scope/input/tee.h"

enum {
  READ_BYTES = 128 * 1024, /* stays in the second-level cache while it is parsed */
  REPORTS_MAX = 5,         /* rejected lines reported one by one */
  CROWDED_ROWS = 64,       /* rows in one read that make it crowded ... */
  CROWDED_READS = 20,      /* ... and crowded reads in a row that make a hint worthwhile */
  DEMO_PERIOD_NS = 5000000,
  HOLD_MS = 500, /* lines wait so long at most for what decides about them */
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
  int64_t arrival;       /* time of what is being read, in a base with a clock */
  uint64_t next_row;     /* data row that comes next, at the earliest */
  int64_t zero_ns;       /* TIME_STATED: of the first row; all others count from there */
  int64_t stated;        /* TIME_STATED: time of the last row, -1 before the first */
  int64_t hold_until_ns; /* the moment at which what the parser holds back is to be decided; 0: nothing is held */
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

/* The time of the row that comes next, at the earliest; 0 in a base with a clock. */
static int64_t next_time(const struct reader *r)
{
  switch (r->config.base.kind) {
  case TIME_ARRIVAL:
    return 0;
  case TIME_STATED:
    return r->stated + 1; /* one of the same time may come: the intake tells the plot then */
  case TIME_RATE:
  case TIME_NUMBER:
    break;
  }
  return time_base_row(&r->config.base, r->next_row);
}

/* Everything handed over so far becomes visible, and nothing is on its way any more. */
static void end_arrival(struct reader *r)
{
  struct parser_counts parsed = parser_counts(r->parser);
  r->counts.lines = parsed.lines;
  r->counts.numbers = parsed.numbers;
  r->counts.fast = parsed.fast;
  struct sink_progress progress = {.counts = r->counts, .next_time = next_time(r)};
  progress.holding = parser_held(r->parser, &progress.held);
  if (!progress.holding)
    r->hold_until_ns = 0;
  else if (r->hold_until_ns == 0)
    r->hold_until_ns = clock_now_ns() + clock_from_ms(HOLD_MS);
  for (size_t i = 0; i < r->sinks; i++)
    r->sink[i]->end_arrival(r->sink[i], &progress);
}

/* ---- Text ---- */

static int64_t row_time(struct reader *r, const struct parser_event *event)
{
  if (r->config.base.kind == TIME_ARRIVAL)
    return event->stamp;
  if (r->config.base.kind != TIME_STATED)
    return time_base_row(&r->config.base, event->index);
  if (r->stated < 0)
    r->zero_ns = event->time_ns;
  r->stated = event->time_ns - r->zero_ns;
  return r->stated;
}

/* Whether data rows [row, row + n) are evenly spaced; then *first and *step say how. */
static bool even_times(const struct reader *r, uint64_t row, size_t n, int64_t *first, int64_t *step)
{
  *step = 0;
  *first = r->arrival;
  if (time_base_runs(&r->config.base))
    return true;
  *first = time_base_row(&r->config.base, row);
  return time_base_even(&r->config.base, row, n, step);
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

static void note(struct reader *r, const struct parser_event *event)
{
  if (event->line == 0)
    remarks_message(&r->remarks, "%s", event->why);
  else if (event->text && event->text[0])
    remarks_message(&r->remarks, "line %llu: '%s' %s", (unsigned long long)event->line, event->text, event->why);
  else
    remarks_message(&r->remarks, "line %llu: %s", (unsigned long long)event->line, event->why);
}

static void report(struct reader *r, const struct parser_event *event)
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
  struct parser_event event;
  for (;;) {
    if (r->in_column && parse_column(r))
      continue;
    switch (parser_next(r->parser, &event)) {
    case PARSER_MORE:
      return;
    case PARSER_ROW:
      add_channels(r);
      hand_over_row(
          r, event.index,
          &(struct sink_row){
              .time = row_time(r, &event), .count = event.count, .channel = event.channel, .value = event.value});
      r->in_column = event.count == 1 && r->config.base.kind != TIME_STATED; /* more like it may follow */
      break;
    case PARSER_REJECT:
      report(r, &event);
      break;
    case PARSER_NOTE:
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
    parser_feed(r->parser, r->buffer, (size_t)n, r->arrival);
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

/* What was held back for long enough comes out. */
static void decide(struct reader *r)
{
  begin_arrival(r);
  parser_decide(r->parser);
  parse_all(r);
  end_arrival(r);
}

/* What is to be said when no more lines come; stopped: because we were asked to. */
static void close_accounts(struct reader *r, bool stopped)
{
  const struct parser_counts counts = parser_counts(r->parser);
  const bool terminal = r->config.source.kind == SOURCE_TERMINAL;
  char text[512];
  if (parser_missing(r->parser, text, sizeof text))
    remarks_message(&r->remarks, "--only: %s", text);
  if (counts.rejected > REPORTS_MAX && !terminal)
    remarks_message(&r->remarks, "%llu lines rejected", (unsigned long long)counts.rejected);
  if (counts.samples > 0 || counts.lines == 0 || terminal)
    return;
  const char *first = parser_first_refused(r->parser);
  remarks_message(&r->remarks, "no numbers in %llu line%s%s%s", (unsigned long long)counts.lines,
                  counts.lines == 1 ? "" : "s", first[0] ? "; " : "", first);
  r->failed = r->failed || !stopped;
}

/* As source_wait, but leaves the input alone while too much waits to be said. */
static enum source_wait wait_for_input(struct reader *r)
{
  const int stop_fd = stream_stop_fd(r->stream);
  if (!remarks_crowded(&r->remarks))
    return source_wait(&r->config.source, stop_fd, remarks_fd(&r->remarks),
                       r->hold_until_ns == 0 ? -1 : clock_timeout_ms(r->hold_until_ns, clock_now_ns()));
  struct pollfd wait[] = {{.fd = stop_fd, .events = POLLIN}, {.fd = remarks_fd(&r->remarks), .events = POLLOUT}};
  return poll(wait, 2, -1) > 0 && wait[0].revents ? SOURCE_STOP : SOURCE_WRITABLE;
}

static void read_input(struct reader *r)
{
  remarks_prompt(&r->remarks);
  for (;;) {
    remarks_say(&r->remarks);
    const enum source_wait what = wait_for_input(r);
    if (what == SOURCE_LATE)
      decide(r);
    if (what == SOURCE_STOP)
      decide(r); /* what had been read is kept whole, what is held back too */
    if (what == SOURCE_STOP || (what == SOURCE_READY && !read_arrival(r))) {
      close_accounts(r, what == SOURCE_STOP);
      return;
    }
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
      r, row,
      &(struct sink_row){
          .time = time_base_row(&r->config.base, row), .count = DEMO_CHANNELS, .channel = channel, .value = value});
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
  struct parser_options options = config->parser;
  options.terminal = config->source.kind == SOURCE_TERMINAL;
  options.regular = config->source.kind == SOURCE_REGULAR;
  r->stated = -1;
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
