/*
 * The history against brute force: exact where samples are kept, at most one bucket a side too much where only buckets
 * are left, in bounded memory, whatever came in.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "random.h"
#include "scale.h"
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

static bool same(double a, double b)
{
  return a == b || (a != a && b != b);
}

/*
 * How times go on: `repeats` of ten have the same time as the one before, now and then comes a long pause. Some stretches
 * are evenly spaced, or of one time.
 */
static struct model random_model(struct random *r, size_t n, uint64_t repeats)
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

static void model_destroy(struct model *m)
{
  free(m->time);
  free(m->value);
}

static size_t lower(const struct model *m, int64_t t)
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
static bool sums_up(const struct history_summary *s, const struct model *m, size_t from, size_t to)
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
static size_t larger(size_t size)
{
  return size * (size == 1 ? 32 : 16);
}

/* Buckets may stand for items that are at least so many from the end: a twelfth of their age. */
static bool coarse_enough(size_t size, size_t age)
{
  return size == 1 || size <= age / 12;
}

/* The items at least so near to the end are kept in full. */
static size_t kept_in_full(size_t memory, size_t channels)
{
  const size_t share = memory / channels / CHUNK;
  const size_t aside = share / 2 < 12 ? share / 2 : 12; /* for the upper levels */
  const size_t chunks = (share - aside) / 2;
  return ((chunks < 2 ? 2 : chunks) - 1) * CHUNK_SAMPLES;
}

/* The summary is that of the items asked for, or of the buckets that contain them. */
static void check_range(const struct history *h, size_t channel, const struct model *m, size_t full, int64_t from,
                        int64_t to)
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

static void check_neighbours(const struct history *h, size_t channel, const struct model *m, size_t full, int64_t t)
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

static void check_total(const struct history *h, size_t channel, const struct model *m)
{
  struct history_summary s;
  history_total(h, channel, &s);
  assert_int_equal(history_items(h, channel), m->n);
  assert_true(m->n == 0 ? s.items == 0 : sums_up(&s, m, 0, m->n));
}

/* Chunks that the levels of so many samples keep at least, whatever the budget. */
static size_t memory_bound(size_t memory, size_t channels)
{
  return memory + channels * 2 * CHUNK * 7;
}

/* How many of n times are evenly spaced, from the first on. */
static size_t even_times(const int64_t *time, size_t n)
{
  size_t even = n < 2 ? n : 2;
  while (even < n && time[even] - time[even - 1] == time[1] - time[0])
    even++;
  return even;
}

/* In parts of any length, by either function. */
static void append_all(struct history *h, size_t channel, const struct model *m, struct random *r)
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

/* ---- Tests ---- */

static void empty(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)1 << 20);
  struct history_summary s;
  struct history_sample sample;
  assert_int_equal(history_channels(h), 0);
  assert_int_equal(history_memory(h), 0);
  for (size_t c = 0; c < CHANNELS_MAX; c++) {
    history_total(h, c, &s);
    assert_int_equal(s.items, 0);
    history_range(h, c, INT64_MIN, INT64_MAX, &s);
    assert_int_equal(s.items, 0);
    assert_false(history_before(h, c, INT64_MAX, &sample));
    assert_false(history_at_or_after(h, c, INT64_MIN, &sample));
    assert_false(history_first(h, c, &sample));
  }
  assert_true(history_append(h, 5, NULL, NULL, 0));
  assert_int_equal(history_channels(h), 0);
  history_free(h);
  history_free(NULL);
}

