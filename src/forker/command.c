#include "forker/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
  const bool ok = find_candidates(command) && make_texts(command);
  if (!ok)
    command_destroy(command);
  return ok;
}

void command_destroy(struct command *command)
{
  for (char **candidate = command->candidates; candidate && *candidate; candidate++)
    free(*candidate);
  free(command->candidates);
  free(command->text);
  free(command->announcement);
  *command = (struct command){0};
}

/* After this errno of one place the next one is worth a try. */
static bool try_next(int error)
{
  return error == ENOENT || error == ENOTDIR || error == EACCES || error == ESTALE || error == ENODEV ||
         error == ETIMEDOUT;
}

int command_exec(const struct command *command)
{
  int reason = ENOENT;
  for (char **candidate = command->candidates; *candidate; candidate++) {
    execve(*candidate, command->argv, environ);
    if (!try_next(errno))
      return errno;
    if (errno == EACCES || strchr(command->file, '/')) /* a path with a slash has one reason */
      reason = errno;
  }
  return reason;
}
