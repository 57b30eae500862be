/*
 * What a history is asked, answered once more by brute force from all that a channel was given: exact where samples are
 * kept, at most one bucket a side too much where only buckets are left. For the tests of the history.
 */
#ifndef TESTS_HISTORY_MODEL_H
#define TESTS_HISTORY_MODEL_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "scope/store/history.h"

static const double GAP = (double)NAN;
enum {
  CHUNK = 16384,       /* bytes */
  CHUNK_SAMPLES = 1024 /* in a chunk */
};

/* All that a channel was given. */
struct model {
  size_t n;
  int64_t *time;
  double *value;
};

static inline bool same(double a, double b)
{
  return a == b || (a != a && b != b);
}

/*
 * How times go on: `repeats` of ten have the same time as the one before, now and then comes a long pause. Some stretches
 * are evenly spaced, or of one time.
 */
static inline struct model random_model(struct random *r, size_t n, uint64_t repeats)
{
  struct model m = {.n = n, .time = calloc(n, sizeof *m.time), .value = calloc(n, sizeof *m.value)};
  assert_true(m.time && m.value);
  int64_t t = random_between(r, -1000000, 1000);
  size_t even = 0; /* more samples of such a stretch */
  int64_t step = 0;
  for (size_t i = 0; i < n; i++) {
    if (even == 0 && random_once_in(r, 400)) {
      even = (size_t)random_between(r, 1, random_once_in(r, 2) ? 40 : 4000);
      step = random_once_in(r, 3) ? 0 : random_between(r, 1, 1000);
    }
    if (even > 0) {
      even--;
      t += step;
    } else if (random_below(r, 10) >= repeats)
      t += random_once_in(r, 1000) ? random_between(r, 1, 1000000) : random_between(r, 1, 100);
    m.time[i] = t;
    m.value[i] = random_once_in(r, 30) ? GAP : random_unit(r) * 20 - 10;
  }
  /* A long gap, longer than a bucket of the second level. */
  for (size_t i = n / 3; i < n / 3 + 700 && i < n; i++)
    m.value[i] = GAP;
  return m;
}

static inline void model_destroy(struct model *m)
{
  free(m->time);
  free(m->value);
}

