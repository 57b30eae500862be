#include "scope/keys.h"

#include <stddef.h>

/* What there is to read: X(shown, what it does). */
#define HELP(X)                                                                                                        \
  X("q", "quit")                                                                                                       \
  X("Esc", "close the help, the cursors or full screen, leave the legend, or quit")                                    \
  X("space", "pause the view; input goes on and is kept")                                                              \
  X("Home", "back to live; again: as at the start")                                                                    \
  X("left, right", "earlier, later")                                                                                   \
  X("PageUp, PageDown", "a whole window earlier, later")                                                               \
  X("up, down", "higher, lower values")                                                                                \
  X("+, -", "zoom time; with Ctrl the values")                                                                         \
  X("c", "cursors on or off; left, right move the active one by a sample")                                             \
  X("<, >", "choose the earlier, the later cursor")                                                                    \
  X("=", "type how far the active cursor is from the other")                                                           \
  X("y, Ctrl+C", "copy what is read out; in a terminal y")                                                             \
  X("T", "trigger on or off")                                                                                          \
  X("Shift-up, -down", "the trigger's level")                                                                          \
  X("E", "its edge: rising, falling")                                                                                  \
  X("m", "its mode: auto, normal, single")                                                                             \
  X("n", "its channel: the chosen one, or the next")                                                                   \
  X("r", "the next single sweep")                                                                                      \
  X("u, U", "undo, redo the view")                                                                                     \
  X("a", "autoscale on or off")                                                                                        \
  X("1-9", "channel on or off")                                                                                        \
  X("Tab", "choose a channel in the legend; with Shift backwards")                                                     \
  X("Enter", "the chosen one on or off; with Shift it alone")                                                          \
  X("l", "legend on or off")                                                                                           \
  X("g", "grid on or off")                                                                                             \
  X("t", "time axis: since the start, before now, clock")                                                              \
  X("s, S", "save a PNG, an SVG")                                                                                      \
  X("e", "export what is visible as CSV")                                                                              \
  X("Del", "twice: clear, and learn names and columns anew")                                                           \
  X("F11", "full screen")                                                                                              \
  X("h, ?, F1", "show this list")

#define MOUSE(X)                                                                                                       \
  X("wheel", "zoom time, with Ctrl values, on an axis that one")                                                       \
  X("drag", "pan; on an axis that one; on the strip move there")                                                       \
  X("Shift-drag", "zoom to a box; the right button does, too")                                                         \
  X("double-click", "back to live; on an axis fit it")                                                                 \
  X("click", "in the legend: on or off; with Shift it alone")

#define ROW(shown, what) {shown, what},

const struct scene_help keys_scene_help[] = {HELP(ROW){NULL, NULL}};

const struct scene_help keys_mouse_help[] = {HELP(ROW) MOUSE(ROW){NULL, NULL}};

const struct options_pair keys_options_help[] = {HELP(ROW){"Mouse in the window:", NULL}, MOUSE(ROW){NULL, NULL}};

#undef ROW

enum modifiers { PLAIN = 1, SHIFT = 2, CTRL = 4, ANY_SHIFT = PLAIN | SHIFT };

