/* How a terminal is given back: its screen, its modes, and at the end the last picture. Main thread. */
#ifndef SCOPE_TERMINAL_LEAVE_H
#define SCOPE_TERMINAL_LEAVE_H

#include "scope/show/terminal_state.h"

/* From now on a sudden end gives it back, too; what is sent then depends on the kind of picture. */
void terminal_guard(const struct terminal *t);

/*
 * Gives back a screen that we have, and the modes; what was to be sent is of no interest any more. Waits as long as the
 * terminal takes what it is sent, a second at most. Where the screen is not ours it does nothing. terminal_leave, which
 * terminal.h promises, does the same at the end.
 */
void terminal_give_back(struct terminal *t);

#endif
