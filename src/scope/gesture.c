#include "scope/gesture.h"

#include <math.h>
#include <stdlib.h>

#include "scope/view/cursor.h"
#include "scope/view/sweeps.h"

static const int64_t DOUBLE_CLICK_NS = 400000000;
static const double STEP = 1.25; /* a step of the wheel shows so many times as much, or as little */

enum {
  DRAG_PIXELS = 4,        /* a pointer that moved less was meant to stay */
  UPRIGHT_PIXELS = 12,    /* the same up and down in a drag that goes sideways */
  BOX_PIXELS = 4,         /* a box that is thinner leaves that direction as it is */
  WHEEL_PAN_PART = 16,    /* of the width: a sideways step of the wheel */
  WHEEL_ROWS = 1,         /* of the legend */
  WHEEL_LEVEL_PARTS = 50, /* of the range: a step moves the trigger's level by one of them */
};

double gesture_factor(double steps)
{
  return pow(STEP, -steps);
}

int gesture_cursor(const struct gesture *g)
{
  return g->from.cursor == CURSOR_SECOND ? 1 : 0;
}

static int clamp(int value, int low, int high)
{
  return value < low ? low : value > high ? high : value;
}

/* ---- The strip ---- */

/* The time that a column of the strip stands for: all of the history lies between its ends. */
static int64_t strip_time(const struct view *view, int column)
{
  const double share = (double)clamp(column, 0, view->time.columns) / view->time.columns;
  return view->begin + (int64_t)((double)(view->edge - view->begin) * share);
}

/* ---- Wheel ---- */

static void turn_wheel(struct gesture *g, struct view *view, const struct show_event *e, const struct screen_spot *spot,
                       int legend_scroll)
{
  const double factor = gesture_factor(e->wheel_y);
  const int column = clamp(spot->column, 0, view->time.columns - 1);
  switch (spot->part) {
  case SCREEN_PLOT:
    if (e->wheel_y != 0 && e->ctrl)
      view_zoom_values(view, spot->pane, spot->row + 0.5, factor);
    else if (e->wheel_y != 0 && !e->shift)
      view_zoom_time(view, column, factor);
    break;
  case SCREEN_VALUE_AXIS:
    if (e->wheel_y != 0)
      view_zoom_values(view, spot->pane, spot->row + 0.5, factor);
    return;
  case SCREEN_TIME_AXIS:
  case SCREEN_STRIP:
    if (e->wheel_y != 0)
      view_zoom_time(view, spot->part == SCREEN_STRIP ? view->time.columns / 2 : column, factor);
    break;
  case SCREEN_TRIGGER:
    sweeps_move_level(view, e->wheel_y * view->pane[spot->pane].axis.rows / WHEEL_LEVEL_PARTS);
    return;
  case SCREEN_LEGEND:
    g->legend_first = clamp(g->legend_first - (int)lround(e->wheel_y) * WHEEL_ROWS, 0, legend_scroll);
    return;
  case SCREEN_NOTHING:
    return;
  }
  const double sideways = e->wheel_x != 0 ? e->wheel_x : e->shift ? -e->wheel_y : 0;
  const int64_t columns = (int64_t)lround(sideways * view->time.columns / WHEEL_PAN_PART);
  if (columns != 0)
    view_pan_time(view, columns);
}

/* ---- Clicks ---- */

static void click_legend(struct view *view, const struct screen_spot *spot, bool shift)
{
  if (spot->channel < 0)
    return;
  if (shift)
    view_show_alone(view, spot->channel);
  else
    view_toggle_channel(view, spot->channel);
}

static void double_click(struct view *view, const struct screen_spot *spot)
{
  if (spot->part == SCREEN_PLOT)
    view_home(view);
  else if (spot->part == SCREEN_VALUE_AXIS)
    view_fit_values(view, spot->pane);
  else if (spot->part == SCREEN_TIME_AXIS || spot->part == SCREEN_STRIP)
    view_fit_time(view);
}

