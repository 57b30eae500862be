#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/descriptors.h"
#include "common/message.h"
#include "common/signals.h"
#include "common/write.h"
#include "scope/batch.h"
#include "scope/input/demo.h"
#include "scope/input/reader.h"
#include "scope/live.h"
#include "scope/paint/picture.h"
#include "scope/session.h"
#include "scope/settings.h"

enum {
  RING_BLOCKS = 1024, /* 4 MiB: 26 ms of ten million numbers a second */
  STOP_MS = 100,      /* how long the reader is waited for at the end */
};

/* What the end of the program owes, whoever brings it about: also Xlib, which calls exit when the server goes. */
struct run {
  struct settings settings;
  struct stream *stream;
  struct session *session;
  struct timing timing;
  int64_t start_ns;
  int signal_fd;
  FILE *png;     /* NULL: a window */
  int prompt_fd; /* -1: there is no prompt */
  int status;
  bool started, finished;
};

static struct run run;

static void finish(void)
{
  if (run.finished || !run.started)
    return;
  run.finished = true;
  stream_stop(run.stream, STOP_MS);
  session_drain(run.session, INT64_MAX);
  if (run.prompt_fd >= 0)
    write_patiently(run.prompt_fd, "\n", 1, STOP_MS,
                    -1); /* the last prompt stays unanswered: the shell's comes on a line of its own */
  if (stream_failed(run.stream) || session_lost(run.session))
    run.status = EXIT_FAILURE;
  if (run.settings.only && session_channels(run.session) == 0)
    message("--only %s: no line had any of these", run.settings.only);
  if (run.settings.summary) {
    int error = session_summary(run.session, STDOUT_FILENO, run.signal_fd);
    if (error && error != EPIPE && error != ECANCELED) { /* a second signal ends the waiting for who reads it */
      message("standard output: %s", strerror(error));
      run.status = EXIT_FAILURE;
    }
  }
  if (run.settings.timing) {
    struct stream_counts counts;
    stream_counts(run.stream, &counts);
    timing_print(&run.timing, &counts, session_last_taken_ns(run.session) - run.start_ns);
  }
}

/* Greeting and prompt: on standard output if that is a terminal, else on standard error if that is one. */
static int prompt_descriptor(const struct input *input)
{
  if (input->kind != INPUT_TERMINAL)
    return -1;
  return isatty(STDOUT_FILENO) ? STDOUT_FILENO : isatty(STDERR_FILENO) ? STDERR_FILENO : -1;
}

static void greet(int fd, const struct settings *s)
{
  char text[160];
  int n = snprintf(text, sizeof text,
                   "Plot running. Enter numbers to update. The visible range of y-values is %.15g to %.15g.\n", s->low,
                   s->high);
  if (fd >= 0 && n > 0)
    write_all(fd, text, (size_t)n);
}

static enum time_base choose_base(const struct settings *s, const struct input *input)
{
  if (s->demo || s->rate_hz > 0)
    return TIME_RATE;
  return s->png || input->kind == INPUT_REGULAR ? TIME_NUMBER : TIME_ARRIVAL;
}

static enum column_style choose_style(const struct settings *s, enum time_base base)
{
  switch (s->style) {
  case STYLE_STEP:
    return COLUMN_STEP;
  case STYLE_LINE:
    return COLUMN_LINE;
  case STYLE_POINTS:
    return COLUMN_POINTS;
  case STYLE_AUTO:
    break;
  }
  return base == TIME_ARRIVAL ? COLUMN_STEP : COLUMN_LINE;
}

/* The width of the time axis in ticks; 0 stands for everything. */
static int64_t choose_window(const struct settings *s, enum time_base base)
{
  if (s->window_all || (base == TIME_NUMBER && !s->window_given))
    return 0;
  double ticks = s->window_s * (base == TIME_NUMBER ? TIME_TICKS_PER_SAMPLE : TIME_TICKS_PER_SECOND);
  return ticks < 1 ? 1 : (int64_t)ticks;
}

/* Opens the input and starts the reader and the session. An exit status, or -1 to go on. */
static int start(const char **waiting_note)
{
  const struct settings *s = &run.settings;
  struct reader_config reader = {.demo = s->demo,
                                 .rate_hz = s->demo ? DEMO_RATE_HZ : s->rate_hz,
                                 .only = s->only,
                                 .names = s->names,
                                 .start_ns = run.start_ns,
                                 .prompt_fd = -1};
  if (s->demo) {
    reader.demo_rows = s->png ? 10 * DEMO_RATE_HZ : 0;
  } else {
    int error = input_open(&reader.input, s->file, !s->exit_at_end && !s->png);
    if (error) {
      message("%s: %s", reader.input.name, strerror(error));
      return EXIT_FAILURE;
    }
    reader.prompt_fd = prompt_descriptor(&reader.input);
    if (!s->png)
      greet(reader.prompt_fd, s);
  }
  if (s->png) {
    run.png = picture_open(s->png, s->demo ? -1 : reader.input.fd);
    if (!run.png)
      return EXIT_FAILURE;
  }
  run.prompt_fd = reader.prompt_fd;
  reader.base = choose_base(s, &reader.input);
  bool terminal = !s->demo && reader.input.kind == INPUT_TERMINAL;
  *waiting_note = s->demo || terminal ? NULL : "waiting for numbers";

  const struct session_config session = {.stream = run.stream,
                                         .base = reader.base,
                                         .rate_hz = reader.rate_hz,
                                         .start_ns = run.start_ns,
                                         .window = choose_window(s, reader.base),
                                         .low = s->low,
                                         .high = s->high,
                                         .autoscale = s->autoscale,
                                         .style = choose_style(s, reader.base),
                                         .initial_zero = terminal && !s->png,
                                         .memory_bytes = (size_t)s->memory_mib << 20,
                                         .title = s->title  ? s->title
                                                  : s->demo ? "demo"
                                                            : reader.input.name,
                                         .unit = s->unit};
  run.session = session_new(&session);
  int error = run.session ? reader_start(&reader, run.stream) : ENOMEM;
  if (error) {
    message("cannot start: %s", strerror(error));
    return EXIT_FAILURE;
  }
  run.started = true;
  atexit(finish);
  return -1;
}

int main(int argc, char **argv)
{
  message_program("scope");
  signal(SIGPIPE, SIG_IGN);
  if (descriptors_ensure_standard() != 0)
    return EXIT_FAILURE;
  const enum options_result result = settings_parse(&run.settings, argc, argv);
  if (result != OPTIONS_GO)
    return options_answer(&settings_options, result, "scope", SCOPE_VERSION);

  run.signal_fd = signals_open(false);
  run.start_ns = clock_now_ns();
  run.stream = stream_new(RING_BLOCKS);
  if (run.signal_fd < 0 || !run.stream) {
    message("cannot start: %s", run.signal_fd < 0 ? strerror(errno) : "out of memory");
    return EXIT_FAILURE;
  }
  const char *waiting_note;
  int status = start(&waiting_note);
  if (status < 0) {
    bool ok = run.png ? batch_run(&run.settings, run.stream, run.session, run.signal_fd, run.png)
                      : live_run(&run.settings, run.session, run.signal_fd, waiting_note, &run.timing);
    run.status = ok ? EXIT_SUCCESS : EXIT_FAILURE;
    finish();
    status = run.status;
  }
  /* The reader may still wait in a read that nothing ends: what it uses is not freed, and the process goes under it. */
  return status;
}
