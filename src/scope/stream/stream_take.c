#include <poll.h>

#include "scope/stream/stream_state.h"

static bool has_ended(const struct stream *s)
{
  /* The reader writes, the consumer reads. Acquire: the last tail, and why it ended, are there. */
  return atomic_load_explicit(&s->ended, memory_order_acquire);
}

bool stream_failed(const struct stream *s)
{
  return has_ended(s) && atomic_load_explicit(&s->failed, memory_order_relaxed); /* came with `ended` */
}

bool stream_ended(const struct stream *s)
{
  return has_ended(s) && !stream_peek(s);
}

/*
 * The past is complete up to the least of three times: what the reader states, the samples in the ring, and now.
 *
 * Samples that are not published yet are not older than the reader's statement, as the reader publishes all that is
 * older before it states a time. Samples that are published stand in the ring; times in a block do not fall, so the
 * oldest is the first of some block, and all of them are looked at. The statement is read before the tail: what is
 * published in between is then looked at as well, while the other way round it would be missed.
 *
 * `now` is there for the statement that nothing is coming. It holds for the moment at which it is read, and `now` was
 * taken before: what comes later gets a later time (stream_arrival_begin). The reader may be held up between its first
 * look at the clock and its announcement, which then is older than what was answered here meanwhile. The earlier answer
 * holds all the same, because the time that samples get is read after the announcement.
 */
int64_t stream_settled_until(const struct stream *s, int64_t now)
{
  /* The reader writes, the consumer reads. Sequentially consistent for stream_arrival_begin, and with it an acquire. */
  int64_t settled = atomic_load_explicit(&s->not_before, memory_order_seq_cst);
  if (now < settled)
    settled = now;
  size_t tail = atomic_load_explicit(&s->tail, memory_order_acquire); /* as in stream_peek */
  const uint32_t generation = generations_wanted(&s->generations);
  for (size_t i = atomic_load_explicit(&s->head, memory_order_relaxed); i != tail; i++) {
    const struct stream_block *block = &s->block[i & s->mask];
    if (block->generation == generation && stream_block_time(block, 0) < settled)
      settled = stream_block_time(block, 0);
  }
  return settled;
}

/*
 * The block was written by another processor, and every first look at a part of it would wait for that part. Asked for
 * while the block before it is taken, it is there in time; what lies behind these values the processor fetches by itself.
 */
static void fetch_block(const struct stream_block *block)
{
  enum { VALUES = 64, VALUES_A_LINE = STREAM_CACHE_LINE / sizeof block->value[0] };
  __builtin_prefetch(block);
  for (size_t i = 0; i < VALUES; i += VALUES_A_LINE)
    __builtin_prefetch(block->value + i);
}

const struct stream_block *stream_peek(const struct stream *s)
{
  size_t head = atomic_load_explicit(&s->head, memory_order_relaxed); /* only this thread writes it */
  /* The reader writes, the consumer reads. Acquire: the blocks before the tail are there. */
  const size_t tail = atomic_load_explicit(&s->tail, memory_order_acquire);
  if (head == tail)
    return NULL;
  if (tail - head > 1) /* else the reader may be writing it: it is not to lose what it is at */
    fetch_block(&s->block[(head + 1) & s->mask]);
  return &s->block[head & s->mask];
}

void stream_pop(struct stream *s)
{
  size_t head = atomic_load_explicit(&s->head, memory_order_relaxed) + 1; /* only this thread writes it */
  /*
   * The consumer writes, the reader reads. Our last look at the block came before (release would do for that);
   * sequentially consistent as the look at reader_sleeps must not come before it.
   */
  atomic_store_explicit(&s->head, head, memory_order_seq_cst);
  /* The reader writes, the consumer reads; after head was written, in the single order: see wake_at. */
  if (!atomic_load_explicit(&s->reader_sleeps, memory_order_seq_cst))
    return;
  /*
   * The reader is woken when half of the ring is free: a block at a time would be a switch of threads a block. Relaxed:
   * it wrote its last tail before it announced its sleep.
   */
  if (atomic_load_explicit(&s->tail, memory_order_relaxed) - head > s->mask / 2)
    return;
  /* Relaxed: only the descriptor matters to the reader, which announces itself anew if the ring is full again. */
  atomic_store_explicit(&s->reader_sleeps, false, memory_order_relaxed);
  stream_raise(s->space_fd);
}

int stream_data_fd(const struct stream *s)
{
  return s->data_fd;
}

bool stream_prepare_wait(struct stream *s, enum stream_wake wake)
{
  const size_t wake_at = wake == STREAM_WAKE_FIRST ? 1 : (s->mask + 1) / 4;
  /* The consumer writes, the reader reads; before the look at tail, in the single order: see wake_at. */
  atomic_store_explicit(&s->wake_at, wake_at, memory_order_seq_cst);
  /* The reader writes, the consumer reads. Sequentially consistent for the same reason. */
  size_t tail = atomic_load_explicit(&s->tail, memory_order_seq_cst);
  /* An end that comes after this look writes to the descriptor, so no order is needed between the two. */
  return tail - atomic_load_explicit(&s->head, memory_order_relaxed) < wake_at && !has_ended(s);
}

void stream_finish_wait(struct stream *s)
{
  /* The consumer writes, the reader reads. Relaxed: who still reads the announcement wakes us in vain. */
  atomic_store_explicit(&s->wake_at, STREAM_AWAKE, memory_order_relaxed);
  /*
   * Always, and not only after a wake: a reader that took the announcement may write to the descriptor later than this,
   * which cuts the next sleep short, but must not cut short all to come. An end that is cleared here was stored before
   * the descriptor was written to, and stream_prepare_wait sees it.
   */
  stream_lower(s->data_fd);
}

void stream_wait(struct stream *s, int extra_fd, int timeout_ms)
{
  if (stream_prepare_wait(s, STREAM_WAKE_FIRST)) {
    struct pollfd wait[] = {{.fd = s->data_fd, .events = POLLIN}, {.fd = extra_fd, .events = POLLIN}};
    poll(wait, 2, timeout_ms);
  }
  stream_finish_wait(s);
}