/* ---- Drags ---- */

static enum gesture_drag drag_of(const struct screen_spot *spot, const struct show_event *e)
{
  const bool left = e->button == BUTTON_LEFT;
  if (spot->cursor != CURSOR_NONE && left && !e->shift)
    return spot->cursor == CURSOR_BOTH ? DRAG_CURSORS : DRAG_CURSOR;
  if (spot->part == SCREEN_PLOT)
    return e->button == BUTTON_RIGHT || (left && e->shift) ? DRAG_BOX : DRAG_PLOT;
  if (!left)
    return DRAG_NOTHING;
  switch (spot->part) {
  case SCREEN_TIME_AXIS:
    return DRAG_TIME;
  case SCREEN_VALUE_AXIS:
    return DRAG_VALUES;
  case SCREEN_TRIGGER:
    return DRAG_LEVEL;
  case SCREEN_STRIP:
    return DRAG_STRIP;
  case SCREEN_PLOT:
  case SCREEN_LEGEND:
  case SCREEN_NOTHING:
    break;
  }
  return DRAG_NOTHING;
}

static void move_strip(const struct gesture *g, struct view *view)
{
  const int64_t at = strip_time(view, g->from.column + g->to_x - g->from_x);
  view_drag_time(view, at - g->time, 0);
}

/* Where in the view the strip was taken hold of; beside the view it is taken by its middle. */
static int64_t strip_hold(const struct view *view, int column)
{
  const int64_t begin = time_axis_begin(&view->time);
  const int64_t end = time_axis_end(&view->time);
  const int64_t at = strip_time(view, column);
  return at >= begin && at < end ? at - begin : end / 2 - begin / 2;
}

static void press(struct gesture *g, struct view *view, struct undo *undo, const struct show_event *e,
                  const struct screen_spot *spot)
{
  const struct view_shape before = view_shape(view);
  const bool again = e->button == BUTTON_LEFT && !e->shift && g->click_ns != INT64_MIN &&
                     e->moment_ns - g->click_ns <= DOUBLE_CLICK_NS && g->click_on == spot->part &&
                     abs(e->x - g->from_x) < DRAG_PIXELS && abs(e->y - g->from_y) < DRAG_PIXELS &&
                     spot->cursor == CURSOR_NONE;
  *g = (struct gesture){.drag = drag_of(spot, e),
                        .button = e->button,
                        .from = *spot,
                        .from_x = e->x,
                        .from_y = e->y,
                        .to_x = e->x,
                        .to_y = e->y,
                        .before = before,
                        .cursors = view->cursors,
                        .click_ns = e->button == BUTTON_LEFT && !again ? e->moment_ns : INT64_MIN,
                        .click_on = spot->part,
                        .legend_first = g->legend_first};
  if (spot->part == SCREEN_LEGEND && e->button == BUTTON_LEFT)
    click_legend(view, spot, e->shift);
  if (again) {
    g->drag = DRAG_NOTHING;
    double_click(view, spot);
    undo_note(undo, &before, view);
    return;
  }
  if (g->drag == DRAG_CURSOR) /* a click makes it the active one */
    cursors_move(view, gesture_cursor(g), view->cursors.time[gesture_cursor(g)]);
  if (spot->pane >= 0)
    g->values = view->pane[spot->pane].axis;
  g->level = view->trigger.level;
  g->time = g->drag == DRAG_STRIP ? strip_hold(view, spot->column)
                                  : time_axis_time(&view->time, view->time.first + spot->column);
}

