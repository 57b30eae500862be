/* The option table: what is accepted, what each refusal says, and the help made from it. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "common/message.h"
#include "common/options.h"

enum { RANGE, RATE, REFRESH, DEMO, EXIT, COUNTER, NAMES, HELP };

static const struct option_spec table[] = {
    [RANGE] = {"range", "LO:HI", "visible values", 'y'},
    [RATE] = {"rate", "HZ",
              "input lines are 1/HZ seconds apart, whenever they arrive, and whatever else may happen "
              "in the meantime to those who wait",
              0},
    [REFRESH] = {"refresh", "HZ", "pictures a second", 0},
    [DEMO] = {"demo", NULL, "show three built-in signals", 0},
    [EXIT] = {"exit", NULL, "end with the input", 'x'},
    [COUNTER] = {"counter", "[A,B]", "plot rates of change", 'c'},
    [NAMES] = {"names", "A,B,and,so,on,and,so,forth", "\u00B5-names", 0},
    [HELP] = {"help", NULL, "show this help", 'h'},
    {NULL, NULL, NULL, 0},
};
static const struct options options = {table, "[OPTION]... [FILE]", "Plots numbers.", NULL, NULL, "Keys:\n  q  quit\n",
                                       false};
static const struct options command = {table, "[OPTION]... COMMAND", "Runs it.", NULL, NULL, NULL, true};

enum { WORDS_MAX = 32 };

/* Words of line, separated by single blanks, as argv after the program's name. */
struct line {
  char text[256];
  char *argv[WORDS_MAX];
  int argc;
};

