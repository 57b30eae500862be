/* A command made ready: where it is looked for, what is said of it, and which reason counts when it cannot be executed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forker/command.h"

enum { WAIT_MS = 10000, WORDS_MAX = 8, STATUS_FAILED = 99 };

static char directory[64];
static char *saved_path;

static void make_file(const char *name, const char *text, mode_t mode)
{
  const int fd = openat(AT_FDCWD, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  assert_int_equal(fchmod(fd, mode), 0);
  close(fd);
}

/* Places that have `prog` in all its forms; the tests run in the directory that holds them. */
static int make_places(void **state)
{
  (void)state;
  const char *path = getenv("PATH");
  saved_path = path ? strdup(path) : NULL;
  snprintf(directory, sizeof directory, "%s/forker_command.XXXXXX", P_tmpdir);
  if (!mkdtemp(directory) || chdir(directory) != 0)
    return -1;
  static const char *const places[] = {"nothing", "denied", "holds", "holds/prog", "good", "other", "raw"};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    if (mkdir(places[i], 0755) != 0)
      return -1;
  make_file("denied/prog", "#!/bin/sh\necho denied\n", 0644);
  make_file("good/prog", "#!/bin/sh\necho good \"$@\"\n", 0755);
  make_file("other/prog", "#!/bin/sh\necho other\n", 0755);
  make_file("raw/prog", "echo no first line $1\n", 0755);
  make_file("file", "", 0755);
  return 0;
}

static int remove_places(void **state)
{
  (void)state;
  static const char *const files[] = {"denied/prog", "good/prog", "other/prog", "raw/prog", "file"};
  static const char *const places[] = {"nothing", "denied", "holds/prog", "holds", "good", "other", "raw"};
  int failed = 0;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    failed |= unlink(files[i]);
  for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    failed |= rmdir(places[i]);
  failed |= chdir("/");
  failed |= rmdir(directory);
  free(saved_path);
  return failed;
}

static void set_path(const char *path)
{
  assert_int_equal(path ? setenv("PATH", path, 1) : unsetenv("PATH"), 0);
}

static void restore_path(void)
{
  set_path(saved_path);
}

/* Words of a line, at '|'; borrowed from a buffer that the next call fills anew. */
static char **words(const char *line)
{
  static char text[256];
  static char *argv[WORDS_MAX + 1];
  int count = 0;
  snprintf(text, sizeof text, "%s", line);
  char *rest = text;
  while (rest && count < WORDS_MAX)
    argv[count++] = strsep(&rest, "|");
  argv[count] = NULL;
  return argv;
}

static void init(struct command *command, const char *line, const char *path)
{
  set_path(path);
  assert_true(command_init(command, words(line)));
  restore_path();
}

static void plain_case(void **state)
{
  (void)state;
  struct command command;
  assert_true(command_init(&command, NULL));
  assert_string_equal(command.file, "/bin/ls");
  assert_string_equal(command.argv[0], "ls");
  assert_string_equal(command.argv[1], "-l");
  assert_null(command.argv[2]);
  assert_string_equal(command.candidates[0], "/bin/ls");
  assert_null(command.candidates[1]);
  assert_string_equal(command.text, "ls -l");
  assert_string_equal(command.announcement, "Child process: About to execute ls -l\n");
  assert_int_equal(command.announcement_length, strlen(command.announcement));
  command_destroy(&command);
  command_destroy(&command);
}

static void places_to_look(void **state)
{
  (void)state;
  static const struct {
    const char *name, *path;
    const char *expected[6];
  } cases[] = {
      {"x", "/a", {"/a/x"}},
      {"x", "/a:/b/c:/d", {"/a/x", "/b/c/x", "/d/x"}},
      {"x", "/a/:.:b", {"/a//x", "./x", "b/x"}},
      {"x", "", {"./x"}},
      {"x", ":", {"./x", "./x"}},
      {"x", ":/a", {"./x", "/a/x"}},
      {"x", "/a:", {"/a/x", "./x"}},
      {"x", "/a::/b", {"/a/x", "./x", "/b/x"}},
      {"x", NULL, {"/usr/local/bin/x", "/usr/bin/x", "/bin/x"}},
      {"./x", "/a:/b", {"./x"}},
      {"a/x", "/a", {"a/x"}},
      {"/x", NULL, {"/x"}},
      {"x/", "/a", {"x/"}},
      {"", "/a:/b", {""}},
      {"a b\n", "/a", {"/a/a b\n"}}, /* what is executed is as given, whatever is said of it */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct command command;
    init(&command, cases[i].name, cases[i].path);
    size_t count = 0;
    for (; command.candidates[count]; count++)
      if (!cases[i].expected[count] || strcmp(command.candidates[count], cases[i].expected[count]) != 0)
        fail_msg("case %zu: %s", i, command.candidates[count]);
    assert_null(cases[i].expected[count]);
    command_destroy(&command);
  }
}

