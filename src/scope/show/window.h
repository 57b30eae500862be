/*
 * The window, and how pixels get there: on X11 SDL's window surface over shared memory (x11_image.h where SDL has none),
 * on Wayland buffers of our own (wayland.h); only the damaged rectangles are presented. Nothing is drawn by OpenGL: creating a GL window costs up to 105 ms and 92 MiB, and presenting a few
 * thousand changed pixels through shared memory costs less than a swap of the whole window. Main thread.
 */
#ifndef SCOPE_WINDOW_H
#define SCOPE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/show/event.h"

struct window;

struct window_config {
  const char *title;
  int width, height;
  bool size_given; /* else the size grows with the display's scale, as far as the display goes */
  bool position_given;
  int x, y;
};

/* Opens the window; takes no focus. NULL after a message (no display: it names --png). */
struct window *window_new(const struct window_config *config);
void window_free(struct window *w); /* NULL is fine */

/*
 * Pixels to a pixel of a 96 dpi display: on X11 the resource Xft.dpi / 96, 1 where it is not set; on Wayland what the
 * compositor says of the outputs that the window is on, another one as soon as it is moved.
 */
double window_scale(const struct window *w);

/*
 * The descriptor to wait on for events, -1 where the display has none. Readable is enough, but not needed: Xlib may have
 * read events already, so window_next_event is asked until it says no before each wait.
 */
int window_connection(const struct window *w);

/* The next thing that happened; false when nothing has. Never waits, but for a server that does not answer. */
bool window_next_event(struct window *w, struct show_event *event);

/* A frame now would be seen. When that changes there is an event. */
bool window_ready(const struct window *w, int64_t now_ns);

/* The canvas to paint on. *fresh: its pixels are not those painted last (first call, resize). False after a message. */
bool window_canvas(struct window *w, struct canvas *canvas, bool *fresh);

/* Shows the damaged rectangles. */
void window_present(struct window *w, const struct damage *damage);

/* Another title, UTF-8. */
void window_set_title(struct window *w, const char *title);

void window_toggle_fullscreen(struct window *w);
/* The desktop's clipboard has it as long as there is a window. NULL, or why it could not be done. */
const char *window_copy(const char *text);

bool window_is_fullscreen(const struct window *w);

/* Shown over a network without shared memory: presenting is slow. */
bool window_is_remote(void);

#endif
