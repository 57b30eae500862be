/* Whether a display can be reached, before anything is opened: by knocking at its socket. Waits for nobody. Any thread. */
#ifndef SCOPE_REACH_H
#define SCOPE_REACH_H

#include <stdbool.h>

/*
 * An X server listens at DISPLAY, or a compositor at WAYLAND_DISPLAY. One on another machine counts as there: only
 * asking it would tell.
 */
bool reach_any_display(void);

#endif