static void announcements(void **state)
{
  (void)state;
  static const struct {
    const char *line, *text;
  } cases[] = {
      {"ls", "ls"},
      {"sh|-c|exit 3", "sh -c exit 3"},
      {"printf||x", "printf  x"},
      {"a\nb|\t\r|\x1B[31m|\x7F", "a\\nb \\t\\r \\x1B[31m \\x7F"},
      {"\xC2\xB5|\xC2\xB0"
       "C",
       "\xC2\xB5 \xC2\xB0"
       "C"},
      {"\xC2\x9B|\xC3", "\\xC2\\x9B \\xC3"},
      {"100%|%s%n", "100% %s%n"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct command command;
    char expected[128];
    init(&command, cases[i].line, "/a");
    assert_string_equal(command.text, cases[i].text);
    snprintf(expected, sizeof expected, "Child process: About to execute %s\n", cases[i].text);
    assert_string_equal(command.announcement, expected);
    assert_int_equal(command.announcement_length, strlen(expected));
    command_destroy(&command);
  }
}

/* What a child of command_exec prints, or its errno as "errno N". */
static void outcome(const struct command *command, char text[256])
{
  int ends[2];
  size_t length = 0;
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  const pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    const int error = command_exec(command);
    dprintf(STDOUT_FILENO, "errno %d\n", error);
    _exit(STATUS_FAILED);
  }
  close(ends[1]);
  for (;;) {
    assert_int_equal(poll(&(struct pollfd){.fd = ends[0], .events = POLLIN}, 1, WAIT_MS), 1);
    const ssize_t got = read(ends[0], text + length, 255 - length);
    assert_true(got >= 0);
    if (got == 0)
      break;
    length += (size_t)got;
  }
  text[length] = '\0';
  close(ends[0]);
  int status;
  assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void execution(void **state)
{
  (void)state;
  static char long_place[PATH_MAX + 100];
  static char long_then_good[PATH_MAX + 200];
  memset(long_place, 'a', sizeof long_place - 1);
  snprintf(long_then_good, sizeof long_then_good, "%s:good", long_place);
  static const struct {
    const char *line, *path, *expected;
    int error; /* 0: expected is what it prints */
  } cases[] = {
      {"prog|a|b c", "good", "good a b c\n", 0},
      {"prog", "good:other", "good\n", 0},
      {"prog", "other:good", "other\n", 0},
      {"prog", "nothing:missing:file:denied:holds:other", "other\n", 0},
      {"good/prog|x", "other", "good x\n", 0},
      {"./other/prog", "good", "other\n", 0},
      {"prog", "nothing", NULL, ENOENT},
      {"prog", "nothing:missing", NULL, ENOENT},
      {"prog", "file:nothing", NULL, ENOENT}, /* not found, as shells say it */
      {"prog", "denied", NULL, EACCES},
      {"prog", "holds", NULL, EACCES},
      {"prog", "denied:nothing:missing", NULL, EACCES},
      {"prog", "nothing:holds:missing", NULL, EACCES},
      {"prog|x", "raw", "no first line x\n", 0},
      {"raw/prog", "good", "no first line\n", 0},
      {"prog", "nothing:denied:raw:good", "no first line\n", 0},
      {"prog", long_place, NULL, ENOENT},
      {"prog", long_then_good, "good\n", 0},
      {"prog", "", NULL, ENOENT},
      {"prog", NULL, NULL, ENOENT},
      {"denied/prog", "good", NULL, EACCES},
      {"holds/prog", "good", NULL, EACCES},
      {"./prog", "good", NULL, ENOENT},
      {"file/prog", "good", NULL, ENOTDIR},
      {"", "good", NULL, ENOENT},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct command command;
    char text[256];
    char expected[64];
    init(&command, cases[i].line, cases[i].path);
    outcome(&command, text);
    snprintf(expected, sizeof expected, "errno %d\n", cases[i].error);
    if (strcmp(text, cases[i].error ? expected : cases[i].expected) != 0)
      fail_msg("%s in %s: %s", cases[i].line, cases[i].path ? cases[i].path : "no PATH", text);
    command_destroy(&command);
  }
}

/* An empty entry of PATH is the directory that the command is executed in. */
static void empty_entries(void **state)
{
  (void)state;
  static const char *const paths[] = {"", ":", ":nothing", "../nothing:", "../nothing::../other", ":../other"};
  assert_int_equal(chdir("good"), 0);
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    struct command command;
    char text[256];
    init(&command, "prog", paths[i]);
    outcome(&command, text);
    assert_string_equal(text, "good\n");
    command_destroy(&command);
  }
  assert_int_equal(chdir(".."), 0);
}

/* Places and environment are those of the start; argv[0] is the name as given. */
static void prepared_before(void **state)
{
  (void)state;
  struct command command;
  char text[256];
  assert_int_equal(setenv("COMMAND_TEST", "before", 1), 0);
  init(&command, "sh|-c|echo \"$0 $COMMAND_TEST $FORKER_TICK $FORKER_RUN\"", NULL);
  assert_int_equal(unsetenv("COMMAND_TEST"), 0);
  set_path("good");
  command_number(&command, 1000000000000, 7);
  outcome(&command, text);
  restore_path();
  assert_string_equal(text, "sh before 1000000000000 7\n");
  command_destroy(&command);
}

/* No file can have it, whatever the places are. */
static void name_too_long(void **state)
{
  (void)state;
  struct command command;
  char name[NAME_MAX + 2];
  char *argv[] = {name, NULL};
  char text[256];
  char expected[32];
  memset(name, 'a', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  assert_true(command_init(&command, argv));
  outcome(&command, text);
  snprintf(expected, sizeof expected, "errno %d\n", ENAMETOOLONG);
  assert_string_equal(text, expected);
  command_destroy(&command);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_case),    cmocka_unit_test(places_to_look), cmocka_unit_test(announcements),
      cmocka_unit_test(execution),     cmocka_unit_test(empty_entries),  cmocka_unit_test(prepared_before),
      cmocka_unit_test(name_too_long),
  };
  return cmocka_run_group_tests(tests, make_places, remove_places);
}
