#include "forker/forker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"
#include "forker/ending.h"
#include "forker/family.h"
#include "forker/jobs.h"
#include "forker/report.h"
#include "forker/run.h"
#include "forker/schedule.h"
#include "forker/spawn.h"
#include "forker/state.h"

enum {
  OUTPUT_MS = 1000, /* how long we wait for a reader of our output once we were asked to end */
  RELAY_LOOK_MS = 10,
  SIGNALS_A_TURN = 64,
  DESCRIPTORS_BESIDES = 24, /* standard ones, timer, signals, outlets, and some air */
  REPEAT_MS = 200,          /* signals that come so soon after the first are part of it, as when a terminal closes */
};

/* Places in what is polled; behind them are the runs. */
enum { POLLED_TIMER, POLLED_SIGNALS, POLLED_OUT, POLLED_ERR, POLLED_LOG, POLLED_BESIDES };

/*
 * Writes what waits; false while nobody reads it. A run started then would only add to it or, where children write for
 * themselves, its output would overtake older lines of ours.
 */
static bool flush_before_run(struct forker *forker)
{
  struct outlet *out = &forker->report.out;
  return forker->forward ? outlet_waiting(out) < FORWARD_LIMIT : !outlet_flush(out);
}

static void tick(struct forker *forker)
{
  const struct settings *s = forker->settings;
  int64_t missed;
  int64_t number = schedule_read(&forker->schedule, &missed);
  if (number == 0)
    return;
  if (s->count > 0 && number > s->count) { /* the last tick is over as well: it counts as missed */
    missed -= number - 1 - s->count;
    number = s->count + 1;
  }
  if (missed > 0)
    report_missed(&forker->report, number - missed, missed);
  if (s->count == 0 || number <= s->count) {
    report_tick(&forker->report, number, clock_now_ns() - schedule_due_ns(&forker->schedule, number - missed));
    if (number % s->every == 0) {
      if (forker->alive >= s->jobs || !flush_before_run(forker))
        report_skipped(&forker->report, number, forker->alive);
      else
        jobs_start(forker, number);
    }
  }
  if (s->count > 0 && number >= s->count)
    ending_enter(forker, PHASE_FINISHING, clock_now_ns());
}

/* Signals the runs that take too long. */
static void signal_late_runs(struct forker *forker)
{
  if (forker->settings->timeout_ns == 0)
    return;
  const int64_t now_ns = clock_now_ns();
  for (size_t i = 0; i < forker->runs_end; i++) {
    struct run *run = &forker->runs[i];
    if (!run_alive(run) || run->deadline_ns > now_ns)
      continue;
    const bool first = run->last_signal == 0;
    run->last_signal = first ? SIGTERM : SIGKILL;
    run->deadline_ns = first ? clock_after_ns(now_ns, forker->settings->kill_after_ns) : INT64_MAX;
    report_signalled(&forker->report, run);
    family_signal_group(run->pid, run->last_signal);
  }
}

/* A signal asks to end: the first one politely, a later one at once. */
static void ask_to_end(struct forker *forker, int64_t now_ns)
{
  if (forker->phase < PHASE_ENDING)
    ending_enter(forker, PHASE_ENDING, now_ns);
  else if (!forker->asked || now_ns - forker->asked_ns > clock_from_ms(REPEAT_MS))
    ending_enter(forker, PHASE_KILLING, now_ns);
  if (!forker->asked)
    forker->asked_ns = now_ns;
  forker->asked = true;
}

/* As many as a turn may take: a flood of them keeps nothing else waiting. */
static void read_signals(struct forker *forker, int64_t now_ns)
{
  bool sum_up = false;
  for (size_t total = 0, count = SIGNALS_BATCH; count == SIGNALS_BATCH && total < SIGNALS_A_TURN; total += count) {
    int numbers[SIGNALS_BATCH];
    count = signals_take(forker->signal_fd, numbers);
    for (size_t i = 0; i < count; i++) {
      if (numbers[i] == SIGUSR1)
        sum_up = true;
      else if (numbers[i] != SIGCHLD)
        ask_to_end(forker, now_ns);
    }
  }
  if (sum_up)
    report_summary(&forker->report);
}

static int timeout_ms(const struct forker *forker, int64_t now_ns)
{
  if (forker->more_to_reap)
    return 0;
  int64_t first_ns = ending_deadline_ns(forker, now_ns);
  const int64_t retry_ns = report_retry_ns(&forker->report);
  if (retry_ns < first_ns)
    first_ns = retry_ns;
  for (size_t i = 0; i < forker->runs_end; i++)
    if (run_alive(&forker->runs[i]) && forker->runs[i].deadline_ns < first_ns)
      first_ns = forker->runs[i].deadline_ns;
  return clock_timeout_ms(first_ns, now_ns);
}

/* A file on a full disk can always be written, says poll. */
static struct pollfd polled_outlet(const struct outlet *outlet)
{
  const bool waits = outlet_waiting(outlet) > 0 && !outlet->full;
  return (struct pollfd){.fd = waits ? outlet->fd : -1, .events = POLLOUT};
}

