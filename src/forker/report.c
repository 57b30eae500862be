#include "forker/report.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/printable.h"
#include "common/signals.h"

enum {
  TEXT_LIMIT = EVENT_LOG_WAITING_MAX, /* waiting: what comes then is lost, and counted */
  LINE_MAX_BYTES = 1024,
};

bool report_init(struct report *report, const struct report_config *config)
{
  const int64_t start_ns = clock_now_ns();
  *report = (struct report){.quiet = config->quiet,
                            .sample = config->sample,
                            .command = config->command,
                            .log = {.fd = -1},
                            .log_name = config->log,
                            .json = config->json};
  summary_init(&report->counts);
  outlet_open(&report->out, STDOUT_FILENO);
  outlet_open(&report->err, STDERR_FILENO);
  if (!config->log)
    return true;
  const int error = event_log_open(&report->log, config->log, start_ns);
  if (error)
    message("--log %s: %s", config->log, strerror(error));
  return error == 0;
}

void report_destroy(struct report *report)
{
  summary_destroy(&report->counts);
  outlet_destroy(&report->out);
  outlet_destroy(&report->err);
  event_log_close(&report->log);
}

/* A whole line, or its loss is counted. */
static void put(struct report *report, struct outlet *outlet, const char *line, size_t length)
{
  if (outlet_add(outlet, line, length, TEXT_LIMIT))
    return;
  if (outlet == &report->out && outlet->full)
    report->out_lost_to_disk++;
  else
    report->counts.lost++;
}

__attribute__((format(printf, 3, 0))) static void add_line(struct report *report, struct outlet *outlet,
                                                           const char *format, va_list arguments)
{
  char text[LINE_MAX_BYTES];
  char line[LINE_MAX_BYTES];
  if (vsnprintf(text, sizeof text, format, arguments) < 0)
    return;
  /* A command's name cannot play tricks with the terminal. */
  const size_t length = printable_copy(line, sizeof line, text, strlen(text));
  line[length] = '\n';
  put(report, outlet, line, length + 1);
}

/* A line of text, unless it is to be quiet, or prints samples instead. */
__attribute__((format(printf, 2, 3))) static void say(struct report *report, const char *format, ...)
{
  if (report->quiet || report->sample->count > 0)
    return;
  va_list arguments;
  va_start(arguments, format);
  add_line(report, &report->out, format, arguments);
  va_end(arguments);
}

void report_complain(struct report *report, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  add_line(report, &report->err, format, arguments);
  va_end(arguments);
}

/* Without a log it touches none of the stack that a record takes: after a fork each of its pages would be copied. */
__attribute__((format(printf, 3, 4))) static void record(struct report *report, const char *event, const char *format,
                                                         ...)
{
  if (report->log.fd < 0)
    return;
  va_list arguments;
  va_start(arguments, format);
  if (!event_log_add(&report->log, event, format, arguments))
    report->counts.lost++;
  va_end(arguments);
}

void report_tick(struct report *report, int64_t number, int64_t late_ns)
{
  report->last_tick = number;
  report->counts.ticks++;
  report->counts.late_sum_ms += clock_to_ms(late_ns);
  if (clock_to_ms(late_ns) > report->counts.late_max_ms)
    report->counts.late_max_ms = clock_to_ms(late_ns);
  say(report, "%" PRId64, number);
}

void report_missed(struct report *report, int64_t first, int64_t count)
{
  report->counts.missed += (uint64_t)count;
  record(report, "missed", "\"tick\":%" PRId64 ",\"count\":%" PRId64, first, count);
}

void report_skipped(struct report *report, int64_t tick, int64_t running)
{
  report->counts.skipped++;
  if (running > 0)
    say(report, "Skipped: %" PRId64 " still running", running);
  else if (report->out.full)
    say(report, "Skipped: the output cannot be written: %s", strerror(report->out.full));
  else
    say(report, "Skipped: nobody reads the output");
  record(report, "skipped", "\"tick\":%" PRId64 ",\"running\":%" PRId64, tick, running);
}

