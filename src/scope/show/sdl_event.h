/* SDL's events in our words. Main thread. */
#ifndef SCOPE_SDL_EVENT_H
#define SCOPE_SDL_EVENT_H

#include <SDL.h>
#include <stdbool.h>

#include "scope/show/event.h"

/*
 * What an event of SDL's means to us; false for those that mean nothing. scale: pixels of the picture to one of what SDL
 * gives places of the mouse in. held: the modifiers that are down, for the caller to keep from event to event.
 */
bool sdl_event_translate(const SDL_Event *from, double scale, SDL_Keymod *held, struct show_event *to);

#endif
