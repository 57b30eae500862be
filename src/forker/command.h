/*
 * A command made ready before any fork, so that a child has nothing left to allocate or to look up. Main thread.
 */
#ifndef FORKER_COMMAND_H
#define FORKER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command {
  char **argv;        /* borrowed; argv[0] is the name in messages */
  const char *file;   /* borrowed; what to execute: a path, or a name to be looked for in PATH */
  char **candidates;  /* what execve is to try, in the order of PATH; ends with NULL. Owned, as are those below */
  char **script_argv; /* /bin/sh, a place for a candidate, and the arguments: for a script that names no interpreter */
  char **environment; /* forker's own, with two more strings: see command_number */
  char tick_text[40], run_text[40];
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

/* Sets FORKER_TICK and FORKER_RUN in the environment of the next run: the numbers of its tick, and of the run from 1. */
void command_number(struct command *command, int64_t tick, int64_t run);

/* What /bin/sh is to be given, a file that execve says is of no known format: the candidate that can be executed. */
char **command_script(const struct command *command);

/*
 * Tries the candidates one after the other, as the last act of a child: returns only when none can be executed, with
 * the reason that says most: EACCES of one place in PATH counts for more than that others lack the file. A script
 * without an interpreter in its first line is run by /bin/sh, as execvp(3) does. Async-signal-safe; after vfork, too.
 */
int command_exec(const struct command *command);

#endif
