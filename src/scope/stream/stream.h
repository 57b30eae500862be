/*
 * All that the reader thread and the consumer share, behind one door. The consumer is the main thread, or the one that took
 * over from it: one thread at a time.
 *
 * Samples travel in a ring of blocks with a single producer (the reader) and a single consumer: nothing is lost between
 * two frames, and a full ring makes the reader wait, which is back-pressure to the pipe. Beside the ring stands the
 * latest value of each channel as an atomic double, for read-outs that want no history.
 *
 * The reader is never joined, so a stream is never freed: it lives as long as the process.
 *
 * The sections below say which thread may call a function. Times are in ticks of the time base (time_base.h).
 */
#ifndef SCOPE_STREAM_H
#define SCOPE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/stream/limits.h"
#include "scope/stream/time_base.h"

enum { STREAM_BLOCK_SAMPLES = 256 /* samples in a block */ };

/* Consecutive samples of one channel; times never fall from one to the next, nor to the channel's next block. */
struct stream_block {
  uint32_t channel;
  uint32_t count;
  uint32_t generation; /* of its samples: see stream_ask_clear */
  bool even;           /* sample i is at first + i * step, and time[] means nothing; else the reverse */
  int64_t first, step; /* step is not negative */
  /* The values first: between the head and them nothing is fetched in vain where nobody touches the times. */
  double value[STREAM_BLOCK_SAMPLES]; /* NaN is a gap */
  int64_t time[STREAM_BLOCK_SAMPLES];
};

static inline int64_t stream_block_time(const struct stream_block *block, size_t i)
{
  return block->even ? block->first + (int64_t)i * block->step : block->time[i];
}

/* What the reader has done so far. All counts only grow. */
struct stream_counts {
  uint64_t lines;    /* lines read */
  uint64_t rows;     /* rows accepted */
  uint64_t samples;  /* values of these rows, gaps included */
  uint64_t rejected; /* lines rejected */
  uint64_t numbers;  /* numbers converted from text; 0 with --demo, which has none */
  uint64_t fast;     /* of these, without strtod */
};

struct stream;

/* A ring of `blocks` blocks (a power of two, at least 2 * CHANNELS_MAX). NULL with errno: ENOMEM, EMFILE, ENFILE. */
struct stream *stream_new(size_t blocks);

/* ---- The reader's side ---- */

/*
 * The next channel of the generation, and its name (cut at CHANNEL_NAME_MAX - 1 bytes). Its number, or -1 when all are
 * taken.
 */
int stream_channel_add(struct stream *s, const char *name);

/* The unit of a channel, when it is known; the first one stays. */
void stream_channel_set_unit(struct stream *s, size_t channel, const char *unit);

/* What is to be seen in the window: the last line that was not accepted, and why; and what helps. */
void stream_refused(struct stream *s, const char *text);
void stream_hint(struct stream *s, const char *text);

/*
 * Appends n samples of a channel to its open block. While the ring is full it waits, after publishing what is open, for
 * as long as the consumer takes nothing: being asked to stop does not end that, since the consumer drains until the
 * stop is acknowledged, and a row would be torn.
 */
void stream_put(struct stream *s, size_t channel, const int64_t *time, const double *value, size_t n);

/* The same for samples at first, first + step, ...: then nobody has to write and read a time for each. */
void stream_put_even(struct stream *s, size_t channel, int64_t first, int64_t step, const double *value, size_t n);

/*
 * The same without a copy: room for at least one sample in the channel's open block, waiting as stream_put does. What
 * was written there counts after stream_commit, which must follow, with 0 if need be, before any other call.
 */
struct stream_room {
  int64_t *time;
  double *value;
  size_t samples;
};
struct stream_room stream_reserve(struct stream *s, size_t channel);
void stream_commit(struct stream *s, size_t channel, size_t n);

/* As stream_commit, where the values are written and the times are first, first + step, ... instead. */
void stream_commit_even(struct stream *s, size_t channel, int64_t first, int64_t step, size_t n);

/* Makes everything put so far visible to the consumer: first the blocks, then the latest values. */
void stream_publish(struct stream *s, const struct stream_counts *counts);

/*
 * The reader states how old what comes next can be at most; until its first statement nothing is settled. A statement
 * holds until the next one.
 *
 * With a clock (time_base_runs), an arrival stands between begin and end. stream_arrival_begin gives the time for what
 * is read next: clock() is called inside, after the consumer can see that something is coming, and so a consumer that
 * saw nothing coming at its own time T knows that samples to come are not older than T. stream_arrival_end follows
 * stream_publish, and says that nothing is on its way.
 *
 * Without one, stream_state_next says that samples to come are not older than `time`, the time of the next row. It
 * follows stream_publish too, and the last statement stands after the end.
 */
int64_t stream_arrival_begin(struct stream *s, int64_t (*clock)(void *), void *context);
void stream_arrival_end(struct stream *s);
void stream_state_next(struct stream *s, int64_t time);

/*
 * Clearing. When it was asked for, the reader publishes what it still has of the old generation (which the consumer throws
 * away), forgets its channels, and begins the new one: channels are numbered from 0 anew. It may be asked for again
 * meanwhile; one beginning answers all. counts: the reader's so far. next_time: as for stream_state_next, in a base whose
 * times begin anew with a generation; else INT64_MIN.
 */
