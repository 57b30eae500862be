/* What is said of each event: lines of text, lines of samples, and a log whose lines are objects of JSON. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "common/clock.h"
#include "common/message.h"
#include "forker/report.h"

enum { LOG_MAX = 65536, LOG_NAME_MAX = 32 };

static const struct sample_list no_sample;
static char word[] = "nosuch";
static char *words[] = {word, NULL};

/* A report whose two outputs are captured, and whose log is a file without a name. */
struct fixture {
  struct capture out, err;
  struct command command;
  struct report report;
  int log_fd;
  char log_name[LOG_NAME_MAX];
  char log[LOG_MAX];
};

static void begin(struct fixture *f, const struct sample_list *sample, bool quiet)
{
  f->log_fd = memfd_create("log", MFD_CLOEXEC);
  snprintf(f->log_name, sizeof f->log_name, "/proc/self/fd/%d", f->log_fd);
  assert_true(command_init(&f->command, words));
  f->out = capture_start(STDOUT_FILENO);
  f->err = capture_start(STDERR_FILENO);
  const struct report_config config = {.quiet = quiet, .log = f->log_name, .sample = sample, .command = &f->command};
  assert_true(report_init(&f->report, &config));
}

/* From here on what was written can be looked at. */
static void end(struct fixture *f)
{
  const bool left = report_flush(&f->report);
  const int error = report_error(&f->report);
  report_destroy(&f->report);
  report_destroy(&f->report);
  capture_end(&f->err);
  capture_end(&f->out);
  command_destroy(&f->command);
  const ssize_t length = pread(f->log_fd, f->log, LOG_MAX - 1, 0);
  close(f->log_fd);
  assert_false(left);
  assert_int_equal(error, 0);
  assert_true(length >= 0);
  f->log[length] = '\0';
}

static struct run ended(void)
{
  struct run run = {.state = RUN_RUNNING,
                    .pid = 4711,
                    .tick = 20,
                    .exec_fd = -1,
                    .out_fd = -1,
                    .start_ns = CLOCK_SECOND_NS,
                    .exec_ns = CLOCK_SECOND_NS + 500000,
                    .end_ns = CLOCK_SECOND_NS + 3100000,
                    .end = {.pid = 4711, .usage = {.ru_utime = {.tv_usec = 800}, .ru_stime = {.tv_usec = 200}}}};
  run.end.usage.ru_maxrss = 2048;
  last_number_init(&run.number);
  return run;
}

/* Every event once, and ends of several kinds. */
static void tell_all(struct report *report)
{
  struct run run = ended();
  report_tick(report, 1, 500000);
  report_tick(report, 2, 1500000);
  report_missed(report, 3, 4);
  report_skipped(report, 10, 1);
  report_about_to_fork(report);
  report_announce(report);
  report_started(report, &run);
  report_executed(report, &run);
  report_ended(report, &run);
  run.end.code = 3;
  report_ended(report, &run);
  run.end.signalled = true;
  run.end.code = SIGSEGV;
  run.end.core_dumped = true;
  report_ended(report, &run);
  run.end.core_dumped = false;
  run.end.code = SIGRTMIN + 1;
  report_ended(report, &run);
  run.last_signal = SIGTERM;
  run.start_ns = clock_now_ns();
  run.end_ns = run.start_ns;
  report_signalled(report, &run);
  run.last_signal = SIGKILL;
  report_signalled(report, &run);
  run.end.code = SIGKILL;
  report_ended(report, &run);
  run = ended();
  run.exec_error = ENOENT;
  run.end.code = 127;
  report_not_executed(report, &run);
  report_ended(report, &run);
  run = ended();
  run.pid = -1;
  run.start_error = EAGAIN;
  run.start_call = "fork";
  report_not_started(report, &run);
  report_adopted(report);
  report_undying(report, 99);
}

/* The line at *text, which begins with expected; *text is the next one then. */
static void expect(char **text, const char *expected)
{
  char *line = strsep(text, "\n");
  if (!line || !*text || strncmp(line, expected, strlen(expected)) != 0)
    fail_msg("'%s', not '%s...'", line ? line : "", expected);
}

