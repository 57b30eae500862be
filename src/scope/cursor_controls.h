/* What keys do to the cursors, and the distance that is typed. Neither SDL nor clock; main thread. */
#ifndef SCOPE_CURSOR_CONTROLS_H
#define SCOPE_CURSOR_CONTROLS_H

#include <stdbool.h>

#include "scope/frame.h"
#include "scope/keys.h"
#include "scope/show/event.h"

/* Does what a key asks for. *said: what is to be said of it, or left alone. */
void cursor_controls_act(struct frame *f, enum action action, int number, const char **said);

/*
 * A key while a distance is typed, which is not what it is otherwise. False: nothing is typed, and the key has its usual
 * meaning.
 */
bool cursor_controls_type(struct frame *f, const struct show_event *key, const char **said);

/*
 * "0.02", "20m", "20ms", "1e-3 s", also with a decimal comma, in what the time axis counts, of so many ticks each: a
 * second where seconds is said, else a sample. False: it is no such distance.
 */
bool cursor_controls_read(const char *text, int64_t unit, bool seconds, int64_t *ticks);

#endif
