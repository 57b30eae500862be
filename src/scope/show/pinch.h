/*
 * Pinches on a touchpad, as a Wayland compositor tells of them (zwp_pointer_gestures_v1, which SDL does not know): by
 * objects of our own beside SDL's, on the queue of the registry, whose owner dispatches it. Main thread.
 */
#ifndef SCOPE_PINCH_H
#define SCOPE_PINCH_H

#include <stdbool.h>
#include <stdint.h>
#include <wayland-client.h>

#include "scope/show/event.h"

/* The global that it takes, besides a wl_seat. */
#define PINCH_INTERFACE "zwp_pointer_gestures_v1"

struct pinch;

/* seat, gestures: the globals' names in the registry. NULL when memory is short: then there are no pinches. */
struct pinch *pinch_new(struct wl_registry *registry, uint32_t seat, uint32_t gestures);
void pinch_free(struct pinch *p); /* NULL is fine; before the queue is destroyed */

/* The next of what the compositor told, a SHOW_PINCH without a place. False when there is none. */
bool pinch_next(struct pinch *p, struct show_event *event);

#endif
