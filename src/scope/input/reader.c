#include "scope/input/reader.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/write.h"
#include "scope/input/demo.h"
#include "scope/input/parse.h"

enum {
  READ_BYTES = 128 * 1024, /* stays in the second-level cache while it is parsed */
  RUN = 256,               /* samples handed to the stream at once */
  REPORTS_MAX = 5,         /* rejected lines reported one by one */
  CROWDED_ROWS = 64,       /* rows in one read that make it crowded ... */
  CROWDED_READS = 20,      /* ... and crowded reads in a row that make a hint worthwhile */
  DEMO_PERIOD_NS = 5000000,
};

static const char PROMPT[] = "New value: ";
static const char NOT_A_NUMBER[] = "Input must be a number.\n";

/*
 * Rows that have the same channels, gathered so that each channel's samples go to the stream in one piece: with a row at a
 * time the calls would cost as much as the parsing.
 */
struct batch {
  size_t rows;
  size_t channels;
  uint8_t channel[PARSE_CHANNELS];
  int64_t time[RUN];
  double value[PARSE_CHANNELS][RUN];
};

/* The thread's own; allocated once; a read that nothing ends keeps it for ever. */
struct reader {
  struct reader_config config;
  struct stream *stream;
  struct parser *parser;
  struct stream_counts counts;
  int64_t arrival;   /* time of what is being read (TIME_ARRIVAL) */
  uint64_t next_row; /* data row that comes next (other bases) */
  size_t known_channels;
  uint64_t reported;
  int crowded_reads;
  bool hinted;
  bool in_column;         /* the last row was one number: the quick road is worth a try */
  uint8_t column_channel; /* of that number */
  bool failed;            /* the input could not be read on */
  struct batch batch;
  char buffer[READ_BYTES];
};

int64_t reader_row_time(const struct reader_config *config, uint64_t row)
{
  if (config->base == TIME_NUMBER)
    return row < READER_TIME_MAX / TIME_TICKS_PER_SAMPLE ? (int64_t)row * TIME_TICKS_PER_SAMPLE : READER_TIME_MAX;
  double ticks = (double)row / config->rate_hz * TIME_TICKS_PER_SECOND;
  return ticks < (double)READER_TIME_MAX ? (int64_t)ticks : READER_TIME_MAX;
}

/* The clock behind stream_arrival_begin: for a base without a clock, the time of the row that comes next. */
static int64_t reader_clock(void *context)
{
  const struct reader *r = context;
  if (r->config.base == TIME_ARRIVAL)
    return clock_now_ns() - r->config.start_ns;
  return reader_row_time(&r->config, r->next_row);
}

static void add_channels(struct reader *r)
{
  for (; r->known_channels < parser_channels(r->parser); r->known_channels++)
    stream_channel_add(r->stream, parser_channel_name(r->parser, r->known_channels));
}

/* Hands the gathered rows to the stream. False when asked to stop. */
static bool flush(struct reader *r)
{
  struct batch *b = &r->batch;
  size_t rows = b->rows;
  b->rows = 0;
  for (size_t i = 0; i < b->channels && rows > 0; i++)
    if (!stream_put(r->stream, b->channel[i], b->time, b->value[i], rows))
      return false;
  return true;
}

static bool take_row(struct reader *r, const struct parse_event *event)
{
  struct batch *b = &r->batch;
  bool same = event->count == b->channels && memcmp(event->channel, b->channel, event->count) == 0;
  if ((!same || b->rows == RUN) && !flush(r))
    return false;
  if (!same) {
    b->channels = event->count;
    memcpy(b->channel, event->channel, event->count);
  }
  b->time[b->rows] = r->config.base == TIME_ARRIVAL ? r->arrival : reader_row_time(&r->config, event->index);
  for (size_t i = 0; i < event->count; i++)
    b->value[i][b->rows] = event->value[i];
  b->rows++;
  r->counts.rows++;
  r->counts.samples += event->count;
  r->next_row = event->index + 1;
  return true;
}

/* Times of data rows [row, row + n). */
static void fill_times(const struct reader *r, uint64_t row, size_t n, int64_t *times)
{
  if (r->config.base == TIME_ARRIVAL) {
    for (size_t i = 0; i < n; i++)
      times[i] = r->arrival;
  } else if (r->config.base == TIME_NUMBER && row + n < READER_TIME_MAX / TIME_TICKS_PER_SAMPLE) {
    int64_t first = reader_row_time(&r->config, row);
    for (size_t i = 0; i < n; i++)
      times[i] = first + (int64_t)i * TIME_TICKS_PER_SAMPLE;
  } else {
    for (size_t i = 0; i < n; i++)
      times[i] = reader_row_time(&r->config, row + i);
  }
}

/*
 * Rows of one number each, by the quick road through the parser, written where the main thread will find them. Which
 * channel they belong to is known from the last such row; where that turns out wrong they are moved. 0: there are none;
 * -1: asked to stop.
 */
static int take_column(struct reader *r)
{
  struct stream_room room;
  uint8_t channel;
  uint64_t index;
  if (!flush(r) || !stream_reserve(r->stream, r->column_channel, &room))
    return -1;
  size_t n = parser_column(r->parser, room.value, room.samples, &channel, &index);
  add_channels(r);
  if (n > 0)
    fill_times(r, index, n, room.time);
  r->in_column = n > 0;
  r->counts.rows += n;
  r->counts.samples += n;
  if (n == 0 || channel == r->column_channel) {
    stream_commit(r->stream, r->column_channel, n);
  } else {
    double values[STREAM_BLOCK_SAMPLES];
    int64_t times[STREAM_BLOCK_SAMPLES];
    memcpy(values, room.value, n * sizeof *values);
    memcpy(times, room.time, n * sizeof *times);
    stream_commit(r->stream, r->column_channel, 0);
    r->column_channel = channel;
    if (!stream_put(r->stream, channel, times, values, n))
      return -1;
  }
  if (n > 0)
    r->next_row = index + n;
  return n > 0;
}

