/* The command line of forker as a struct: what each option sets, where the command begins, what each refusal names. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "common/clock.h"
#include "common/message.h"
#include "forker/settings.h"

enum { WORDS_MAX = 60, TEXT_MAX = 1024 };

struct parsed {
  char text[TEXT_MAX];
  char *argv[WORDS_MAX + 2];
  int argc;
  struct settings settings;
  enum options_result result;
  struct capture said;
};

/* Parses the words of line, separated by '|' so that a word may be empty. */
static void parse(struct parsed *p, const char *line)
{
  static char program[] = "forker";
  p->argc = 1;
  p->argv[0] = program;
  snprintf(p->text, sizeof p->text, "%s", line);
  char *rest = p->text;
  while (line[0] && rest && p->argc <= WORDS_MAX)
    p->argv[p->argc++] = strsep(&rest, "|");
  p->argv[p->argc] = NULL;
  optind = 0;
  p->said = capture_start(STDERR_FILENO);
  p->result = settings_parse(&p->settings, p->argc, p->argv);
  capture_end(&p->said);
}

static void run(struct parsed *p, const char *line)
{
  parse(p, line);
  if (p->result != OPTIONS_GO)
    fail_msg("%s: %s", line, p->said.text);
  assert_string_equal(p->said.text, "");
}

static void defaults_are_the_plain_case(void **state)
{
  (void)state;
  struct parsed p;
  run(&p, "");
  struct settings expected = settings_default;
  expected.interval_ns = CLOCK_SECOND_NS / 2; /* that of a demonstration is another */
  assert_memory_equal(&p.settings, &expected, sizeof p.settings);
  assert_int_equal(p.settings.interval_ns, CLOCK_SECOND_NS / 2);
  assert_int_equal(p.settings.every, 10);
  assert_int_equal(p.settings.count, 0);
  assert_int_equal(p.settings.jobs, 1);
  assert_int_equal(p.settings.timeout_ns, 0);
  assert_int_equal(p.settings.kill_after_ns, 2 * (int64_t)CLOCK_SECOND_NS);
  assert_int_equal(p.settings.method, SPAWN_FORK);
  assert_int_equal(p.settings.sample.count, 0);
  assert_int_equal(p.settings.demo, DEMO_NONE);
  assert_null(p.settings.log);
  assert_null(p.settings.command);
  assert_false(p.settings.fail_fast || p.settings.quiet);
}

static void options_set_what_they_say(void **state)
{
  (void)state;
  struct parsed p;
  run(&p, "--interval|0.25|--every|3|--count|7|--jobs|4|--timeout|1.5|--kill-after|0.1|--spawn|vfork|"
          "--sample|wall,out|--log|events|--fail-fast|--quiet");
  assert_int_equal(p.settings.interval_ns, CLOCK_SECOND_NS / 4);
  assert_int_equal(p.settings.every, 3);
  assert_int_equal(p.settings.count, 7);
  assert_int_equal(p.settings.jobs, 4);
  assert_int_equal(p.settings.timeout_ns, 1500000000);
  assert_int_equal(p.settings.kill_after_ns, CLOCK_SECOND_NS / 10);
  assert_int_equal(p.settings.method, SPAWN_VFORK);
  assert_int_equal(p.settings.sample.count, 2);
  assert_int_equal(p.settings.sample.kinds[0], SAMPLE_WALL);
  assert_int_equal(p.settings.sample.kinds[1], SAMPLE_OUT);
  assert_string_equal(p.settings.log, "events");
  assert_true(p.settings.fail_fast && p.settings.quiet);

  run(&p, "-i1|-e|1|-n|2|-j3|-q|--spawn=posix_spawn");
  assert_int_equal(p.settings.interval_ns, CLOCK_SECOND_NS);
  assert_int_equal(p.settings.every, 1);
  assert_int_equal(p.settings.count, 2);
  assert_int_equal(p.settings.jobs, 3);
  assert_true(p.settings.quiet);
  assert_int_equal(p.settings.method, SPAWN_POSIX_SPAWN);

  run(&p, "--spawn|fork|--sample|user|--sample|sys|-i|1|-i|2"); /* the last one counts */
  assert_int_equal(p.settings.method, SPAWN_FORK);
  assert_int_equal(p.settings.sample.count, 1);
  assert_int_equal(p.settings.sample.kinds[0], SAMPLE_SYS);
  assert_int_equal(p.settings.interval_ns, 2 * (int64_t)CLOCK_SECOND_NS);
}

