/*
 * Pixels for a window of a kind that SDL has no surface for: screens of ten bits a colour, where its pixel format is
 * unknown to SDL. They go over the connection to the server, the damaged rectangles alone. Main thread.
 */
#ifndef SCOPE_X11_IMAGE_H
#define SCOPE_X11_IMAGE_H

#include <SDL.h>

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"

struct x11_image;

/* NULL where the window is none of X11's, or has not ten bits a colour. */
struct x11_image *x11_image_new(SDL_Window *window);
void x11_image_free(struct x11_image *image); /* NULL is fine */

/* Shows these rectangles of the canvas, which lie within it. */
void x11_image_put(struct x11_image *image, const struct canvas *c, const struct damage *damage);

#endif
