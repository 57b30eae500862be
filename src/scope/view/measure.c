#include "scope/view/measure.h"

#include <math.h>

#include "scope/view/crossings.h"

static const double NOTHING = (double)NAN;

/*
 * Sums over samples, merged piece by piece after Chan, Golub and LeVeque: about the first time and value, as both may be
 * far from zero and close together.
 */
struct moments {
  uint64_t count;
  int64_t time;
  double value;
  long double mean_time, mean_value; /* less time and value */
  long double times, products;       /* sums of squared deviations of time, and of deviations of time by value */
};

/* The trace so far. */
struct walk {
  const struct measure_rule *rule;
  struct moments moments;
  struct crossings crossings;
  long double area; /* value times ticks */
  bool drawn;       /* there is some, be it 0 */
  bool coarse;
  bool trails; /* the last item has a value: */
  double value;
  int64_t time; /* of that item */
};

static void merge(struct moments *m, const struct moments *part)
{
  if (part->count == 0)
    return;
  if (m->count == 0) {
    *m = *part;
    return;
  }
  const long double count = (long double)(m->count + part->count);
  const long double later = (long double)part->time - m->time + part->mean_time - m->mean_time;
  const long double higher = (long double)part->value - m->value + part->mean_value - m->mean_value;
  const long double share = (long double)part->count / count;
  m->times += part->times + later * later * (share * m->count);
  m->products += part->products + later * higher * (share * m->count);
  m->mean_time += later * share;
  m->mean_value += higher * share;
  m->count += part->count;
}

/*
 * Samples of a piece, none of which is a gap: so few that doubles are exact enough about the first time and value, and
 * quick.
 */
enum { RUN_MOST = 512 };

struct run {
  const struct history_piece *piece;
  uint64_t from;
  size_t n;                                 /* 1 to RUN_MOST */
  double later[RUN_MOST], higher[RUN_MOST]; /* than the first one */
};

static void run_take(struct run *r, const struct history_piece *piece, uint64_t from, size_t n)
{
  const double *value = piece->value + from;
  r->piece = piece;
  r->from = from;
  r->n = n;
  for (size_t i = 0; i < n; i++)
    r->higher[i] = value[i] - value[0];
  for (size_t i = 0; i < n; i++)
    r->later[i] = piece->time ? (double)(piece->time[from + i] - piece->time[from]) : (double)i * (double)piece->step;
}

/* Sums that do not wait for each other. */
enum { LANES = 4 };