static nfds_t gather(struct forker *forker)
{
  struct pollfd *polled = forker->polled;
  const struct outlet *out = &forker->report.out;

  polled[POLLED_TIMER] = (struct pollfd){.fd = forker->schedule.fd, .events = POLLIN};
  polled[POLLED_SIGNALS] = (struct pollfd){.fd = forker->signal_fd, .events = POLLIN};
  polled[POLLED_OUT] = polled_outlet(out);
  if (!out->error && polled[POLLED_OUT].fd < 0) /* poll says unasked when nobody reads it any more */
    polled[POLLED_OUT] = (struct pollfd){.fd = out->fd};
  polled[POLLED_ERR] = polled_outlet(&forker->report.err);
  polled[POLLED_LOG] = polled_outlet(&forker->report.log.outlet);
  nfds_t count = POLLED_BESIDES;
  const bool room = outlet_waiting(&forker->report.out) < FORWARD_LIMIT;
  const bool err_room = outlet_waiting(&forker->report.err) < FORWARD_LIMIT;
  for (size_t i = 0; i < forker->runs_end; i++) {
    struct run *run = &forker->runs[i];
    run->exec_polled = run->out_polled = run->err_polled = NULL;
    if (run->exec_fd >= 0) {
      run->exec_polled = &polled[count];
      polled[count++] = (struct pollfd){.fd = run->exec_fd, .events = POLLIN};
    }
    if (run->out_fd >= 0 && room) { /* else the child waits until ours is read */
      run->out_polled = &polled[count];
      polled[count++] = (struct pollfd){.fd = run->out_fd, .events = POLLIN};
    }
    if (run->err_fd >= 0 && err_room) {
      run->err_polled = &polled[count];
      polled[count++] = (struct pollfd){.fd = run->err_fd, .events = POLLIN};
    }
  }
  return count;
}

static void flush(struct forker *forker)
{
  report_flush(&forker->report);
  if (forker->report.out.error && forker->phase < PHASE_ENDING)
    ending_enter(forker, PHASE_ENDING, clock_now_ns()); /* who reads us has had enough */
}

/* A pipe whose reader has gone, and a terminal that has closed, say so before anything is written. */
static void look_at_reader(struct forker *forker)
{
  if (forker->polled[POLLED_OUT].revents & (POLLERR | POLLHUP) && !forker->report.out.error)
    forker->report.out.error = EPIPE;
}

static void loop(struct forker *forker)
{
  while (forker->phase != PHASE_ENDED) {
    if (poll(forker->polled, gather(forker), timeout_ms(forker, clock_now_ns())) < 0 && errno != EINTR) {
      message("poll: %s", strerror(errno));
      ending_enter(forker, PHASE_KILLING, clock_now_ns());
    }
    look_at_reader(forker);
    /* Who has ended is reaped before anything else: it may be many, and each is a zombie till then. */
    if (forker->polled[POLLED_SIGNALS].revents)
      read_signals(forker, clock_now_ns());
    enum family_state children = FAMILY_ALIVE;
    if (forker->polled[POLLED_SIGNALS].revents || forker->more_to_reap)
      children = jobs_reap(forker);
    for (size_t i = 0; i < forker->runs_end; i++) {
      struct run *run = &forker->runs[i]; /* none is polled of a run that was released since */
      if (run->exec_polled && run->exec_polled->revents)
        jobs_look_at_exec(forker, run);
      if ((run->out_polled && run->out_polled->revents) || (run->err_polled && run->err_polled->revents))
        jobs_look_at_output(forker, run, false);
    }
    if (forker->phase == PHASE_TICKING && forker->polled[POLLED_TIMER].revents)
      tick(forker);
    signal_late_runs(forker);
    if (forker->phase >= PHASE_FINISHING)
      children = jobs_reap(forker);
    flush(forker);
    ending_step(forker, children, clock_now_ns());
  }
}

/*
 * Waits until our output was read or, once we are asked to end, for OUTPUT_MS. False when some of it was not. A full disk
 * has its last chance.
 */
static bool flush_to_the_end(struct forker *forker)
{
  const int64_t start_ns = clock_now_ns();
  for (;;) {
    const bool waiting = report_flush(&forker->report);
    if (waiting && !report_waits_for_reader(&forker->report))
      return true;
    if (!waiting && report_finish(&forker->report))
      return true;
    const int64_t now_ns = clock_now_ns();
    const int64_t from_ns = forker->asked_ns > start_ns ? forker->asked_ns : start_ns;
    const int64_t limit_ns = forker->asked ? from_ns + clock_from_ms(OUTPUT_MS) : INT64_MAX;
    if (now_ns >= limit_ns)
      return false;
    gather(forker);
    poll(forker->polled, POLLED_BESIDES, waiting ? OUTPUT_MS : RELAY_LOOK_MS);
    read_signals(forker, clock_now_ns());
    look_at_reader(forker);
  }
}

