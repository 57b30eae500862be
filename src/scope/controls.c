#include "scope/controls.h"

#include <math.h>

#include "scope/cursor_controls.h"
#include "scope/keys.h"
#include "scope/view/cursor.h"
#include "scope/view/sweeps.h"

enum { SNAP_COLUMNS = 3 /* a cursor that is dragged so near to a sample goes there */ };
enum { PAN_PARTS = 10 /* of the width or of the range: an arrow pans one of them */ };

void controls_init(struct controls *c, struct frame *frame)
{
  *c = (struct controls){.frame = frame};
}

void controls_clear(struct controls *c)
{
  gesture_cancel(&c->gesture, &c->frame->view);
  c->gesture.legend_first = 0;
  c->undo = (struct undo){.now = 0};
}

/* ---- The legend ---- */

static void move_cursor(struct scene *scene, int channels, int step)
{
  if (channels == 0)
    return;
  const int before = scene->legend_cursor < 0 ? (step > 0 ? -1 : 0) : scene->legend_cursor;
  scene->legend_cursor = (before + step + channels) % channels;
}

static void switch_chosen(const struct controls *c, bool alone)
{
  const int channel = c->frame->scene.legend_cursor;
  if (channel < 0 || channel >= (int)intake_channels(c->frame->intake))
    return;
  if (alone)
    view_show_alone(&c->frame->view, channel);
  else
    view_toggle_channel(&c->frame->view, channel);
}

/* ---- Keys ---- */

/* The pane that keys for values mean: that of the chosen channel, else the one under the pointer, else the first. */
static int pane_meant(const struct frame *f)
{
  const struct scene *scene = &f->scene;
  const int chosen = scene->legend_cursor;
  int pane = -1;
  if (chosen >= 0 && chosen < (int)intake_channels(f->intake))
    pane = view_pane_of(&f->view, chosen);
  else if (f->pointer.on)
    pane = screen_pick(f->screen, f->pointer.x, f->pointer.y).pane;
  if (pane < 0)
    pane = scene_next_pane(scene, -1);
  return pane < 0 ? 0 : pane;
}

/* Esc closes what is open, the window last. */
static enum wish escape(struct controls *c)
{
  struct scene *scene = &c->frame->scene;
  if (scene->help)
    scene->help = NULL;
  else if (scene->legend_cursor >= 0)
    scene->legend_cursor = -1;
  else if (gesture_cancel(&c->gesture, &c->frame->view))
    return WISH_NOTHING;
  else if (c->frame->view.cursors.on)
    cursors_hide(&c->frame->view);
  else
    return WISH_CLOSE;
  return WISH_NOTHING;
}

static void next_time_labels(struct frame *f)
{
  static const enum scene_time next[] = {[SCENE_TIME_SINCE_START] = SCENE_TIME_BEFORE_NOW,
                                         [SCENE_TIME_BEFORE_NOW] = SCENE_TIME_CLOCK,
                                         [SCENE_TIME_CLOCK] = SCENE_TIME_SINCE_START};
  enum scene_time labels = next[f->scene.time_labels];
  if (labels == SCENE_TIME_CLOCK && !f->has_clock)
    labels = next[labels];
  f->scene.time_labels = labels;
}

/* ---- The trigger ---- */

/* What a channel shows now, for a level in its middle. */
static void range_shown(const struct frame *f, int channel, double *low, double *high)
{
  const bool known = channel >= 0 && channel < f->scene.channels && f->scene.channel[channel].columns;
  *low = known ? f->scene.channel[channel].min : (double)NAN;
  *high = known ? f->scene.channel[channel].max : (double)NAN;
}

static void switch_trigger(struct frame *f)
{
  struct view *v = &f->view;
  const int chosen = f->scene.legend_cursor;
  double low;
  double high;
  if (!v->trigger.on && chosen >= 0 && !v->trigger.level_given)
    v->trigger.channel = chosen;
  range_shown(f, v->trigger.channel, &low, &high);
  sweeps_switch(v, !v->trigger.on, low, high);
}