static void drag(struct gesture *g, struct view *view)
{
  const int right = g->to_x - g->from_x;
  const int down = g->to_y - g->from_y;
  if (g->drag == DRAG_STRIP)
    move_strip(g, view);
  if (g->drag == DRAG_CURSOR)
    cursors_move(view, gesture_cursor(g), time_axis_time(&view->time, view->time.first + g->from.column + right));
  if (g->drag == DRAG_CURSORS)
    cursors_move_both(view, &g->cursors, right * view->time.width);
  /* Each direction has its own beginning: a drag up and down does not end following, nor one sideways autoscale. */
  g->sideways = g->sideways || abs(right) >= DRAG_PIXELS;
  g->upright = g->upright || abs(down) >= (g->sideways ? UPRIGHT_PIXELS : DRAG_PIXELS);
  if (g->drag == DRAG_TIME || (g->drag == DRAG_PLOT && g->sideways))
    view_drag_time(view, g->time, g->from.column + right);
  if (g->drag == DRAG_LEVEL)
    sweeps_set_level(view, value_axis_value(&g->values, g->from.row + down + 0.5));
  if (g->drag == DRAG_VALUES || (g->drag == DRAG_PLOT && g->upright)) {
    struct value_axis axis = g->values;
    if (value_axis_pan(&axis, down))
      view_show_values(view, g->from.pane, axis.low, axis.high);
  }
}

static bool move(struct gesture *g, struct view *view, const struct show_event *e)
{
  g->to_x = e->x;
  g->to_y = e->y;
  if (g->drag == DRAG_NOTHING)
    return true; /* what is hovered over is another thing */
  if (!g->moved && abs(e->x - g->from_x) < DRAG_PIXELS && abs(e->y - g->from_y) < DRAG_PIXELS)
    return true;
  if (!g->moved)
    g->click_ns = INT64_MIN;
  g->moved = true;
  drag(g, view);
  return true;
}

bool gesture_moves_level(const struct gesture *g)
{
  return g->drag == DRAG_LEVEL;
}

void gesture_box(const struct gesture *g, const struct view *view, struct box_scene *box)
{
  *box = (struct box_scene){.on = g->drag == DRAG_BOX && g->moved};
  if (!box->on)
    return;
  const int columns = view->time.columns;
  const int rows = view->pane[g->from.pane].axis.rows;
  const int column = clamp(g->from.column + g->to_x - g->from_x, 0, columns - 1);
  const int row = clamp(g->from.row + g->to_y - g->from_y, 0, rows - 1);
  const int first_column = clamp(g->from.column, 0, columns - 1);
  const int first_row = clamp(g->from.row, 0, rows - 1);
  box->pane = g->from.pane;
  box->from_column = first_column < column ? first_column : column;
  box->to_column = first_column < column ? column : first_column;
  box->from_row = first_row < row ? first_row : row;
  box->to_row = first_row < row ? row : first_row;
}

static void zoom_to_box(const struct gesture *g, struct view *view)
{
  struct box_scene box;
  gesture_box(g, view, &box);
  if (!box.on)
    return;
  const struct value_axis axis = view->pane[box.pane].axis;
  if (box.to_row - box.from_row >= BOX_PIXELS)
    view_show_values(view, box.pane, value_axis_value(&axis, box.to_row + 1), value_axis_value(&axis, box.from_row));
  if (box.to_column - box.from_column >= BOX_PIXELS)
    view_show_times(view, time_axis_time(&view->time, view->time.first + box.from_column),
                    time_axis_time(&view->time, view->time.first + box.to_column + 1));
}

static bool release(struct gesture *g, struct view *view, struct undo *undo, const struct show_event *e)
{
  if (e->button != g->button)
    return false;
  if (g->drag == DRAG_STRIP && !g->moved) /* a click beside the view brings it there */
    move_strip(g, view);
  if (g->drag == DRAG_BOX)
    zoom_to_box(g, view);
  if (g->drag != DRAG_NOTHING)
    undo_note(undo, &g->before, view);
  g->drag = DRAG_NOTHING;
  g->button = 0;
  return true;
}

