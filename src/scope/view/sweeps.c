#include "scope/view/sweeps.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const double HYSTERESIS = 0.02; /* of the range */
static const int64_t SLOW_PARTS = 2;   /* of a second: a sweep that takes longer is shown as it comes */

static const struct pane *pane_of(const struct view *v)
{
  return &v->pane[view_pane_of(v, v->trigger.channel < 0 ? 0 : v->trigger.channel)];
}

/* The value that a channel has to be beyond before it can fire: rows are what a range is made of. */
static double arming_value(const struct view *v)
{
  const struct value_axis *axis = &pane_of(v)->axis;
  const double rows = HYSTERESIS * axis->rows;
  return value_axis_value(axis, value_axis_row(axis, v->trigger.level) + (v->trigger.falling ? -rows : rows));
}

/*
 * Ticks from a crossing to the end of its sweep: of the width as it was asked for, so that sweeps count alike in a window of
 * any size, and before there is one.
 */
static int64_t sweep_ticks(const struct view *v)
{
  return v->span > VIEW_BEFORE_PART ? v->span - v->span / VIEW_BEFORE_PART : 1;
}

/* Ticks from a crossing to the end of the plot, which columns of whole ticks bring about: a little later. */
static int64_t drawn_ticks(const struct view *v)
{
  const int columns = v->time.columns;
  return time_axis_width(v->span, columns) * (columns - view_crossing_column(v));
}

static int64_t later(int64_t time, int64_t by)
{
  int64_t sum;
  return __builtin_add_overflow(time, by, &sum) ? INT64_MAX : sum;
}

static void choose(struct view *v, const struct sweeps_source *from)
{
  const struct trigger *t = &v->trigger;
  const int64_t sweep = sweep_ticks(v);
  const int64_t end = trigger_sweep_end(t, sweep);
  const int64_t slow = from->second / SLOW_PARTS;
  const int64_t patience = sweep > slow ? sweep : slow;
  if (t->sweeps == 0) {
    v->sweep.found = false;
    return;
  }
  int64_t waited;
  if (__builtin_sub_overflow(from->edge, end, &waited))
    waited = INT64_MAX;
  if (t->mode == TRIGGER_AUTO && waited >= patience) {
    v->sweep.found = false; /* it runs on */
    return;
  }
  if (from->edge >= later(t->crossing, drawn_ticks(v)) || (slow > 0 && sweep >= slow)) {
    v->sweep.found = true;
    v->sweep.next = t->crossing;
  } else if (t->sweeps > 1 && from->edge >= later(t->before, drawn_ticks(v))) {
    v->sweep.found = true;
    v->sweep.next = t->before;
  } /* else what was found stays */
}

bool sweeps_look(struct view *v, const struct sweeps_source *from)
{
  const struct view_sweep before = v->sweep;
  struct trigger *t = &v->trigger;
  const struct pane *pane = pane_of(v);
  if (!t->on || t->channel < 0 || v->span <= 0 || (pane->autoscale.on && !pane->autoscale.fitted))
    return false;
  const struct trigger_rule rule = {
      .style = from->style, .edge = from->edge, .sweep = sweep_ticks(v), .arm = arming_value(v)};
  trigger_look(t, from->history, &rule);
  choose(v, from);
  return v->sweep.found != before.found || v->sweep.next != before.next;
}

void sweeps_switch(struct view *v, bool on, double low, double high)
{
  struct trigger *t = &v->trigger;
  const int64_t span = v->span > 0 ? v->span : v->time.width * v->time.columns;
  if (on == t->on)
    return;
  t->on = on;
  if (on) {
    t->channel = t->channel < 0 && !t->name ? 0 : t->channel;
    if (!t->level_given && low <= high)
      t->level = low / 2 + high / 2;
    t->sweeps = 0;
    /* As far back as there is a whole sweep to be seen at once. */
    trigger_arm(t, span < (v->edge - v->begin) / 2 ? v->edge - 2 * span : v->begin);
  }
  view_set_sweeping(v, on);
}

void sweeps_set_level(struct view *v, double level)
{
  if (!(fabs(level) <= VALUE_AXIS_MAX))
    return;
  v->trigger.level = level;
  v->trigger.level_given = true;
  v->trigger.armed = false;
}

void sweeps_move_level(struct view *v, double rows)
{
  const struct value_axis *axis = &pane_of(v)->axis;
  const double row = value_axis_row(axis, v->trigger.level);
  /* One that is far off scale comes into sight with the first step. */
  sweeps_set_level(v, value_axis_value(axis, fmax(fmin(row - rows, axis->rows), 0)));
}

void sweeps_turn(struct view *v)
{
  v->trigger.falling = !v->trigger.falling;
  v->trigger.armed = false;
}

void sweeps_next_mode(struct view *v)
{
  struct trigger *t = &v->trigger;
  t->mode = t->mode == TRIGGER_SINGLE ? TRIGGER_AUTO : (enum trigger_mode)(t->mode + 1);
  if (t->done)
    trigger_arm(t, v->edge);
}

void sweeps_choose_channel(struct view *v, int channel, double low, double high)
{
  struct trigger *t = &v->trigger;
  t->name = NULL;
  t->channel = channel;
  if (low <= high)
    t->level = low / 2 + high / 2;
  trigger_arm(t, v->edge);
}

void sweeps_arm_again(struct view *v)
{
  trigger_arm(&v->trigger, v->edge);
}

/* ---- What is said ---- */

/* Why it can never fire, with all that has come; NULL: it can. */
static const char *why_never(const struct view *v, const struct history_summary *all)
{
  const struct trigger *t = &v->trigger;
  const double arm = arming_value(v);
  const double hysteresis = fabs(t->level - arm);
  if (all->count == 0)
    return "waiting for its channel's numbers";
  if (t->level > all->max)
    return "its level is above all there is";
  if (t->level < all->min)
    return "its level is below all there is";
  if (all->max - all->min < hysteresis)
    return "the signal is smaller than the hysteresis";
  if (t->falling ? !(all->max > arm) : !(all->min < arm))
    return "its level is within the hysteresis of the end";
  return NULL;
}

void sweeps_say(const struct view *v, const struct history *history, char *text, size_t size)
{
  static const char *const mode[] = {"auto", "normal", "single"};
  const struct trigger *t = &v->trigger;
  struct history_summary all;
  text[0] = '\0';
  if (!t->on)
    return;
  if (t->channel < 0) {
    snprintf(text, size, "trigger: no channel '%s' yet", t->name ? t->name : "1");
    return;
  }
  int length = snprintf(text, size, "trigger %s %s: ", mode[t->mode], t->falling ? "falling" : "rising");
  if (length < 0 || (size_t)length >= size)
    return;
  text += length;
  size -= (size_t)length;
  if (v->span <= 0 && v->state != VIEW_HELD) {
    snprintf(text, size, "needs a width of time");
    return;
  }
  history_total(history, (size_t)t->channel, &all);
  const char *never = t->done || v->sweep.shown ? NULL : why_never(v, &all);
  if (never)
    snprintf(text, size, "%s", never);
  else
    snprintf(text, size, "%" PRIu64 " %s%s", t->sweeps, t->sweeps == 1 ? "sweep" : "sweeps",
             t->done           ? ", r for the next"
             : !v->sweep.shown ? ", waiting"
                               : "");
}