static void next_trigger_channel(struct frame *f)
{
  const int channels = (int)intake_channels(f->intake);
  const int chosen = f->scene.legend_cursor;
  const int channel = chosen >= 0 && chosen < channels && chosen != f->view.trigger.channel
                          ? chosen
                          : (f->view.trigger.channel + 1) % (channels > 0 ? channels : 1);
  double low;
  double high;
  range_shown(f, channel, &low, &high);
  sweeps_choose_channel(&f->view, channel, low, high);
}

/* What there is to do with a trigger is only done while it is on. */
static void act_on_trigger(struct frame *f, enum action action, int number, const char **said)
{
  enum { LEVEL_PARTS = 50 /* of the range: a step of the level */ };
  static const char *const mode[] = {"trigger: auto", "trigger: normal", "trigger: single"};
  struct view *v = &f->view;
  if (action == ACTION_TRIGGER) {
    switch_trigger(f);
    *said = v->trigger.on ? "trigger on" : "trigger off";
  } else if (!v->trigger.on) {
    *said = "the trigger is off: T";
  } else if (action == ACTION_TRIGGER_LEVEL) {
    const int pane = view_pane_of(v, v->trigger.channel < 0 ? 0 : v->trigger.channel);
    sweeps_move_level(v, (double)v->pane[pane].axis.rows * number / LEVEL_PARTS);
  } else if (action == ACTION_TRIGGER_EDGE) {
    sweeps_turn(v);
    *said = v->trigger.falling ? "trigger: falling" : "trigger: rising";
  } else if (action == ACTION_TRIGGER_MODE) {
    sweeps_next_mode(v);
    *said = mode[v->trigger.mode];
  } else if (action == ACTION_TRIGGER_CHANNEL) {
    next_trigger_channel(f);
  } else {
    sweeps_arm_again(v);
  }
}

static enum wish act(struct controls *c, enum action action, int number, const char **said)
{
  struct frame *f = c->frame;
  struct view *v = &f->view;
  if (action == ACTION_ARROW && !v->cursors.on) {
    action = ACTION_PAN_TIME;
    number = number > 0 ? 1 : -1;
  }
  const int columns = v->time.columns;
  const int pane = pane_meant(f);
  const int rows = v->pane[pane].axis.rows;
  switch (action) {
  case ACTION_QUIT:
    return WISH_QUIT;
  case ACTION_ESCAPE:
    return escape(c);
  case ACTION_FREEZE:
    view_freeze(v, !f->view.frozen);
    break;
  case ACTION_HOME:
    view_home(v);
    break;
  case ACTION_PAN_TIME:
    view_pan_time(v, columns < PAN_PARTS ? number : (int64_t)columns * number / PAN_PARTS);
    break;
  case ACTION_PAN_VALUES:
    view_pan_values(v, pane, (double)rows * number / PAN_PARTS);
    break;
  case ACTION_ZOOM_TIME:
    view_zoom_time(v, columns / 2, gesture_factor(number));
    break;
  case ACTION_ZOOM_VALUES:
    view_zoom_values(v, pane, rows / 2.0, gesture_factor(number));
    break;
  case ACTION_ARROW:
  case ACTION_CURSORS:
  case ACTION_CURSOR_CHOOSE:
  case ACTION_CURSOR_TYPE:
    cursor_controls_act(f, action, number, said);
    break;
  case ACTION_COPY:
    return WISH_COPY;
  case ACTION_AUTOSCALE:
    view_autoscale(v, !view_autoscales(v));
    *said = view_autoscales(v) ? "autoscale on" : "autoscale off";
    break;
  case ACTION_TRIGGER:
  case ACTION_TRIGGER_LEVEL:
  case ACTION_TRIGGER_EDGE:
  case ACTION_TRIGGER_MODE:
  case ACTION_TRIGGER_CHANNEL:
  case ACTION_TRIGGER_AGAIN:
    act_on_trigger(f, action, number, said);
    break;
  case ACTION_UNDO:
    if (!undo_back(&c->undo, v))
      *said = "nothing to undo";
    break;
  case ACTION_REDO:
    if (!undo_forward(&c->undo, v))
      *said = "nothing to redo";
    break;
  case ACTION_CHANNEL:
    if ((size_t)number < intake_channels(f->intake))
      view_toggle_channel(v, number);
    break;
  case ACTION_LEGEND_CURSOR:
    move_cursor(&f->scene, (int)intake_channels(f->intake), number);
    break;
  case ACTION_LEGEND_TOGGLE:
  case ACTION_LEGEND_ALONE:
    switch_chosen(c, action == ACTION_LEGEND_ALONE);
    break;
  case ACTION_GRID:
    f->scene.grid = !f->scene.grid;
    break;
  case ACTION_LEGEND:
    f->scene.legend = !f->scene.legend;
    break;
  case ACTION_TIME_LABELS:
    next_time_labels(f);
    break;
  case ACTION_SAVE_PNG:
    return WISH_SAVE_PNG;
  case ACTION_SAVE_SVG:
    return WISH_SAVE_SVG;
  case ACTION_EXPORT:
    return WISH_EXPORT;
  case ACTION_CLEAR:
    return WISH_CLEAR;
  case ACTION_FULL_SCREEN:
    return WISH_FULL_SCREEN;
  case ACTION_HELP:
    f->scene.help = f->scene.help != NULL ? NULL : c->mouse ? keys_mouse_help : keys_scene_help;
    break;
  case ACTION_NONE:
    break;
  }
  return WISH_NOTHING;
}