void report_about_to_fork(struct report *report)
{
  static const char line[] = "About to fork...\n";
  if (!report->quiet && report->sample->count == 0)
    put(report, &report->out, line, sizeof line - 1);
}

void report_announce(struct report *report)
{
  if (report->quiet || report->sample->count > 0)
    return;
  put(report, &report->out, report->command->announcement, report->command->announcement_length);
}

void report_started(struct report *report, const struct run *run)
{
  record(report, "fork", "\"tick\":%" PRId64 ",\"pid\":%ld", run->tick, (long)run->pid);
}

void report_executed(struct report *report, const struct run *run)
{
  record(report, "exec", "\"tick\":%" PRId64 ",\"pid\":%ld,\"spawn_ms\":%.3f", run->tick, (long)run->pid,
         clock_to_ms(run->exec_ns - run->start_ns));
}

void report_not_executed(struct report *report, const struct run *run)
{
  report_complain(report, "forker: %.200s: %s", report->command->argv[0], strerror(run->exec_error));
  record(report, "exec", "\"tick\":%" PRId64 ",\"error\":\"%s\"", run->tick, strerror(run->exec_error));
}

void report_signalled(struct report *report, const struct run *run)
{
  char name[SIGNALS_NAME];
  signals_name(run->last_signal, name);
  const int64_t after_ns = clock_now_ns() - run->start_ns;
  if (run->last_signal == SIGTERM)
    report->counts.timed_out++;
  say(report, "Child %ld timed out after %.1f ms: %s", (long)run->pid, clock_to_ms(after_ns), name);
  record(report, "timeout", "\"tick\":%" PRId64 ",\"pid\":%ld,\"signal\":\"%s\",\"after_ms\":%.3f", run->tick,
         (long)run->pid, name, clock_to_ms(after_ns));
}

/* Why somebody would be stopped by this signal, as seen by who is puzzled that nothing happens. */
static const char *reason_to_stop(int signal_number)
{
  switch (signal_number) {
  case SIGTTIN:
    return "it reads the terminal";
  case SIGTTOU:
    return "it changes the settings of the terminal, or writes to it";
  case SIGTSTP:
    return "it was asked to, as by Ctrl-Z";
  default:
    return "somebody stopped it";
  }
}

void report_stopped(struct report *report, const struct run *run)
{
  char name[SIGNALS_NAME];
  signals_name(run->stopped, name);
  const char *reason = reason_to_stop(run->stopped);
  if (report->quiet || report->sample->count > 0)
    report_complain(report, "forker: child %ld stopped by %s: %s; kill -CONT -%ld continues it", (long)run->pid, name,
                    reason, (long)run->pid);
  else
    say(report, "Child %ld stopped by %s: %s; kill -CONT -%ld continues it", (long)run->pid, name, reason,
        (long)run->pid);
  record(report, "stop", "\"tick\":%" PRId64 ",\"pid\":%ld,\"signal\":\"%s\",\"reason\":\"%s\"", run->tick,
         (long)run->pid, name, reason);
}

void report_continued(struct report *report, const struct run *run)
{
  say(report, "Child %ld continued", (long)run->pid);
  record(report, "continue", "\"tick\":%" PRId64 ",\"pid\":%ld", run->tick, (long)run->pid);
}

void report_waiting(struct report *report, size_t left, bool asked)
{
  if (!report->quiet)
    report_complain(report, "Stopping: %zu process%s left; %s to end them", left, left == 1 ? "" : "es",
                    asked ? "again" : "a signal");
}

static void sample(struct report *report, struct run *run)
{
  char line[SAMPLE_LINE];
  const struct sample_values values = run_values(run);
  const size_t length = sample_line(report->sample, &values, line);
  put(report, &report->out, line, length);
}

