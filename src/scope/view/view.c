#include "scope/view/view.h"

void view_init(struct view *v, const struct view_config *config)
{
  *v = (struct view){.span = config->span,
                     .least = config->least,
                     .begin = config->origin,
                     .edge = config->origin,
                     .right = config->origin,
                     .panes = 1,
                     .time = {.origin = config->origin, .width = 1, .columns = 1}};
  v->pane[0] = (struct pane){.channels = UINT64_MAX,
                             .axis = {.low = config->low, .high = config->high, .rows = 1},
                             .autoscale = {.on = config->autoscale}};
}

/* Column width and first column where the view shows everything. */
static void place_everything(struct view *v)
{
  struct time_axis *time = &v->time;
  const int64_t columns = time->columns;
  /* While it grows the width stays for a while, so that not every frame computes every column anew. */
  const bool fits = v->edge <= time_axis_time(time, time_axis_column(time, v->begin) + columns);
  const bool wasteful = v->settled || v->edge - v->begin < (columns - 2) * time->width / 2;
  if (!fits || wasteful) {
    const int64_t extent = v->edge - v->begin > v->least ? v->edge - v->begin : v->least;
    int64_t width = extent / columns + (extent % columns != 0);
    if (!v->settled)
      width += width / 4;
    time->width = width > 0 ? width : 1;
    /* Columns are anchored to the origin, so a begin within a column can push the end out by one. */
    while (time_axis_time(time, time_axis_column(time, v->begin) + columns) < v->edge)
      time->width++;
  }
  time->first = time_axis_column(time, v->begin);
}

static void place(struct view *v)
{
  const int64_t span = v->state == VIEW_HELD ? v->held : v->span;
  if (span > 0)
    time_axis_show_until(&v->time, v->right, span, v->time.columns);
  else
    place_everything(v);
}

void view_resize(struct view *v, const struct scene_size *size)
{
  for (int i = 0; i < v->panes; i++)
    v->pane[i].axis.rows = size->rows[i];
  if (v->time.columns == size->columns)
    return;
  v->time.columns = size->columns;
  if (v->span == 0)
    v->time.width = 1; /* measured anew */
  place(v);
}

void view_advance(struct view *v, int64_t begin, int64_t edge)
{
  if (v->frozen)
    return;
  v->begin = begin;
  v->edge = edge;
  if (v->state == VIEW_FOLLOWS)
    v->right = edge;
  if (v->state == VIEW_FOLLOWS && v->settled) {
    v->state = VIEW_HELD;
    v->held = v->span;
  }
  place(v);
}

void view_settle(struct view *v)
{
  v->settled = true;
}

void view_hold(struct view *v, int64_t right)
{
  if (v->state == VIEW_FOLLOWS)
    v->held = v->span;
  if (v->held == 0)
    v->held = time_axis_end(&v->time) - time_axis_begin(&v->time);
  v->state = VIEW_HELD;
  v->right = right;
  place(v);
}

void view_follow(struct view *v)
{
  v->state = VIEW_FOLLOWS;
  v->frozen = false;
}

void view_freeze(struct view *v, bool frozen)
{
  v->frozen = frozen;
}

void view_autoscale(struct view *v, bool on)
{
  for (int i = 0; i < v->panes; i++)
    autoscale_switch(&v->pane[i].autoscale, on);
}

void view_toggle_channel(struct view *v, int channel)
{
  v->hidden ^= UINT64_C(1) << channel;
}

bool view_fit(struct view *v, int pane, double low, double high, int64_t moment_ns)
{
  struct pane *p = &v->pane[pane];
  return !v->frozen && autoscale_step(&p->autoscale, &p->axis, low, high, v->settled, moment_ns);
}