static void an_initial_value_is_no_sample(void **state)
{
  (void)state;
  struct history *h = history_new((size_t)1 << 20);
  struct history_summary s;
  struct history_sample sample;
  history_set_initial(h, 2, (struct history_sample){.time = 100, .value = 7});
  assert_int_equal(history_channels(h), 3);
  assert_int_equal(history_items(h, 2), 0);
  assert_false(history_before(h, 2, 100, &sample));
  assert_true(history_before(h, 2, 101, &sample) && sample.time == 100 && sample.value == 7);
  assert_false(history_at_or_after(h, 2, 0, &sample));
  assert_true(history_append(h, 2, (const int64_t[]){200}, (const double[]){8}, 1));
  assert_true(history_before(h, 2, 200, &sample) && sample.value == 7);
  assert_true(history_before(h, 2, 201, &sample) && sample.value == 8);
  assert_true(history_first(h, 2, &sample) && sample.time == 100 && sample.value == 7);
  history_total(h, 2, &s);
  assert_true(s.items == 1 && s.min == 8);
  history_free(h);
}

static void few_samples(void **state)
{
  (void)state;
  static const int64_t time[] = {-5, 0, 0, 0, 10};
  static const double value[] = {1, 2, (double)NAN, 4, 8};
  struct history *h = history_new((size_t)256 << 20);
  struct history_summary s;
  struct history_sample sample;
  assert_true(history_append(h, 0, time, value, 5));
  assert_true(history_memory(h) <= (size_t)4 * CHUNK); /* a few samples take little */
  history_range(h, 0, -5, 10, &s);
  assert_true(s.items == 4 && s.count == 3 && s.min == 1 && s.max == 4 && s.first == 1 && s.last == 4);
  assert_true(s.first_time == -5 && s.last_time == 0 && fabs(s.mean - 7.0 / 3) < 1e-15);
  history_range(h, 0, 0, 1, &s);
  assert_true(s.items == 3 && s.count == 2 && s.min == 2 && s.max == 4 && s.mean == 3);
  history_range(h, 0, 1, 10, &s);
  assert_int_equal(s.items, 0);
  history_range(h, 0, 10, 10, &s);
  assert_int_equal(s.items, 0);
  history_range(h, 0, 11, -100, &s);
  assert_int_equal(s.items, 0);
  assert_true(history_before(h, 0, 0, &sample) && sample.time == -5 && sample.value == 1);
  assert_true(history_before(h, 0, 1, &sample) && sample.time == 0 && sample.value == 4);      /* the last of equals */
  assert_true(history_at_or_after(h, 0, 0, &sample) && sample.time == 0 && sample.value == 2); /* the first of equals */
  assert_true(history_at_or_after(h, 0, 1, &sample) && sample.time == 10);
  assert_false(history_at_or_after(h, 0, 11, &sample));
  assert_false(history_before(h, 0, -5, &sample));
  history_free(h);
}

/* All lengths around the bucket sizes, all ranges of each. */
static void every_range_of_short_histories(void **state)
{
  (void)state;
  struct random r = random_seeded(10);
  struct model all = random_model(&r, 600, 3);
  static const size_t lengths[] = {1, 2, 15, 16, 17, 31, 32, 33, 255, 256, 257, 273, 600};
  for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
    const struct model m = {.n = lengths[l], .time = all.time, .value = all.value};
    struct history *h = history_new((size_t)1 << 20);
    append_all(h, 0, &m, &r);
    check_total(h, 0, &m);
    for (int i = 0; i < SCALED(4000, 400); i++) {
      const int64_t from = m.time[random_below(&r, m.n)] + random_between(&r, -1, 1);
      const int64_t to = m.time[random_below(&r, m.n)] + random_between(&r, -1, 1);
      check_range(h, 0, &m, m.n, from, to);
      check_neighbours(h, 0, &m, m.n, from);
    }
    history_free(h);
  }
  model_destroy(&all);
}

