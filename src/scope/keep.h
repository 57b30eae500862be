/*
 * What keys keep of a picture: it is asked for at any time, and kept with the next frame, which shows the moment of the key.
 * Main thread.
 */
#ifndef SCOPE_KEEP_H
#define SCOPE_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/frame.h"
#include "scope/show/display.h"

/* What is asked for. */
struct keep {
  bool picture, vectors, copy;
};

/*
 * Keeps one thing of those asked for, and says in text what became of it; false: there was nothing. `shown` is the frame that
 * was just painted; where that is made of cells, the same is painted as pixels of the size that the settings have.
 */
bool keep_next(struct keep *k, struct frame *frame, const struct settings *settings, struct display *display,
               const struct display_frame *shown, int64_t now_ns, char *text, size_t size);

#endif
