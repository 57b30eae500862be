/* What a terminal's display waits for, behind one descriptor: the terminal, signals, a moment. Main thread. */
#ifndef SCOPE_TERMINAL_WAIT_H
#define SCOPE_TERMINAL_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/show/terminal_state.h"

/*
 * Opens what is waited for; from now on SIGTSTP, SIGCONT and SIGWINCH are read from t->signal_fd. Before any thread is
 * started. False with errno.
 */
bool terminal_wait_open(struct terminal *t);
void terminal_wait_close(struct terminal *t); /* also where not all could be opened */

/* Waits for the terminal as far as there is something to expect of it, and until at_ns (INT64_MAX: no longer). */
void terminal_wait_for(struct terminal *t, int64_t at_ns);

/* The terminal is gone: its hang-up would wake us for ever. */
void terminal_wait_no_more(struct terminal *t);

#endif
