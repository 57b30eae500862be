/*
 * SIGINT, SIGTERM and SIGHUP as a descriptor: blocked in every thread and read where it suits, so that no handler ever
 * runs between two instructions. SIGTTIN and SIGTTOU are ignored: `scope &` must not stop.
 */
#ifndef COMMON_SIGNALS_H
#define COMMON_SIGNALS_H

#include <stdbool.h>

/*
 * Before any thread is started. The descriptor, readable when a signal came; children: for a program that has some,
 * SIGCHLD is one of them, and SIGQUIT, which would end the program and leave them behind. -1 with errno on failure.
 */
int signals_open(bool children);

/* A signal came since the last call. */
bool signals_came(int fd);

#endif
