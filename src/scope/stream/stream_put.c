#include <poll.h>
#include <string.h>

#include "scope/stream/stream_state.h"

/* Wakes the consumer if it sleeps and enough is there. */
static void wake_consumer(struct stream *s, size_t tail)
{
  /* The consumer writes, the reader reads; after tail was written, in the single order: see wake_at. */
  size_t wake_at = atomic_load_explicit(&s->wake_at, memory_order_seq_cst);
  if (wake_at == STREAM_AWAKE)
    return;
  /* The consumer writes head, the reader reads it. Relaxed: an old one only makes it wake early. */
  if (tail - atomic_load_explicit(&s->head, memory_order_relaxed) < wake_at)
    return;
  /* Where that fails, the consumer took it away or announces another sleep, and looks at the ring itself. */
  if (atomic_compare_exchange_strong(&s->wake_at, &wake_at, STREAM_AWAKE))
    stream_raise(s->data_fd);
}

void stream_publish_blocks(struct stream *s)
{
  size_t tail = atomic_load_explicit(&s->tail, memory_order_relaxed); /* only this thread writes it */
  if (tail == s->reserved)
    return;
  memset(s->open, 0, sizeof s->open);
  /*
   * The reader writes, the consumer reads. Who sees the tail sees the blocks written before it (release would do for
   * that); sequentially consistent as the look at wake_at must not come before it.
   */
  atomic_store_explicit(&s->tail, s->reserved, memory_order_seq_cst);
  wake_consumer(s, s->reserved);
}

static bool ring_full(struct stream *s, memory_order order)
{
  /*
   * The consumer writes head, the reader reads it. Acquire: its last look at the blocks came before. Sequentially
   * consistent where reader_sleeps was written just before.
   */
  return s->reserved - atomic_load_explicit(&s->head, order) > s->mask;
}

static void wait_for_space(struct stream *s)
{
  stream_publish_blocks(s);
  for (;;) {
    /* The reader writes, the consumer reads; before the look at head, in the single order: see wake_at. */
    atomic_store_explicit(&s->reader_sleeps, true, memory_order_seq_cst);
    if (!ring_full(s, memory_order_seq_cst))
      break;
    struct pollfd wait = {.fd = s->space_fd, .events = POLLIN};
    poll(&wait, 1, -1);
    stream_lower(s->space_fd);
  }
  /* Relaxed: who still reads `true` writes to the descriptor in vain, which the loop above bears. */
  atomic_store_explicit(&s->reader_sleeps, false, memory_order_relaxed);
}

/* A free block for the channel. */
static struct stream_block *open_block(struct stream *s, size_t channel)
{
  if (ring_full(s, memory_order_acquire))
    wait_for_space(s);
  struct stream_block *block = &s->block[s->reserved++ & s->mask];
  block->channel = (uint32_t)channel;
  block->generation = generations_now(&s->generations);
  block->count = 0;
  block->even = false;
  s->open[channel] = block;
  return block;
}

/* From here on the block's times are those in time[]. */
static void write_times(struct stream_block *block)
{
  for (size_t i = 0; i < block->count && block->even; i++)
    block->time[i] = block->first + (int64_t)i * block->step;
  block->even = false;
}

/*
 * The times of the n samples behind those that the block has. A sample alone has no spacing, whatever step came with it:
 * the next one settles it. The first row of a read comes alone.
 */
static void set_even_times(struct stream_block *block, int64_t first, int64_t step, size_t n)
{
  if (block->count == 0) {
    block->even = true;
    block->first = first;
    block->step = step;
    return;
  }
  if (block->even) {
    const int64_t apart = block->count == 1 ? first - block->first : block->step;
    if (first == block->first + (int64_t)block->count * apart && (n == 1 || step == apart)) {
      block->step = apart;
      return;
    }
  }
  write_times(block);
  for (size_t i = 0; i < n; i++)
    block->time[block->count + i] = first + (int64_t)i * step;
}

/* Values of a channel for its open block, or a new one; returns how many fit. */
static size_t put_values(struct stream *s, struct stream_block *block, const double *value, size_t n)
{
  size_t space = STREAM_BLOCK_SAMPLES - block->count;
  size_t part = n < space ? n : space;
  memcpy(block->value + block->count, value, part * sizeof *value);
  s->newest[block->channel] = value[part - 1];
  s->touched[block->channel] = true;
  return part;
}

static struct stream_block *block_with_space(struct stream *s, size_t channel)
{
  struct stream_block *block = s->open[channel];
  return block && block->count < STREAM_BLOCK_SAMPLES ? block : open_block(s, channel);
}

void stream_put(struct stream *s, size_t channel, const int64_t *time, const double *value, size_t n)
{
  while (n > 0) {
    struct stream_block *block = block_with_space(s, channel);
    size_t part = put_values(s, block, value, n);
    write_times(block);
    memcpy(block->time + block->count, time, part * sizeof *time);
    block->count += (uint32_t)part;
    time += part;
    value += part;
    n -= part;
  }
}

void stream_put_even(struct stream *s, size_t channel, int64_t first, int64_t step, const double *value, size_t n)
{
  while (n > 0) {
    struct stream_block *block = block_with_space(s, channel);
    size_t part = put_values(s, block, value, n);
    set_even_times(block, first, step, part);
    block->count += (uint32_t)part;
    first += (int64_t)part * step;
    value += part;
    n -= part;
  }
}

struct stream_room stream_reserve(struct stream *s, size_t channel)
{
  struct stream_block *block = block_with_space(s, channel);
  return (struct stream_room){block->time + block->count, block->value + block->count,
                              STREAM_BLOCK_SAMPLES - block->count};
}

/* n more samples stand in the channel's open block. */
static void finish_reservation(struct stream *s, struct stream_block *block, size_t n)
{
  const size_t channel = block->channel;
  block->count += (uint32_t)n;
  if (n > 0) {
    s->newest[channel] = block->value[block->count - 1];
    s->touched[channel] = true;
  } else if (block->count == 0) { /* opened by the reservation just before, so it is the last one: given back */
    s->open[channel] = NULL;
    s->reserved--;
  }
}

void stream_commit(struct stream *s, size_t channel, size_t n)
{
  struct stream_block *block = s->open[channel];
  if (n > 0)
    write_times(block);
  finish_reservation(s, block, n);
}

void stream_commit_even(struct stream *s, size_t channel, int64_t first, int64_t step, size_t n)
{
  struct stream_block *block = s->open[channel];
  if (n > 0)
    set_even_times(block, first, step, n);
  finish_reservation(s, block, n);
}
