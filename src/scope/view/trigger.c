#include "scope/view/trigger.h"

#include <math.h>

enum { BATCH = 256 /* items are looked at one by one when there are no more than that */ };

/* What is looked at, and for what. */
struct watch {
  struct trigger *t;
  const struct history *h;
  const struct trigger_rule *rule;
  size_t channel;
};

static bool fires(const struct watch *w, double value)
{
  return w->t->falling ? value <= w->t->level : value >= w->t->level;
}

static bool arms(const struct watch *w, double value)
{
  return w->t->falling ? value > w->rule->arm : value < w->rule->arm;
}

static int64_t later(int64_t time, int64_t by)
{
  int64_t sum;
  return __builtin_add_overflow(time, by, &sum) ? INT64_MAX : sum;
}

/* Ticks from one time to a later one, as far as they can be counted. */
static int64_t between(int64_t from, int64_t to)
{
  int64_t ticks;
  return __builtin_sub_overflow(to, from, &ticks) ? INT64_MAX : ticks;
}

int64_t trigger_sweep_end(const struct trigger *t, int64_t sweep)
{
  return t->sweeps == 0 ? INT64_MIN : later(t->crossing, sweep);
}

void trigger_arm(struct trigger *t, int64_t from)
{
  t->from = from;
  t->armed = false;
  t->done = false;
}

void trigger_restart(struct trigger *t)
{
  trigger_arm(t, INT64_MIN);
  t->channel = t->name ? -1 : t->channel;
  t->step = 0;
  t->sweeps = 0;
}

/* Something in a stretch arms, fires, or is a gap. */
static bool decides(const struct watch *w, const struct history_summary *s)
{
  if (s->items == 0)
    return false;
  if (s->count != s->items)
    return true;
  return fires(w, s->min) || fires(w, s->max) || arms(w, s->min) || arms(w, s->max);
}

/* Whether anything in a stretch changes the state: armed or not. */
static bool matters(const struct watch *w, const struct history_summary *s)
{
  if (s->items == 0)
    return false;
  if (w->t->armed)
    return s->count != s->items || fires(w, s->min) || fires(w, s->max);
  return s->count > 0 && (arms(w, s->min) || arms(w, s->max));
}

/* Up to where there are only buckets: in these a stretch cannot be told from its neighbours, and is taken as it is. */
static int64_t coarse_until(const struct watch *w)
{
  return history_full_from(w->h, w->channel);
}

/* Where the trace between two samples crosses the level. */
static int64_t interpolate(const struct watch *w, const struct history_sample *a, const struct history_sample *b)
{
  if (w->rule->style == COLUMN_STEP || a->time == b->time)
    return b->time;
  const double level = w->t->level;
  const double share = (level / 2 - a->value / 2) / (b->value / 2 - a->value / 2);
  const double ticks = round(share * (double)between(a->time, b->time));
  const int64_t time = later(a->time, (int64_t)fmax(ticks, 0));
  return time < b->time ? time : b->time;
}

/*
 * The state after the items in [from, to), one by one. Where a crossing counts, *crossing is where, and the time of its
 * second sample is returned; else `to`.
 */
static int64_t walk(const struct watch *w, int64_t from, int64_t to, int64_t not_before, int64_t *crossing, bool *found)
{
  struct trigger *t = w->t;
  struct history_sample item[BATCH];
  struct history_sample before = {.value = (double)NAN};
  uint64_t index = history_find(w->h, w->channel, from).index;
  *found = false;
  if (index > 0)
    index--; /* where the line to the first one comes from */
  for (size_t n; (n = history_copy(w->h, w->channel, &index, to, item, BATCH)) > 0;)
    for (size_t i = 0; i < n; i++) {
      const struct history_sample last = before;
      before = item[i];
      if (item[i].time < from)
        continue;
      if (item[i].value != item[i].value) {
        t->armed = false;
      } else if (t->armed && fires(w, item[i].value)) {
        t->armed = false;
        *crossing = last.value == last.value ? interpolate(w, &last, &item[i]) : item[i].time;
        *found = *crossing >= not_before;
        if (*found)
          return item[i].time;
      } else if (!t->armed) {
        t->armed = arms(w, item[i].value);
      }
    }
  return to;
}

/* The state at the end of [from, to), in which no crossing counts: what decided last says it. */
static void pass(const struct watch *w, int64_t from, int64_t to)
{
  struct trigger *t = w->t;
  int64_t end = to;
  int64_t step = t->step > 0 ? t->step : between(from, to);
  int64_t crossing;
  bool found;
  while (end > from) {
    struct history_summary s;
    const int64_t begin = between(from, end) > step ? end - step : from;
    history_range(w->h, w->channel, begin, end, &s);
    if (!decides(w, &s)) {
      end = begin;
      step = step < INT64_MAX / 2 ? step * 2 : step;
    } else if (s.items > BATCH && end - begin > 1 && begin >= coarse_until(w)) {
      step = (end - begin) / 2;
    } else {
      t->armed = false;
      walk(w, begin, end, INT64_MAX, &crossing, &found);
      return;
    }
  }
}

/* On to the next crossing that counts, or to the edge; returns how far it looked. */
static int64_t search(const struct watch *w, int64_t from)
{
  struct trigger *t = w->t;
  const int64_t edge = w->rule->edge;
  const int64_t not_before = trigger_sweep_end(t, w->rule->sweep);
  int64_t step = t->step > 0 ? t->step : between(from, edge);
  while (from < edge) {
    struct history_summary s;
    const bool coarse = from < coarse_until(w);
    int64_t to = coarse ? coarse_until(w) : later(from, step > 0 ? step : 1);
    to = to < edge ? to : edge;
    history_range(w->h, w->channel, from, to, &s);
    if (!matters(w, &s)) {
      from = to;
      step = step < INT64_MAX / 2 ? step * 2 : step;
      continue;
    }
    if (s.items > BATCH && to - from > 1 && !coarse) {
      step = (to - from) / 2;
      continue;
    }
    int64_t crossing = 0;
    bool found;
    if (!coarse)
      t->step = to - from;
    from = walk(w, from, to, not_before, &crossing, &found);
    if (!found)
      continue;
    t->before = t->crossing;
    t->crossing = crossing;
    t->sweeps++;
    t->done = t->mode == TRIGGER_SINGLE;
    return from;
  }
  return edge;
}

void trigger_look(struct trigger *t, const struct history *h, const struct trigger_rule *rule)
{
  const struct watch w = {.t = t, .h = h, .rule = rule, .channel = (size_t)t->channel};
  struct history_sample first;
  if (t->channel < 0 || history_items(h, w.channel) == 0 || !history_first(h, w.channel, &first))
    return;
  if (t->from < first.time)
    t->from = first.time;
  while (!t->done && t->from < rule->edge) {
    const int64_t end = trigger_sweep_end(t, rule->sweep);
    if (t->from < end) {
      const int64_t to = end < rule->edge ? end : rule->edge;
      pass(&w, t->from, to);
      t->from = to;
    } else {
      t->from = search(&w, t->from);
    }
  }
}
