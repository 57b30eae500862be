/* What comes from a terminal: keys become events or go into the line, answers say what it can. Main thread. */
#ifndef SCOPE_TERMINAL_INPUT_H
#define SCOPE_TERMINAL_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/show/terminal_state.h"

void terminal_put_event(struct terminal *t, struct show_event event);

/* Takes all that has come. False: the terminal is gone. */
bool terminal_receive(struct terminal *t);

/* Decides what a sequence was that does not go on; and when that is due, INT64_MAX: none has begun. */
void terminal_end_sequence(struct terminal *t);
int64_t terminal_sequence_ends_ns(const struct terminal *t);

/* Asks the terminal what it can, and waits for its answers, 200 ms at most; then the kind of picture is chosen. */
void terminal_ask(struct terminal *t);

#endif
