/*
 * Shows the frame that is due: painted on what the display gives, handed back to it, and the window called as the plot
 * is.
 *
 * Every call into the display stands between watch_display_begin and watch_display_end, as it may not come back; nothing
 * that the watch would take over is touched in between. Main thread.
 */
#ifndef SCOPE_PRESENTER_H
#define SCOPE_PRESENTER_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/frame.h"
#include "scope/settings.h"
#include "scope/show/display.h"

struct presenter {
  struct frame *frame;             /* borrowed, as the others */
  const struct settings *settings; /* what a frame is opened with */
  struct display *display;
  bool exposed;                   /* all of the window is to be shown anew */
  char title[2 * SCENE_TEXT_MAX]; /* the window's */
  int slow;                       /* frames in a row that took long */
};

/* A frame that was shown. */
struct presented {
  struct display_frame on; /* what it was painted on; valid until the next event is asked for */
  bool changed;            /* it differed from the one before */
  int64_t took_ns;         /* in the display */
  int64_t end_ns;          /* when it came back, CLOCK_MONOTONIC */
};

void presenter_init(struct presenter *p, struct frame *frame, const struct settings *settings, struct display *display);

/* The window lost what it showed: the next frame is handed over whole. */
void presenter_expose(struct presenter *p);

/* Shows the scene of now_ns, with new numbers in the legend or without. False after a message: it cannot be shown. */
bool presenter_show(struct presenter *p, bool numbers, int64_t now_ns, struct presented *shown);

/*
 * To be asked once a frame: over a network each waits for the other side. True when so many in a row took more than half
 * of their period that fewer would be more; the count begins anew then.
 */
bool presenter_lags(struct presenter *p, const struct presented *shown, int64_t period_ns);

#endif