static enum wish serve_key(struct controls *c, const struct show_event *event, bool *changed, const char **said)
{
  int number = 0;
  const struct view_shape before = view_shape(&c->frame->view);
  if (cursor_controls_type(c->frame, event, said)) {
    *changed = true;
    undo_note(&c->undo, &before, &c->frame->view);
    return WISH_NOTHING;
  }
  const enum action action = keys_action(event, &number);
  if (action == ACTION_NONE)
    return WISH_NOTHING;
  *changed = true;
  const enum wish wish = act(c, action, number, said);
  if (action != ACTION_UNDO && action != ACTION_REDO && action != ACTION_FREEZE)
    undo_note(&c->undo, &before, &c->frame->view);
  return wish;
}

/* ---- Mouse ---- */

static bool serve_mouse(struct controls *c, const struct show_event *event)
{
  struct frame *f = c->frame;
  c->mouse = true;
  f->pointer = (struct frame_pointer){.on = event->kind != SHOW_LEAVE, .x = event->x, .y = event->y};
  const struct gesture_place place = {.spot = screen_pick(f->screen, event->x, event->y),
                                      .legend_scroll = screen_legend_scroll(f->screen)};
  const bool changed = gesture_serve(&c->gesture, &f->view, &c->undo, event, &place);
  const bool one = c->gesture.drag == DRAG_CURSOR;
  if (one && c->gesture.moved && event->kind == SHOW_MOVE)
    cursors_snap(&f->view, intake_history(f->intake), gesture_cursor(&c->gesture), SNAP_COLUMNS);
  f->scene.cursors.dragged = one || c->gesture.drag == DRAG_CURSORS;
  f->scene.legend_first = c->gesture.legend_first;
  gesture_box(&c->gesture, &f->view, &f->scene.box);
  f->scene.level_line = gesture_moves_level(&c->gesture);
  return changed;
}

enum wish controls_serve(struct controls *c, const struct show_event *event, bool *changed, const char **said)
{
  *changed = false;
  *said = NULL;
  switch (event->kind) {
  case SHOW_KEY:
    return serve_key(c, event, changed, said);
  case SHOW_PRESS:
  case SHOW_RELEASE:
  case SHOW_MOVE:
  case SHOW_LEAVE:
  case SHOW_WHEEL:
  case SHOW_PINCH:
    *changed = serve_mouse(c, event);
    break;
  case SHOW_CLOSE:
  case SHOW_HIDDEN:
  case SHOW_EXPOSED:
    break;
  }
  return WISH_NOTHING;
}
