/*
 * What a stream consists of, for the files behind stream.h: stream_control.c (its life, what is asked of it, read-outs),
 * stream_put.c (the reader's side of the ring), and stream_take.c (the consumer's).
 */
#ifndef SCOPE_STREAM_STATE_H
#define SCOPE_STREAM_STATE_H

#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "scope/stream/generations.h"
#include "scope/stream/mailbox.h"
#include "scope/stream/stream.h"

enum { STREAM_CACHE_LINE = 64 };
static const int64_t STREAM_NOTHING_COMING = INT64_MAX; /* not_before: no sample is on its way */
static const size_t STREAM_AWAKE = SIZE_MAX;            /* wake_at: the consumer does not sleep */

/* A struct stream_counts that two threads may use, each count by itself. */
struct stream_read_outs {
  _Atomic uint64_t lines, rows, samples, rejected, numbers, fast;
};

struct stream {
  /* Set by stream_new, never changed. */
  struct stream_block *block;
  size_t mask;         /* number of blocks - 1 */
  int data_fd;         /* wakes the consumer */
  int space_fd;        /* wakes the reader */
  int stop_fd;         /* readable for ever once asked to stop */
  int ask_fd;          /* wakes the reader for any question */
  int acknowledged_fd; /* readable for ever once acknowledged */

  /*
   * Blocks [head, tail) are published. The reader writes tail after the contents of the blocks, and the consumer reads
   * it before them. The consumer writes head after its last look at a block, and the reader reads it before it writes
   * into the block again.
   */
  _Alignas(STREAM_CACHE_LINE) _Atomic size_t tail;
  _Alignas(STREAM_CACHE_LINE) _Atomic size_t head;

  /*
   * Sleep announcements. Each side announces its sleep, then looks at the ring once more; the other side changes the
   * ring, then looks at the announcement. One of the two must see what the other wrote, or the sleeper would sleep on
   * beside a ring that needs it. Only operations in one single order promise that: all four are sequentially
   * consistent.
   * Who wakes the other takes the announcement away, so that a sleep costs one write to its descriptor.
   *
   * wake_at: the consumer sleeps until so many blocks are published, or it is STREAM_AWAKE. reader_sleeps: until half of
   * the ring is free.
   */
  _Alignas(STREAM_CACHE_LINE) _Atomic size_t wake_at;
  atomic_bool reader_sleeps;

  _Atomic int64_t not_before; /* the reader's statement: see stream_arrival_begin and stream_settled_until */

  /* The reader's last words, and the consumer's only one. */
  atomic_bool ended, failed, acknowledged;
  _Atomic int64_t stop_ns; /* when it was asked for; 0: it was not */

  /* The reader's word on time 0. */
  _Atomic int64_t clock_zero_ns;
  _Atomic int clock; /* enum clock_kind */

  struct generations generations;

  /* Read-outs, written by the reader after the ring, read by the consumer. */
  _Atomic double latest[CHANNELS_MAX];
  struct stream_read_outs counts, before; /* before: as they were when the generation began */
  struct mailbox refusal, hint;

  /* The reader's own: blocks [tail, reserved) are open; open[c] is the open block of channel c, or none. */
  _Alignas(STREAM_CACHE_LINE) size_t reserved;
  struct stream_block *open[CHANNELS_MAX];
  double newest[CHANNELS_MAX];
  bool touched[CHANNELS_MAX];
};

static inline void stream_raise(int fd)
{
  const uint64_t one = 1;
  while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

static inline void stream_lower(int fd)
{
  uint64_t count;
  while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
    continue;
}

/* The reader's: what it has put becomes the consumer's. Half-filled blocks go too: the next sample opens a new one. */
void stream_publish_blocks(struct stream *s);

#endif