/* A memory so small that every level has lost its oldest part. */
static void random_histories(void **state)
{
  (void)state;
  static const size_t memories[] = {0, 100000, 300000, 1 << 20};
  struct random r = random_seeded(11);
  for (int round = 0; round < SCALED(24, 8); round++) {
    const size_t memory = memories[(size_t)round % 4];
    const size_t n = (size_t)random_between(&r, 1, SCALED(400000, 60000));
    struct model m = random_model(&r, n, (uint64_t)random_between(&r, 0, 9));
    struct history *h = history_new(memory);
    append_all(h, 0, &m, &r);
    check_total(h, 0, &m);
    assert_true(history_memory(h) <= memory_bound(memory, 1));
    const size_t full = kept_in_full(memory, 1);
    const int64_t begin = m.time[0] - 100;
    const int64_t end = m.time[n - 1] + 100;
    for (int i = 0; i < SCALED(300, 60); i++) {
      /* Anywhere, near the end, near one item. */
      int64_t from = random_between(&r, begin, end);
      int64_t to = random_between(&r, begin, end);
      if (random_once_in(&r, 3))
        from = m.time[n - 1 - random_below(&r, n < 5000 ? n : 5000)];
      if (random_once_in(&r, 2))
        to = from + random_between(&r, 0, random_once_in(&r, 2) ? 100 : 5000);
      check_range(h, 0, &m, full, from, to);
      check_neighbours(h, 0, &m, full, from);
      check_neighbours(h, 0, &m, full, m.time[random_below(&r, n)] + random_between(&r, 0, 1));
    }
    struct history_sample first;
    assert_true(history_at_or_after(h, 0, INT64_MIN, &first));
    assert_true(first.time == m.time[0] && same(first.value, m.value[0]));
    assert_true(history_first(h, 0, &first)); /* however many came after it */
    assert_true(first.time == m.time[0] && same(first.value, m.value[0]));
    history_free(h);
    model_destroy(&m);
  }
}

/* Evenly spaced, or all of one read: half the memory, whichever way they come in; until the spacing breaks. */
static void even_times_take_no_memory(void **state)
{
  (void)state;
  enum { BLOCK = 256, BLOCKS = 400 };
  for (int way = 0; way < 4; way++) {
    struct history *h = history_new((size_t)64 << 20);
    const int64_t step = way % 2 ? 1000000 : 0;
    size_t memory = 0;
    for (int i = 0; i < BLOCKS; i++) {
      int64_t time[BLOCK];
      double value[BLOCK];
      for (int j = 0; j < BLOCK; j++) {
        time[j] = step * (i * BLOCK + j);
        value[j] = j;
      }
      assert_true(way / 2 ? history_append_even(h, 0, time[0], step, value, BLOCK)
                          : history_append(h, 0, time, value, BLOCK));
    }
    memory = history_memory(h);
    const size_t values = sizeof(double) * BLOCK * BLOCKS;
    assert_true(memory >= values && memory <= values * 18 / 10); /* buckets take less than half */
    struct history_sample sample;
    assert_true(history_before(h, 0, step * 777 + 1, &sample));
    assert_int_equal(sample.time, step * 777);
    /* One that comes late, in the middle of a chunk, and then in step again. */
    const int64_t late = step * BLOCK * BLOCKS + 5;
    assert_true(history_append_even(h, 0, late, 0, (const double[]){7}, 1));
    assert_true(history_append_even(h, 0, late + 1, 0, (const double[]){8}, 1));
    assert_true(history_before(h, 0, late + 1, &sample) && sample.time == late && sample.value == 7);
    assert_true(history_before(h, 0, late, &sample) && sample.time == step * (BLOCK * BLOCKS - 1));
    assert_true(history_before(h, 0, INT64_MAX, &sample) && sample.time == late + 1 && sample.value == 8);
    history_free(h);
  }
}

