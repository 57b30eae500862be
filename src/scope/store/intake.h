/*
 * The consumer's side of the data: takes blocks from the stream into the history, which it owns, and knows how far the
 * past is complete and whether more will come. One thread at a time, as the stream's consumer; nothing is drawn here.
 *
 * What asks changes nothing. What changes something is intake_take (the samples), intake_advance (the edge and the end,
 * at a moment), intake_end, intake_finish and intake_clear.
 */
#ifndef SCOPE_INTAKE_H
#define SCOPE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/store/history.h"
#include "scope/stream/stream.h"
#include "scope/stream/time_base.h"

struct intake;

/*
 * The stream and what belongs to it outlive the intake. initial_zero: channel 0 holds 0 from time 0 on before its first
 * sample (the plain case). NULL: no memory.
 */
struct intake *intake_new(struct stream *stream, const struct time_base *base, size_t memory_bytes, bool initial_zero);
void intake_free(struct intake *in); /* NULL is fine */

/* From now on samples below low or above high are counted, as they are taken: low < high. Gaps are neither. */
void intake_set_limits(struct intake *in, double low, double high);

/*
 * From now on percentiles are kept: 8 MB a channel for the first million of samples, then what common/percentiles.h says.
 * False: no memory.
 */
bool intake_keep_percentiles(struct intake *in);

/*
 * Takes blocks until none is left, or until the monotonic clock has passed deadline_ns after one of them (INT64_MAX:
 * never): false in the latter case, with blocks left perhaps. When the machine has no memory left, samples are lost: a
 * message says so once, and intake_lost from then on. Once ended it takes nothing.
 */
bool intake_take(struct intake *in, int64_t deadline_ns);

/*
 * Brings edge and end up to the moment now_ns of the monotonic clock: take first, then read the clock, then this. The
 * end is noticed once all samples are taken.
 */
void intake_advance(struct intake *in, int64_t now_ns);

/* Ends here, at moment now_ns, whatever the reader may still have. */
void intake_end(struct intake *in, int64_t now_ns);

/*
 * Asks the reader to stop, takes all that it has read, and ends when it has acknowledged. At deadline_ns of the monotonic
 * clock it returns false without an end: it may be called again, or intake_end gives up what is still to come. Fine after
 * the end too: then it waits for what the reader still has to say.
 */
bool intake_finish(struct intake *in, int64_t deadline_ns);

/*
 * Key Del: forgets all samples and channels, and asks the reader to begin a new generation (stream_ask_clear). What is on
 * its way from the old one is thrown away. Time goes on; but where a column states it, it begins at 0 again with the next
 * row. The plain case holds 0 again, from now on. After the end nothing will come any more.
 */
void intake_clear(struct intake *in);

/* ---- Questions ---- */

/* Something was cleared. */
bool intake_cleared(const struct intake *in);

const struct history *intake_history(const struct intake *in);
const struct stream *intake_stream(const struct intake *in);
struct stream *intake_source(const struct intake *in); /* the same, for what the consumer changes by asking */
const struct time_base *intake_time_base(const struct intake *in);

/*
 * How far the past is complete, as of the last intake_advance: no sample older than that will come any more, so nothing
 * painted left of it is ever revised. Never falls, but where intake_clear lets times begin anew; at least 0, the start. After the end it stays: at that moment, or in
 * a base without a clock at the time of the row that would have come next, so that the last sample has its row's width.
 */
int64_t intake_edge(const struct intake *in);

/* Time of the very first sample, or initial value, of all channels; while there is none 0, or after a clearing the edge. */
int64_t intake_begin(const struct intake *in);

/* Nothing will be taken any more: noticed by intake_advance, or brought about. */
bool intake_ended(const struct intake *in);

/* Samples of all channels that were outside of the limits, since the last clearing, and ever; 0 without limits. */
uint64_t intake_outside(const struct intake *in);
uint64_t intake_outside_ever(const struct intake *in);

/*
 * The percentile of a channel's finite samples, by nearest rank: exact up to a million of them, then within 1 part in 1000.
 * NaN: there are none, or there was no memory for them.
 */
double intake_percentile(struct intake *in, size_t channel, double percent);

/* Samples are missing from the history for want of memory. */
bool intake_lost(const struct intake *in);

/* Samples taken so far. Who wants to know whether something came compares it with what it was. */
uint64_t intake_taken(const struct intake *in);

/* Moment (monotonic clock) at which the last block was taken; base.start_ns before the first. */
int64_t intake_last_taken_ns(const struct intake *in);

/* Channels that have a name, or (the initial 0) are drawn before they have one: it is "1" then. */
size_t intake_channels(const struct intake *in);
const char *intake_channel_name(const struct intake *in, size_t channel);

/* "" where the values have none, or it is not known yet. */
const char *intake_channel_unit(const struct intake *in, size_t channel);

#endif
