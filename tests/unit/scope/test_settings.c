/* The command line of scope as a struct: what each option sets, and what each refusal names. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "common/message.h"
#include "scope/settings.h"

enum { WORDS_MAX = 32 };

struct parsed {
  char text[256];
  char *argv[WORDS_MAX + 2];
  struct settings settings;
  enum options_result result;
  struct capture said;
};

/* Parses the words of line, separated by '|' so that a word may be empty. */
static void parse(struct parsed *p, const char *line)
{
  static char program[] = "scope";
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

static void defaults_are_the_plain_case(void **state)
{
  (void)state;
  struct parsed p;
  parse(&p, "");
  assert_int_equal(p.result, OPTIONS_GO);
  assert_memory_equal(&p.settings, &settings_default, sizeof p.settings);
  assert_true(p.settings.window_s == 10 && p.settings.low == -10 && p.settings.high == 10);
  assert_true(p.settings.refresh_hz == 100 && p.settings.memory_mib == 256);
  assert_int_equal(p.settings.width, 1280);
  assert_int_equal(p.settings.height, 720);
  assert_string_equal(p.said.text, "");
}

static void options_set_what_they_say(void **state)
{
  (void)state;
  struct parsed p;
  parse(&p, "-w|2.5|-y|-1:3|-a|--names|A,B|--only|x|--rate|44100|--style|points|-t|T|-u|ms|--theme|light");
  assert_int_equal(p.result, OPTIONS_GO);
  assert_true(p.settings.window_s == 2.5 && p.settings.window_given && !p.settings.window_all);
  assert_true(p.settings.low == -1 && p.settings.high == 3 && p.settings.autoscale);
  assert_string_equal(p.settings.parser.names, "A,B");
  assert_string_equal(p.settings.parser.only, "x");
  assert_true(p.settings.rate_hz == 44100 && p.settings.style == STYLE_POINTS && p.settings.theme == THEME_LIGHT);
  assert_string_equal(p.settings.title, "T");

  parse(&p, "--window|all|--geometry|640x480+10-20|--refresh|30|--memory|16|--exit|--png|p.png|--summary|--timing|f");
  assert_int_equal(p.result, OPTIONS_GO);
  assert_true(p.settings.window_all && p.settings.position_given);
  assert_int_equal(p.settings.width, 640);
  assert_int_equal(p.settings.height, 480);
  assert_int_equal(p.settings.x, 10);
  assert_int_equal(p.settings.y, -20);
  assert_true(p.settings.refresh_hz == 30 && p.settings.memory_mib == 16 && p.settings.exit_at_end);
  assert_true(p.settings.summary && p.settings.timing);
  assert_string_equal(p.settings.png, "p.png");
  assert_string_equal(p.settings.file, "f");

  parse(&p, "--log");
  assert_true(p.settings.log && p.settings.autoscale);
  parse(&p, "--stack");
  assert_int_equal(p.settings.stack, STACK_CHANNELS);
  assert_true(p.settings.autoscale); /* one range for all of them would be of no use */
  parse(&p, "--stack=unit|-y|0:1");
  assert_int_equal(p.settings.stack, STACK_UNITS);
  assert_false(p.settings.autoscale);

  parse(&p, "--style|step|--|-x");
  assert_int_equal(p.settings.style, STYLE_STEP);
  assert_string_equal(p.settings.file, "-x");
  parse(&p, "--help|--frob");
  assert_int_equal(p.result, OPTIONS_HELP);
  parse(&p, "-V");
  assert_int_equal(p.result, OPTIONS_VERSION);
}

static void triggers(void **state)
{
  (void)state;
  static const struct {
    const char *text, *name;
    double level;
    bool falling;
    enum trigger_mode mode;
  } cases[] = {
      {"0", NULL, 0, false, TRIGGER_AUTO},
      {"-2.5,falling", NULL, -2.5, true, TRIGGER_AUTO},
      {"1e3,single", NULL, 1000, false, TRIGGER_SINGLE},
      {"2:5,rising,normal", "2", 5, false, TRIGGER_NORMAL},
      {"a:b:-1,falling,auto", "a:b", -1, true, TRIGGER_AUTO},
      {"x, y:3", "x, y", 3, false, TRIGGER_AUTO},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct parsed p;
    char line[64];
    snprintf(line, sizeof line, "--trigger|%s", cases[i].text);
    parse(&p, line);
    assert_int_equal(p.result, OPTIONS_GO);
    const struct trigger *t = &p.settings.trigger;
    assert_true(t->on && t->level_given && t->level == cases[i].level && t->falling == cases[i].falling);
    assert_int_equal(t->mode, cases[i].mode);
    assert_int_equal(t->channel, cases[i].name ? -1 : 0);
    assert_true((t->name != NULL) == (cases[i].name != NULL));
    if (t->name)
      assert_string_equal(t->name, cases[i].name);
  }
}

static void bad_words_are_named(void **state)
{
  (void)state;
  static const char *const bad[][2] = {
      {"--window|0", "'0'"},
      {"--window|", "''"},
      {"--window|1e9", "'1e9'"},
      {"--window|nan", "'nan'"},
      {"--window| 1", "' 1'"},
      {"--limits|1", "'1'"},
      {"--limits|3:1", "'3:1'"},
      {"--limits|1:1", "LO below HI"},
      {"--limits|nan:1", "'nan:1'"},
      {"--range|1", "'1'"},
      {"--range|3:1", "'3:1'"},
      {"--range|1:1", "'1:1'"},
      {"--range|a:b", "'a:b'"},
      {"--range|-1e308:1e308", "'-1e308:1e308'"},
      {"--names|", "''"},
      {"--names|a,,b", "'a,,b'"},
      {"--only|,a", "',a'"},
      {"--rate|0", "'0'"},
      {"--rate|-1", "'-1'"},
      {"--rate|1x", "'1x'"},
      {"--style|dots", "'dots'"},
      {"--theme|blue", "'blue'"},
      {"--stack=channel", "'channel'"},
      {"--trigger|", "''"},
      {"--trigger|up", "'up'"},
      {"--trigger|1,up", "'1,up'"},
      {"--trigger|1,normal,falling", "'1,normal,falling'"},
      {"--trigger|:1", "':1'"},
      {"--trigger|a:", "'a:'"},
      {"--trigger|nan", "'nan'"},
      {"--trigger|1|--window|all", "--trigger"},
      {"--geometry|1280", "'1280'"},
      {"--geometry|10x10", "'10x10'"},
      {"--geometry|640x480+", "'640x480+'"},
      {"--geometry|640x480+1", "'640x480+1'"},
      {"--geometry|640x480+1+2x", "'640x480+1+2x'"},
      {"--geometry|99999x99999", "'99999x99999'"},
      {"--geometry|640x480 ", "'640x480 '"},
      {"--geometry|640x480+99999+0", "'640x480+99999+0'"},
      {"--refresh|0.5", "'0.5'"},
      {"--refresh|1001", "'1001'"},
      {"--memory|15", "'15'"},
      {"--memory|1.5", "'1.5'"},
      {"--memory|2097152", "'2097152'"},
      {"--png|", "''"},
      {"a|b", "'b'"},
      {"--demo|f", "'f'"},
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

int main(void)
{
  message_program("scope");
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(defaults_are_the_plain_case),
      cmocka_unit_test(options_set_what_they_say),
      cmocka_unit_test(triggers),
      cmocka_unit_test(bad_words_are_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