static void note(const struct parse_event *event)
{
  if (event->text && event->text[0])
    message("line %llu: '%s' %s", (unsigned long long)event->line, event->text, event->why);
  else
    message("line %llu: %s", (unsigned long long)event->line, event->why);
}

static void report(struct reader *r, const struct parse_event *event)
{
  r->counts.rejected++;
  if (r->config.input.kind == INPUT_TERMINAL)
    write_all(STDERR_FILENO, NOT_A_NUMBER, sizeof NOT_A_NUMBER - 1);
  else if (r->reported++ < REPORTS_MAX)
    note(event);
}

/* Parses what was fed, to its end. False when asked to stop. */
static bool take_rows(struct reader *r)
{
  struct parse_event event;
  for (;;) {
    if (r->in_column) {
      int taken = take_column(r);
      if (taken < 0)
        return false;
      if (taken > 0)
        continue;
    }
    switch (parser_next(r->parser, &event)) {
    case PARSE_MORE:
      return flush(r);
    case PARSE_ROW:
      add_channels(r);
      if (!take_row(r, &event))
        return false;
      r->in_column = event.count == 1; /* more like it may follow */
      break;
    case PARSE_REJECT:
      report(r, &event);
      break;
    case PARSE_NOTE:
      note(&event);
      break;
    }
  }
}

/* Everything taken so far becomes visible, and nothing is on its way any more. */
static void settle(struct reader *r)
{
  struct parse_counts parsed = parser_counts(r->parser);
  r->counts.lines = parsed.lines;
  r->counts.numbers = parsed.numbers;
  r->counts.fast = parsed.fast;
  stream_publish(r->stream, &r->counts);
  stream_arrival_end(r->stream);
}

/* Says once that lines come in bunches, which share one time, where the person could space them. */
static void hint_when_crowded(struct reader *r, uint64_t rows_before)
{
  bool crowded = r->counts.rows - rows_before >= CROWDED_ROWS;
  r->crowded_reads = crowded ? r->crowded_reads + 1 : 0;
  if (r->hinted || r->config.base != TIME_ARRIVAL || r->crowded_reads < CROWDED_READS)
    return;
  r->hinted = true;
  message("many lines come in each read and share its time: --rate HZ would space them");
}

static void prompt(const struct reader *r)
{
  if (r->config.prompt_fd >= 0)
    write_all(r->config.prompt_fd, PROMPT, sizeof PROMPT - 1);
}

static void read_input(struct reader *r)
{
  struct input *in = &r->config.input;
  prompt(r);
  while (input_wait(in, stream_stop_fd(r->stream)) == INPUT_READY) {
    r->arrival = stream_arrival_begin(r->stream, reader_clock, r);
    ssize_t n = input_read(in, r->buffer, sizeof r->buffer);
    uint64_t rows_before = r->counts.rows;
    bool more = n > 0 || n == INPUT_AGAIN || n == INPUT_WRITER_LEFT;
    if (n == INPUT_FAILED) {
      message("%s: %s", in->name, strerror(errno));
      r->failed = true;
    }
    if (n > 0)
      parser_feed(r->parser, r->buffer, (size_t)n);
    else if (n != INPUT_AGAIN)
      parser_end(r->parser);
    bool go_on = n == INPUT_AGAIN || take_rows(r);
    settle(r);
    if (n > 0) {
      hint_when_crowded(r, rows_before);
      if (r->buffer[n - 1] == '\n') /* Ctrl-D may send a part of a line: its rest belongs to the same question */
        prompt(r);
    }
    if (!go_on || !more)
      break;
  }
}

/* The demo's rows that are due; all at one go when they are asked for by number. */
static void play_demo(struct reader *r)
{
  for (int c = 0; c < DEMO_CHANNELS; c++)
    stream_channel_add(r->stream, demo_name[c]);
  const int64_t spacing = TIME_TICKS_PER_SECOND / DEMO_RATE_HZ;
  uint64_t limit = r->config.demo_rows ? r->config.demo_rows : UINT64_MAX;
  int64_t deadline = r->config.start_ns;
  uint64_t row = 0;
  while (row < limit && !stream_stop_asked(r->stream)) {
    r->next_row = row;
    stream_arrival_begin(r->stream, reader_clock, r);
    uint64_t due = limit;
    if (!r->config.demo_rows)
      due = (uint64_t)((clock_now_ns() - r->config.start_ns) / spacing + 1);
    for (; row < due; row++) {
      int64_t time = (int64_t)row * spacing;
      for (int c = 0; c < DEMO_CHANNELS; c++) {
        double value = demo_value(c, row);
        if (!stream_put(r->stream, (size_t)c, &time, &value, 1))
          return;
      }
      r->counts.rows++;
      r->counts.samples += DEMO_CHANNELS;
    }
    r->next_row = row;
    settle(r);
    if (!r->config.demo_rows) {
      deadline += DEMO_PERIOD_NS;
      clock_wait_until_ns(deadline);
    }
  }
}

static void *run(void *context)
{
  struct reader *r = context;
  if (r->config.demo)
    play_demo(r);
  else
    read_input(r);
  settle(r);
  struct stream *stream = r->stream;
  stream_end(stream, r->failed);
  parser_free(r->parser);
  free(r);
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
      .terminal = config->input.kind == INPUT_TERMINAL, .only = config->only, .names = config->names};
  r->parser = parser_new(&options);

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
  if (error) {
    parser_free(r->parser);
    free(r);
  }
  return error;
}
