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
#include "scope/finish.h"
#include "scope/frame.h"
#include "scope/input/demo.h"
#include "scope/input/reader.h"
#include "scope/input/record_gate.h"
#include "scope/loop.h"
#include "scope/paint/theme.h"
#include "scope/settings.h"
#include "scope/show/display.h"
#include "scope/watch.h"

enum {
  RING_BLOCKS = 1024, /* 4 MiB: 26 ms of ten million numbers a second */
  GREETING_MAX = 160,
};

/* What lives as long as the process: the reader, which is never joined, and the exit handler still use it at the end. */
static struct settings settings;
static struct timing timing;
static struct frame frame;
static struct stream *stream;
static struct intake *intake;
static struct reader_config reader;

/* Greeting and prompt: on standard output if that is a terminal, else on standard error if that is one. */
static int prompt_descriptor(const struct source *source, bool tee)
{
  if (source->kind != SOURCE_TERMINAL)
    return -1;
  return !tee && isatty(STDOUT_FILENO) ? STDOUT_FILENO : isatty(STDERR_FILENO) ? STDERR_FILENO : -1;
}

static void write_greeting(const struct settings *s, char text[GREETING_MAX])
{
  snprintf(text, GREETING_MAX,
           "Plot running. Enter numbers to update. The visible range of y-values is %.15g to %.15g.\n", s->low,
           s->high);
}

/* Where the plot will be shown. typed: numbers are typed on standard input. NULL after a message. */
static struct display *choose_display(const struct settings *s, bool typed)
{
  static const enum terminal_kind kind[] = {[TERMINAL_CHOICE_KITTY] = TERMINAL_KITTY,
                                            [TERMINAL_CHOICE_SIXEL] = TERMINAL_SIXEL,
                                            [TERMINAL_CHOICE_BLOCKS] = TERMINAL_BLOCKS};
  static char greeting[GREETING_MAX];
  write_greeting(s, greeting);
  greeting[strlen(greeting) - 1] = '\0';                             /* it is a row there */
  const struct display_config config = {.window = {.title = "scope", /* the loop finds a better one */
                                                   .width = s->width,
                                                   .height = s->height,
                                                   .size_given = s->size_given,
                                                   .position_given = s->position_given,
                                                   .x = s->x,
                                                   .y = s->y},
                                        .terminal = {.kind = kind[s->terminal],
                                                     .theme = s->theme == THEME_LIGHT ? &theme_light : &theme_dark,
                                                     .greeting = typed ? greeting : NULL},
                                        .in_terminal = s->terminal != TERMINAL_CHOICE_NONE,
                                        .output_taken = s->tee};
  return display_new(&config);
}

/* What is typed comes from the display's own line, if it has one, and is asked for there. */
static void type_into(const struct display *display)
{
  const int input = display_input(display);
  if (input < 0)
    return;
  reader.source.fd = input;
  reader.source.tty = false;
  reader.prompt_fd = -1;
}

static enum time_base_kind choose_base(const struct settings *s, const struct source *source)
{
  if (s->demo || s->rate_hz > 0)
    return TIME_RATE;
  if (s->parser.time_column)
    return TIME_STATED;
  return settings_batch(s) || source->kind == SOURCE_REGULAR ? TIME_NUMBER : TIME_ARRIVAL;
}

/* What is plotted, where that has a name; else the names of the channels say it. */
static const char *plotted_name(const struct settings *s, const struct source *source)
{
  return s->demo || (s->file && strcmp(s->file, "-") != 0) ? source->name : NULL;
}

/* What FILE is, or standard input. False after a message. */
static bool open_source(const struct settings *s, struct source *source)
{
  const bool goes_on = !s->exit_at_end && !s->png; /* after the last writer, or without its device */
  if (s->baud) {
    const char *why = source_open_serial(source, s->file, (uint32_t)s->baud, goes_on);
    if (why)
      message("%s", why);
    return !why;
  }
  const int error = s->follow ? source_open_follow(source, s->file, s->tail) : source_open(source, s->file, goes_on);
  if (error == ESPIPE)
    message("%s: --follow is for files; this one is read on as it is", source->name);
  else if (error)
    message("%s: %s", source->name, strerror(error));
  return error == 0;
}

/* Where the samples come from. False after a message. */
static bool open_input(const struct settings *s)
{
  reader = (struct reader_config){.demo = s->demo, .parser = s->parser, .prompt_fd = -1};
  if (s->demo) {
    reader.demo_rows = settings_batch(s) ? 10 * DEMO_RATE_HZ : 0;
    reader.source = (struct source){.fd = -1, .name = "demo", .keeper = -1};
  } else {
    if (!open_source(s, &reader.source))
      return false;
    reader.prompt_fd = prompt_descriptor(&reader.source, s->tee);
  }
  reader.base = (struct time_base){.kind = choose_base(s, &reader.source),
                                   .rate_hz = s->demo ? DEMO_RATE_HZ : s->rate_hz,
                                   .start_ns = clock_now_ns()};
  if (time_base_runs(&reader.base))
    reader.base.wall_ns = clock_wall_ns();
  reader.replay = s->replay;
  reader.counter = s->counter;
  if (!s->demo && s->rate_hz <= 0 && reader.source.kind == SOURCE_REGULAR)
    reader.recording = recording_recognise(reader.source.fd, &reader.base);
  if (s->replay > 0 && reader.base.kind != TIME_RATE && reader.base.kind != TIME_STATED) {
    message("--replay: %s has no times; a recording has, and --rate gives them", reader.source.name);
    return false;
  }
  return true;
}