/* Where the spacing changes: with the sample that is still in step, or behind it, at the start of a chunk or within. */
static void spacing_changes(void **state)
{
  (void)state;
  static const double value[CHUNK_SAMPLES + 2];
  for (size_t before = 1; before <= CHUNK_SAMPLES; before += before < 4 || before > CHUNK_SAMPLES - 3 ? 1 : 509)
    for (int64_t first = 0; first < 3; first++)
      for (int64_t step = 0; step < 3; step++) {
        struct history *h = history_new((size_t)1 << 20);
        const int64_t next = (int64_t)before + first - 1;
        assert_true(history_append_even(h, 0, 0, 1, value, before));
        assert_true(history_append_even(h, 0, next, step, value, 3));
        struct history_sample sample;
        for (int i = 0; i < 3; i++)
          assert_true(history_at_or_after(h, 0, next + i * step, &sample) && sample.time == next + i * step);
        assert_true(history_before(h, 0, INT64_MAX, &sample) && sample.time == next + 2 * step);
        struct history_summary s;
        history_range(h, 0, next + 1, INT64_MAX, &s);
        assert_int_equal(s.items, step == 0 ? 0 : 2);
        history_free(h);
      }
}

/* Channels that come later take their share from those that are there; the memory stays what it was. */
static void later_channels_share(void **state)
{
  (void)state;
  enum { CHANNELS = 9 };
  const size_t memory = (size_t)2 << 20;
  struct random r = random_seeded(12);
  struct history *h = history_new(memory);
  struct model m[CHANNELS];
  for (size_t c = 0; c < CHANNELS; c++) {
    m[c] = random_model(&r, (size_t)SCALED(100000, 20000), 2);
    append_all(h, 7 * c, &m[c], &r);
    assert_int_equal(history_channels(h), 7 * c + 1);
    assert_true(history_memory(h) <= memory_bound(memory, c + 1));
    for (size_t other = 0; other <= c; other++) {
      check_total(h, 7 * other, &m[other]);
      for (int i = 0; i < 20; i++) {
        const int64_t from = m[other].time[random_below(&r, m[other].n)];
        check_range(h, 7 * other, &m[other], kept_in_full(memory, c + 1), from, from + random_between(&r, 0, 100000));
        check_neighbours(h, 7 * other, &m[other], kept_in_full(memory, c + 1), from);
      }
    }
  }
  /* All at once, a few samples of each in turn. */
  const size_t n = (size_t)SCALED(100000, 20000);
  for (size_t c = 0; c < CHANNELS; c++)
    model_destroy(&m[c]);
  history_free(h);
  h = history_new(memory);
  for (size_t c = 0; c < CHANNELS; c++)
    m[c] = random_model(&r, n, 2);
  for (size_t i = 0; i < n; i += 10)
    for (size_t c = 0; c < CHANNELS; c++)
      assert_true(history_append(h, c, m[c].time + i, m[c].value + i, 10));
  assert_true(history_memory(h) <= memory_bound(memory, CHANNELS));
  for (size_t c = 0; c < CHANNELS; c++) {
    check_total(h, c, &m[c]);
    for (int i = 0; i < 50; i++) {
      const int64_t from = m[c].time[random_below(&r, n)];
      check_range(h, c, &m[c], kept_in_full(memory, CHANNELS), from, from + random_between(&r, 0, 100000));
    }
    model_destroy(&m[c]);
  }
  history_free(h);
}

/* A billion and a few thousandths: the squares of the values have no digit left for these, the deviations have. */
static void deviations_far_from_zero(void **state)
{
  (void)state;
  const int64_t n = SCALED(1000000, 200000);
  const uint64_t gaps[] = {0, 9};
  for (size_t kind = 0; kind < 2; kind++) {
    struct random r = random_seeded(17);
    struct history *h = history_new((size_t)1 << 20);
    struct history_summary s;
    double *value = calloc((size_t)n, sizeof *value);
    assert_non_null(value);
    for (int64_t i = 0; i < n; i++) {
      value[i] = gaps[kind] && random_once_in(&r, gaps[kind]) ? GAP : 1e9 + 0.002 * (2 * random_unit(&r) - 1);
      assert_true(history_append(h, 0, &i, &value[i], 1));
    }
    for (int round = 0; round < 20; round++) {
      const int64_t from = round == 0 ? 0 : random_between(&r, 0, n - 2);
      history_range(h, 0, from, round == 0 ? n : random_between(&r, from + 1, n), &s);
      /* Deviations from the billion, which are exact. */
      long double sum = 0;
      long double squares = 0;
      for (int64_t i = s.first_time; i <= s.last_time; i++)
        sum += value[i] == value[i] ? value[i] - 1e9 : 0;
      const long double mean = sum / s.count;
      for (int64_t i = s.first_time; i <= s.last_time; i++)
        if (value[i] == value[i])
          squares += (value[i] - 1e9 - mean) * (value[i] - 1e9 - mean);
      assert_true(fabsl(s.m2 - squares) <= 1e-12L * squares);
      assert_true(fabsl((long double)s.mean - 1e9 + s.mean_rest - mean) <= 1e-12L * 0.002L);
    }
    free(value);
    history_free(h);
  }
}

