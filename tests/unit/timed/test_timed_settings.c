/* The command line of timed as a struct: what each option sets, and what each refusal names. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "common/message.h"
#include "timed/settings.h"

enum { WORDS_MAX = 160, TEXT_MAX = 2048 };

struct parsed {
  char text[TEXT_MAX];
  char *argv[WORDS_MAX + 2];
  struct settings settings;
  enum options_result result;
  struct capture said;
};

/* Parses the words of line, separated by '|' so that a word may be empty. */
static void parse(struct parsed *p, const char *line)
{
  static char program[] = "timed";
  int argc = 1;
  p->argv[0] = program;
  snprintf(p->text, sizeof p->text, "%s", line);
  char *rest = p->text;
  while (line[0] && rest && argc <= WORDS_MAX)
    p->argv[argc++] = strsep(&rest, "|");
  p->argv[argc] = NULL;
  optind = 0;
  p->said = capture_start(STDERR_FILENO);
  p->result = settings_parse(&p->settings, argc, p->argv);
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
  assert_memory_equal(&p.settings, &settings_default, sizeof p.settings);
  assert_int_equal(p.settings.listen_count, 0);
  assert_int_equal(p.settings.form.protocol, REPLY_PLAIN);
  assert_null(p.settings.form.format);
  assert_false(p.settings.form.utc || p.settings.udp || p.settings.quiet);
  assert_int_equal(p.settings.max_connections, 1024);
  assert_int_equal(p.settings.max_per_source, 0);
  assert_true(p.settings.stats_s == 0);
}

static void options_set_what_they_say(void **state)
{
  (void)state;
  struct parsed p;
  run(&p, "--listen|127.0.0.1:80|-l|[::1]:0|-l:99|--protocol|daytime|--format|%H:%M|--udp|--utc|--quiet|"
          "--max-connections|7|--max-per-source|3|--stats|0.5");
  assert_int_equal(p.settings.listen_count, 3);
  assert_string_equal(p.settings.listen[0].host, "127.0.0.1");
  assert_int_equal(p.settings.listen[0].port, 80);
  assert_string_equal(p.settings.listen[1].host, "::1");
  assert_int_equal(p.settings.listen[1].port, 0);
  assert_string_equal(p.settings.listen[2].host, "");
  assert_int_equal(p.settings.listen[2].port, 99);
  assert_int_equal(p.settings.form.protocol, REPLY_DAYTIME);
  assert_string_equal(p.settings.form.format, "%H:%M");
  assert_true(p.settings.form.utc && p.settings.udp && p.settings.quiet);
  assert_int_equal(p.settings.max_connections, 7);
  assert_int_equal(p.settings.max_per_source, 3);
  assert_true(p.settings.stats_s == 0.5);

  run(&p, "-uqp|time|-f%F|-p|plain");
  assert_true(p.settings.udp && p.settings.quiet);
  assert_int_equal(p.settings.form.protocol, REPLY_PLAIN);
  assert_string_equal(p.settings.form.format, "%F");

  run(&p, "--prot=time");
  assert_int_equal(p.settings.form.protocol, REPLY_TIME);
}

static void limits_are_within(void **state)
{
  (void)state;
  struct parsed p;
  run(&p, "--max-connections|1|--max-per-source|1|--stats|0.01");
  assert_int_equal(p.settings.max_connections, 1);
  assert_int_equal(p.settings.max_per_source, 1);
  assert_true(p.settings.stats_s == 0.01);
  run(&p, "--max-connections|1000000|--max-per-source|1000000|--stats|86400");
  assert_int_equal(p.settings.max_connections, 1000000);
  assert_int_equal(p.settings.max_per_source, 1000000);
  assert_true(p.settings.stats_s == 86400);
  assert_false(p.settings.stats_latency);
  assert_false(p.settings.stamp);
  run(&p, "--stats|0.5,latency|--stamp");
  assert_true(p.settings.stats_s == 0.5);
  assert_true(p.settings.stats_latency);
  assert_true(p.settings.stamp);
}

static void help_and_version_end_the_line(void **state)
{
  (void)state;
  struct parsed p;
  static const struct {
    const char *line;
    enum options_result result;
  } table[] = {
      {"--help", OPTIONS_HELP},         {"-h", OPTIONS_HELP},        {"--version", OPTIONS_VERSION},
      {"-V", OPTIONS_VERSION},          {"-h|--frob", OPTIONS_HELP}, {"-V|-h", OPTIONS_VERSION},
      {"-q|-h|-l|wrong", OPTIONS_HELP},
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    parse(&p, table[i].line);
    assert_int_equal(p.result, table[i].result);
    assert_string_equal(p.said.text, "");
  }
}

