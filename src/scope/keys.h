/*
 * The keys: one list from which the loop, the help in the window and --help are made; a test holds the manual against
 * it. Pure.
 */
#ifndef SCOPE_KEYS_H
#define SCOPE_KEYS_H

#include "common/options.h"
#include "scope/show/event.h"
#include "scope/view/scene.h"

enum action {
  ACTION_NONE,
  ACTION_QUIT,
  ACTION_ESCAPE,
  ACTION_FREEZE,
  ACTION_FOLLOW,
  ACTION_AUTOSCALE,
  ACTION_CHANNEL, /* with the channel's number, from 0 */
  ACTION_GRID,
  ACTION_LEGEND,
  ACTION_SAVE_PNG,
  ACTION_FULL_SCREEN,
  ACTION_HELP,
};

/* What a key asks for; ACTION_NONE for any other key, and for one with Ctrl or Alt. *number: of ACTION_CHANNEL. */
enum action keys_action(const struct show_event *event, int *number);

/* The list for the window, ended by a NULL key, and the same for --help, ended by a NULL name. */
extern const struct scene_help keys_scene_help[];
extern const struct options_pair keys_options_help[];

#endif
