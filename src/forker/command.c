#include "forker/command.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/printable.h"

static char ls_name[] = "ls";
static char ls_long[] = "-l";
static char *ls_argv[] = {ls_name, ls_long, NULL};

/* The default of the shells: what a system without PATH in its environment has. */
static const char path_default[] = "/usr/local/bin:/usr/bin:/bin";

static char *join(const char *directory, size_t length, const char *name)
{
  char *path = malloc(length + strlen(name) + 3);
  if (!path)
    return NULL;
  if (length == 0) /* an empty entry of PATH is the current directory */
    sprintf(path, "./%s", name);
  else
    sprintf(path, "%.*s/%s", (int)length, directory, name);
  return path;
}

static bool find_candidates(struct command *command)
{
  const char *name = command->file;
  const char *path = strchr(name, '/') || name[0] == '\0' ? NULL : getenv("PATH");
  if (!path && !strchr(name, '/') && name[0] != '\0')
    path = path_default;
  size_t count = 1;
  for (const char *at = path; at && (at = strchr(at, ':')) != NULL; at++)
    count++;
  command->candidates = calloc(count + 1, sizeof *command->candidates);
  if (!command->candidates)
    return false;
  if (!path)
    return (command->candidates[0] = strdup(name)) != NULL;
  for (size_t i = 0; i < count; i++) {
    const size_t length = strcspn(path, ":");
    command->candidates[i] = join(path, length, name);
    if (!command->candidates[i])
      return false;
    path += length + 1;
  }
  return true;
}

static const char tick_name[] = "FORKER_TICK=";
static const char run_name[] = "FORKER_RUN=";

static bool make_script(struct command *command)
{
  static char shell[] = "/bin/sh";
  size_t count = 0;
  while (command->argv[count])
    count++;
  command->script_argv = calloc(count + 2, sizeof *command->script_argv);
  if (!command->script_argv)
    return false;
  command->script_argv[0] = shell;
  for (size_t i = 1; i < count; i++)
    command->script_argv[i + 1] = command->argv[i];
  return true;
}

/* Ours, without what a forker that started us has put there. */
static bool make_environment(struct command *command)
{
  size_t count = 0;
  while (environ[count])
    count++;
  command->environment = calloc(count + 3, sizeof *command->environment);
  if (!command->environment)
    return false;
  char **end = command->environment;
  *end++ = command->tick_text;
  *end++ = command->run_text;
  for (char **variable = environ; *variable; variable++)
    if (strncmp(*variable, tick_name, strlen(tick_name)) != 0 && strncmp(*variable, run_name, strlen(run_name)) != 0)
      *end++ = *variable;
  command_number(command, 0, 0);
  return true;
}

void command_number(struct command *command, int64_t tick, int64_t run)
{
  snprintf(command->tick_text, sizeof command->tick_text, "%s%" PRId64, tick_name, tick);
  snprintf(command->run_text, sizeof command->run_text, "%s%" PRId64, run_name, run);
}

static bool make_texts(struct command *command)
{
  size_t length = 0;
  for (char **word = command->argv; *word; word++)
    length += strlen(*word) * PRINTABLE_GROWTH + 1;
  command->text = malloc(length + 1);
  if (!command->text)
    return false;
  char *end = command->text;
  *end = '\0';
  for (char **word = command->argv; *word; word++) {
    if (word != command->argv)
      *end++ = ' ';
    end += printable_copy(end, (size_t)(command->text + length + 1 - end), *word, strlen(*word));
  }
  const int made = asprintf(&command->announcement, "Child process: About to execute %s\n", command->text);
  if (made < 0)
    return false;
  command->announcement_length = (size_t)made;
  return true;
}

bool command_init(struct command *command, char **argv)
{
  *command = (struct command){.argv = argv ? argv : ls_argv, .file = argv ? argv[0] : "/bin/ls"};
  const bool ok = find_candidates(command) && make_script(command) && make_environment(command) && make_texts(command);
  if (!ok)
    command_destroy(command);
  return ok;
}

void command_destroy(struct command *command)
{
  for (char **candidate = command->candidates; candidate && *candidate; candidate++)
    free(*candidate);
  free(command->candidates);
  free(command->script_argv);
  free(command->environment);
  free(command->text);
  free(command->announcement);
  *command = (struct command){0};
}

/* After this errno of one place the next one is worth a try. */
static bool try_next(int error)
{
  return error == ENOENT || error == ENOTDIR || error == EACCES || error == ESTALE || error == ENODEV ||
         error == ETIMEDOUT || error == ENAMETOOLONG;
}

char **command_script(const struct command *command)
{
  struct stat about;
  for (char **candidate = command->candidates; *candidate; candidate++)
    if (stat(*candidate, &about) == 0 && S_ISREG(about.st_mode) &&
        faccessat(AT_FDCWD, *candidate, X_OK, AT_EACCESS) == 0) {
      command->script_argv[1] = *candidate;
      return command->script_argv;
    }
  return NULL;
}

int command_exec(const struct command *command)
{
  int reason = strlen(command->file) > NAME_MAX && !strchr(command->file, '/') ? ENAMETOOLONG : ENOENT;
  for (char **candidate = command->candidates; *candidate; candidate++) {
    execve(*candidate, command->argv, command->environment);
    if (errno == ENOEXEC) {
      command->script_argv[1] = *candidate;
      execve(command->script_argv[0], command->script_argv, command->environment);
    }
    if (!try_next(errno))
      return errno;
    if (errno == EACCES || strchr(command->file, '/')) /* a path with a slash has one reason */
      reason = errno;
  }
  return reason;
}