static void text_of_events(void **state)
{
  (void)state;
  static struct fixture f;
  begin(&f, &no_sample, false);
  tell_all(&f.report);
  report_summary(&f.report);
  end(&f);
  char *text = f.out.text;
  static const char *const lines[] = {
      "1",
      "2",
      "Skipped: 1 still running",
      "About to fork...",
      "Child process: About to execute nosuch",
      "Child 4711 exited with status 0 after 3.1 ms",
      "Child 4711 exited with status 3 after 3.1 ms",
      "Child 4711 killed by SIGSEGV (core dumped) after 3.1 ms",
      "Child 4711 killed by SIGRTMIN+1 after 3.1 ms",
      "Child 4711 timed out after ",
      "Child 4711 timed out after ",
      "Child 4711 killed by SIGKILL after 0.0 ms",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    expect(&text, lines[i]);
  assert_string_equal(text, "");
  text = f.err.text;
  expect(&text, "forker: nosuch: No such file or directory");
  expect(&text, "forker: fork: Resource temporarily unavailable");
  expect(&text, "forker: process 99 cannot be ended, and is left behind");
  expect(&text, "forker: ticks: 2, missed: 4, late by 1.000 ms on average, 1.500 ms at most");
  expect(&text, "forker: runs: 1 succeeded, 6 failed (1 timed out), 1 skipped; reaped: children 6, orphans 1");
  expect(&text, "forker: median, p95, p99: wall 3.100 3.100 3.100 ms, user 0.800 0.800 0.800 ms, ");
  assert_string_equal(text, "");
}

/* Steps over a string; NULL when it is none. No escapes are expected: nothing in the log needs any. */
static const char *skip_string(const char *at)
{
  if (*at != '"')
    return NULL;
  for (at++; *at != '"'; at++)
    if ((unsigned char)*at < ' ' || *at == '\\')
      return NULL;
  return at + 1;
}

static const char *skip_value(const char *at)
{
  if (*at == '"')
    return skip_string(at);
  if (strncmp(at, "true", 4) == 0)
    return at + 4;
  if (strncmp(at, "false", 5) == 0)
    return at + 5;
  const char *digits = at + (*at == '-');
  const size_t whole = strspn(digits, "0123456789");
  if (whole == 0 || (whole > 1 && digits[0] == '0'))
    return NULL;
  at = digits + whole;
  if (*at != '.')
    return at;
  const size_t fraction = strspn(at + 1, "0123456789");
  return fraction > 0 ? at + 1 + fraction : NULL;
}

/* {"key":value,...} and nothing else. */
static bool is_object(const char *at)
{
  if (*at++ != '{')
    return false;
  for (;;) {
    at = skip_string(at);
    if (!at || *at++ != ':')
      return false;
    at = skip_value(at);
    if (!at || (*at != ',' && *at != '}'))
      return false;
    if (*at++ == '}')
      return *at == '\0';
  }
}

static void log_of_events(void **state)
{
  (void)state;
  static struct fixture f;
  static const char *const expected[] = {
      "\"event\":\"missed\",\"tick\":3,\"count\":4}",
      "\"event\":\"skipped\",\"tick\":10,\"running\":1}",
      "\"event\":\"fork\",\"tick\":20,\"pid\":4711}",
      "\"event\":\"exec\",\"tick\":20,\"pid\":4711,\"spawn_ms\":0.500}",
      ("\"event\":\"exit\",\"tick\":20,\"pid\":4711,\"status\":0,\"wall_ms\":3.100,\"user_ms\":0.800,\"sys_ms\":0.200,"
       "\"maxrss_mib\":2.000}"),
      "\"event\":\"exit\",\"tick\":20,\"pid\":4711,\"status\":3,",
      "\"event\":\"exit\",\"tick\":20,\"pid\":4711,\"signal\":\"SIGSEGV\",\"core\":true,",
      "\"event\":\"exit\",\"tick\":20,\"pid\":4711,\"signal\":\"SIGRTMIN+1\",\"core\":false,",
      "\"event\":\"timeout\",\"tick\":20,\"pid\":4711,\"signal\":\"SIGTERM\",\"after_ms\":",
      "\"event\":\"timeout\",\"tick\":20,\"pid\":4711,\"signal\":\"SIGKILL\",\"after_ms\":",
      "\"event\":\"exit\",\"tick\":20,\"pid\":4711,\"signal\":\"SIGKILL\",\"core\":false,",
      "\"event\":\"exec\",\"tick\":20,\"error\":\"No such file or directory\"}",
      "\"event\":\"exit\",\"tick\":20,\"pid\":4711,\"status\":127,",
      "\"event\":\"fork\",\"tick\":20,\"error\":\"Resource temporarily unavailable\"}",
  };
  for (int quiet = 0; quiet < 2; quiet++) { /* the log is the same */
    begin(&f, &no_sample, quiet);
    tell_all(&f.report);
    end(&f);
    char *text = f.log;
    double last = 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
      const char *line = strsep(&text, "\n");
      assert_non_null(text);
      if (!is_object(line) || strncmp(line, "{\"t\":", 5) != 0)
        fail_msg("no JSON, or no t: %s", line);
      char *rest;
      const double t = strtod(line + 5, &rest);
      static const char form[] = ",\"time\":\"20dd-dd-ddTdd:dd:dd.ddddddZ\","; /* d: a digit */
      for (size_t k = 0; form[k]; k++, rest++)
        if (form[k] == 'd' ? *rest < '0' || *rest > '9' : *rest != form[k])
          fail_msg("no time: %s", line);
      assert_true(t >= last && t < 100);
      last = t;
      if (strncmp(rest, expected[i], strlen(expected[i])) != 0)
        fail_msg("%s, not %s", line, expected[i]);
    }
    assert_string_equal(text, "");
  }
}

