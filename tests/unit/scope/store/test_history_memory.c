/* What the history takes of memory: less for even times, shares for all channels, a bound however long it runs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "random.h"
#include "scale.h"
#include "scope/store/history.h"
#include "scope/store/history_model.h"

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
      cmocka_unit_test(even_times_take_no_memory), cmocka_unit_test(spacing_changes),
      cmocka_unit_test(later_channels_share),      cmocka_unit_test(a_long_history),
      cmocka_unit_test(short_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
