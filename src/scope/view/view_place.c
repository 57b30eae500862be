#include "scope/view/view.h"

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
    time_axis_widen(time, v->begin, v->edge);
  }
  time->first = time_axis_column(time, v->begin);
}

/* Columns are counted from the crossing that is shown, else from where they always were. */
static void place_sweep(struct view *v)
{
  struct time_axis *time = &v->time;
  time->origin = v->sweep.crossing;
  time->width = time_axis_width(v->span, time->columns);
  time->first = -view_crossing_column(v);
  v->right = time_axis_end(time);
}

/* What is found is shown. Cursors stand where they stood in the sweep before. */
static void choose_sweep(struct view *v)
{
  struct cursors *c = &v->cursors;
  v->sweep.shown = v->state == VIEW_SWEEPS && v->sweep.found;
  v->sweep.crossing = v->sweep.shown ? v->sweep.next : v->sweep.crossing;
  for (int i = 0; i < 2 && c->swept && v->sweep.shown; i++)
    c->time[i] += v->sweep.crossing - c->crossing;
  c->swept = v->sweep.shown;
  c->crossing = v->sweep.crossing;
}

void view_place(struct view *v)
{
  const int64_t span = v->state == VIEW_HELD ? v->held : v->span;
  v->cursors.swept = v->cursors.swept && v->state != VIEW_HELD;
  if (v->state != VIEW_HELD) {
    if (!v->frozen) /* what was found since it was frozen is shown afterwards */
      choose_sweep(v);
    v->sweep.shown = v->sweep.shown && span > 0;
    if (v->sweep.shown) {
      place_sweep(v);
      return;
    }
    v->time.origin = v->start.origin;
    v->right = v->edge;
  }
  if (span > 0)
    time_axis_show_until(&v->time, v->right, span, v->time.columns);
  else
    place_everything(v);
}