static void quiet_says_what_went_wrong_only(void **state)
{
  (void)state;
  static struct fixture f;
  begin(&f, &no_sample, true);
  tell_all(&f.report);
  end(&f);
  assert_string_equal(f.out.text, "");
  assert_string_equal(f.err.text, "forker: nosuch: No such file or directory\n"
                                  "forker: fork: Resource temporarily unavailable\n"
                                  "forker: process 99 cannot be ended, and is left behind\n");
}

/* A line a run and no other text, whatever became of it. */
static void samples(void **state)
{
  (void)state;
  static struct fixture f;
  struct sample_list list;
  assert_null(sample_parse("wall,out,user,sys,maxrss,spawn", &list));
  begin(&f, &list, false);
  tell_all(&f.report);
  struct run run = ended();
  last_number_feed(&run.number, "1 2.5", 5);
  report_ended(&f.report, &run);
  end(&f);
  char *text = f.out.text;
  static const char *const lines[] = {
      "wall:3.100 out:nan user:0.800 sys:0.200 maxrss:2.000 spawn:0.500", /* nothing printed */
      "wall:3.100 out:nan user:0.800 sys:0.200 maxrss:2.000 spawn:0.500",
      "wall:3.100 out:nan user:0.800 sys:0.200 maxrss:2.000 spawn:0.500",
      "wall:3.100 out:nan user:0.800 sys:0.200 maxrss:2.000 spawn:0.500",
      "wall:0.000 out:nan user:0.800 ",
      "wall:nan out:nan user:nan sys:nan maxrss:nan spawn:nan", /* not executed */
      "wall:nan out:nan user:nan sys:nan maxrss:nan spawn:nan", /* not started */
      "wall:3.100 out:2.5 user:0.800 sys:0.200 maxrss:2.000 spawn:0.500",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    expect(&text, lines[i]);
  assert_string_equal(text, "");
}

/* The name of a command is a single line, and tells the terminal nothing. */
static void a_strange_name(void **state)
{
  (void)state;
  static struct fixture f;
  static char strange[] = "a\nb\x1B[m\xC2\x9B";
  static char *strange_words[] = {strange, NULL};
  struct run run = ended();
  run.exec_error = ENOENT;
  begin(&f, &no_sample, true);
  f.command.argv = strange_words;
  report_not_executed(&f.report, &run);
  end(&f);
  assert_string_equal(f.err.text, "forker: a\\nb\\x1B[m\\xC2\\x9B: No such file or directory\n");
}

/* Of a command that posix_spawn could not execute there was no child: it is a run all the same. */
static void no_child_to_reap(void **state)
{
  (void)state;
  static struct fixture f;
  struct run run = ended();
  run.pid = -1;
  run.exec_error = EACCES;
  begin(&f, &no_sample, false);
  report_not_started(&f.report, &run);
  run.exec_error = ENOEXEC;
  report_not_started(&f.report, &run);
  report_summary(&f.report);
  end(&f);
  assert_string_equal(f.out.text, "");
  assert_null(strstr(f.log, "\"exit\""));
  assert_non_null(strstr(f.err.text, "forker: nosuch: Permission denied\n"));
  assert_non_null(strstr(f.err.text, "Exec format error\n"));
  assert_non_null(strstr(f.err.text, "runs: 0 succeeded, 2 failed (0 timed out), 0 skipped; reaped: children 0"));
}

/* With 8 MiB that wait no more is kept; how much was lost is told. */
static void lost_lines_are_counted(void **state)
{
  (void)state;
  static struct fixture f;
  begin(&f, &no_sample, false);
  uint64_t lines = 0;
  while (f.report.counts.lost < 7 && lines < 1000000) {
    report_announce(&f.report);
    lines++;
  }
  const size_t waiting = outlet_waiting(&f.report.out);
  report_losses(&f.report);
  end(&f);
  assert_in_range(waiting, (1 << 23) - 100, 1 << 23);
  assert_non_null(strstr(f.err.text, "forker: 7 lines lost: nobody read them\n"));
}

int main(void)
{
  message_program("forker");
  signal(SIGPIPE, SIG_IGN);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_of_events),
      cmocka_unit_test(log_of_events),
      cmocka_unit_test(quiet_says_what_went_wrong_only),
      cmocka_unit_test(samples),
      cmocka_unit_test(a_strange_name),
      cmocka_unit_test(no_child_to_reap),
      cmocka_unit_test(lost_lines_are_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
