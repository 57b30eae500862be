#include "scope/view/crossings.h"

#include <math.h>

static const double HYSTERESIS = 0.1; /* of what lies between min and max */

void crossings_init(struct crossings *c, double min, double max, bool steps, int64_t origin)
{
  *c = (struct crossings){.middle = (double)NAN, .low = (double)NAN, .high = (double)NAN, .steps = steps};
  c->origin = origin;
  if (!(min < max))
    return;
  /* Halves, as min and max may be farther apart than a double reaches; and never out of what there is, where they are
   * neighbours among doubles. */
  const double reach = HYSTERESIS * (max / 2 - min / 2);
  const double middle = min / 2 + max / 2;
  c->middle = middle > min && middle <= max ? middle : max;
  c->low = c->middle - reach < c->middle ? c->middle - reach : min;
  c->high = c->middle + reach < max ? c->middle + reach : max;
}

/* When the line from the sample before to this one passes the middle; a step does at the sample. */
static long double moment(const struct crossings *c, int64_t time, double value)
{
  const long double to = (long double)time - c->origin;
  if (c->steps)
    return to;
  const long double from = (long double)c->time - c->origin;
  return from + (to - from) * (((long double)c->middle - c->value) / ((long double)value - c->value));
}

/* The trace has gone over to the other side, at a moment. */
static void cross(struct crossings *c, int kind, long double at)
{
  if (c->kind == 0) {
    c->kind = kind;
    c->first = c->last = c->risen = at;
    return;
  }
  if (kind > 0)
    c->risen = at;
  else
    c->above += at - c->risen;
  if (kind != c->kind)
    return;
  c->turns++;
  c->last = at;
  c->high_ticks += c->above;
  c->above = 0;
}

static void end_run(struct crossings *c)
{
  c->periods += c->turns;
  c->ticks += c->last - c->first;
  c->begun = c->gap = false;
  c->side = c->kind = 0;
  c->turns = 0;
  c->first = c->last = c->above = 0;
}

static int side_of(const struct crossings *c, double value)
{
  return value >= c->high ? 1 : value <= c->low ? -1 : 0;
}

/* The trace goes on behind a gap as if there had been none. */
static bool outlives_gap(const struct crossings *c, int64_t time, double value)
{
  return c->side != 0 && side_of(c, value) == c->side &&
         (uint64_t)time - (uint64_t)c->time < (uint64_t)c->time - (uint64_t)c->since;
}

void crossings_add(struct crossings *c, int64_t time, double value)
{
  if (value != value) {
    c->gap = c->begun;
    return;
  }
  if (c->gap && !outlives_gap(c, time, value))
    end_run(c);
  c->gap = false;
  if (!c->begun)
    c->since = time;
  else if (c->value < c->middle && value >= c->middle)
    c->up = moment(c, time, value);
  else if (c->value >= c->middle && value < c->middle)
    c->down = moment(c, time, value);
  const int side = side_of(c, value);
  if (side != 0 && side != c->side) {
    if (c->side != 0)
      cross(c, side, side > 0 ? c->up : c->down);
    c->side = side;
    c->since = time;
  }
  c->begun = true;
  c->value = value;
  c->time = time;
}

bool crossings_stays(const struct crossings *c, const double *value, size_t n)
{
  if (!c->begun || c->gap || c->side == 0 || (c->value >= c->middle) != (c->side > 0))
    return false;
  bool above = true;
  bool below = true;
  for (size_t i = 0; i < n; i++) {
    above &= value[i] >= c->middle;
    below &= value[i] < c->middle;
  }
  return c->side > 0 ? above : below;
}

void crossings_pass(struct crossings *c, int64_t time, double value)
{
  c->time = time;
  c->value = value;
}

void crossings_end(struct crossings *c)
{
  end_run(c);
}
