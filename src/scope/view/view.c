#include "scope/view/view.h"

#include <math.h>

#include "scope/view/ticks.h"

/* What a view that goes with the newest is called. */
static enum view_state would_follow(const struct view *v)
{
  return v->trigger.on ? VIEW_SWEEPS : VIEW_FOLLOWS;
}

static void restore_pane(struct pane *pane, const struct view_config *start)
{
  pane->axis.scale = start->scale;
  value_axis_set(&pane->axis, start->low, start->high);
  autoscale_switch(&pane->autoscale, start->autoscale);
}

static void restore_start(struct view *v)
{
  v->span = v->start.span;
  for (int i = 0; i < v->panes; i++)
    restore_pane(&v->pane[i], &v->start);
}

void view_touch(struct view *v)
{
  v->home = false;
  v->anchored = false;
}

void view_init(struct view *v, const struct view_config *config)
{
  *v = (struct view){.least = config->least,
                     .begin = config->origin,
                     .edge = config->origin,
                     .right = config->origin,
                     .panes = 1,
                     .trigger = config->trigger,
                     .start = *config,
                     .time = {.origin = config->origin, .width = 1, .columns = 1}};
  v->pane[0] = (struct pane){.channels = UINT64_MAX, .axis = {.rows = 1}, .ticks = VALUE_TICKS_LEAST};
  v->state = would_follow(v);
  restore_start(v);
}

void view_set_panes(struct view *v, int panes, const uint64_t *channels)
{
  for (int i = v->panes; i < panes; i++) {
    v->pane[i] = (struct pane){.axis = {.rows = 1}, .ticks = VALUE_TICKS_LEAST};
    restore_pane(&v->pane[i], &v->start);
  }
  v->panes = panes;
  for (int i = 0; i < panes; i++)
    v->pane[i].channels = channels[i];
}

int view_pane_of(const struct view *v, int channel)
{
  for (int i = 0; i < v->panes; i++)
    if (v->pane[i].channels >> channel & 1)
      return i;
  return 0;
}

/* ---- What comes from elsewhere ---- */

void view_resize(struct view *v, const struct scene_size *size)
{
  for (int i = 0; i < v->panes; i++) {
    v->pane[i].axis.rows = size->rows[i];
    v->pane[i].ticks = size->ticks[i] > 0 ? size->ticks[i] : VALUE_TICKS_LEAST;
  }
  if (v->time.columns == size->columns)
    return;
  v->time.columns = size->columns;
  v->anchored = false;
  if (v->span == 0)
    v->time.width = 1; /* measured anew */
  view_place(v);
}

void view_advance(struct view *v, int64_t begin, int64_t edge)
{
  if (v->frozen)
    return;
  v->begin = begin;
  v->edge = edge;
  view_place(v);
  if (v->state != VIEW_HELD && v->settled) {
    v->state = VIEW_HELD;
    v->held = v->span;
  }
}

void view_settle(struct view *v)
{
  v->settled = true;
}

void view_clear(struct view *v, int64_t begin)
{
  view_touch(v);
  v->frozen = false;
  v->resumes = false;
  v->hidden = 0;
  v->cursors = (struct cursors){.time = {begin, begin}};
  v->begin = v->edge = v->right = begin;
  v->state = v->settled ? VIEW_HELD : would_follow(v);
  v->held = v->span;
  v->sweep = (struct view_sweep){.found = false};
  trigger_restart(&v->trigger);
  if (v->span == 0)
    v->time.width = 1; /* measured anew */
  for (int i = 0; i < v->panes; i++)
    if (v->pane[i].autoscale.on)
      autoscale_switch(&v->pane[i].autoscale, true); /* what there was does not count */
  view_place(v);
}

/* ---- Time ---- */

/* How much time is shown. What is everything has a width, too. */
static int64_t shown_span(const struct view *v)
{
  const int64_t span = v->state == VIEW_HELD ? v->held : v->span;
  return span > 0 ? span : v->time.width * v->time.columns;
}