static void finish_output(struct forker *forker)
{
  /* What has come since the last look. Nobody reads what those print from now on who still have it open. */
  for (size_t i = 0; i < forker->runs_end; i++) {
    jobs_look_at_output(forker, &forker->runs[i], true);
    run_release(&forker->runs[i], &forker->report.out, &forker->report.err);
  }
  if (forker->settings->summary_asked || (!forker->settings->quiet && forker->report.out.error != EPIPE))
    report_summary(&forker->report);
  report_losses(&forker->report);
  report_end(&forker->report);
  if (!flush_to_the_end(forker) && outlet_waiting(&forker->report.out) > 0)
    message("%zu bytes were not read in time, and are lost", outlet_waiting(&forker->report.out));
  forker->report_lost = report_give_up(&forker->report);
}

static int status_of(const struct forker *forker)
{
  if (forker->fast_status)
    return forker->fast_status;
  const int error = report_error(&forker->report);
  if (forker->stuck || error || (forker->report_lost && !forker->asked))
    return EXIT_FAILURE;
  if (forker->asked || forker->hoped || forker->settings->count == 0)
    return EXIT_SUCCESS;
  return forker->failed || forker->settings->until != UNTIL_NONE ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Whatever is written there is nowhere: no lines are to be kept whole. */
static bool is_null_device(int fd)
{
  struct stat about;
  const int flags = fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && fstat(fd, &about) == 0 && S_ISCHR(about.st_mode) &&
         about.st_rdev == makedev(1, 3);
}

/*
 * Children write to a terminal themselves, with two exceptions. Our own lines may take a detour by a relay: they would
 * come after younger ones of the children. And a terminal may stop whoever writes to it from the background (stty
 * tostop), where children are, each in a group of its own.
 */
static bool children_may_write(int fd, const struct outlet *outlet)
{
  struct termios terminal;
  if (is_null_device(fd))
    return true;
  return isatty(fd) && !outlet->relayed && tcgetattr(fd, &terminal) == 0 && !(terminal.c_lflag & TOSTOP);
}

static bool are_one_file(int one_fd, int other_fd)
{
  struct stat one;
  struct stat other;
  return fstat(one_fd, &one) == 0 && fstat(other_fd, &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

/* So that no child is lost for want of memory. */
static bool make_room_for_runs(struct forker *forker)
{
  bool ok = true;
  for (int64_t pid = 1; pid <= forker->settings->jobs; pid++)
    ok = ok && pids_put(&forker->run_of, (pid_t)pid, 0);
  for (int64_t pid = 1; pid <= forker->settings->jobs; pid++)
    pids_remove(&forker->run_of, (pid_t)pid);
  return ok;
}

static bool init(struct forker *forker, const struct settings *settings, const sigset_t *child_mask)
{
  const struct report_config report = {.quiet = settings->quiet,
                                       .json = settings->summary_json,
                                       .log = settings->log,
                                       .sample = &settings->sample,
                                       .command = &forker->command};
  forker->run_count = (size_t)settings->jobs + JOBS_LINGERING_MAX;
  forker->runs = calloc(forker->run_count, sizeof *forker->runs);
  forker->polled = calloc(3 * forker->run_count + POLLED_BESIDES, sizeof *forker->polled);
  if (!forker->runs || !forker->polled || !command_init(&forker->command, settings->command)) {
    message("cannot start: out of memory");
    return false;
  }
  for (size_t i = 0; i < forker->run_count; i++)
    run_init(&forker->runs[i]);
  if (!report_init(&forker->report, &report))
    return false;
  int error = family_init();
  if (error == 0)
    error = spawner_init(&forker->spawner, settings->method, child_mask);
  if (error == 0)
    spawner_need_descriptors(&forker->spawner,
                             3 * (size_t)settings->jobs + (size_t)2 * JOBS_LINGERING_MAX + DESCRIPTORS_BESIDES);
  if (error == 0 && (!ending_init(forker) || !make_room_for_runs(forker)))
    error = ENOMEM;
  forker->forward = !children_may_write(STDOUT_FILENO, &forker->report.out);
  forker->forward_err = !children_may_write(STDERR_FILENO, &forker->report.err);
  forker->err_is_out = forker->forward && forker->forward_err && settings->sample.count == 0 &&
                       are_one_file(STDOUT_FILENO, STDERR_FILENO);
  if (error == 0)
    report_begin(&forker->report, settings);
  if (error == 0)
    error = schedule_start(&forker->schedule, settings->interval_ns, settings->align);
  if (error)
    message("cannot start: %s", strerror(error));
  return error == 0;
}

static void destroy(struct forker *forker)
{
  free(forker->runs);
  free(forker->polled);
  pids_destroy(&forker->run_of);
  ending_destroy(forker);
  schedule_stop(&forker->schedule);
  spawner_destroy(&forker->spawner);
  report_destroy(&forker->report);
  command_destroy(&forker->command);
}

int forker_work(const struct settings *settings, int signal_fd, const sigset_t *child_mask)
{
  struct forker forker = {.settings = settings,
                          .schedule = {.fd = -1},
                          .spawner = {.null_fd = -1},
                          .report = {.log = {.fd = -1}},
                          .signal_fd = signal_fd};
  int status = EXIT_FAILURE;
  if (init(&forker, settings, child_mask)) {
    loop(&forker);
    finish_output(&forker);
    status = status_of(&forker);
  }
  destroy(&forker);
  return status;
}