static const struct {
  int key;
  enum action action;
  int number;
  int with;    /* modifiers that the key has this meaning with */
  bool repeat; /* held down, it does it again and again */
} table[] = {
    {'q', ACTION_QUIT, 0, PLAIN, false},
    {KEY_ESCAPE, ACTION_ESCAPE, 0, ANY_SHIFT, false},
    {' ', ACTION_FREEZE, 0, ANY_SHIFT, false},
    {KEY_HOME, ACTION_HOME, 0, ANY_SHIFT, false},
    {KEY_LEFT, ACTION_ARROW, -1, PLAIN, true},
    {KEY_LEFT, ACTION_ARROW, -2, SHIFT, true},
    {KEY_RIGHT, ACTION_ARROW, 1, PLAIN, true},
    {KEY_RIGHT, ACTION_ARROW, 2, SHIFT, true},
    {KEY_PAGE_UP, ACTION_PAN_TIME, -10, ANY_SHIFT, true},
    {KEY_PAGE_DOWN, ACTION_PAN_TIME, 10, ANY_SHIFT, true},
    {KEY_UP, ACTION_PAN_VALUES, 1, PLAIN, true},
    {KEY_DOWN, ACTION_PAN_VALUES, -1, PLAIN, true},
    {'t', ACTION_TRIGGER, 0, SHIFT, false},
    {KEY_UP, ACTION_TRIGGER_LEVEL, 1, SHIFT, true},
    {KEY_DOWN, ACTION_TRIGGER_LEVEL, -1, SHIFT, true},
    {'e', ACTION_TRIGGER_EDGE, 0, SHIFT, false},
    {'m', ACTION_TRIGGER_MODE, 0, PLAIN, false},
    {'n', ACTION_TRIGGER_CHANNEL, 0, PLAIN, false},
    {'r', ACTION_TRIGGER_AGAIN, 0, PLAIN, false},
    {'+', ACTION_ZOOM_TIME, 1, ANY_SHIFT, true},
    {'+', ACTION_ZOOM_VALUES, 1, CTRL, true},
    {'=', ACTION_ZOOM_TIME, 1, SHIFT, true}, /* where a plus is typed so */
    {'=', ACTION_ZOOM_VALUES, 1, CTRL, true},
    {'-', ACTION_ZOOM_TIME, -1, ANY_SHIFT, true},
    {'-', ACTION_ZOOM_VALUES, -1, CTRL, true},
    {'c', ACTION_CURSORS, 0, PLAIN, false},
    {'c', ACTION_COPY, 0, CTRL, false},
    {'y', ACTION_COPY, 0, PLAIN, false},
    {'<', ACTION_CURSOR_CHOOSE, 0, PLAIN, false}, /* a key of its own, or with Shift on that of the comma */
    {'<', ACTION_CURSOR_CHOOSE, 1, SHIFT, false},
    {'>', ACTION_CURSOR_CHOOSE, 1, ANY_SHIFT, false},
    {',', ACTION_CURSOR_CHOOSE, 0, ANY_SHIFT, false},
    {'.', ACTION_CURSOR_CHOOSE, 1, ANY_SHIFT, false},
    {'=', ACTION_CURSOR_TYPE, 0, PLAIN, false},
    {'0', ACTION_CURSOR_TYPE, 0, SHIFT, false}, /* where an equals sign is typed so */
    {'u', ACTION_UNDO, 0, PLAIN, true},
    {'u', ACTION_REDO, 0, SHIFT, true},
    {'a', ACTION_AUTOSCALE, 0, PLAIN, false},
    {KEY_TAB, ACTION_LEGEND_CURSOR, 1, PLAIN, true},
    {KEY_TAB, ACTION_LEGEND_CURSOR, -1, SHIFT, true},
    {KEY_ENTER, ACTION_LEGEND_TOGGLE, 0, PLAIN, false},
    {KEY_ENTER, ACTION_LEGEND_ALONE, 0, SHIFT, false},
    {'l', ACTION_LEGEND, 0, PLAIN, false},
    {'g', ACTION_GRID, 0, PLAIN, false},
    {'t', ACTION_TIME_LABELS, 0, PLAIN, false},
    {'s', ACTION_SAVE_PNG, 0, PLAIN, false},
    {'s', ACTION_SAVE_SVG, 0, SHIFT, false},
    {'e', ACTION_EXPORT, 0, PLAIN, false},
    {KEY_DELETE, ACTION_CLEAR, 0, ANY_SHIFT, false},
    {KEY_F11, ACTION_FULL_SCREEN, 0, ANY_SHIFT, false},
    {'h', ACTION_HELP, 0, PLAIN, false},
    {'/', ACTION_HELP, 0, ANY_SHIFT, false},
    {'?', ACTION_HELP, 0, ANY_SHIFT, false}, /* a key of its own on some keyboards */
    {KEY_F1, ACTION_HELP, 0, ANY_SHIFT, false},
};

enum action keys_action(const struct show_event *event, int *number)
{
  if (event->kind != SHOW_KEY || event->modified)
    return ACTION_NONE;
  if (event->key >= '1' && event->key <= '9' && !event->ctrl && !event->repeat) {
    *number = event->key - '1';
    return ACTION_CHANNEL;
  }
  const int with = event->ctrl ? CTRL : event->shift ? SHIFT : PLAIN;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    if (table[i].key != event->key || (table[i].with & with) == 0 || (event->repeat && !table[i].repeat))
      continue;
    *number = table[i].number;
    return table[i].action;
  }
  return ACTION_NONE;
}