bool gesture_cancel(struct gesture *g, struct view *view)
{
  if (g->drag == DRAG_NOTHING)
    return false;
  if (g->drag == DRAG_CURSOR || g->drag == DRAG_CURSORS)
    cursors_move_both(view, &g->cursors, 0);
  else if (g->moved && g->drag == DRAG_LEVEL)
    sweeps_set_level(view, g->level);
  else if (g->moved && g->drag != DRAG_BOX)
    view_restore(view, &g->before);
  g->drag = DRAG_NOTHING;
  return true;
}

/* ---- Pinches ---- */

static void begin_pinch(struct gesture *g, const struct view *view, const struct show_event *e,
                        const struct screen_spot *spot)
{
  *g = (struct gesture){.drag = DRAG_PINCH,
                        .from = *spot,
                        .from_x = e->x,
                        .from_y = e->y,
                        .to_x = e->x,
                        .to_y = e->y,
                        .before = view_shape(view),
                        .click_ns = INT64_MIN,
                        .legend_first = g->legend_first};
}

/* The wheel's zoom, about one place for all of the pinch: times about a place that moved would drift. */
static void change_pinch(struct gesture *g, struct view *view, double apart)
{
  g->moved = true;
  switch (g->from.part) {
  case SCREEN_PLOT:
  case SCREEN_TIME_AXIS:
    view_zoom_time(view, clamp(g->from.column, 0, view->time.columns - 1), 1 / apart);
    break;
  case SCREEN_STRIP:
    view_zoom_time(view, view->time.columns / 2, 1 / apart);
    break;
  case SCREEN_VALUE_AXIS:
    view_zoom_values(view, g->from.pane, g->from.row + 0.5, 1 / apart);
    break;
  case SCREEN_TRIGGER:
  case SCREEN_LEGEND:
  case SCREEN_NOTHING:
    break;
  }
}

static void end_pinch(struct gesture *g, const struct view *view, struct undo *undo)
{
  undo_note(undo, &g->before, view);
  g->drag = DRAG_NOTHING;
}

/* During a drag a pinch is not meant, nor is what comes of one that Esc or a button has ended. */
static bool pinch(struct gesture *g, struct view *view, struct undo *undo, const struct show_event *e,
                  const struct screen_spot *spot)
{
  if (e->pinch == PINCH_BEGINS && g->drag == DRAG_NOTHING) {
    begin_pinch(g, view, e, spot);
    return false;
  }
  if (g->drag != DRAG_PINCH)
    return false;
  switch (e->pinch) {
  case PINCH_BEGINS:
    end_pinch(g, view, undo);
    begin_pinch(g, view, e, spot);
    break;
  case PINCH_CHANGES:
    change_pinch(g, view, e->apart);
    break;
  case PINCH_ENDS:
    end_pinch(g, view, undo);
    break;
  case PINCH_CANCELLED:
    gesture_cancel(g, view);
    break;
  }
  return true;
}

bool gesture_serve(struct gesture *g, struct view *view, struct undo *undo, const struct show_event *event,
                   const struct gesture_place *place)
{
  const struct screen_spot *spot = &place->spot;
  const struct view_shape before = view_shape(view);
  switch (event->kind) {
  case SHOW_PRESS:
    if (g->drag == DRAG_PINCH) /* whose end may be lost: the mouse would do nothing any more */
      end_pinch(g, view, undo);
    if (g->drag == DRAG_NOTHING) /* another button during a drag is not meant */
      press(g, view, undo, event, spot);
    return true;
  case SHOW_RELEASE:
    return release(g, view, undo, event);
  case SHOW_MOVE:
    return move(g, view, event);
  case SHOW_WHEEL:
    if (g->drag != DRAG_NOTHING)
      return false;
    turn_wheel(g, view, event, spot, place->legend_scroll);
    undo_note(undo, &before, view);
    return true;
  case SHOW_PINCH:
    return pinch(g, view, undo, event, spot);
  case SHOW_LEAVE:
    return true;
  case SHOW_KEY:
  case SHOW_CLOSE:
  case SHOW_HIDDEN:
  case SHOW_EXPOSED:
    break;
  }
  return false;
}
