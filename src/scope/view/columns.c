#include "scope/view/columns.h"

#include <math.h>

static const double NOTHING = (double)NAN;

static void cover(struct column *c, double v)
{
  if (v != v)
    return;
  c->low = c->low <= v ? c->low : v; /* NaN compares false: the first value is taken */
  c->high = c->high >= v ? c->high : v;
}

/* Value at t on the straight line between two samples, a.time < t < b.time; NaN beside a gap. Cannot overflow. */
static double interpolate(struct history_sample a, struct history_sample b, int64_t t)
{
  double f = (double)((uint64_t)t - (uint64_t)a.time) / (double)((uint64_t)b.time - (uint64_t)a.time);
  double v = a.value * (1 - f) + b.value * f;
  double low = a.value < b.value ? a.value : b.value;
  double high = a.value < b.value ? b.value : a.value;
  return v < low ? low : v > high ? high : v; /* roundings never leave the span of the two */
}

/*
 * Where the trace crosses the edge between two columns; NaN where it does not. Both columns at an edge use the same
 * number, whichever frame they are computed in: so neighbours connect, and scrolling changes none. A sample that lies on
 * the edge belongs to the column right of it; the column left of it sees only the line that leads there, if one does.
 */
static double trace_at(const struct history *h, size_t channel, enum column_style style,
                       const struct history_place *place)
{
  struct history_sample before;
  struct history_sample after;
  if (style == COLUMN_POINTS || !history_before_place(h, channel, place, &before))
    before.value = NOTHING;
  if (style != COLUMN_LINE)
    return before.value;
  if (before.value != before.value || !history_at_or_after_place(h, channel, place, &after))
    return NOTHING;
  return after.time == place->time ? after.value : interpolate(before, after, place->time);
}

/* Where a trace begins before its first sample: with the initial value, which is no item of the history. */
static bool trace_begins(const struct history *h, size_t channel, enum column_style style, struct history_sample *out)
{
  if (style == COLUMN_POINTS || !history_initial(h, channel, out))
    return false;
  if (style == COLUMN_STEP)
    return true;
  const struct history_place start = history_find(h, channel, INT64_MIN);
  struct history_sample first; /* where the line leads to */
  return history_at_or_after_place(h, channel, &start, &first) && first.value == first.value;
}

/* What the samples of a column that begins at `begin` amount to. */
static void describe_samples(struct column *c, const struct history_summary *s, int64_t begin, int64_t width)
{
  if (s->count == 0)
    return;
  c->count = s->count < UINT32_MAX ? (uint32_t)s->count : UINT32_MAX;
  c->mean = s->mean;
  c->sd = sqrt(s->m2 / (double)s->count);
  /* Of several items with one finite one among them nobody knows which it is: the gaps hide the difference. */
  c->at = (float)((double)(s->first_time - begin) / (double)width);
}

void columns_compute(const struct history *h, size_t channel, const struct column_rule *rule, int64_t first, size_t n,
                     struct column *out)
{
  const struct time_axis *time = &rule->time;
  struct history_place begin = history_find(h, channel, time_axis_time(time, first));
  double left = trace_at(h, channel, rule->style, &begin);
  struct history_sample initial;
  const bool begins = trace_begins(h, channel, rule->style, &initial);
  for (size_t i = 0; i < n; i++) {
    struct column *c = &out[i];
    *c = (struct column){NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, 0, 0};
    if (begin.time >= rule->edge)
      continue;
    int64_t end_time = time_axis_time(time, first + (int64_t)i + 1);
    struct history_place end = history_find(h, channel, end_time < rule->edge ? end_time : rule->edge);
    double right = trace_at(h, channel, rule->style, &end);

    struct history_summary s;
    history_between(h, channel, &begin, &end, &s);
    c->low = s.min;
    c->high = s.max;
    cover(c, left);
    cover(c, right);
    c->enter = left;
    c->leave = right;
    describe_samples(c, &s, begin.time, time->width);
    if (begins && initial.time >= begin.time && initial.time < end.time)
      cover(c, initial.value);
    begin = end;
    left = right;
  }
}

int64_t columns_final_before(const struct history *h, size_t channel, const struct column_rule *rule)
{
  int64_t known = rule->again && rule->edge > INT64_MIN ? rule->edge - 1 : rule->edge;
  if (rule->style == COLUMN_LINE) {
    /* The line between the last sample and the next is not known yet. */
    struct history_sample last;
    if (!history_before(h, channel, INT64_MAX, &last))
      return INT64_MIN;
    known = last.time < known ? last.time : known;
  }
  return time_axis_column(&rule->time, known);
}
