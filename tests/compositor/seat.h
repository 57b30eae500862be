/* The test compositor's seat: with a pointer, and a touchpad that tells of pinches, where that is asked for. */
#ifndef COMPOSITOR_SEAT_H
#define COMPOSITOR_SEAT_H

#include <wayland-server.h>

/* Options, up to a NULL: "no-seat", "pointer", "touchpad" (that tells of pinches, with or without a pointer); no others. */
void seat_offer(struct wl_display *display, char *const *option);

/*
 * Commands: "point" brings the pointer to the place x, y of a surface, in its units; "pinch" moves fingers in two steps until
 * they are x percent as far apart as at first, and lifts them, or with y cancels it. No other does anything.
 */
void seat_obey(struct wl_display *display, struct wl_resource *surface, const char *word, int x, int y);

#endif
