/* Reading from a terminal that belongs to somebody else for a while: `scope &`. Reader thread. */
#ifndef SCOPE_SOURCE_TERMINAL_H
#define SCOPE_SOURCE_TERMINAL_H

#include <stdbool.h>

/* How often a background process looks whether it has the terminal again: nothing tells it. */
enum { SOURCE_TERMINAL_LOOK_MS = 200 };

/*
 * Whether the terminal is another process group's. A read would raise SIGTTIN then, or give EIO where that is blocked.
 * False when the terminal is gone.
 */
bool source_terminal_in_background(int fd);

#endif
