#include "scope/stream/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/clock.h"

enum { CACHE_LINE = 64 };
static const int64_t NOTHING_COMING = INT64_MAX;

struct stream {
  /* Set by stream_new, never changed. */
  struct stream_block *block;
  size_t mask;  /* number of blocks - 1 */
  int data_fd;  /* wakes the consumer */
  int space_fd; /* wakes the producer */
  int stop_fd;  /* readable for ever once asked to stop */
  int done_fd;  /* readable for ever once acknowledged */

  /*
   * Blocks [head, tail) are published. tail: written by the reader with release, after the blocks' contents; read by
   * the consumer with acquire. head: written by the consumer with release, after its last look at the block; read by
   * the reader with acquire, before it writes into the block again.
   */
  _Alignas(CACHE_LINE) _Atomic size_t tail;
  _Alignas(CACHE_LINE) _Atomic size_t head;

  /*
   * Sleep flags. Each side announces its sleep, then looks at the ring once more; the other side changes the ring, then
   * looks at the flag. Of these two pairs one must see the other (Dekker), which only sequential consistency gives.
   */
  _Alignas(CACHE_LINE) atomic_bool reader_sleeps;
  atomic_bool main_sleeps;

  /* Written by the reader, read by the consumer; sequentially consistent, see stream_arrival_begin. */
  _Atomic int64_t arriving_since;

  /* Written by the reader with release (ended: after the last tail), read by the consumer with acquire. */
  atomic_bool ended;
  atomic_bool failed; /* written by the reader before ended */
  atomic_bool stop;   /* written by the consumer; relaxed is enough: it carries no data */

  /* Names below `channels` never change: written before the count, which is stored with release. */
  _Atomic size_t channels;
  char name[STREAM_CHANNELS][STREAM_NAME_MAX];

  /* Read-outs, written by the reader after the ring; relaxed: each stands for itself. */
  _Atomic double latest[STREAM_CHANNELS];
  _Atomic uint64_t lines, rows, samples, rejected, numbers, fast;

  /* The main thread's own: the latest promise of stream_settled_until. */
  int64_t settled;

  /* The reader's own: blocks [tail, reserved) are open; open[c] is the open block of channel c, or none. */
  _Alignas(CACHE_LINE) size_t reserved;
  struct stream_block *open[STREAM_CHANNELS];
  double newest[STREAM_CHANNELS];
  bool touched[STREAM_CHANNELS];
};

