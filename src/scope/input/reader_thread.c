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
#include "scope/input/reader_state.h"

enum {
  CROWDED_ROWS = 64,  /* rows in one read that make it crowded ... */
  CROWDED_READS = 20, /* ... and crowded reads in a row that make a hint worthwhile */
  ONLY_MS = 3000,     /* after the first line: what --only names and has not come by then is said */
};

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

/* The same of an input that has ended before so many reads: `seq 1000 | scope` is drawn as a single stroke. */
static void hint_if_crowded(struct reader *r)
{
  const uint64_t rows = r->handover.counts.rows - r->rows_cleared;
  if (r->hinted || !time_base_runs(&r->config.base) || r->reads == 0 || rows / r->reads < CROWDED_ROWS)
    return;
  r->hinted = true;
  if (isatty(STDERR_FILENO)) /* it is for people, and scripts have short inputs */
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
  else if (!tee_pass(&r->tee, r->buffer, n, r->stream) && r->tee.error == EPIPE) {
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
    reader_parse(r, n > 0 ? (size_t)n : 0);
  reader_end_arrival(r);
  if (n > 0) {
    r->reads++;
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
  reader_parse_all(r);
  reader_end_arrival(r);
}

/*
 * Key Del. What is held back comes out first, as it belongs to a recording; the plot throws it away. A line whose end has
 * not been read yet is the first of the new generation. A recording that is played names its channels itself, and goes on.
 */
static void clear(struct reader *r)
{
  const bool times_anew = reader_states_times(r) && r->config.replay <= 0;
  decide(r);
  if (!r->recording && r->config.replay <= 0)
    parser_reset(r->parser);
  if (times_anew)
    r->stated = -1;
  r->in_rows = false;
  r->reported = 0;
  r->refusal.line = 0;
  r->crowded_reads = 0;
  r->reads = 0;
  r->rows_cleared = r->handover.counts.rows;
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
  if (counts.lines > 0 && parser_time_missing(r->parser))
    remarks_message(&r->remarks, "--time-column %s: no row has a column or label of this name or number",
                    r->config.parser.time_column);
  if (counts.rejected > READER_REPORTS_MAX && !terminal)
    remarks_message(&r->remarks, "%llu lines rejected", (unsigned long long)counts.rejected);
  if (!stopped)
    hint_if_crowded(r);
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
