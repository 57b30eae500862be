#include "scope/view/view.h"

/* ---- Values ---- */

static void fix_values(struct view *v, int pane)
{
  view_touch(v);
  autoscale_switch(&v->pane[pane].autoscale, false);
}

void view_zoom_values(struct view *v, int pane, double row, double factor)
{
  fix_values(v, pane);
  value_axis_zoom(&v->pane[pane].axis, row, factor);
}

void view_pan_values(struct view *v, int pane, double rows)
{
  fix_values(v, pane);
  value_axis_pan(&v->pane[pane].axis, rows);
}

void view_show_values(struct view *v, int pane, double low, double high)
{
  fix_values(v, pane);
  value_axis_show(&v->pane[pane].axis, low, high);
}

void view_fit_values(struct view *v, int pane)
{
  view_touch(v);
  autoscale_fit_once(&v->pane[pane].autoscale);
}

void view_autoscale(struct view *v, bool on)
{
  view_touch(v);
  for (int i = 0; i < v->panes; i++)
    autoscale_switch(&v->pane[i].autoscale, on);
}

bool view_autoscales(const struct view *v)
{
  for (int i = 0; i < v->panes; i++)
    if (!v->pane[i].autoscale.on)
      return false;
  return true;
}

bool view_fit(struct view *v, int pane, double low, double high, int64_t moment_ns)
{
  struct pane *p = &v->pane[pane];
  const struct autoscale_sight sight = {
      .low = low, .high = high, .ticks = p->ticks, .final = v->settled, .moment_ns = moment_ns};
  const bool asked = p->autoscale.once || (p->autoscale.on && !p->autoscale.fitted);
  return (!v->frozen || asked) && autoscale_step(&p->autoscale, &p->axis, &sight);
}

/* ---- Channels ---- */

void view_toggle_channel(struct view *v, int channel)
{
  v->hidden ^= UINT64_C(1) << channel;
}

void view_show_alone(struct view *v, int channel)
{
  const uint64_t others = ~(UINT64_C(1) << channel);
  v->hidden = v->hidden == others ? 0 : others;
}
