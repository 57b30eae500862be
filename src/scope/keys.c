#include "scope/keys.h"

#include <stddef.h>

/* X(action, shown, what it does, key, another key, another): 0 where there is no other. */
#define KEYS(X)                                                                                                        \
  X(ACTION_QUIT, "q", "quit", 'q', 0, 0)                                                                               \
  X(ACTION_ESCAPE, "Esc", "close the help, leave full screen, or quit", KEY_ESCAPE, 0, 0)                              \
  X(ACTION_FREEZE, "space", "pause the view; input goes on and is kept", ' ', 0, 0)                                    \
  X(ACTION_FOLLOW, "Home", "back to live", KEY_HOME, 0, 0)                                                             \
  X(ACTION_AUTOSCALE, "a", "autoscale on or off", 'a', 0, 0)                                                           \
  X(ACTION_CHANNEL, "1-9", "channel on or off", '1', 0, 0)                                                             \
  X(ACTION_GRID, "g", "grid on or off", 'g', 0, 0)                                                                     \
  X(ACTION_LEGEND, "l", "legend on or off", 'l', 0, 0)                                                                 \
  X(ACTION_SAVE_PNG, "s", "save a PNG", 's', 0, 0)                                                                     \
  X(ACTION_FULL_SCREEN, "F11", "full screen", KEY_F11, 0, 0)                                                           \
  X(ACTION_HELP, "h, ?, F1", "show this list", 'h', '/', KEY_F1)

enum { KEYS_EACH = 3 };

static const struct {
  enum action action;
  int key[KEYS_EACH];
} table[] = {
#define ROW(action, shown, what, first, second, third) {action, {first, second, third}},
    KEYS(ROW)
#undef ROW
};

const struct scene_help keys_scene_help[] = {
#define ROW(action, shown, what, first, second, third) {shown, what},
    KEYS(ROW)
#undef ROW
        {NULL, NULL},
};

const struct options_pair keys_options_help[] = {
#define ROW(action, shown, what, first, second, third) {shown, what},
    KEYS(ROW)
#undef ROW
        {NULL, NULL},
};

enum action keys_action(const struct show_event *event, int *number)
{
  if (event->kind != SHOW_KEY || event->modified || event->key == 0)
    return ACTION_NONE;
  if (event->key >= '1' && event->key <= '9') {
    *number = event->key - '1';
    return ACTION_CHANNEL;
  }
  const int key = event->key == '?' ? '/' : event->key; /* a key of its own on some keyboards */
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    for (int k = 0; k < KEYS_EACH; k++)
      if (table[i].key[k] == key)
        return table[i].action;
  return ACTION_NONE;
}
