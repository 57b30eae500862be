#include "scope/view/cursor.h"

static int64_t latest(const struct view *v)
{
  return v->edge > v->begin ? v->edge - 1 : v->begin;
}

static int64_t within(const struct view *v, int64_t time)
{
  return time < v->begin ? v->begin : time > latest(v) ? latest(v) : time;
}

static bool in_view(const struct view *v, int64_t time)
{
  return time >= time_axis_begin(&v->time) && time < time_axis_end(&v->time) && time == within(v, time);
}

void cursors_show(struct view *v)
{
  struct cursors *c = &v->cursors;
  const int64_t from = within(v, time_axis_begin(&v->time));
  const int64_t to = within(v, time_axis_end(&v->time));
  c->on = true;
  if (in_view(v, c->time[0]) && in_view(v, c->time[1]) && c->time[0] != c->time[1])
    return;
  c->active = 1;
  c->time[0] = from + (to - from) / 3;
  c->time[1] = to - (to - from) / 3;
}

void cursors_hide(struct view *v)
{
  v->cursors.on = false;
}

void cursors_choose(struct view *v, bool later)
{
  struct cursors *c = &v->cursors;
  const int last = c->time[1] >= c->time[0] ? 1 : 0;
  c->active = later ? last : 1 - last;
}

void cursors_move(struct view *v, int which, int64_t time)
{
  v->cursors.active = which;
  v->cursors.time[which] = within(v, time);
}

void cursors_move_both(struct view *v, const struct cursors *from, int64_t ticks)
{
  const int64_t *time = from->time;
  const int64_t first = time[0] < time[1] ? time[0] : time[1];
  const int64_t last = time[0] < time[1] ? time[1] : time[0];
  const int64_t least = v->begin - first;
  const int64_t most = latest(v) - last;
  ticks = ticks > most ? most : ticks;
  ticks = ticks < least ? least : ticks;
  v->cursors.active = from->active;
  for (int i = 0; i < 2; i++)
    v->cursors.time[i] = within(v, time[i] + ticks);
}

bool cursors_span(struct view *v, int64_t ticks)
{
  struct cursors *c = &v->cursors;
  int64_t time;
  if (__builtin_add_overflow(c->time[1 - c->active], ticks, &time) || time != within(v, time))
    return false;
  c->time[c->active] = time;
  return true;
}

/* The nearest item after a time, or before it, of all channels that are switched on. */
static bool nearest(const struct view *v, const struct history *h, int64_t time, bool later, int64_t *out)
{
  bool found = false;
  for (size_t i = 0; i < history_channels(h); i++) {
    struct history_sample s;
    if (v->hidden >> i & 1)
      continue;
    if (later ? !history_at_or_after(h, i, time, &s) || s.time > latest(v) : !history_before(h, i, time, &s))
      continue;
    if (!found || (later ? s.time < *out : s.time > *out))
      *out = s.time;
    found = true;
  }
  return found;
}

void cursors_step(struct view *v, const struct history *h, bool later)
{
  struct cursors *c = &v->cursors;
  int64_t time;
  if (nearest(v, h, later ? c->time[c->active] + 1 : c->time[c->active], later, &time))
    c->time[c->active] = within(v, time);
}

void cursors_snap(struct view *v, const struct history *h, int which, int reach)
{
  struct cursors *c = &v->cursors;
  const int64_t time = c->time[which];
  const int64_t most = v->time.width * reach;
  int64_t before;
  int64_t after;
  const bool left = nearest(v, h, time, false, &before) && time - before <= most;
  const bool right = nearest(v, h, time, true, &after) && after - time <= most;
  if (left && (!right || time - before < after - time))
    c->time[which] = within(v, before);
  else if (right)
    c->time[which] = within(v, after);
}

void cursors_pan(struct view *v, int columns)
{
  const struct cursors *c = &v->cursors;
  cursors_move(v, c->active, time_axis_time(&v->time, time_axis_column(&v->time, c->time[c->active]) + columns));
}

void cursors_reveal(struct view *v)
{
  const int64_t column = time_axis_column(&v->time, v->cursors.time[v->cursors.active]) - v->time.first;
  const int64_t room = v->time.columns / 8;
  if (column < 0)
    view_pan_time(v, column - room);
  else if (column >= v->time.columns)
    view_pan_time(v, column - v->time.columns + 1 + room);
}