static void split(struct line *line, const char *text)
{
  static char program[] = "scope";
  char *rest;

  line->argv[0] = program;
  line->argc = 1;
  snprintf(line->text, sizeof line->text, "%s", text);
  for (char *word = strtok_r(line->text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
    line->argv[line->argc++] = word;
  line->argv[line->argc] = NULL;
  optind = 0;
}

static void reads_options_and_operands(void **state)
{
  (void)state;
  static const struct {
    int place;
    const char *argument;
  } expected[] = {
      {RANGE, "-5:5"}, {RATE, "100"},    {EXIT, NULL},    {RANGE, "1:2"}, {DEMO, NULL},
      {COUNTER, NULL}, {COUNTER, "a,b"}, {COUNTER, NULL}, {COUNTER, "d"}, {RATE, "-1"},
  };
  struct line line;
  const char *argument = "";
  int operand = 0;

  split(&line, "-y -5:5 --rate=100 file -xy1:2 --de --counter --counter=a,b -c -cd --rate -1 - -- --exit");
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    assert_int_equal(options_next(&options, line.argc, line.argv, &argument, &operand), expected[i].place);
    if (expected[i].argument == NULL)
      assert_null(argument);
    else
      assert_string_equal(argument, expected[i].argument);
  }
  assert_int_equal(options_next(&options, line.argc, line.argv, &argument, &operand), OPTIONS_END);
  assert_int_equal(operand, line.argc - 3);
  assert_string_equal(line.argv[operand], "file");
  assert_string_equal(line.argv[operand + 1], "-");
  assert_string_equal(line.argv[operand + 2], "--exit");
}

static void a_command_keeps_its_options(void **state)
{
  (void)state;
  struct line line;
  const char *argument;
  int operand;

  split(&line, "-x ls -l");
  assert_int_equal(options_next(&command, line.argc, line.argv, &argument, &operand), EXIT);
  assert_int_equal(options_next(&command, line.argc, line.argv, &argument, &operand), OPTIONS_END);
  assert_int_equal(operand, 2);
  assert_string_equal(line.argv[3], "-l");
}

static void refusals_name_what_was_given(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    const char *says;
  } cases[] = {
      {"--frob", "unknown option '--frob'"},
      {"--frob=3", "unknown option '--frob'"},
      {"file --frob", "unknown option '--frob'"},
      {"--ranges", "unknown option '--ranges'"},
      {"--r", "option '--r' could be --range, --rate or --refresh"},
      {"--ra=3", "option '--ra' could be --range or --rate"},
      {"-z", "unknown option '-z'"},
      {"file other -z", "unknown option '-z'"},
      {"-xzf", "unknown option '-z' in '-xzf'"},
      {"file -xz", "unknown option '-z' in '-xz'"},
      {"-x -zx", "unknown option '-z' in '-zx'"},
      {"-x -z -x", "unknown option '-z'"},
      {"-x\u00E9", "unknown option '-\u00E9' in '-x\u00E9'"},
      {"-\u00E9", "unknown option '-\u00E9'"},
      {"-x:", "unknown option '-:' in '-x:'"},
      {"-?", "unknown option '-?'"},
      {"-5", "unknown option '-5'"},
      {"-\x1b[2J", "unknown option '-\\x1B' in '-\\x1B[2J'"},
      {"-x\xC3", "unknown option '-\\xC3' in '-x\\xC3'"},
      {"--=", "unknown option '--'"},
      {"--rate", "option '--rate' needs an argument: HZ"},
      {"--rat", "option '--rat' needs an argument: HZ"},
      {"-y", "option '-y' needs an argument: LO:HI"},
      {"-xy", "option '-y' needs an argument: LO:HI"},
      {"--demo=3", "option '--demo' takes no argument: '--demo=3'"},
      {"--dem=", "option '--demo' takes no argument: '--dem='"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct line line;
    const char *argument;
    int operand;
    int result;
    char expected[512];

    print_message("%s\n", cases[i].text);
    split(&line, cases[i].text);
    struct capture capture = capture_start(STDERR_FILENO);
    while ((result = options_next(&options, line.argc, line.argv, &argument, &operand)) == EXIT) {
    }
    capture_end(&capture);
    assert_int_equal(result, OPTIONS_ERROR);
    snprintf(expected, sizeof expected, "scope: %s\nTry 'scope --help' for more information.\n", cases[i].says);
    assert_string_equal(capture.text, expected);
  }
}

static void help_is_aligned_and_wrapped(void **state)
{
  (void)state;
  struct capture capture = capture_start(STDOUT_FILENO);
  const int error = options_help(&options, "scope");
  capture_end(&capture);
  assert_int_equal(error, 0);
  assert_string_equal(capture.text, "Usage: scope [OPTION]... [FILE]\n"
                                    "Plots numbers.\n"
                                    "\n"
                                    "Options:\n"
                                    "  -y, --range LO:HI    visible values\n"
                                    "      --rate HZ        input lines are 1/HZ seconds apart, whenever they arrive,\n"
                                    "                       and whatever else may happen in the meantime to those who\n"
                                    "                       wait\n"
                                    "      --refresh HZ     pictures a second\n"
                                    "      --demo           show three built-in signals\n"
                                    "  -x, --exit           end with the input\n"
                                    "  -c, --counter[=A,B]  plot rates of change\n"
                                    "      --names A,B,and,so,on,and,so,forth\n"
                                    "                       \u00B5-names\n"
                                    "  -h, --help           show this help\n"
                                    "\n"
                                    "Keys:\n"
                                    "  q  quit\n");
}

static void help_reports_a_full_disk(void **state)
{
  (void)state;
  const int saved = dup(STDOUT_FILENO);
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  assert_true(saved >= 0 && full >= 0);
  dup2(full, STDOUT_FILENO);
  const int error = options_help(&options, "scope");
  dup2(saved, STDOUT_FILENO);
  close(full);
  close(saved);
  assert_int_equal(error, ENOSPC);
}

static void a_choice_of_words(void **state)
{
  (void)state;
  static const struct {
    const char *words[4];
    const char *expected;
  } lists[] = {{{"fork", NULL}, "fork"},
               {{"fork", "vfork", NULL}, "fork or vfork"},
               {{"fork", "vfork", "posix_spawn", NULL}, "fork, vfork or posix_spawn"}};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    char expected[256];
    int choice = -1;
    for (int place = 0; lists[i].words[place]; place++) {
      assert_true(options_choice("spawn", lists[i].words[place], lists[i].words, &choice));
      assert_int_equal(choice, place);
    }
    struct capture capture = capture_start(STDERR_FILENO);
    const bool found = options_choice("spawn", "for", lists[i].words, &choice);
    capture_end(&capture);
    assert_false(found);
    snprintf(expected, sizeof expected,
             "scope: --spawn: 'for': expected %s\nTry 'scope --help' for more information.\n", lists[i].expected);
    assert_string_equal(capture.text, expected);
  }
}

int main(void)
{
  message_program("scope");
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_options_and_operands),   cmocka_unit_test(a_command_keeps_its_options),
      cmocka_unit_test(refusals_name_what_was_given), cmocka_unit_test(help_is_aligned_and_wrapped),
      cmocka_unit_test(help_reports_a_full_disk),     cmocka_unit_test(a_choice_of_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
