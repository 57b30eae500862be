/*
 * A Wayland window's pixels: buffers of shared memory of our own on the surface that SDL made, as SDL would draw through
 * OpenGL. The window, its events, its scale and its viewport stay SDL's: a second object of these kinds would be a fatal
 * error of the protocol.
 *
 * Of a painted canvas only what changed is copied, into a buffer that the compositor has given back. Each commit asks to
 * be told when it is time for the next frame. Frames do not wait for that; but when nothing was told for a second,
 * nobody looks at the window, and nothing is drawn until it is. Main thread.
 */
#ifndef SCOPE_WAYLAND_H
#define SCOPE_WAYLAND_H

#include <SDL.h>
#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/show/event.h"

/*
 * What a compositor offers, looked at before SDL connects to it: SDL crashes where there is no seat. Waits for its
 * answer. NULL: SDL can work with it; else why not. *decorates: it draws title bars itself.
 */
const char *wayland_look(bool *decorates);

struct wayland;

/* NULL where the window is none of Wayland's, or after a message. */
struct wayland *wayland_new(SDL_Window *window);
void wayland_free(struct wayland *w); /* NULL is fine; before SDL destroys the window */

/* The descriptor over which the compositor speaks; libwayland's. */
int wayland_connection(const struct wayland *w);

/* Serves what came for us when SDL read its events, and sends what was answered. True: the picture is to be shown anew. */
bool wayland_serve(struct wayland *w);

/*
 * The next of a pinch on a touchpad that wayland_serve took, without its place. False: none, as always where the
 * compositor tells of no pinches or has no pointer.
 */
bool wayland_next_pinch(struct wayland *w, struct show_event *event);

/* A frame now would be shown, or at least stored. */
bool wayland_ready(const struct wayland *w, int64_t now_ns);

/* The damaged parts of the canvas (they lie within it), which has the window's size in pixels, go to the screen as soon as a buffer is free. */
void wayland_present(struct wayland *w, const struct canvas *c, const struct damage *damage);

#endif
