/*
 * All that the reader thread and the main thread share, in one file.
 *
 * Samples travel in a ring of blocks with a single producer (the reader) and a single consumer (the main thread):
 * nothing is lost between two frames, and a full ring makes the reader wait, which is back-pressure to the pipe. Beside
 * the ring stands the latest value of each channel as an atomic double, for read-outs that want no history.
 *
 * The reader is never joined, so a stream is never freed: it lives as long as the process.
 *
 * The sections below say which thread may call a function. Times are in ticks of the time base (see history.h).
 */
#ifndef SCOPE_STREAM_H
#define SCOPE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  STREAM_CHANNELS = 64,
  STREAM_NAME_MAX = 64,       /* bytes of a channel name, NUL included */
  STREAM_BLOCK_SAMPLES = 256, /* samples in a block */
};

/* Consecutive samples of one channel; times never fall from one to the next, nor to the channel's next block. */
struct stream_block {
  uint32_t channel;
  uint32_t count;
  int64_t time[STREAM_BLOCK_SAMPLES];
  double value[STREAM_BLOCK_SAMPLES]; /* NaN is a gap */
};

/* What the reader has done so far. All counts only grow. */
struct stream_counts {
  uint64_t lines;    /* lines read */
  uint64_t rows;     /* rows accepted */
  uint64_t samples;  /* samples accepted, gaps included */
  uint64_t rejected; /* lines rejected */
  uint64_t numbers;  /* numbers converted from text */
  uint64_t fast;     /* of these, without strtod */
};

struct stream;

/* A ring of `blocks` blocks (a power of two, at least 2 * STREAM_CHANNELS). NULL when memory or descriptors are out. */
struct stream *stream_new(size_t blocks);

/* ---- The reader's side ---- */

/* The next channel, with its name for ever (cut at STREAM_NAME_MAX - 1 bytes). Its number, or -1 when all are taken. */
int stream_channel_add(struct stream *s, const char *name);

/*
 * Appends n samples of a channel to its open block; waits while the ring is full, after publishing what is open. False
 * when it was asked to stop meanwhile (what did not fit is then not taken).
 */
bool stream_put(struct stream *s, size_t channel, const int64_t *time, const double *value, size_t n);

/*
 * The same without a copy: room for at least one sample in the channel's open block, waiting as stream_put does; false
 * when asked to stop. What was written there counts after stream_commit, which must follow, with 0 if need be, before
 * any other call.
 */
struct stream_room {
  int64_t *time;
  double *value;
  size_t samples;
};
bool stream_reserve(struct stream *s, size_t channel, struct stream_room *room);
void stream_commit(struct stream *s, size_t channel, size_t n);

/* Makes everything put so far visible to the consumer: first the blocks, then the latest values. */
void stream_publish(struct stream *s, const struct stream_counts *counts);

/*
 * Brackets the time from which samples may be on their way. stream_arrival_begin gives the time for what is read next:
 * clock() is called inside, after the consumer can see that something is coming, and so a consumer that saw nothing
 * coming at its own time T knows that samples to come are not older than T. stream_arrival_end follows stream_publish.
 */
int64_t stream_arrival_begin(struct stream *s, int64_t (*clock)(void *), void *context);
void stream_arrival_end(struct stream *s);

/* No more samples will come; failed: because the input could not be read on. */
void stream_end(struct stream *s, bool failed);

/* Readable (poll) once the reader is to stop. */
int stream_stop_fd(const struct stream *s);
bool stream_stop_asked(const struct stream *s);

/* The reader's last act: it touches nothing shared but the stream hereafter. */
void stream_acknowledge(struct stream *s);

/* ---- The main thread's side ---- */

size_t stream_channels(const struct stream *s);
const char *stream_channel_name(const struct stream *s, size_t channel);

/* The latest published value of a channel; 0 before the first. Any thread. */
double stream_latest(const struct stream *s, size_t channel);
void stream_counts(const struct stream *s, struct stream_counts *out);

/*
 * The time up to which the past is complete: no sample that has not been popped yet, nor one that will come, is older.
 * `now` is taken by the caller before the call, from the clock that gives the samples their times. Blocks still in the
 * ring count as not popped. Never falls from call to call.
 */
int64_t stream_settled_until(struct stream *s, int64_t now);

/* The oldest published block, or NULL when there is none. It stays until stream_pop. */
const struct stream_block *stream_peek(struct stream *s);
void stream_pop(struct stream *s);

/* No block is left and none will come. */
bool stream_ended(struct stream *s);

/* It ended because the input could not be read on. */
bool stream_failed(const struct stream *s);

/* Waits until a block is there, the stream ended, extra_fd (or -1) is readable, or timeout_ms passed (-1: no limit). */
void stream_wait(struct stream *s, int extra_fd, int timeout_ms);

/* Asks the reader to stop, and waits at most timeout_ms for its acknowledgement. True when it came. */
bool stream_stop(struct stream *s, int timeout_ms);

#endif