static void limits_are_within(void **state)
{
  (void)state;
  struct parsed p;
  run(&p, "-i|0.001|-e|1|-n|1|-j|1|--timeout|0.001|--kill-after|0");
  assert_int_equal(p.settings.interval_ns, CLOCK_MS_NS);
  assert_int_equal(p.settings.timeout_ns, CLOCK_MS_NS);
  assert_int_equal(p.settings.kill_after_ns, 0);
  run(&p, "-i|3e8|-e|1000000000000|-n|1000000000000|-j|500|--timeout|3e8|--kill-after|3e8");
  assert_int_equal(p.settings.interval_ns, INT64_C(300000000) * CLOCK_SECOND_NS);
  assert_int_equal(p.settings.every, INT64_C(1000000000000));
  assert_int_equal(p.settings.count, INT64_C(1000000000000));
  assert_int_equal(p.settings.jobs, 500);
  run(&p, "-i|0.0333333333"); /* to the nanosecond */
  assert_int_equal(p.settings.interval_ns, 33333333);
}

/* The first word that is no option begins the command, and all that follows is its own. */
static void commands(void **state)
{
  (void)state;
  static const struct {
    const char *line;
    int first; /* place of the command in argv; 0: none */
    bool quiet;
  } cases[] = {
      {"-q", 0, true},
      {"--", 0, false},
      {"-q|--", 0, true},
      {"ls", 1, false},
      {"ls|-l", 1, false},
      {"ls|-q", 1, false},
      {"ls|--quiet|--frob", 1, false},
      {"-q|ls|-q", 2, true},
      {"--|ls|-q", 2, false},
      {"-q|--|ls|-l", 3, true},
      {"--|-q", 2, false},
      {"--|--quiet", 2, false},
      {"--|--", 2, false},
      {"ls|--|-q", 1, false},
      {"-", 1, false},
      {"-|-q", 1, false},
      {"-e|1|sh|-c|exit 3", 3, false},
      {"-e1|printf|%s|", 2, false},
      {"sh|--help", 1, false},
      {"sh|-V", 1, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct parsed p;
    run(&p, cases[i].line);
    char **expected = cases[i].first ? p.argv + cases[i].first : NULL;
    if (p.settings.command != expected)
      fail_msg("%s: %s", cases[i].line, p.settings.command ? *p.settings.command : "no command");
    assert_true(p.settings.quiet == cases[i].quiet);
    assert_null(p.argv[p.argc]);
  }
}

static void ends_and_forms(void **state)
{
  (void)state;
  struct parsed p;
  run(&p, "-q");
  assert_int_equal(p.settings.until, UNTIL_NONE);
  assert_false(p.settings.align || p.settings.summary_json || p.settings.summary_asked);
  run(&p, "--until|success|--align|--summary|json");
  assert_int_equal(p.settings.until, UNTIL_SUCCESS);
  assert_true(p.settings.align && p.settings.summary_json && p.settings.summary_asked);
  run(&p, "--until=failure|--summary=text");
  assert_int_equal(p.settings.until, UNTIL_FAILURE);
  assert_false(p.settings.summary_json);
  assert_true(p.settings.summary_asked);
}

static void demos(void **state)
{
  (void)state;
  struct parsed p;
  run(&p, "--demo|zombie");
  assert_int_equal(p.settings.demo, DEMO_ZOMBIE);
  assert_int_equal(p.settings.interval_ns, 2 * (int64_t)CLOCK_SECOND_NS); /* time to look */
  run(&p, "--demo|fork");
  assert_int_equal(p.settings.demo, DEMO_FORK);
  run(&p, "--demo=orphan|-i|0.1");
  assert_int_equal(p.settings.demo, DEMO_ORPHAN);
  assert_int_equal(p.settings.interval_ns, CLOCK_SECOND_NS / 10);
  run(&p, "-i|0.5|--demo=orphan"); /* asked for, though it is the default of counting */
  assert_int_equal(p.settings.interval_ns, CLOCK_SECOND_NS / 2);
  run(&p, "-i|0.1|--demo=orphan");
  assert_int_equal(p.settings.interval_ns, CLOCK_SECOND_NS / 10);
}

static void help_and_version_end_the_line(void **state)
{
  (void)state;
  static const struct {
    const char *line;
    enum options_result result;
  } cases[] = {
      {"-h", OPTIONS_HELP},           {"--help", OPTIONS_HELP},       {"-V", OPTIONS_VERSION},
      {"--version", OPTIONS_VERSION}, {"-q|-h|--frob", OPTIONS_HELP}, {"-V|-h", OPTIONS_VERSION},
      {"-hV", OPTIONS_HELP},          {"-h|ls", OPTIONS_HELP},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct parsed p;
    parse(&p, cases[i].line);
    assert_int_equal(p.result, cases[i].result);
    assert_string_equal(p.said.text, "");
  }
}

static void bad_words_are_named(void **state)
{
  (void)state;
  static const char *const bad[][2] = {
      {"--interval|0", "--interval: '0': expected seconds from 0.001"},
      {"-i|0.0009", "--interval: '0.0009'"},
      {"-i|-1", "'-1'"},
      {"-i|1s", "'1s'"},
      {"-i|1,5", "'1,5'"},
      {"-i|nan", "'nan'"},
      {"-i|inf", "'inf'"},
      {"-i|", "''"},
      {"-i| 1", "' 1'"},
      {"-i|3.1e8", "'3.1e8'"},
      {"-i", "'-i' needs an argument: SECONDS"},
      {"--every|0", "--every: '0'"},
      {"-e|1.5", "'1.5'"},
      {"-e|-1", "'-1'"},
      {"-e|1000000000001", "'1000000000001'"},
      {"--count|0", "--count: '0'"},
      {"-n|x", "--count: 'x'"},
      {"-n|99999999999999999999", "'99999999999999999999'"},
      {"--jobs|0", "--jobs: '0'"},
      {"-j|501", "--jobs: '501': expected a number of children from 1 to 500"},
      {"--timeout|0", "--timeout: '0'"},
      {"--timeout|0.0001", "'0.0001'"},
      {"--timeout", "needs an argument: SECONDS"},
      {"--kill-after|-0.1", "--kill-after: '-0.1'"},
      {"--kill-after|", "--kill-after: ''"},
      {"--spawn|clone", "--spawn: 'clone': expected fork, vfork or posix_spawn"},
      {"--spawn|Fork", "'Fork'"},
      {"--spawn|", "--spawn: ''"},
      {"--spawn|posix", "'posix'"},
      {"--sample|", "--sample: ''"},
      {"--sample|cpu", "--sample: 'cpu': expected out, wall"},
      {"--sample|wall,", "'wall,'"},
      {"--sample|wall,wall", "'wall,wall'"},
      {"--log|", "--log: ''"},
      {"--log", "needs an argument: FILE"},
      {"--demo|Zombie", "--demo: 'Zombie': expected zombie, orphan or fork"},
      {"--demo|", "--demo: ''"},
      {"--demo|zombie|ls", "'ls': --demo takes no COMMAND"},
      {"--demo|zombie|--|-q", "'-q': --demo takes no COMMAND"},
      {"--fail-fast=1", "takes no argument"},
      {"--align=1", "takes no argument"},
      {"--until|never", "'never': expected success or failure"},
      {"--summary|csv", "'csv': expected text or json"},
      {"--until|success|--fail-fast", "only one can say"},
      {"--quiet=1", "takes no argument"},
      {"--frob|ls", "unknown option '--frob'"},
      {"-x|ls", "unknown option '-x'"},
      {"--s|wall", "could be --spawn, --sample or --summary"},
      {"|", "'': the command is empty"},
      {"--|", "'': the command is empty"},
      {"-i|1|-e|\x1B[1m", "\\x1B[1m"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct parsed p;
    parse(&p, bad[i][0]);
    if (p.result != OPTIONS_BAD)
      fail_msg("%s was accepted", bad[i][0]);
    if (!strstr(p.said.text, bad[i][1]) || !strstr(p.said.text, "--help"))
      fail_msg("%s got: %s", bad[i][0], p.said.text);
  }
}

/* A refused line leaves nothing behind for the next one. */
static void each_line_begins_anew(void **state)
{
  (void)state;
  struct parsed p;
  parse(&p, "-q|--fail-fast|-i|1|--sample|wall|-j|wrong");
  assert_int_equal(p.result, OPTIONS_BAD);
  run(&p, "");
  struct settings expected = settings_default;
  expected.interval_ns = CLOCK_SECOND_NS / 2; /* that of a demonstration is another */
  assert_memory_equal(&p.settings, &expected, sizeof p.settings);
}

int main(void)
{
  message_program("forker");
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(defaults_are_the_plain_case),
      cmocka_unit_test(options_set_what_they_say),
      cmocka_unit_test(limits_are_within),
      cmocka_unit_test(commands),
      cmocka_unit_test(ends_and_forms),
      cmocka_unit_test(demos),
      cmocka_unit_test(help_and_version_end_the_line),
      cmocka_unit_test(bad_words_are_named),
      cmocka_unit_test(each_line_begins_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
