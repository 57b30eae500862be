/*
 * A command made ready before any fork, so that a child has nothing left to allocate or to look up. Main thread.
 */
#ifndef FORKER_COMMAND_H
#define FORKER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct command {
  char **argv;        /* borrowed; argv[0] is the name in messages */
  const char *file;   /* borrowed; what to execute: a path, or a name to be looked for in PATH */
  char **candidates;  /* what execve is to try, in the order of PATH; ends with NULL. Owned, as are the next two */
  char *text;         /* the words with blanks between them, as people type it: "ls -l"; see printable.h */
  char *announcement; /* "Child process: About to execute ls -l\n" */
  size_t announcement_length;
};

/*
 * argv NULL: /bin/ls -l. A name without a slash is looked for in PATH (as execvp(3) does it) when it is executed: what
 * is prepared are the places. False when memory is short.
 */
bool command_init(struct command *command, char **argv);
void command_destroy(struct command *command);

/*
 * Tries the candidates one after the other, as the last act of a child: returns only when none can be executed, with
 * the reason that says most: EACCES of one place in PATH counts for more than that others lack the file.
 * Async-signal-safe.
 */
int command_exec(const struct command *command);

#endif
