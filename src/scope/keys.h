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
  ACTION_HOME,
  ACTION_PAN_TIME,    /* tenths of the width, later */
  ACTION_ARROW,       /* a tenth later, 1 or 2, or earlier; with cursors the active one: 1 by a sample, 2 by more */
  ACTION_PAN_VALUES,  /* tenths of the range, up */
  ACTION_ZOOM_TIME,   /* steps inwards */
  ACTION_ZOOM_VALUES, /* steps inwards */
  ACTION_CURSORS,
  ACTION_CURSOR_CHOOSE, /* 0 the earlier, 1 the later one */
  ACTION_CURSOR_TYPE,
  ACTION_COPY,
  ACTION_TRIGGER,
  ACTION_TRIGGER_LEVEL, /* steps up */
  ACTION_TRIGGER_EDGE,
  ACTION_TRIGGER_MODE,
  ACTION_TRIGGER_CHANNEL,
  ACTION_TRIGGER_AGAIN,
  ACTION_UNDO,
  ACTION_REDO,
  ACTION_AUTOSCALE,
  ACTION_CHANNEL,       /* the channel's number, from 0 */
  ACTION_LEGEND_CURSOR, /* channels onwards */
  ACTION_LEGEND_TOGGLE,
  ACTION_LEGEND_ALONE,
  ACTION_GRID,
  ACTION_LEGEND,
  ACTION_TIME_LABELS,
  ACTION_SAVE_PNG,
  ACTION_SAVE_SVG,
  ACTION_EXPORT,
  ACTION_CLEAR,
  ACTION_FULL_SCREEN,
  ACTION_HELP,
};

/*
 * What a key asks for, with a number where the action has one; ACTION_NONE for any other key, for one with Alt, and for
 * repeats of those that are not of use held down.
 */
enum action keys_action(const struct show_event *event, int *number);

/*
 * The list for the window, ended by a NULL key, the same with what a mouse does, and all that for --help, ended by a NULL
 * name.
 */
extern const struct scene_help keys_scene_help[];
extern const struct scene_help keys_mouse_help[];
extern const struct options_pair keys_options_help[];

#endif