static void record_end(struct report *report, const struct run *run, const struct run_cost *cost, const char *name)
{
  char how[48];
  if (report->log.fd < 0)
    return;
  if (run->end.signalled)
    snprintf(how, sizeof how, "\"signal\":\"%s\",\"core\":%s", name, run->end.core_dumped ? "true" : "false");
  else
    snprintf(how, sizeof how, "\"status\":%d", run->end.code);
  record(report, "exit",
         "\"tick\":%" PRId64 ",\"pid\":%ld,%s,\"wall_ms\":%.3f,\"user_ms\":%.3f,\"sys_ms\":%.3f,\"maxrss_mib\":%.3f",
         run->tick, (long)run->pid, how, cost->wall_ms, cost->user_ms, cost->sys_ms, cost->maxrss_mib);
}

static void say_end(struct report *report, const struct run *run)
{
  const struct run_cost cost = run_cost(run);
  char name[SIGNALS_NAME] = ""; /* of the signal that killed it */

  if (run->end.signalled)
    signals_name(run->end.code, name);
  record_end(report, run, &cost, name);
  if (run->exec_error)
    return; /* said already, with the reason */
  if (run->end.signalled)
    say(report, "Child %ld killed by %s%s after %.1f ms", (long)run->pid, name,
        run->end.core_dumped ? " (core dumped)" : "", cost.wall_ms);
  else
    say(report, "Child %ld exited with status %d after %.1f ms", (long)run->pid, run->end.code, cost.wall_ms);
}

/* The texts of errno values are ASCII without quotes or backslashes in the C locale: fit for JSON as they are. */
void report_not_started(struct report *report, struct run *run)
{
  report->counts.failed++;
  if (run->start_error) {
    report_complain(report, "forker: %s: %s", run->start_call, strerror(run->start_error));
    record(report, "fork", "\"tick\":%" PRId64 ",\"error\":\"%s\"", run->tick, strerror(run->start_error));
  } else {
    report_not_executed(report, run);
  }
  if (report->sample->count > 0)
    sample(report, run);
}

void report_ended(struct report *report, struct run *run)
{
  if (run_succeeded(run))
    report->counts.succeeded++;
  else
    report->counts.failed++;
  report->counts.reaped++;
  summary_add(&report->counts, run);
  say_end(report, run);
  if (report->sample->count > 0)
    sample(report, run);
}

void report_adopted(struct report *report)
{
  report->counts.adopted++;
}

void report_undying(struct report *report, pid_t pid)
{
  if (pid > 0)
    report_complain(report, "forker: process %ld cannot be ended, and is left behind%s", (long)pid,
                    kill(pid, 0) != 0 && errno == EPERM ? ": Operation not permitted" : "");
  else
    report_complain(report, "forker: some process cannot be ended, and is left behind");
}

void report_losses(struct report *report)
{
  if (report->counts.lost > 0)
    report_complain(report, "forker: %" PRIu64 " lines lost: nobody read them", report->counts.lost);
}

void report_summary(struct report *report)
{
  char text[SUMMARY_TEXT + 8];
  size_t length;
  if (report->json) {
    char members[SUMMARY_TEXT];
    summary_as_json(&report->counts, members);
    length = (size_t)snprintf(text, sizeof text, "{%s}\n", members);
  } else {
    length = summary_as_text(&report->counts, text);
  }
  put(report, &report->err, text, length);
}

void report_begin(struct report *report, const struct settings *settings)
{
  char command[LINE_MAX_BYTES];
  event_log_quote(report->command->text, command, sizeof command);
  record(report, "start",
         "\"tick\":0,\"pid\":%ld,\"interval_s\":%.9g,\"every\":%" PRId64 ",\"count\":%" PRId64 ",\"jobs\":%" PRId64
         ",\"command\":\"%s\"",
         (long)getpid(), (double)settings->interval_ns / CLOCK_SECOND_NS, settings->every, settings->count,
         settings->jobs, command);
}

void report_end(struct report *report)
{
  char members[SUMMARY_TEXT];
  if (report->log.fd < 0)
    return;
  summary_as_json(&report->counts, members);
  record(report, "summary", "\"tick\":%" PRId64 ",%s", report->last_tick, members);
}
