/* The test compositor's outputs, and how large a window is on them: scales may be fractions. */
#ifndef COMPOSITOR_OUTPUTS_H
#define COMPOSITOR_OUTPUTS_H

#include <wayland-server.h>

/*
 * Options, up to a NULL: "scale N" for each output, one of 1 where there is none; no others. An output of scale 1.5 says
 * that its scale is 2, and how many units it is wide and high; windows may then have a viewport.
 */
void outputs_offer(struct wl_display *display, char *const *option);

/* A window is shown for the first time. */
void outputs_enter(struct wl_resource *surface);

/* Commands: "scale" changes that of the window's output, "output" moves the window. No other does anything. */
void outputs_obey(struct wl_resource *surface, const char *word, int x);

/*
 * The size in units, which outputs have in common, of a surface that shows a buffer of so many pixels, itself of a whole
 * scale. What the buffer cannot show is a protocol error of the client.
 */
void outputs_units(struct wl_resource *surface, int scale, int *width, int *height);

#endif