/* The reader of --tee's copy is gone: that ends us, as it ends anybody who writes to a pipe. */
static void end_quietly(void)
{
  kill(getpid(), SIGTERM);
}

/* What has an end and times of its own is shown whole, unless a width is asked for. */
static bool shows_all(const struct settings *s)
{
  if (s->window_given || s->demo || s->replay > 0)
    return s->window_all;
  const bool ends = settings_batch(s) || reader.source.kind == SOURCE_REGULAR;
  return reader.base.kind == TIME_STATED || (reader.base.kind == TIME_RATE && ends);
}

/* Where rows and bytes go besides the plot. False after a message. */
static bool open_outputs(const struct settings *s)
{
  reader.tee = s->tee;
  reader.tee_fd = STDOUT_FILENO;
  if (!s->record) {
    reader.nobody_reads = end_quietly; /* a recording goes on without it */
    return true;
  }
  const int others[] = {reader.source.fd >= 0 ? reader.source.fd : STDIN_FILENO, s->tee ? STDOUT_FILENO : -1, -1};
  reader.record = record_open(s->record, others);
  if (reader.record)
    record_gate_guard_signals();
  return reader.record != NULL;
}

/* "cannot start: why", for what goes wrong before anything runs. */
static int cannot_start(int error)
{
  message("cannot start: %s", strerror(error));
  return EXIT_FAILURE;
}

/* Opens what there is to open, starts the threads, and runs to the end. The exit status. */
static int run(const struct settings *s)
{
  struct batch_files files = {.png = NULL};
  struct display *display = NULL;
  const int signal_fd = signals_open(false);
  stream = signal_fd < 0 ? NULL : stream_new(RING_BLOCKS);
  if (!stream)
    return cannot_start(errno);
  if (!open_input(s) || !open_outputs(s))
    return EXIT_FAILURE;
  const bool terminal = reader.source.kind == SOURCE_TERMINAL && !s->demo;
  if (!batch_open(&files, s, reader.source.fd))
    return EXIT_FAILURE;
  if (!settings_batch(s) && !(display = choose_display(s, terminal)))
    return EXIT_FAILURE;
  if (display)
    type_into(display);
  if (display && reader.prompt_fd >= 0) {
    char greeting[GREETING_MAX];
    write_greeting(s, greeting);
    write_all(reader.prompt_fd, greeting, strlen(greeting));
  }

  intake = intake_new(stream, &reader.base, (size_t)s->memory_mib << 20, terminal && !settings_batch(s));
  int error = intake ? 0 : ENOMEM;
  if (intake && s->summary_full && !intake_keep_percentiles(intake))
    error = ENOMEM;
  if (intake && s->limits_given)
    intake_set_limits(intake, s->limit_low, s->limit_high);
  if (!error && !settings_batch(s))
    error = watch_start(signal_fd, stream, display_may_wait(display), finish_and_exit);
  if (!error)
    error = reader_start(&reader, stream);
  if (error) {
    batch_discard(&files);
    display_free(display);
    return cannot_start(error);
  }
  const struct finish_debts debts = {.settings = s,
                                     .intake = intake,
                                     .stream = stream,
                                     .timing = &timing,
                                     .start_ns = reader.base.start_ns,
                                     .signal_fd = signal_fd,
                                     .recording = reader.record != NULL,
                                     .display = display,
                                     .prompt_fd = reader.prompt_fd};
  finish_owe(&debts);
  settings.window_all = shows_all(s);
  frame_init(&frame, s, intake, plotted_name(s, &reader.source), reader.base.start_ns);
  if (reader.source.kind == SOURCE_REGULAR && !s->demo)
    progress_init(&frame.progress, reader.source.fd, reader.source.name, reader.base.start_ns);
  const struct loop_config loop = {.settings = s,
                                   .frame = &frame,
                                   .display = display,
                                   .stream = stream,
                                   .signal_fd = signal_fd,
                                   .nothing = {.waiting = s->demo || terminal ? NULL : "waiting for numbers",
                                               .only = s->parser.only,
                                               .terminal = terminal,
                                               .start_ns = reader.base.start_ns},
                                   .timing = &timing};
  const bool ok = settings_batch(s) ? batch_run(s, &frame, stream, signal_fd, &files) : loop_run(&loop, finish_now);
  timing.triggered = frame.view.trigger.on;
  timing.sweeps = frame.view.trigger.sweeps;
  finish_now();
  frame_destroy(&frame);
  /* The reader may still wait in a read that nothing ends: what it uses is not freed, and the process goes under it. */
  return finish_status(ok);
}

int main(int argc, char **argv)
{
  message_program("scope");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes comes as an error */
  if (descriptors_ensure_standard() != 0)
    return EXIT_FAILURE;
  const enum options_result result = settings_parse(&settings, argc, argv);
  if (result != OPTIONS_GO)
    return options_answer(&settings_options, result, "scope", SCOPE_VERSION);
  return run(&settings);
}
