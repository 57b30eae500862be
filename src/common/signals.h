/*
 * Signals as a descriptor: blocked in every thread and read where it suits, so that no handler ever runs between two
 * instructions. SIGTTIN and SIGTTOU are ignored: `scope &` must not stop.
 */
#ifndef COMMON_SIGNALS_H
#define COMMON_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>

enum { SIGNALS_NAME = 16, SIGNALS_BATCH = 8 };

/*
 * Before any thread is started. The descriptor, readable when a signal came: SIGINT, SIGTERM, or SIGHUP. all: for a
 * program that owes something to others, whose clients or children would be left behind: every signal that can be
 * caught and would end it (but those of a fault of its own), and SIGCHLD. Of these, one that was ignored at the start
 * stays ignored: so it is with nohup, and with the background jobs of a script. -1 with errno on failure.
 */
int signals_open(bool all);

/* A signal came since the last call. */
bool signals_came(int fd);

/* The next one that came since: its number, or 0. */
int signals_next(int fd);

/* The next ones by one call, how many. With fewer than SIGNALS_BATCH there were no more. */
size_t signals_take(int fd, int numbers[SIGNALS_BATCH]);

/* What a number is called: "SIGTERM", "SIGRTMIN+3". */
void signals_name(int number, char name[SIGNALS_NAME]);

#endif
