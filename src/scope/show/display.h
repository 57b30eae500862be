/*
 * Where the picture is shown, a window or a terminal, behind the same few functions: the loop does not know which. Main
 * thread; display_leave from whoever does what the end owes.
 */
#ifndef SCOPE_DISPLAY_H
#define SCOPE_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/cells.h"
#include "scope/paint/damage.h"
#include "scope/show/event.h"
#include "scope/show/terminal.h"
#include "scope/show/window.h"

struct display;

struct display_config {
  struct window_config window;
  struct terminal_config terminal;
  bool in_terminal;  /* whether there is a display or not */
  bool output_taken; /* standard output carries data: no terminal there is drawn on */
};

/* What a frame is painted on: pixels, or cells where that is not NULL. */
struct display_frame {
  struct canvas canvas;
  struct cells *cells;
  double scale; /* pixels to a pixel of a 96 dpi display */
  bool fresh;   /* what was painted last is not there */
};

/*
 * Before any thread is started: decides what it will be, and opens nothing. In a terminal where that was asked for, or
 * where neither an X server nor a Wayland compositor can be reached. The config is copied, its texts borrowed. NULL
 * after a message.
 */
struct display *display_new(const struct display_config *config);
void display_free(struct display *d); /* NULL is fine */

/* Where typed lines come from, instead of standard input; -1: from there. */
int display_input(const struct display *d);

/*
 * Whether calls may wait for the other side, perhaps for ever: those of a window. A terminal is never waited for so: what it
 * does not take at once is sent later.
 */
bool display_may_wait(const struct display *d);

/* Opens it. May wait for the other side. False after a message. */
bool display_open(struct display *d);

/* The person is done with it, and more is to come: the window goes, the terminal is given back. */
void display_close(struct display *d);

/* Gives a terminal back, at the end, before anything is printed. May be called again; for a window it does nothing. */
void display_leave(struct display *d);

/* The most frames a second that are of use; 0: as many as are asked for. */
double display_most_hz(const struct display *d);

/* Pixels to a pixel of a 96 dpi display, at the moment. */
double display_scale(const struct display *d);

/* As in window.h, whichever it is. */
int display_connection(const struct display *d);
bool display_next_event(struct display *d, struct show_event *event);
bool display_ready(const struct display *d, int64_t now_ns);
bool display_begin(struct display *d, struct display_frame *frame);
void display_present(struct display *d, const struct damage *damage);
void display_set_title(struct display *d, const char *title);

/*
 * Puts text on the clipboard: the desktop's, as long as the window is there; in a terminal that of whoever sits there, if
 * the terminal lets it (OSC 52). NULL, or why it could not be done.
 */
const char *display_copy(struct display *d, const char *text);
bool display_is_fullscreen(const struct display *d);
void display_toggle_fullscreen(struct display *d);
bool display_is_remote(const struct display *d);

#endif
