/*
 * Manners on an X11 desktop for which SDL2 has no function: the desktop's scale, and a window that leaves the keyboard
 * where it is. On other systems these do nothing. Main thread.
 */
#ifndef SCOPE_X11_H
#define SCOPE_X11_H

#include <SDL.h>
#include <stdbool.h>

/* Pixels to a pixel of a 96 dpi display: the X resource Xft.dpi / 96; 1 where it is not set. */
double x11_scale(SDL_Window *window);

/* The descriptor over which the server speaks, to wait for it; -1 where there is none. It stays Xlib's. */
int x11_connection(SDL_Window *window);

/*
 * Takes back that a person chose the window's place, which SDL claims of every window: then the window manager finds one,
 * and a second window does not hide the first. Before the window is shown.
 */
void x11_leave_place_open(SDL_Window *window);

/* A window manager is there, and will put a frame around the window. */
bool x11_is_managed(SDL_Window *window);

/*
 * Sets the title, UTF-8, as every window manager and tool reads it. SDL goes through Xlib's conversion to the locale, and
 * ours is "C", so that numbers are never written with a comma: beyond ASCII nothing would be left.
 */
void x11_title(SDL_Window *window, const char *title);

/*
 * Shows a window that was created hidden, without taking the focus: _NET_WM_USER_TIME 0 asks the window manager for that
 * (EWMH 1.5, "_NET_WM_USER_TIME"); without a window manager SDL takes the focus by itself, and it is given back.
 */
void x11_show(SDL_Window *window);

#endif
