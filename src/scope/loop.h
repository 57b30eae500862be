/*
 * The loop of a window or a terminal. It waits in one poll for signals, the display, the reader and the next frame; whatever comes first is
 * served at once. Frames alone are paced: they stand on a grid of absolute moments, --refresh of them a second. Main
 * thread.
 */
#ifndef SCOPE_LOOP_H
#define SCOPE_LOOP_H

#include <stdbool.h>

#include "scope/frame.h"
#include "scope/nothing.h"
#include "scope/pace.h"
#include "scope/settings.h"
#include "scope/show/display.h"
#include "scope/timing.h"

/* What the loop works with; all is borrowed. */
struct loop_config {
  const struct settings *settings;
  struct frame *frame;     /* not opened yet: the display tells the scale */
  struct display *display; /* not opened yet */
  struct stream *stream;
  int signal_fd;
  struct nothing nothing; /* what the plot says until the first sample */
  struct timing *timing;
};

/*
 * Runs until the person or a signal asks to quit, or with --exit until the end of input; then `finish` does what the end
 * owes, before the display goes, as its server may not answer any more. With --tee the person closes only the display:
 * the input is read on, to its end or a signal. False after a message when there is no display.
 */
bool loop_run(const struct loop_config *config, void (*finish)(void));

#endif