static void means(void **state)
{
  (void)state;
  struct history_summary s;

  /* 1 to ten million: the sums are exact, the mean has the last bits only. */
  const int64_t n = SCALED(10000000, 1000000);
  struct history *h = history_new((size_t)1 << 20);
  for (int64_t i = 1; i <= n; i++) {
    const double v = (double)i;
    assert_true(history_append(h, 0, &i, &v, 1));
  }
  history_total(h, 0, &s);
  assert_true(s.count == (uint64_t)n && s.min == 1 && s.max == (double)n);
  assert_true(fabs(s.mean - ((double)n + 1) / 2) <= (double)n * 1e-15);
  history_free(h);

  /* Near the largest double no sum overflows; a constant has itself as its mean, in every range, gaps or not. */
  struct random r = random_seeded(13);
  for (int kind = 0; kind < 4; kind++) {
    h = history_new(0);
    for (int64_t i = 0; i < 20000; i++) {
      double v = kind == 0 ? DBL_MAX : kind == 1 ? 0.1 : (i % 2 ? DBL_MAX : -DBL_MAX);
      if (kind != 2 && random_once_in(&r, 7))
        v = GAP;
      assert_true(history_append(h, 0, &i, &v, 1));
    }
    for (int i = 0; i < 1000; i++) {
      const int64_t from = random_between(&r, 0, 19998);
      history_range(h, 0, from, random_between(&r, from + 1, 20000), &s);
      if (s.count == 0)
        continue;
      if (kind < 2)
        assert_true(s.mean == (kind ? 0.1 : DBL_MAX));
      assert_true(s.mean >= s.min && s.mean <= s.max);
    }
    history_total(h, 0, &s);
    assert_true(kind != 2 || fabs(s.mean) <= DBL_MAX * 1e-12);
    history_free(h);
  }
}

/* A hundred million samples: the value of each can be made again, and so any range can be checked. */
static double nth_value(uint64_t i)
{
  return (double)(int64_t)((i * 0x9E3779B97F4A7C15U) >> 11) * 0x1p-43 - 512;
}

