/* How a terminal is given back: its screen, its modes, and at the end the last picture. Main thread. */
#ifndef SCOPE_TERMINAL_LEAVE_H
#define SCOPE_TERMINAL_LEAVE_H

#include <stdbool.h>

#include "scope/show/terminal_state.h"

/* From now on a sudden end gives it back, too; what is sent then depends on the kind of picture. */
void terminal_guard(const struct terminal *t);

/*
 * Gives back a screen that we have, and the modes. The frame that was to be sent is of no interest any more; or with picture
 * it is what is left behind where the prompt comes next. Waits as long as the terminal takes what it is sent, a second at
 * most. Where the screen is not ours it does nothing.
 */
void terminal_give_back(struct terminal *t, bool picture);

#endif