/* The first column when the newest is in the last one. */
static int64_t first_at_now(const struct view *v)
{
  const int64_t newest = v->edge > v->begin ? v->edge - 1 : v->begin;
  return time_axis_column(&v->time, newest) - (v->time.columns - 1);
}

/* A stretch that ends there, with columns as wide as they are, ends now: its last column is the newest. */
static bool ends_now(const struct view *v, int64_t right)
{
  return right >= v->edge && right - v->time.width < v->edge;
}

static void follow_now(struct view *v, int64_t span)
{
  v->state = would_follow(v);
  v->span = span;
  view_place(v);
  if (v->settled) {
    v->state = VIEW_HELD;
    v->held = span;
  }
}

/* Held from its first column on, its span as it is; at least a column of what there is stays in sight. */
static void hold_from(struct view *v, int64_t first, int64_t span)
{
  const int64_t lowest = time_axis_column(&v->time, v->begin) - (v->time.columns - 1);
  const int64_t highest = first_at_now(v) + (v->time.columns - 1);
  first = first < lowest ? lowest : first > highest ? highest : first;
  v->state = VIEW_HELD;
  v->held = span;
  v->right = time_axis_time(&v->time, first + v->time.columns);
  view_place(v);
}

void view_hold(struct view *v, int64_t right)
{
  view_touch(v);
  v->held = shown_span(v);
  v->state = VIEW_HELD;
  v->right = right;
  view_place(v);
}

void view_follow(struct view *v)
{
  view_touch(v);
  v->state = would_follow(v);
  v->frozen = false;
}

void view_set_sweeping(struct view *v, bool sweeping)
{
  view_touch(v);
  v->sweep.found = false;
  if (v->state != VIEW_HELD || (sweeping && v->settled))
    v->state = sweeping ? VIEW_SWEEPS : VIEW_FOLLOWS;
}

void view_home(struct view *v)
{
  const bool again = v->home;
  if (v->state == VIEW_HELD)
    v->span = v->held;
  if (again)
    restore_start(v);
  view_follow(v);
  v->home = true;
}

void view_freeze(struct view *v, bool frozen)
{
  if (frozen && !v->frozen)
    v->resumes = v->state != VIEW_HELD;
  if (!frozen && v->frozen && v->resumes && v->state == VIEW_HELD) {
    v->state = would_follow(v);
    v->span = v->held;
  }
  v->frozen = frozen;
}

int view_crossing_column(const struct view *v)
{
  return v->time.columns / VIEW_BEFORE_PART;
}

void view_zoom_time(struct view *v, int column, double factor)
{
  const double wanted = round((double)shown_span(v) * factor);
  const int64_t least = v->time.columns;
  const int64_t span = !(wanted > (double)least)           ? least
                       : !(wanted < (double)VIEW_SPAN_MAX) ? VIEW_SPAN_MAX
                                                           : (int64_t)wanted;
  /* Steps in a row about one place mean one time: else each would add its rounding, and it would drift away. */
  const bool again = v->anchored && v->anchor_column == column;
  const int64_t about = again ? v->anchor : time_axis_time(&v->time, v->time.first + column) + v->time.width / 2;
  view_touch(v);
  if (v->state != VIEW_HELD) {
    v->span = span;
    view_place(v);
    return;
  }
  v->time.width = time_axis_width(span, v->time.columns);
  hold_from(v, time_axis_column(&v->time, about) - column, span);
  v->anchored = true;
  v->anchor_column = column;
  v->anchor = about;
}