static void raise_event(int fd)
{
  const uint64_t one = 1;
  while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

static void clear_event(int fd)
{
  uint64_t count;
  while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
    continue;
}

struct stream *stream_new(size_t blocks)
{
  struct stream *s = aligned_alloc(CACHE_LINE, sizeof *s);
  if (!s)
    return NULL;
  memset(s, 0, sizeof *s);
  s->mask = blocks - 1;
  s->block = calloc(blocks, sizeof *s->block);
  s->data_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  s->space_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  s->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  s->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  atomic_init(&s->arriving_since, NOTHING_COMING);
  s->settled = INT64_MIN;
  if (s->block && s->data_fd >= 0 && s->space_fd >= 0 && s->stop_fd >= 0 && s->done_fd >= 0)
    return s;

  const int fds[] = {s->data_fd, s->space_fd, s->stop_fd, s->done_fd};
  for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
    if (fds[i] >= 0)
      close(fds[i]);
  free(s->block);
  free(s);
  return NULL;
}

/* ---- The reader's side ---- */

int stream_channel_add(struct stream *s, const char *name)
{
  size_t n = atomic_load_explicit(&s->channels, memory_order_relaxed); /* only this thread writes it */
  if (n == STREAM_CHANNELS)
    return -1;
  snprintf(s->name[n], sizeof s->name[n], "%s", name);
  atomic_store_explicit(&s->channels, n + 1, memory_order_release);
  return (int)n;
}

/* Publishes the open blocks. Half-filled ones go too: the next sample of their channel opens a new one. */
static void publish_blocks(struct stream *s)
{
  size_t tail = atomic_load_explicit(&s->tail, memory_order_relaxed);
  if (tail == s->reserved)
    return;
  memset(s->open, 0, sizeof s->open);
  atomic_store_explicit(&s->tail, s->reserved, memory_order_seq_cst);
  if (atomic_load_explicit(&s->main_sleeps, memory_order_seq_cst))
    raise_event(s->data_fd);
}

static bool ring_full(struct stream *s, memory_order order)
{
  return s->reserved - atomic_load_explicit(&s->head, order) > s->mask;
}

/* A free block for the channel; NULL when asked to stop while waiting for one. */
static struct stream_block *open_block(struct stream *s, size_t channel)
{
  if (ring_full(s, memory_order_acquire)) {
    publish_blocks(s);
    atomic_store_explicit(&s->reader_sleeps, true, memory_order_seq_cst);
    while (ring_full(s, memory_order_seq_cst) && !stream_stop_asked(s)) {
      struct pollfd wait[] = {{.fd = s->space_fd, .events = POLLIN}, {.fd = s->stop_fd, .events = POLLIN}};
      poll(wait, 2, -1);
      clear_event(s->space_fd);
    }
    atomic_store_explicit(&s->reader_sleeps, false, memory_order_relaxed);
    if (ring_full(s, memory_order_acquire))
      return NULL;
  }
  struct stream_block *block = &s->block[s->reserved++ & s->mask];
  block->channel = (uint32_t)channel;
  block->count = 0;
  s->open[channel] = block;
  return block;
}

bool stream_put(struct stream *s, size_t channel, const int64_t *time, const double *value, size_t n)
{
  while (n > 0) {
    struct stream_block *block = s->open[channel];
    if (!block || block->count == STREAM_BLOCK_SAMPLES) {
      block = open_block(s, channel);
      if (!block)
        return false; /* what was taken stays, and is the latest */
    }
    size_t space = STREAM_BLOCK_SAMPLES - block->count;
    size_t part = n < space ? n : space;
    memcpy(block->time + block->count, time, part * sizeof *time);
    memcpy(block->value + block->count, value, part * sizeof *value);
    block->count += (uint32_t)part;
    s->newest[channel] = value[part - 1];
    s->touched[channel] = true;
    time += part;
    value += part;
    n -= part;
  }
  return true;
}

bool stream_reserve(struct stream *s, size_t channel, struct stream_room *room)
{
  struct stream_block *block = s->open[channel];
  if (!block || block->count == STREAM_BLOCK_SAMPLES)
    block = open_block(s, channel);
  if (!block)
    return false;
  *room = (struct stream_room){block->time + block->count, block->value + block->count,
                               STREAM_BLOCK_SAMPLES - block->count};
  return true;
}

void stream_commit(struct stream *s, size_t channel, size_t n)
{
  struct stream_block *block = s->open[channel];
  block->count += (uint32_t)n;
  if (n > 0) {
    s->newest[channel] = block->value[block->count - 1];
    s->touched[channel] = true;
  } else if (block->count == 0) { /* opened by the reservation just before, so it is the last one: given back */
    s->open[channel] = NULL;
    s->reserved--;
  }
}

void stream_publish(struct stream *s, const struct stream_counts *counts)
{
  publish_blocks(s);
  for (size_t c = 0; c < STREAM_CHANNELS; c++) {
    if (s->touched[c])
      atomic_store_explicit(&s->latest[c], s->newest[c], memory_order_relaxed);
    s->touched[c] = false;
  }
  atomic_store_explicit(&s->lines, counts->lines, memory_order_relaxed);
  atomic_store_explicit(&s->rows, counts->rows, memory_order_relaxed);
  atomic_store_explicit(&s->samples, counts->samples, memory_order_relaxed);
  atomic_store_explicit(&s->rejected, counts->rejected, memory_order_relaxed);
  atomic_store_explicit(&s->numbers, counts->numbers, memory_order_relaxed);
  atomic_store_explicit(&s->fast, counts->fast, memory_order_relaxed);
}

/*
 * The consumer reads its clock (T), then arriving_since. If it sees NOTHING_COMING, its load comes before our store in
 * the single order of sequentially consistent operations, so our clock, read after the store, is not before T. If it
 * sees the store, it sees a time that is not later than the one we return. Either way nothing it paints is revised.
 */
int64_t stream_arrival_begin(struct stream *s, int64_t (*clock)(void *), void *context)
{
  atomic_store_explicit(&s->arriving_since, clock(context), memory_order_seq_cst);
  atomic_thread_fence(memory_order_seq_cst);
  return clock(context);
}

void stream_arrival_end(struct stream *s)
{
  /* Release: whoever sees that nothing is coming also sees the tail published before. */
  atomic_store_explicit(&s->arriving_since, NOTHING_COMING, memory_order_release);
}

void stream_end(struct stream *s, bool failed)
{
  atomic_store_explicit(&s->failed, failed, memory_order_relaxed); /* goes with the store of ended */
  atomic_store_explicit(&s->ended, true, memory_order_seq_cst);
  raise_event(s->data_fd);
}

int stream_stop_fd(const struct stream *s)
{
  return s->stop_fd;
}

bool stream_stop_asked(const struct stream *s)
{
  return atomic_load_explicit(&s->stop, memory_order_relaxed);
}

void stream_acknowledge(struct stream *s)
{
  raise_event(s->done_fd);
}

/* ---- The main thread's side ---- */

size_t stream_channels(const struct stream *s)
{
  return atomic_load_explicit(&s->channels, memory_order_acquire);
}

const char *stream_channel_name(const struct stream *s, size_t channel)
{
  return s->name[channel];
}

double stream_latest(const struct stream *s, size_t channel)
{
  return atomic_load_explicit(&s->latest[channel], memory_order_relaxed);
}

void stream_counts(const struct stream *s, struct stream_counts *out)
{
  out->lines = atomic_load_explicit(&s->lines, memory_order_relaxed);
  out->rows = atomic_load_explicit(&s->rows, memory_order_relaxed);
  out->samples = atomic_load_explicit(&s->samples, memory_order_relaxed);
  out->rejected = atomic_load_explicit(&s->rejected, memory_order_relaxed);
  out->numbers = atomic_load_explicit(&s->numbers, memory_order_relaxed);
  out->fast = atomic_load_explicit(&s->fast, memory_order_relaxed);
}

/*
 * Blocks are published in batches whose times do not fall from batch to batch, and within a batch each channel has its
 * own blocks: the oldest time in the ring is therefore at most one batch's span before the first block's. The reader
 * keeps arriving_since at the batch's start until it is published whole, and later batches are not older than it; what
 * is left to look at here is every block in the ring, and those are at most a few hundred.
 */
int64_t stream_settled_until(struct stream *s, int64_t now)
{
  int64_t arriving = atomic_load_explicit(&s->arriving_since, memory_order_seq_cst);
  size_t tail = atomic_load_explicit(&s->tail, memory_order_acquire);
  int64_t settled = arriving < now ? arriving : now;
  for (size_t i = atomic_load_explicit(&s->head, memory_order_relaxed); i != tail; i++)
    if (s->block[i & s->mask].time[0] < settled)
      settled = s->block[i & s->mask].time[0];
  /*
   * The reader may have been held up between its first look at the clock and the store: then arriving_since is older
   * than what was promised before. The promise still holds, as the reader looks at its clock again after the store.
   */
  if (settled > s->settled)
    s->settled = settled;
  return s->settled;
}

const struct stream_block *stream_peek(struct stream *s)
{
  size_t head = atomic_load_explicit(&s->head, memory_order_relaxed); /* only this thread writes it */
  if (head == atomic_load_explicit(&s->tail, memory_order_acquire))
    return NULL;
  return &s->block[head & s->mask];
}

void stream_pop(struct stream *s)
{
  size_t head = atomic_load_explicit(&s->head, memory_order_relaxed) + 1;
  atomic_store_explicit(&s->head, head, memory_order_seq_cst);
  /* A sleeping reader is woken when half of the ring is free, not for each block: that would be a switch a block. */
  if (atomic_load_explicit(&s->reader_sleeps, memory_order_seq_cst) &&
      atomic_load_explicit(&s->tail, memory_order_relaxed) - head <= s->mask / 2)
    raise_event(s->space_fd);
}

bool stream_failed(const struct stream *s)
{
  return atomic_load_explicit(&s->ended, memory_order_acquire) &&
         atomic_load_explicit(&s->failed, memory_order_relaxed);
}

bool stream_ended(struct stream *s)
{
  return atomic_load_explicit(&s->ended, memory_order_acquire) && !stream_peek(s);
}

void stream_wait(struct stream *s, int extra_fd, int timeout_ms)
{
  atomic_store_explicit(&s->main_sleeps, true, memory_order_seq_cst);
  bool empty =
      atomic_load_explicit(&s->tail, memory_order_seq_cst) == atomic_load_explicit(&s->head, memory_order_relaxed);
  if (empty && !atomic_load_explicit(&s->ended, memory_order_seq_cst)) {
    struct pollfd wait[] = {{.fd = s->data_fd, .events = POLLIN}, {.fd = extra_fd, .events = POLLIN}};
    poll(wait, 2, timeout_ms);
  }
  atomic_store_explicit(&s->main_sleeps, false, memory_order_relaxed);
  clear_event(s->data_fd);
}

bool stream_stop(struct stream *s, int timeout_ms)
{
  atomic_store_explicit(&s->stop, true, memory_order_relaxed);
  raise_event(s->stop_fd);
  const int64_t deadline_ns = clock_now_ns() + (int64_t)timeout_ms * CLOCK_MS_NS;
  struct pollfd wait = {.fd = s->done_fd, .events = POLLIN};
  int n;
  while ((n = poll(&wait, 1, timeout_ms)) < 0 && errno == EINTR) {
    const int64_t left_ns = deadline_ns - clock_now_ns();
    timeout_ms = left_ns > 0 ? (int)(left_ns / CLOCK_MS_NS) : 0;
  }
  return n > 0;
}