static double sum_of(const double *number, size_t n)
{
  double sum[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (size_t k = 0; k < LANES; k++)
      sum[k] += number[i + k];
  for (; i < n; i++)
    sum[0] += number[i];
  return sum[0] + sum[1] + (sum[2] + sum[3]);
}

static void look_at_run(const struct run *r, struct moments *m)
{
  const double mean_value = sum_of(r->higher, r->n) / (double)r->n;
  const double mean_time = sum_of(r->later, r->n) / (double)r->n;
  double squares[LANES] = {0};
  double products[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= r->n; i += LANES)
    for (size_t k = 0; k < LANES; k++) {
      const double t = r->later[i + k] - mean_time;
      squares[k] += t * t;
      products[k] += t * (r->higher[i + k] - mean_value);
    }
  for (; i < r->n; i++) {
    const double t = r->later[i] - mean_time;
    squares[0] += t * t;
    products[0] += t * (r->higher[i] - mean_value);
  }
  *m = (struct moments){.count = r->n,
                        .time = history_piece_time(r->piece, r->from),
                        .value = r->piece->value[r->from],
                        .mean_time = mean_time,
                        .mean_value = mean_value,
                        .times = squares[0] + squares[1] + (squares[2] + squares[3]),
                        .products = products[0] + products[1] + (products[2] + products[3])};
}

/* The trace from the first to the last of them. */
static long double area_of_run(const struct run *r, bool steps)
{
  const double *higher = r->higher;
  const double *later = r->later;
  double sum[2] = {0};
  for (size_t i = 1; i < r->n; i++) {
    const double height = steps ? higher[i - 1] : higher[i - 1] / 2 + higher[i] / 2;
    sum[i % 2] += height * (later[i] - later[i - 1]);
  }
  return (long double)r->piece->value[r->from] * later[r->n - 1] + sum[0] + sum[1];
}

static int64_t within(const struct measure_rule *rule, int64_t t)
{
  const int64_t end = rule->to < rule->edge ? rule->to : rule->edge;
  return t < rule->from ? rule->from : t > end ? end : t;
}

/* Value of the line between two samples at a time between theirs. */
static long double on_line(int64_t t0, double v0, int64_t t1, double v1, int64_t t)
{
  if (t1 <= t0)
    return v0;
  const long double part = ((long double)t - t0) / ((long double)t1 - t0);
  return v0 * (1 - part) + v1 * part;
}

/* The trace goes on to (t, v), or for steps holds until t; what of that lies between the cursors counts. */
static void go_on(struct walk *w, int64_t t, double v)
{
  const int64_t from = within(w->rule, w->time);
  const int64_t to = within(w->rule, t);
  const bool steps = w->rule->style == COLUMN_STEP;
  if (w->trails && from < to && (steps || v == v)) {
    long double height = w->value;
    if (!steps)
      height = (on_line(w->time, w->value, t, v, from) + on_line(w->time, w->value, t, v, to)) / 2;
    w->area += height * ((long double)to - from);
    w->drawn = true;
  }
  w->trails = v == v;
  w->time = t;
  w->value = v;
}

/* Most samples lie on the side of the middle that those before them were on. */
static void cross_in_run(struct crossings *c, const struct run *r)
{
  enum { BLOCK = 16 };
  const double *value = r->piece->value + r->from;
  size_t i = 0;
  while (i < r->n) {
    if (i + BLOCK <= r->n && crossings_stays(c, value + i, BLOCK)) {
      i += BLOCK;
      crossings_pass(c, history_piece_time(r->piece, r->from + i - 1), value[i - 1]);
      continue;
    }
    const size_t end = i + BLOCK < r->n ? i + BLOCK : r->n;
    for (; i < end; i++)
      crossings_add(c, history_piece_time(r->piece, r->from + i), value[i]);
  }
}

static void walk_run(struct walk *w, const struct run *r)
{
  const uint64_t last = r->from + r->n - 1;
  struct moments part;
  look_at_run(r, &part);
  merge(&w->moments, &part);
  cross_in_run(&w->crossings, r);
  go_on(w, part.time, part.value);
  if (r->n == 1)
    return;
  w->area += area_of_run(r, w->rule->style == COLUMN_STEP); /* all of them lie between the cursors */
  w->drawn = true;
  w->time = history_piece_time(r->piece, last);
  w->value = r->piece->value[last];
}

static void walk_samples(struct walk *w, const struct history_piece *piece, uint64_t n)
{
  for (uint64_t i = 0; i < n;) {
    uint64_t end = i;
    while (end < n && end - i < RUN_MOST && piece->value[end] == piece->value[end])
      end++;
    if (end > i) {
      struct run run;
      run_take(&run, piece, i, (size_t)(end - i));
      walk_run(w, &run);
    } else {
      go_on(w, history_piece_time(piece, i), NOTHING);
      crossings_add(&w->crossings, history_piece_time(piece, i), NOTHING);
      end++;
    }
    i = end;
  }
}

/* A bucket is its mean, from its first time until the next item; its gaps take their share of that. */
static void walk_bucket(struct walk *w, const struct history_summary *b)
{
  const struct moments part = {.count = b->count,
                               .time = b->first_time,
                               .value = b->mean,
                               .mean_time = ((long double)b->last_time - b->first_time) / 2};
  const double share = (double)b->count / (double)b->items;
  w->coarse = true;
  merge(&w->moments, &part);
  go_on(w, b->first_time, b->count ? b->mean * share : NOTHING);
}

/* What the trace does before its first item within, and after its last one. */
static void lead_in(struct walk *w, const struct history *h, size_t channel)
{
  struct history_sample before;
  if (history_before(h, channel, w->rule->from, &before) || history_initial(h, channel, &before))
    go_on(w, before.time, before.value);
}

static void lead_out(struct walk *w, const struct history *h, size_t channel, int64_t end)
{
  struct history_sample after;
  if (w->rule->style == COLUMN_STEP)
    go_on(w, INT64_MAX, NOTHING);
  else if (history_at_or_after(h, channel, end, &after))
    go_on(w, after.time, after.value);
}

static void walk_all(struct walk *w, const struct history *h, size_t channel, int64_t end)
{
  const struct history_place first = history_find(h, channel, w->rule->from);
  const struct history_place last = history_find(h, channel, end);
  const uint64_t stop = last.index + last.straddled;
  struct history_piece piece;
  lead_in(w, h, channel);
  for (uint64_t i = first.index; i < stop && history_piece_at(h, channel, i, &piece); i += piece.items) {
    if (piece.value)
      walk_samples(w, &piece, piece.items < stop - i ? piece.items : stop - i);
    else
      walk_bucket(w, &piece.bucket);
  }
  lead_out(w, h, channel, end);
  crossings_end(&w->crossings);
}

static void sum_up(const struct walk *w, struct measure *out)
{
  const long double unit = w->rule->unit;
  const struct moments *m = &w->moments;
  const struct crossings *c = &w->crossings;
  out->coarse = w->coarse;
  out->whole = true;
  out->integral = w->drawn ? (double)(w->area / unit) : NOTHING;
  if (m->count > 1 && m->times > 0)
    out->slope = (double)(m->products / m->times * unit);
  if (w->coarse || c->periods == 0 || !(c->ticks > 0))
    return;
  out->frequency = (double)((long double)c->periods / c->ticks * unit);
  out->period = (double)(c->ticks / (long double)c->periods / unit);
  out->duty = (double)(c->high_ticks / c->ticks);
}

void measure_between(const struct history *h, size_t channel, const struct measure_rule *rule, uint64_t most,
                     struct measure *out)
{
  const int64_t after = rule->to < INT64_MAX ? rule->to + 1 : INT64_MAX;
  const int64_t end = after < rule->edge ? after : rule->edge;
  struct history_summary sum;
  history_range(h, channel, rule->from, end, &sum);
  *out = (struct measure){.count = sum.count,
                          .min = sum.min,
                          .max = sum.max,
                          .mean = sum.mean,
                          .rms = NOTHING,
                          .sd = NOTHING,
                          .peak_to_peak = NOTHING,
                          .integral = NOTHING,
                          .slope = NOTHING,
                          .frequency = NOTHING,
                          .period = NOTHING,
                          .duty = NOTHING};
  if (sum.count > 0) {
    out->sd = sqrt(sum.m2 / (double)sum.count);
    out->rms = hypot(sum.mean, out->sd);
    out->peak_to_peak = sum.max - sum.min;
  }
  if (sum.items > most)
    return;
  struct walk walk = {.rule = rule};
  crossings_init(&walk.crossings, sum.min, sum.max, rule->style == COLUMN_STEP, rule->from);
  walk_all(&walk, h, channel, end);
  sum_up(&walk, out);
}

double measure_value_at(const struct history *h, size_t channel, const struct measure_rule *rule, int64_t t)
{
  struct history_sample before;
  struct history_sample after;
  if (t >= rule->edge || !history_before(h, channel, t < INT64_MAX ? t + 1 : t, &before))
    return NOTHING;
  if (rule->style == COLUMN_STEP || before.time == t)
    return before.value;
  if (before.value != before.value || !history_at_or_after(h, channel, t, &after) || after.value != after.value)
    return NOTHING;
  return (double)on_line(before.time, before.value, after.time, after.value, t);
}