static void listen_64_times(void **state)
{
  (void)state;
  struct parsed p;
  char line[TEXT_MAX] = "";
  for (int i = 0; i < SETTINGS_LISTEN_MAX; i++) {
    char word[32];
    snprintf(word, sizeof word, "%s-l|:%d", i > 0 ? "|" : "", i);
    strncat(line, word, sizeof line - strlen(line) - 1);
  }
  run(&p, line);
  assert_int_equal(p.settings.listen_count, SETTINGS_LISTEN_MAX);
  assert_int_equal(p.settings.listen[SETTINGS_LISTEN_MAX - 1].port, SETTINGS_LISTEN_MAX - 1);
  strncat(line, "|-l|:99", sizeof line - strlen(line) - 1);
  parse(&p, line);
  assert_int_equal(p.result, OPTIONS_BAD);
  assert_non_null(strstr(p.said.text, "--listen: ':99': at most 64"));
}

static void bad_words_are_named(void **state)
{
  (void)state;
  static const char *const bad[][2] = {
      {"--listen|", "--listen: ''"},
      {"--listen|::1", "'::1'"},
      {"-l|localhost", "--listen: 'localhost'"},
      {"-l|:65536", "':65536'"},
      {"-l", "needs an argument: [ADDR]:PORT"},
      {"--protocol|", "--protocol: ''"},
      {"--protocol|Plain", "'Plain': expected plain, daytime or time"},
      {"--protocol|tim", "'tim'"},
      {"--format|", "--format: ''"},
      {"--format|%Q", "'%Q' is no conversion"},
      {"--format|at %H:%", "'%' is no conversion"},
      {"--format|%513d", "'%513d': expected"},
      {"--format|\x1B%L", "\\x1B%L"},
      {"-p|time|-f|%H", "'%H': protocol time"},
      {"-f|%H|-p|time", "'%H': protocol time"},
      {"--max-connections|0", "--max-connections: '0'"},
      {"--max-connections|1000001", "'1000001'"},
      {"--max-connections|-1", "'-1'"},
      {"--max-connections|1.5", "'1.5'"},
      {"--max-connections|", "''"},
      {"--max-connections|99999999999999999999", "'99999999999999999999'"},
      {"--max-per-source|0", "--max-per-source: '0'"},
      {"--max-per-source|1000001", "'1000001'"},
      {"--max-per-source|1x", "'1x'"},
      {"--max", "could be --max-connections or --max-per-source"},
      {"--stats|0", "--stats: '0'"},
      {"--stats|0.009", "'0.009'"},
      {"--stats|86401", "'86401'"},
      {"--stats|-1", "'-1'"},
      {"--stats|nan", "'nan'"},
      {"--stats|1s", "'1s'"},
      {"--stats|1,", "'1,'"},
      {"--stats|,latency", "',latency'"},
      {"--stats|1,latency,", "'1,latency,'"},
      {"--stats|1,counts", "'1,counts'"},
      {"--stats", "needs an argument: SECONDS[,latency]"},
      {"--udp=1", "takes no argument"},
      {"--utc=1", "takes no argument"},
      {"--frob", "unknown option '--frob'"},
      {"-x", "unknown option '-x'"},
      {"55555", "'55555': timed takes options only"},
      {"-q|a|-u", "'a': timed takes options only"},
      {"--|-u", "'-u': timed takes options only"},
      {"|", "''"},
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
  parse(&p, "-q|-u|--utc|-l|:1|--stats|wrong");
  assert_int_equal(p.result, OPTIONS_BAD);
  run(&p, "");
  assert_memory_equal(&p.settings, &settings_default, sizeof p.settings);
}

int main(void)
{
  message_program("timed");
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(defaults_are_the_plain_case),
      cmocka_unit_test(options_set_what_they_say),
      cmocka_unit_test(limits_are_within),
      cmocka_unit_test(help_and_version_end_the_line),
      cmocka_unit_test(listen_64_times),
      cmocka_unit_test(bad_words_are_named),
      cmocka_unit_test(each_line_begins_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
