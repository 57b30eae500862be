/*
 * All samples of all channels, in bounded memory: the newest in full, older ones as ever coarser buckets, the very
 * first still reachable.
 *
 * Samples of a channel are numbered from 0. Level 0 holds samples; a bucket of level l >= 1 stands for samples
 * [n * 16^l, (n + 1) * 16^l) and holds the times of the first and last, minimum, maximum, first and last value, and
 * mean and count of the finite ones. Every level is a queue of chunks that loses its oldest chunk when its share of
 * the memory is used up: half of a channel's share for level 0, a quarter for level 1, and so on, after a little was put
 * aside for the upper levels. Since each level
 * reaches 8 times as far back as the one below (level 1 twice as far as the samples, a bucket being as large as four),
 * what is evicted is always covered by a coarser level; and since
 * numbers are aligned, going from a time to samples, and from samples to a summary, is arithmetic on indices:
 * O(log n) with a small constant, whatever was read before.
 *
 * Times are in ticks of the time base: nanoseconds since the start, or 1e-6 of a sample where the sample number is the
 * time. Per channel they never fall. Single-threaded; nothing here knows a clock.
 */
#ifndef SCOPE_HISTORY_H
#define SCOPE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HISTORY_CHANNELS = 64 };

struct history;

struct history_sample {
  int64_t time;
  double value; /* NaN is a gap */
};

/* What is known of a stretch of one channel. The doubles are NaN when there is nothing finite to say. */
struct history_summary {
  uint64_t items;                /* samples and gaps */
  uint64_t count;                /* finite samples */
  double min, max, mean;         /* over the finite samples */
  double first, last;            /* value of the first and last item; NaN is a gap */
  int64_t first_time, last_time; /* of the first and last item, when items > 0 */
};

/* memory_bytes bounds what samples and buckets take, at least 1 MiB a channel in use being wise. NULL: no memory. */
struct history *history_new(size_t memory_bytes);
void history_free(struct history *h); /* NULL is fine */

/*
 * Adds n samples, times not falling, to a channel (0..63; a first append makes the channel). False when the machine has
 * no memory left even to reuse; the samples that did not fit are then lost, and the caller says so.
 */
bool history_append(struct history *h, size_t channel, const int64_t *time, const double *value, size_t n);

/* The value that a channel holds from `time` on before its first sample (the plain case starts at 0). */
void history_set_initial(struct history *h, size_t channel, struct history_sample initial);

/* Channels in use: one more than the highest that has samples or an initial value. */
size_t history_channels(const struct history *h);

/* Items appended so far. */
uint64_t history_items(const struct history *h, size_t channel);

/*
 * Summary of the items with from <= time < to. Exact where samples are kept; where only buckets are left, a bucket that
 * straddles a boundary counts whole, so the stretch is exceeded by at most one bucket a side.
 */
void history_range(const struct history *h, size_t channel, int64_t from, int64_t to, struct history_summary *out);

/* Summary of everything. */
void history_total(const struct history *h, size_t channel, struct history_summary *out);

/*
 * The last item with time < t, or the initial value if that is all there is: what the channel holds when t begins. In
 * a bucket that straddles t it is the bucket's first item. False when there is none.
 */
bool history_before(const struct history *h, size_t channel, int64_t t, struct history_sample *out);

/* The first item with time >= t; in a bucket that straddles t, the bucket's last item. False when there is none. */
bool history_from(const struct history *h, size_t channel, int64_t t, struct history_sample *out);

/*
 * The same in two steps, for who asks at many times in order (columns): finding the place of a time is half of the work,
 * and where one stretch ends the next one begins. A place is good until the next append.
 */
struct history_place {
  int64_t time;
  uint64_t
      index; /* of the first item at or after `time`; of a straddling bucket's first item where only that is left */
  uint64_t straddled; /* items that the straddling bucket stands for, or 0 */
};

struct history_place history_find(const struct history *h, size_t channel, int64_t t);
void history_between(const struct history *h, size_t channel, const struct history_place *from,
                     const struct history_place *to, struct history_summary *out);
bool history_before_place(const struct history *h, size_t channel, const struct history_place *place,
                          struct history_sample *out);
bool history_from_place(const struct history *h, size_t channel, const struct history_place *place,
                        struct history_sample *out);

/* Bytes taken for samples and buckets; what is set aside for those to come is at most 2 MiB more. */
size_t history_memory(const struct history *h);

#endif
