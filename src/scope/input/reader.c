#include "scope/input/reader.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "scope/input/demo_play.h"
#include "scope/input/handover.h"
#include "scope/input/parser.h"
#include "scope/input/remarks.h"
#include "scope/input/tee.h"

enum {
  READ_BYTES = 128 * 1024, /* stays in the second-level cache while it is parsed */
  REPORTS_MAX = 5,         /* rejected lines reported one by one */
  CROWDED_ROWS = 64,       /* rows in one read that make it crowded ... */
  CROWDED_READS = 20,      /* ... and crowded reads in a row that make a hint worthwhile */
  HOLD_MS = 500,           /* lines wait so long at most for what decides about them */
  ONLY_MS = 3000,          /* after the first line: what --only names and has not come by then is said */
};

/* The thread's own; allocated once; a read that nothing ends keeps it for ever. */
struct reader {
  struct reader_config config;
  struct stream *stream;
  struct parser *parser;
  struct recording *recording; /* instead, with config.recording */
  struct remarks remarks;
  struct handover handover;
  struct tee tee;          /* with config.tee */
  int64_t zero_ns;         /* TIME_STATED by a column: of the first row; all others count from there */
  int64_t stated;          /* time of the last row then, -1 before the first */
  int64_t hold_until_ns;   /* the moment at which what the parser holds back is to be decided; 0: nothing is held */
  int64_t silent_until_ns; /* 0: something came, or it was remarked on that nothing did */
  int64_t only_until_ns;   /* the moment at which names that have not come are said; 0: it is not set */
  bool only_said;
  uint64_t reported;
  struct refusal { /* the last of an arrival, while nothing is accepted */
    uint64_t line; /* 0: none */
    char text[PARSER_TEXT_MAX + 1];
    char why[PARSER_WHY_MAX];
  } refusal;
  int crowded_reads;
  bool hinted;
  bool in_rows; /* the last line was a row: the quick road is worth a try */
  bool failed;  /* the input could not be read on */
  char buffer[READ_BYTES];
};

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

/* The time is in a column. */
static bool states_times(const struct reader *r)
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

static void end_arrival(struct reader *r)
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
  if (states_times(r) && r->config.replay <= 0)
    h->next_time = r->stated + 1; /* so that it is seen; one of the same time may come: see column_rule.again */
  handover_end_arrival(h);
}

/* ---- Text ---- */

static int64_t row_time(struct reader *r, const struct parser_event *event)
{
  if (r->config.base.kind == TIME_ARRIVAL)
    return event->stamp;
  if (!states_times(r))
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
  else if (r->reported++ < REPORTS_MAX)
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

/* Parses what was fed, to its end: a stop does not shorten it, or a row could be torn. */
static void parse_all(struct reader *r)
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
      r->in_rows = r->handover.quick && !states_times(r); /* more like it may follow */
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

/* Parses what stands in the buffer; n 0: the input ended here. */
static void parse(struct reader *r, size_t n)
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
  parse_all(r);
}

