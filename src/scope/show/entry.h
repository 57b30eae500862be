/*
 * The line at the bottom of the terminal where numbers are typed while the plot stands above it. Lines go to the reader
 * through a pipe, as if it read the terminal itself. Esc changes between the line and the keys of the plot. Main thread.
 */
#ifndef SCOPE_ENTRY_H
#define SCOPE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "scope/paint/cells.h"
#include "scope/paint/theme.h"
#include "scope/show/tty_keys.h"

enum { ENTRY_MAX = 256, ENTRY_ROWS = 2 /* what was said last, and the line */ };

struct entry {
  int input;  /* the end of the pipe that is read, or -1; its reader's */
  int output; /* our end; -1: there is no line, or no more */
  bool keys;  /* keys are the plot's */
  char text[ENTRY_MAX];
  size_t length;
  char said[ENTRY_MAX]; /* greeting, complaint, message */
};

/* No line. */
void entry_init(struct entry *e);

/* False: no pipe can be had, with errno. */
bool entry_open(struct entry *e, const char *greeting);

/* The end of the input, as Ctrl-D brings it about. */
void entry_close(struct entry *e);

bool entry_is_open(const struct entry *e);

/* The key is the line's, and has been seen to; else it is the plot's. */
bool entry_take(struct entry *e, const struct tty_key *key);

/* What is said above the line from now on. */
void entry_say(struct entry *e, const char *text);

/* Paints the two rows; the column of the cursor, or -1 where there is none to be seen. */
int entry_draw(const struct entry *e, struct cells *c, const struct theme *theme);

#endif