static void a_long_history(void **state)
{
  (void)state;
  enum { BLOCK = 256 };
  const uint64_t n = SCALED(100000000U, 4000000U);
  const size_t memory = (size_t)SCALED(64, 4) << 20;
  struct random r = random_seeded(14);
  struct history *h = history_new(memory);
  for (uint64_t i = 0; i < n; i += BLOCK) {
    int64_t time[BLOCK];
    double value[BLOCK];
    for (uint64_t j = 0; j < BLOCK; j++) {
      time[j] = (int64_t)(i + j) * 3;
      value[j] = nth_value(i + j);
    }
    assert_true(history_append(h, 0, time, value, BLOCK));
  }
  assert_int_equal(history_items(h, 0), n);
  assert_true(history_memory(h) <= memory_bound(memory, 1));
  for (int i = 0; i < SCALED(2000, 100); i++) {
    const uint64_t length = (uint64_t)1 << random_between(&r, 0, 19);
    const uint64_t begin = random_below(&r, n - length);
    struct history_summary s;
    history_range(h, 0, (int64_t)begin * 3, (int64_t)(begin + length) * 3, &s);
    const uint64_t first = (uint64_t)s.first_time / 3;
    assert_true(first <= begin && first + s.items >= begin + length);
    assert_true(begin - first <= (n - first) / 12 && first + s.items - begin - length <= (n - begin) / 12);
    if (begin >= n - kept_in_full(memory, 1))
      assert_true(s.items == length);
    double min = HUGE_VAL;
    double max = -HUGE_VAL;
    double sum = 0;
    for (uint64_t j = first; j < first + s.items; j++) {
      const double v = nth_value(j);
      min = v < min ? v : min;
      max = v > max ? v : max;
      sum += v;
    }
    assert_true(s.count == s.items && s.min == min && s.max == max);
    assert_true(s.first == nth_value(first) && s.last == nth_value(first + s.items - 1));
    assert_true(fabs(s.mean - sum / (double)s.items) <= 512 * 1e-12);
  }
  struct history_sample sample;
  assert_true(history_at_or_after(h, 0, 0, &sample) && sample.time == 0 && sample.value == nth_value(0));
  history_free(h);
}

/* With less memory than the budget allows the oldest samples go earlier; all else holds. */
static int run_short_of_memory(void)
{
  struct history *h = history_new((size_t)4 << 30);
  char sizes[64];
  FILE *statm = fopen("/proc/self/statm", "r");
  if (!h || !statm || !fgets(sizes, sizeof sizes, statm) || fclose(statm) != 0)
    return 10;
  const long pages = strtol(sizes, NULL, 10); /* of address space */
  const rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)24 << 20);
  if (setrlimit(RLIMIT_AS, &(struct rlimit){.rlim_cur = bytes, .rlim_max = bytes}) != 0)
    return 11;
  enum { BLOCK = 1000, SAMPLES = 20000000 };
  for (int64_t i = 0; i < SAMPLES; i += BLOCK) {
    int64_t time[BLOCK];
    double value[BLOCK];
    for (int j = 0; j < BLOCK; j++) {
      time[j] = i + j;
      value[j] = nth_value((uint64_t)(i + j));
    }
    if (!history_append(h, 0, time, value, BLOCK))
      return 12;
  }
  if (history_items(h, 0) != SAMPLES)
    return 13;
  struct random r = random_seeded(15);
  for (int i = 0; i < 300; i++) {
    const int64_t begin = random_between(&r, 0, SAMPLES - 10001);
    struct history_summary s;
    history_range(h, 0, begin, begin + random_between(&r, 1, 10000), &s);
    double min = HUGE_VAL;
    double max = -HUGE_VAL;
    for (uint64_t j = (uint64_t)s.first_time; j <= (uint64_t)s.last_time; j++) {
      min = fmin(min, nth_value(j));
      max = fmax(max, nth_value(j));
    }
    if (s.first_time > begin || (int64_t)s.items != s.last_time - s.first_time + 1 || s.min != min || s.max != max)
      return 14;
  }
  history_free(h);
  return 0;
}

static void short_of_memory(void **state)
{
  (void)state;
  if (SCALED(0, 1))
    skip(); /* sanitizers need more address space than they use */
  fflush(NULL);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    _exit(run_short_of_memory());
  int status = -1;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(empty),
      cmocka_unit_test(an_initial_value_is_no_sample),
      cmocka_unit_test(few_samples),
      cmocka_unit_test(every_range_of_short_histories),
      cmocka_unit_test(random_histories),
      cmocka_unit_test(even_times_take_no_memory),
      cmocka_unit_test(spacing_changes),
      cmocka_unit_test(later_channels_share),
      cmocka_unit_test(means),
      cmocka_unit_test(deviations_far_from_zero),
      cmocka_unit_test(a_long_history),
      cmocka_unit_test(short_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