/* Says once that lines come in bunches, which share one time, where the person could space them. */
static void hint_when_crowded(struct reader *r, uint64_t rows_before)
{
  bool crowded = r->handover.counts.rows - rows_before >= CROWDED_ROWS;
  r->crowded_reads = crowded ? r->crowded_reads + 1 : 0;
  if (r->hinted || !time_base_runs(&r->config.base) || r->crowded_reads < CROWDED_READS)
    return;
  r->hinted = true;
  remarks_message(&r->remarks, READER_CROWDED_HINT);
  stream_hint(r->stream, READER_CROWDED_HINT);
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

static bool is_recording(const char *bytes, size_t n)
{
  return n >= sizeof RECORD_HEADER - 1 && memcmp(bytes, RECORD_HEADER, sizeof RECORD_HEADER - 1) == 0;
}

/* One read, and all that follows from it. False when it was the last. */
static bool read_arrival(struct reader *r)
{
  const uint64_t rows_before = r->handover.counts.rows;
  handover_begin_arrival(&r->handover);
  ssize_t n = source_read(&r->config.source, r->buffer, sizeof r->buffer);
  if (n == SOURCE_FAILED) {
    remarks_message(&r->remarks, "%s: %s", r->config.source.name, strerror(errno));
    r->failed = true;
  }
  const char *news = source_news(&r->config.source);
  if (news)
    remarks_message(&r->remarks, "%s", news);
  if (n > 0 && !r->recording && r->handover.counts.lines == 0 && is_recording(r->buffer, (size_t)n))
    remarks_message(&r->remarks, "%s is a recording, which only its file's name makes readable with its times",
                    r->config.source.name);
  if (n != SOURCE_AGAIN)
    parse(r, n > 0 ? (size_t)n : 0);
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
  handover_begin_arrival(&r->handover);
  parser_decide(r->parser);
  parse_all(r);
  end_arrival(r);
}

/*
 * Key Del. What is held back comes out first, as it belongs to a recording; the plot throws it away. A line whose end has
 * not been read yet is the first of the new generation. A recording that is played names its channels itself, and goes on.
 */
static void clear(struct reader *r)
{
  const bool times_anew = states_times(r) && r->config.replay <= 0;
  decide(r);
  if (!r->recording && r->config.replay <= 0)
    parser_reset(r->parser);
  if (times_anew)
    r->stated = -1;
  r->in_rows = false;
  r->reported = 0;
  r->refusal.line = 0;
  r->crowded_reads = 0;
  handover_restart(&r->handover, times_anew);
}

/* What is to be said when no more lines come; stopped: because we were asked to. */
static void close_accounts(struct reader *r, bool stopped)
{
  const struct parser_counts counts = parser_counts(r->parser);
  const bool terminal = r->config.source.kind == SOURCE_TERMINAL;
  char text[512];
  if (r->recording)
    return;
  if (parser_missing(r->parser, text, sizeof text))
    remarks_message(&r->remarks, "--only: %s", text);
  if (counts.lines > 0 && parser_key_missing(r->parser))
    remarks_message(&r->remarks, "--key: no row has a column or label of this name: nothing of them is plotted");
  if (counts.rejected > REPORTS_MAX && !terminal)
    remarks_message(&r->remarks, "%llu lines rejected", (unsigned long long)counts.rejected);
  if (counts.samples > 0 || counts.lines == 0 || terminal)
    return;
  const char *first = parser_first_refused(r->parser);
  remarks_message(&r->remarks, "no numbers in %llu line%s%s%s", (unsigned long long)counts.lines,
                  counts.lines == 1 ? "" : "s", first[0] ? "; " : "", first);
  r->failed = r->failed || !stopped;
}

/* How long there may be nothing to read until there is something else to do; -1: for ever. */
static int patience_ms(const struct reader *r)
{
  const int64_t duty[] = {r->hold_until_ns, r->silent_until_ns, r->only_until_ns};
  int64_t first_ns = INT64_MAX;
  for (size_t i = 0; i < sizeof duty / sizeof *duty; i++)
    if (duty[i] != 0 && duty[i] < first_ns)
      first_ns = duty[i];
  return first_ns == INT64_MAX ? -1 : clock_timeout_ms(first_ns, clock_now_ns());
}

/* Names of --only that have not come, once, some time after the first line. */
static void say_missing(struct reader *r, int64_t now_ns)
{
  char text[512];
  char said[sizeof text + 32];
  if (!r->config.parser.only || r->only_said || r->recording || r->handover.counts.lines == 0)
    return;
  if (r->only_until_ns == 0)
    r->only_until_ns = now_ns + clock_from_ms(ONLY_MS);
  if (now_ns < r->only_until_ns)
    return;
  r->only_until_ns = 0;
  r->only_said = true;
  if (!parser_missing(r->parser, text, sizeof text))
    return;
  snprintf(said, sizeof said, "--only, so far: %s", text);
  remarks_message(&r->remarks, "%s", said);
  stream_hint(r->stream, said);
}

/* What is to be done at its time, whatever comes. */
static void do_duties(struct reader *r)
{
  const int64_t now_ns = clock_now_ns();
  if (r->hold_until_ns != 0 && now_ns >= r->hold_until_ns)
    decide(r);
  if (r->silent_until_ns != 0 && now_ns >= r->silent_until_ns) {
    r->silent_until_ns = 0;
    if (isatty(STDERR_FILENO)) /* a hint is for people, and goes to no file */
      remarks_message(&r->remarks, "%s", READER_SILENCE_HINT);
  }
  say_missing(r, now_ns);
}

/* As source_wait, but leaves the input alone while too much waits to be said. */
static enum source_wait wait_for_input(struct reader *r)
{
  const int ask_fd = stream_ask_fd(r->stream);
  if (!remarks_crowded(&r->remarks))
    return source_wait(&r->config.source, ask_fd, remarks_fd(&r->remarks), patience_ms(r));
  struct pollfd wait[] = {{.fd = ask_fd, .events = POLLIN}, {.fd = remarks_fd(&r->remarks), .events = POLLOUT}};
  return poll(wait, 2, -1) > 0 && wait[0].revents ? SOURCE_ASKED : SOURCE_WRITABLE;
}

static void read_input(struct reader *r)
{
  if (r->config.source.kind != SOURCE_TERMINAL)
    r->silent_until_ns = clock_now_ns() + clock_from_ms(READER_SILENCE_MS);
  remarks_prompt(&r->remarks);
  for (;;) {
    remarks_say(&r->remarks);
    const enum source_wait what = wait_for_input(r);
    if (what == SOURCE_ASKED) {
      stream_take_notice(r->stream);
      if (!stream_stop_asked(r->stream)) {
        if (stream_clear_asked(r->stream))
          clear(r);
        continue;
      }
    }
    if (what == SOURCE_ASKED) /* what had been read is kept whole, what is held back as well */
      decide(r);
    if (what == SOURCE_READY)
      r->silent_until_ns = 0;
    do_duties(r);
    if (what == SOURCE_ASKED || (what == SOURCE_READY && !read_arrival(r))) {
      close_accounts(r, what == SOURCE_ASKED);
      return;
    }
  }
}

/* ---- The thread ---- */

static void destroy(struct reader *r)
{
  record_free(r->config.record);
  remarks_destroy(&r->remarks);
  parser_free(r->parser);
  recording_free(r->recording);
  free(r);
}

static void *run(void *context)
{
  struct reader *r = context;
  if (r->config.demo)
    demo_play(&r->handover, r->config.demo_rows, r->config.base.start_ns);
  else
    read_input(r);
  pass_on(r, 0);
  if (r->config.counter && r->handover.counter.found == 0 && r->handover.channels > 0)
    remarks_message(&r->remarks, "--counter %s: no channel has one of these names", r->config.counter);
  r->failed |= r->config.record && record_lost(r->config.record) > 0;
  handover_end(&r->handover, r->failed);
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
  const struct handover_config handover = {.base = config->base,
                                           .counter = config->counter,
                                           .replay = config->replay,
                                           .timed = config->base.kind == TIME_STATED || config->recording,
                                           .record = config->record};
  handover_init(&r->handover, &handover, stream, &r->remarks);
  if (config->recording && config->base.wall_ns != 0)
    stream_set_clock(stream, CLOCK_LOCAL, config->base.wall_ns);
  if (config->recording && r->parser && !(r->recording = recording_new(&config->base, config->parser.only))) {
    parser_free(r->parser);
    r->parser = NULL; /* no memory */
  }
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
