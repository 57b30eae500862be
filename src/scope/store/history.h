/*
 * All samples of all channels, in bounded memory: the newest in full, older ones as ever coarser buckets, the very
 * first still reachable.
 *
 * What is kept. The items (samples and gaps) of a channel are numbered from 0. Level 0 keeps the items themselves.
 * Level 1 keeps a bucket for each 32 items, level 2 a bucket for each 16 buckets of level 1, and so on up. A bucket
 * says what its items were: the times of the first and the last of them, the first, last, least and largest value, and
 * count, mean and M2 of the finite ones (bucket.h).
 *
 * What is dropped. Each level may take a share of the channel's memory: level 0 a half, level 1 a quarter, and so on. A
 * level that has used up its share drops its oldest. A bucket takes the room of more than five samples; so in
 * half the memory level 1 reaches three times as far as level 0, and every further level eight times as far as the one
 * below it. What one level drops, a coarser one still covers.
 *
 * What it costs. Buckets begin at multiples of their size, so that the bucket over an item, and the items under a bucket, are
 * found by division. A question costs O(log n), whatever was read before.
 *
 * Times are in ticks of the time base (time_base.h) and never fall within a channel. Single-threaded; nothing here
 * knows a clock.
 */
#ifndef SCOPE_HISTORY_H
#define SCOPE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/store/sample.h"

#include "scope/stream/limits.h"

struct history;

/* What is known of a stretch of one channel. The doubles are NaN when there is nothing finite to say. */
struct history_summary {
  uint64_t items;                /* samples and gaps */
  uint64_t count;                /* finite samples */
  double min, max, mean;         /* over the finite samples */
  double mean_rest;              /* what rounding the mean cut off: mean + mean_rest is far more exact */
  double m2;                     /* sum of their squared deviations from the mean; 0 for none, may be infinite */
  double first, last;            /* value of the first and last item; NaN is a gap */
  int64_t first_time, last_time; /* of the first and last item, when items > 0 */
};

/* memory_bytes bounds what samples and buckets take, at least 1 MiB a channel in use being wise. NULL: no memory. */
struct history *history_new(size_t memory_bytes);
void history_free(struct history *h); /* NULL is fine */

/*
 * Adds n samples, times not falling, to a channel (below CHANNELS_MAX; a first append makes the channel). False when
 * the machine has no memory left even to reuse; the samples that did not fit are then lost, and the caller says so.
 */
bool history_append(struct history *h, size_t channel, const int64_t *time, const double *value, size_t n);

/*
 * The same for samples at first, first + step, ...; step >= 0. Which of the two is called changes no answer, and evenly
 * spaced times take no memory in either case; this one spares the caller the writing and us the looking.
 */
bool history_append_even(struct history *h, size_t channel, int64_t first, int64_t step, const double *value, size_t n);

/* The value that a channel holds from `time` on before its first sample (the plain case starts at 0). */
void history_set_initial(struct history *h, size_t channel, struct history_sample initial);

/* That value; false when there is none. */
bool history_initial(const struct history *h, size_t channel, struct history_sample *out);

/* Forgets everything; the memory is kept for what comes. */
void history_clear(struct history *h);

/* Channels in use: one more than the highest that has samples or an initial value. */
size_t history_channels(const struct history *h);

/* Items appended so far. */
uint64_t history_items(const struct history *h, size_t channel);

/*
 * Summary of the items with from <= time < to. Exact where samples are kept; where only buckets are left, a bucket that
 * straddles a boundary counts whole, so the stretch is exceeded by at most one bucket a side.
 */
void history_range(const struct history *h, size_t channel, int64_t from, int64_t to, struct history_summary *out);

/* The very first item, or the initial value where there is one: that was before. False when there is neither. */
bool history_first(const struct history *h, size_t channel, struct history_sample *out);

/* Summary of everything. */
void history_total(const struct history *h, size_t channel, struct history_summary *out);

/*
 * The last item with time < t, or the initial value if that is all there is: what the channel holds when t begins. In
 * a bucket that straddles t it is the bucket's first item. False when there is none.
 */
bool history_before(const struct history *h, size_t channel, int64_t t, struct history_sample *out);

/* The first item with time >= t; in a bucket that straddles t, the bucket's last item. False when there is none. */
bool history_at_or_after(const struct history *h, size_t channel, int64_t t, struct history_sample *out);

/*
 * The same in two steps, for who asks at many times in order (columns): finding the place of a time is half of the
 * work, and where one stretch ends the next one begins. A place is good until the next append.
 */
struct history_place {
  int64_t time;
  uint64_t index;     /* of the first item at or after `time`, or of the first item of the bucket that straddles it */
  uint64_t straddled; /* items of that bucket; 0 where items or whole buckets begin at `time` */
};

struct history_place history_find(const struct history *h, size_t channel, int64_t t);
void history_between(const struct history *h, size_t channel, const struct history_place *from,
                     const struct history_place *to, struct history_summary *out);
bool history_before_place(const struct history *h, size_t channel, const struct history_place *place,
                          struct history_sample *out);
bool history_at_or_after_place(const struct history *h, size_t channel, const struct history_place *place,
                               struct history_sample *out);

/* The time from which on all samples are kept; INT64_MIN while nothing was made coarser. */
int64_t history_full_from(const struct history *h, size_t channel);

/*
 * Copies items in their order from number *index (of history_find) on, with times below `to`, at most `most` (>= 2) of
 * them, and moves *index on. Where only buckets are left each is two samples: its minimum when it begins, its maximum
 * when it ends, or a gap. Returns how many there are; 0: no more.
 */
size_t history_copy(const struct history *h, size_t channel, uint64_t *index, int64_t to, struct history_sample *out,
                    size_t most);

/*
 * Items as they are kept: samples in full, or the finest bucket that stands for some of them. Good until the next append.
 */
struct history_piece {
  uint64_t items;      /* at least 1 */
  const double *value; /* of each; NULL: they are a bucket */
  const int64_t *time; /* of each; NULL: they are at first, first + step, ... */
  int64_t first, step;
  struct history_summary bucket;
};

/* The piece that begins at item number `index` (of history_find, or where the piece before ends); false: no more. */
bool history_piece_at(const struct history *h, size_t channel, uint64_t index, struct history_piece *out);

static inline int64_t history_piece_time(const struct history_piece *piece, uint64_t i)
{
  return piece->time ? piece->time[i] : (int64_t)((uint64_t)piece->first + i * (uint64_t)piece->step);
}

/* Bytes taken for samples and buckets; what is set aside for those to come is at most 2 MiB more. */
size_t history_memory(const struct history *h);

#endif