bool stream_clear_asked(struct stream *s);
void stream_begin_generation(struct stream *s, const struct stream_counts *counts, int64_t next_time);

/* No more samples will come; failed: because the input could not be read on. */
void stream_end(struct stream *s, bool failed);

/* Readable (poll) once the reader is to stop. */
int stream_stop_fd(const struct stream *s);

/*
 * Readable (poll) once something is asked of the reader: to stop, or to clear. It takes notice, and only then looks at what
 * it is; what is asked after that wakes it again.
 */
int stream_ask_fd(const struct stream *s);
void stream_take_notice(struct stream *s);
bool stream_stop_asked(const struct stream *s);

/* The moment of the monotonic clock at which that was asked for first, from which ending.h counts; INT64_MAX: it was not. */
int64_t stream_stop_asked_ns(const struct stream *s);

/* The reader's last act, after stream_end: it touches nothing at all hereafter, and has nothing more to say. */
void stream_acknowledge(struct stream *s);

/* Time 0 by the clock, where the rows tell it: TIME_STATED. Before the first row that it holds for. */
void stream_set_clock(struct stream *s, enum clock_kind kind, int64_t zero_ns);

/* ---- The consumer's side ---- */

/* What the reader said of time 0; CLOCK_NONE: nothing. */
enum clock_kind stream_clock(const struct stream *s, int64_t *zero_ns);

/* Those of the generation asked for last; none until it begins. Names and units are borrowed until stream_ask_clear. */
size_t stream_channels(const struct stream *s);
const char *stream_channel_name(const struct stream *s, size_t channel);
const char *stream_channel_unit(const struct stream *s, size_t channel); /* "": none, or not known yet */

/* The latest published value of a channel; 0 before the first, NaN before the first after a clearing. Any thread. */
double stream_latest(const struct stream *s, size_t channel);

/* Of the whole run; and of what came since the last clearing. */
void stream_counts(const struct stream *s, struct stream_counts *out);
void stream_counts_since_clear(const struct stream *s, struct stream_counts *out);

/* What the reader said last in this generation, "" for nothing; until the next call. */
const char *stream_last_refusal(struct stream *s);
const char *stream_last_hint(struct stream *s);

/*
 * Asks the reader to forget what it knows of its input and to begin a new generation. From here on the consumer throws away
 * blocks of another generation than stream_generation. stream_generation_began: the reader has come to it (after the end it
 * never does); what it states of times is of the new generation from then on.
 */
void stream_ask_clear(struct stream *s);
uint32_t stream_generation(const struct stream *s);
bool stream_generation_began(const struct stream *s);

/*
 * A time up to which the past is complete: no sample that has not been popped yet, nor one that will come, is older.
 * `now` is taken by the caller before the call, from the clock that gives the samples their times; INT64_MAX in a base
 * without a clock. Blocks still in the ring count as not popped. INT64_MIN before the reader's first statement.
 *
 * Blocks of another generation do not count. What an earlier call said holds on, also where a later one says less: the
 * highest answer counts (the intake keeps it).
 */
int64_t stream_settled_until(const struct stream *s, int64_t now);

/* The oldest published block, or NULL when there is none. It stays until stream_pop. */
const struct stream_block *stream_peek(const struct stream *s);
void stream_pop(struct stream *s);

/* No block is left and none will come. */
bool stream_ended(const struct stream *s);

/* It ended because the input could not be read on. */
bool stream_failed(const struct stream *s);

/*
 * Waiting for the reader, together with whatever else there is to wait for:
 *
 *     if (stream_prepare_wait(s, wake))
 *       poll({stream_data_fd(s), POLLIN}, signals, display; until the next frame);
 *     stream_finish_wait(s);
 *     then take until the ring is empty.
 *
 * stream_prepare_wait announces the sleep; false when there is no reason to sleep: then do not poll, or with a timeout
 * of 0. The descriptor becomes readable once a sleep, which is all that the reader spends on waking:
 *   STREAM_WAKE_FILLING  when a quarter of the ring is filled. For a sleep until the next frame, at any refresh: what
 *                        arrives is not painted before it anyway. At --refresh 1 the filling ring wakes the loop as
 *                        often as taking in at full speed needs; three quarters of the ring are left for while it
 *                        draws. Also where nothing is painted (paused, hidden), without a deadline.
 *   STREAM_WAKE_FIRST    when the first block is there: for who has nothing else to wake it and wants the sample soon.
 * Both also when the stream ended. After stream_ended leave the stream out of the poll: from then on
 * stream_prepare_wait says false.
 */
enum stream_wake { STREAM_WAKE_FILLING, STREAM_WAKE_FIRST };
int stream_data_fd(const struct stream *s);
bool stream_prepare_wait(struct stream *s, enum stream_wake wake);
void stream_finish_wait(struct stream *s);

/*
 * All of this in one, for who waits for little else: until a block is there, the stream ended, extra_fd (or -1) is
 * readable, or timeout_ms passed (-1: no limit).
 */
void stream_wait(struct stream *s, int extra_fd, int timeout_ms);

/*
 * Asks the reader to stop. It takes no more input; what it has read arrives whole, for which the ring has to be drained
 * until stream_acknowledged: intake_finish does that. Any thread, any number of times.
 */
void stream_ask_stop(struct stream *s);
bool stream_acknowledged(const struct stream *s);
int stream_acknowledged_fd(const struct stream *s); /* readable for ever once acknowledged */

#endif
