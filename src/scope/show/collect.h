/*
 * What is written to standard error while something else has the terminal, or while a library may say there what is of
 * no use: kept in memory, and passed on at the end. Main thread; others may write in the meantime.
 */
#ifndef SCOPE_COLLECT_H
#define SCOPE_COLLECT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { COLLECT_LINE_MAX = 256 };

struct collect {
  int memory;                  /* standard error meanwhile; -1: nothing is collected */
  int saved;                   /* standard error as it was */
  off_t seen;                  /* bytes that collect_news has looked at */
  char line[COLLECT_LINE_MAX]; /* the last line among them */
};

/* False, and nothing changes, where that cannot be done. */
bool collect_begin(struct collect *c);

/* The last line that was written, if some was since the last time; else NULL. */
const char *collect_news(struct collect *c);

/*
 * Standard error as it was, and passes on what was written to it: all, or only our own messages. Waits a tenth of a
 * second at most for one who does not read. Nothing happens where nothing is collected.
 */
void collect_end(struct collect *c, bool all);

#endif