static inline size_t lower(const struct model *m, int64_t t)
{
  size_t low = 0;
  size_t high = m->n;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (m->time[middle] >= t)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* Whether the summary is that of items [from, to), from < to. */
static inline bool sums_up(const struct history_summary *s, const struct model *m, size_t from, size_t to)
{
  if (s->items != to - from || s->first_time != m->time[from] || s->last_time != m->time[to - 1] ||
      !same(s->first, m->value[from]) || !same(s->last, m->value[to - 1]))
    return false;
  uint64_t count = 0;
  double min = GAP;
  double max = GAP;
  long double sum = 0;
  long double size = 0;
  for (size_t i = from; i < to; i++)
    if (m->value[i] == m->value[i]) {
      count++;
      min = fmin(min, m->value[i]);
      max = fmax(max, m->value[i]);
      sum += m->value[i];
      size += fabs(m->value[i]);
    }
  if (s->count != count || !same(s->min, min) || !same(s->max, max))
    return false;
  if (count == 0)
    return s->mean != s->mean && s->m2 == 0;
  long double squares = 0;
  for (size_t i = from; i < to; i++)
    if (m->value[i] == m->value[i])
      squares += (m->value[i] - sum / count) * (m->value[i] - sum / count);
  if (fabsl(s->m2 - squares) > 1e-12L * squares + 1e-25L * size * size)
    return false;
  return fabsl(s->mean - sum / count) <= 1e-12L * size / count;
}

/* The size of the next larger buckets. */
static inline size_t larger(size_t size)
{
  return size * (size == 1 ? 32 : 16);
}

/* Buckets may stand for items that are at least so many from the end: a twelfth of their age. */
static inline bool coarse_enough(size_t size, size_t age)
{
  return size == 1 || size <= age / 12;
}

/* The items at least so near to the end are kept in full. */
static inline size_t kept_in_full(size_t memory, size_t channels)
{
  const size_t share = memory / channels / CHUNK;
  const size_t aside = share / 2 < 12 ? share / 2 : 12; /* for the upper levels */
  const size_t chunks = (share - aside) / 2;
  return ((chunks < 2 ? 2 : chunks) - 1) * CHUNK_SAMPLES;
}

/* The summary is that of the items asked for, or of the buckets that contain them. */
static inline void check_range(const struct history *h, size_t channel, const struct model *m, size_t full,
                               int64_t from, int64_t to)
{
  struct history_summary s;
  history_range(h, channel, from, to, &s);
  const size_t begin = lower(m, from);
  const size_t end = from < to ? lower(m, to) : begin;
  if (s.items == 0) {
    assert_true(begin == end);
    assert_int_equal(s.count, 0);
    assert_true(s.min != s.min && s.max != s.max && s.mean != s.mean && s.first != s.first && s.last != s.last);
    return;
  }
  assert_true(from < to);
  for (size_t left = 1; left <= m->n; left = larger(left))
    for (size_t right = 1; right <= m->n; right = larger(right)) {
      const size_t b = begin / left * left;
      const size_t e = (end + right - 1) / right * right;
      const bool exact = b == begin && e == end;
      if (b >= e || e > m->n || (b < begin && !coarse_enough(left, m->n - b)) ||
          (e > end && !coarse_enough(right, m->n - e)) || (!exact && begin >= m->n - (full < m->n ? full : m->n)))
        continue;
      /* A bucket beyond the range is there because it straddles its end. */
      if ((b < begin && begin - b >= left) || (e > end && m->time[e - right] >= to))
        continue;
      if (sums_up(&s, m, b, e))
        return;
    }
  fail_msg("items of [%lld, %lld): %zu to %zu of %zu; the summary has %llu items", (long long)from, (long long)to,
           begin, end, m->n, (unsigned long long)s.items);
}

static inline void check_neighbours(const struct history *h, size_t channel, const struct model *m, size_t full,
                                    int64_t t)
{
  const size_t i = lower(m, t);
  const bool exact = i >= m->n - (full < m->n ? full : m->n);
  struct history_sample sample;

  bool found = history_before(h, channel, t, &sample);
  assert_true(found == (i > 0));
  bool right = !found || (sample.time == m->time[i - 1] && same(sample.value, m->value[i - 1]));
  for (size_t size = 32; !right && !exact && coarse_enough(size, m->n - i / size * size); size = larger(size)) {
    const size_t b = i / size * size;
    right = b < i && sample.time == m->time[b] && same(sample.value, m->value[b]);
  }
  assert_true(right);

  found = history_at_or_after(h, channel, t, &sample);
  assert_true(found == (i < m->n));
  right = !found || (sample.time == m->time[i] && same(sample.value, m->value[i]));
  for (size_t size = 32; !right && !exact && coarse_enough(size, m->n - i / size * size); size = larger(size)) {
    const size_t e = i / size * size + size - 1;
    right = e < m->n && sample.time == m->time[e] && same(sample.value, m->value[e]);
  }
  assert_true(right);
}

static inline void check_total(const struct history *h, size_t channel, const struct model *m)
{
  struct history_summary s;
  history_total(h, channel, &s);
  assert_int_equal(history_items(h, channel), m->n);
  assert_true(m->n == 0 ? s.items == 0 : sums_up(&s, m, 0, m->n));
}

/* Chunks that the levels of so many samples keep at least, whatever the budget. */
static inline size_t memory_bound(size_t memory, size_t channels)
{
  return memory + channels * 2 * CHUNK * 7;
}

/* How many of n times are evenly spaced, from the first on. */
static inline size_t even_times(const int64_t *time, size_t n)
{
  size_t even = n < 2 ? n : 2;
  while (even < n && time[even] - time[even - 1] == time[1] - time[0])
    even++;
  return even;
}

/* In parts of any length, by either function. */
static inline void append_all(struct history *h, size_t channel, const struct model *m, struct random *r)
{
  size_t i = 0;
  while (i < m->n) {
    size_t part = (size_t)random_between(r, 0, random_once_in(r, 10) ? 5000 : 40);
    part = part < m->n - i ? part : m->n - i;
    if (part > 0 && random_once_in(r, 2)) {
      part = even_times(m->time + i, part);
      const int64_t step = part > 1 ? m->time[i + 1] - m->time[i] : random_between(r, 0, 9);
      assert_true(history_append_even(h, channel, m->time[i], step, m->value + i, part));
    } else {
      assert_true(history_append(h, channel, m->time + i, m->value + i, part));
    }
    i += part;
  }
}

#endif