/* Panning ends where now is reached, and follows it from there on. */
static void pan_to(struct view *v, int64_t first)
{
  /* Away from a sweep in any direction, and to now it is no way back: a sweep has its end close to now. */
  if (v->trigger.on && !v->settled && (v->sweep.shown || v->state == VIEW_HELD)) {
    if (first == v->time.first)
      return;
    view_touch(v);
    hold_from(v, first, shown_span(v));
    return;
  }
  const int64_t now = first_at_now(v);
  const int64_t latest = v->state == VIEW_HELD && v->time.first > now ? v->time.first : now;
  if (first >= now && !v->settled) {
    if (v->state == VIEW_HELD && latest == now)
      follow_now(v, shown_span(v));
    return;
  }
  if (first > latest)
    first = latest;
  if (first == v->time.first)
    return;
  view_touch(v);
  hold_from(v, first, shown_span(v));
}

void view_pan_time(struct view *v, int64_t columns)
{
  pan_to(v, v->time.first + columns);
}

void view_drag_time(struct view *v, int64_t t, int column)
{
  pan_to(v, time_axis_column(&v->time, t) - column);
}

void view_show_times(struct view *v, int64_t from, int64_t to)
{
  struct time_axis *time = &v->time;
  const bool now = ends_now(v, to);
  const int64_t extent = to - from;
  view_touch(v);
  const int64_t columns = time->columns;
  time->width = extent / columns + (extent % columns != 0);
  time_axis_widen(time, from, to);
  const int64_t span = time->width * columns;
  if (now && !v->settled)
    follow_now(v, span);
  else
    hold_from(v, time_axis_column(time, from), span);
}

void view_fit_time(struct view *v)
{
  view_touch(v);
  v->time.width = 1; /* measured anew */
  follow_now(v, 0);
}

/* ---- Undo ---- */

struct view_shape view_shape(const struct view *v)
{
  struct view_shape shape = {.state = v->state,
                             .span = v->span,
                             .held = v->held,
                             .right = v->right,
                             .width = v->time.width,
                             .origin = v->time.origin,
                             .sweep = v->sweep,
                             .panes = v->panes};
  for (int i = 0; i < v->panes; i++)
    shape.pane[i] = v->pane[i];
  return shape;
}

static bool same_values(const struct pane *a, const struct pane *b)
{
  return a->axis.low == b->axis.low && a->axis.high == b->axis.high && a->autoscale.on == b->autoscale.on &&
         a->autoscale.once == b->autoscale.once;
}

/* Those that both have: panes come with their channels, and that is not what a person undoes. */
static int panes_of_both(int a, int b)
{
  return a < b ? a : b;
}

bool view_shape_equal(const struct view_shape *a, const struct view_shape *b)
{
  const bool held = a->state == VIEW_HELD;
  if (a->state != b->state || (held ? a->held : a->span) != (held ? b->held : b->span) ||
      (held && a->right != b->right))
    return false;
  for (int i = 0; i < panes_of_both(a->panes, b->panes); i++)
    if (!same_values(&a->pane[i], &b->pane[i]))
      return false;
  return true;
}

void view_restore(struct view *v, const struct view_shape *shape)
{
  view_touch(v);
  for (int i = 0; i < panes_of_both(v->panes, shape->panes); i++) {
    v->pane[i].axis.low = shape->pane[i].axis.low;
    v->pane[i].axis.high = shape->pane[i].axis.high;
    v->pane[i].axis.around_zero = shape->pane[i].axis.around_zero;
    v->pane[i].autoscale = shape->pane[i].autoscale;
  }
  v->span = shape->span;
  v->time.width = shape->width; /* of everything, which is only measured anew when it has outgrown it */
  const bool held = shape->state == VIEW_HELD;
  if (!v->settled && (!held || (shape->held > 0 && ends_now(v, shape->right)))) {
    follow_now(v, held ? shape->held : shape->span);
    return;
  }
  v->state = VIEW_HELD;
  v->held = held ? shape->held : shape->span;
  v->right = held ? shape->right : v->edge;
  v->time.origin = shape->origin;
  v->sweep = shape->sweep;
  view_place(v);
}
