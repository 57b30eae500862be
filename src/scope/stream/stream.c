#include "scope/stream/stream.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "scope/stream/generations.h"
#include "scope/stream/mailbox.h"

enum { CACHE_LINE = 64 };
static const int64_t NOTHING_COMING = INT64_MAX; /* not_before: no sample is on its way */
static const size_t AWAKE = SIZE_MAX;            /* wake_at: the consumer does not sleep */

/* A struct stream_counts that two threads may use, each count by itself. */
struct counts {
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
  _Alignas(CACHE_LINE) _Atomic size_t tail;
  _Alignas(CACHE_LINE) _Atomic size_t head;

  /*
   * Sleep announcements. Each side announces its sleep, then looks at the ring once more; the other side changes the
   * ring, then looks at the announcement. One of the two must see what the other wrote, or the sleeper would sleep on
   * beside a ring that needs it. Only operations in one single order promise that: all four are sequentially
   * consistent.
   * Who wakes the other takes the announcement away, so that a sleep costs one write to its descriptor.
   */
  _Alignas(CACHE_LINE) _Atomic size_t wake_at; /* the consumer sleeps until so many blocks are published; or AWAKE */
  atomic_bool reader_sleeps;                   /* until half of the ring is free */

  _Atomic int64_t not_before; /* the reader's statement: see stream_arrival_begin and stream_settled_until */

  /* The reader's last words, and the consumer's only one. */
  atomic_bool ended, failed, acknowledged, stop;

  struct generations generations;

  /* Read-outs, written by the reader after the ring, read by the consumer. */
  _Atomic double latest[CHANNELS_MAX];
  struct counts counts, before; /* before: as they were when the generation began */
  struct mailbox refusal, hint;

  /* The reader's own: blocks [tail, reserved) are open; open[c] is the open block of channel c, or none. */
  _Alignas(CACHE_LINE) size_t reserved;
  struct stream_block *open[CHANNELS_MAX];
  double newest[CHANNELS_MAX];
  bool touched[CHANNELS_MAX];
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
  int *const fds[] = {&s->data_fd, &s->space_fd, &s->stop_fd, &s->ask_fd, &s->acknowledged_fd};
  const size_t n = sizeof fds / sizeof *fds;
  for (size_t i = 0; i < n; i++)
    *fds[i] = -1;
  s->mask = blocks - 1;
  atomic_init(&s->not_before, INT64_MIN);
  atomic_init(&s->wake_at, AWAKE);
  generations_init(&s->generations);
  mailbox_init(&s->refusal);
  mailbox_init(&s->hint);
  s->block = calloc(blocks, sizeof *s->block);
  if (!s->block)
    goto out;
  for (size_t i = 0; i < n; i++)
    if ((*fds[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
      goto out;
  return s;

out:;
  const int error = errno;
  for (size_t i = 0; i < n; i++)
    if (*fds[i] >= 0)
      close(*fds[i]);
  free(s->block);
  free(s);
  errno = error;
  return NULL;
}

/* ---- The reader's side ---- */

int stream_channel_add(struct stream *s, const char *name)
{
  return generations_add(&s->generations, name);
}

void stream_channel_set_unit(struct stream *s, size_t channel, const char *unit)
{
  generations_set_unit(&s->generations, channel, unit);
}

void stream_refused(struct stream *s, const char *text)
{
  mailbox_put(&s->refusal, generations_now(&s->generations), text);
}

void stream_hint(struct stream *s, const char *text)
{
  mailbox_put(&s->hint, generations_now(&s->generations), text);
}

/* Wakes the consumer if it sleeps and enough is there. */
static void wake_consumer(struct stream *s, size_t tail)
{
  /* The consumer writes, the reader reads; after tail was written, in the single order: see wake_at. */
  size_t wake_at = atomic_load_explicit(&s->wake_at, memory_order_seq_cst);
  if (wake_at == AWAKE)
    return;
  /* The consumer writes head, the reader reads it. Relaxed: an old one only makes it wake early. */
  if (tail - atomic_load_explicit(&s->head, memory_order_relaxed) < wake_at)
    return;
  /* Where that fails, the consumer took it away or announces another sleep, and looks at the ring itself. */
  if (atomic_compare_exchange_strong(&s->wake_at, &wake_at, AWAKE))
    raise_event(s->data_fd);
}

/* Publishes the open blocks. Half-filled ones go too: the next sample of their channel opens a new one. */
static void publish_blocks(struct stream *s)
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
  publish_blocks(s);
  for (;;) {
    /* The reader writes, the consumer reads; before the look at head, in the single order: see wake_at. */
    atomic_store_explicit(&s->reader_sleeps, true, memory_order_seq_cst);
    if (!ring_full(s, memory_order_seq_cst))
      break;
    struct pollfd wait = {.fd = s->space_fd, .events = POLLIN};
    poll(&wait, 1, -1);
    clear_event(s->space_fd);
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

/* The times of the n samples behind those that the block has. */
static void set_even_times(struct stream_block *block, int64_t first, int64_t step, size_t n)
{
  if (block->count == 0) {
    block->even = true;
    block->first = first;
    block->step = step;
    return;
  }
  if (block->even && step == block->step && first == stream_block_time(block, block->count))
    return;
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

/* The reader writes read-outs, the consumer reads them. Relaxed: each stands for itself and carries nothing else. */
static void store_counts(struct counts *to, const struct stream_counts *counts)
{
  atomic_store_explicit(&to->lines, counts->lines, memory_order_relaxed);
  atomic_store_explicit(&to->rows, counts->rows, memory_order_relaxed);
  atomic_store_explicit(&to->samples, counts->samples, memory_order_relaxed);
  atomic_store_explicit(&to->rejected, counts->rejected, memory_order_relaxed);
  atomic_store_explicit(&to->numbers, counts->numbers, memory_order_relaxed);
  atomic_store_explicit(&to->fast, counts->fast, memory_order_relaxed);
}

static void load_counts(const struct counts *from, struct stream_counts *out)
{
  out->lines = atomic_load_explicit(&from->lines, memory_order_relaxed);
  out->rows = atomic_load_explicit(&from->rows, memory_order_relaxed);
  out->samples = atomic_load_explicit(&from->samples, memory_order_relaxed);
  out->rejected = atomic_load_explicit(&from->rejected, memory_order_relaxed);
  out->numbers = atomic_load_explicit(&from->numbers, memory_order_relaxed);
  out->fast = atomic_load_explicit(&from->fast, memory_order_relaxed);
}

void stream_publish(struct stream *s, const struct stream_counts *counts)
{
  publish_blocks(s);
  /* The reader writes read-outs, the consumer reads them. Relaxed: each stands for itself and carries nothing else. */
  for (size_t c = 0; c < CHANNELS_MAX; c++) {
    if (s->touched[c])
      atomic_store_explicit(&s->latest[c], s->newest[c], memory_order_relaxed);
    s->touched[c] = false;
  }
  store_counts(&s->counts, counts);
}

bool stream_clear_asked(struct stream *s)
{
  return generations_asked(&s->generations);
}

void stream_begin_generation(struct stream *s, const struct stream_counts *counts, int64_t next_time)
{
  publish_blocks(s); /* or what comes would be added to a block of the old generation */
  /* The reader writes read-outs, the consumer reads them; relaxed as in stream_publish, carried by what follows. */
  for (size_t c = 0; c < CHANNELS_MAX; c++)
    atomic_store_explicit(&s->latest[c], (double)NAN, memory_order_relaxed);
  store_counts(&s->counts, counts);
  store_counts(&s->before, counts);
  if (next_time != INT64_MIN)
    stream_state_next(s, next_time);
  generations_begin(&s->generations);
}

int64_t stream_arrival_begin(struct stream *s, int64_t (*clock)(void *), void *context)
{
  /*
   * The reader writes, the consumer reads. First the announcement, then the look at the clock that counts: a consumer
   * that does not see the announcement has looked before it was made, and at its own clock before that, so its time is
   * not later than ours. For "before" to mean the same to both, the store and the consumer's load are in the single
   * order, and the fence keeps the clock from being read before the store.
   */
  atomic_store_explicit(&s->not_before, clock(context), memory_order_seq_cst);
  atomic_thread_fence(memory_order_seq_cst);
  return clock(context);
}

void stream_arrival_end(struct stream *s)
{
  stream_state_next(s, NOTHING_COMING);
}

void stream_state_next(struct stream *s, int64_t time)
{
  /* The reader writes, the consumer reads. Release: who sees the statement sees the tail published before it. */
  atomic_store_explicit(&s->not_before, time, memory_order_release);
}

void stream_end(struct stream *s, bool failed)
{
  /* The reader writes, the consumer reads. Relaxed: it goes with the store of `ended`. */
  atomic_store_explicit(&s->failed, failed, memory_order_relaxed);
  /*
   * The reader writes, the consumer reads. Release: who sees it sees the last tail. No look at wake_at follows, the
   * descriptor is written to in any case; so nothing stronger is needed.
   */
  atomic_store_explicit(&s->ended, true, memory_order_release);
  raise_event(s->data_fd);
}

int stream_stop_fd(const struct stream *s)
{
  return s->stop_fd;
}

int stream_ask_fd(const struct stream *s)
{
  return s->ask_fd;
}

void stream_take_notice(struct stream *s)
{
  clear_event(s->ask_fd);
}

bool stream_stop_asked(const struct stream *s)
{
  /* Any thread writes, the reader reads. Relaxed: it carries no data. */
  return atomic_load_explicit(&s->stop, memory_order_relaxed);
}

void stream_acknowledge(struct stream *s)
{
  /* The reader writes, the consumer reads. Release: whatever the reader did came before. */
  atomic_store_explicit(&s->acknowledged, true, memory_order_release);
  raise_event(s->acknowledged_fd);
}

/* ---- The consumer's side ---- */

size_t stream_channels(const struct stream *s)
{
  return generations_channels(&s->generations);
}

const char *stream_channel_name(const struct stream *s, size_t channel)
{
  return s->generations.name[channel];
}

const char *stream_channel_unit(const struct stream *s, size_t channel)
{
  return generations_unit(&s->generations, channel);
}

static const char *look_for(struct stream *s, struct mailbox *box)
{
  const struct mail *mail = mailbox_look(box);
  return mail->generation == generations_wanted(&s->generations) ? mail->text : "";
}

const char *stream_last_refusal(struct stream *s)
{
  return look_for(s, &s->refusal);
}

const char *stream_last_hint(struct stream *s)
{
  return look_for(s, &s->hint);
}

double stream_latest(const struct stream *s, size_t channel)
{
  return atomic_load_explicit(&s->latest[channel], memory_order_relaxed); /* as stream_publish wrote it */
}

void stream_counts(const struct stream *s, struct stream_counts *out)
{
  load_counts(&s->counts, out);
}

void stream_counts_since_clear(const struct stream *s, struct stream_counts *out)
{
  struct stream_counts before;
  *out = (struct stream_counts){.lines = 0};
  if (!generations_current(&s->generations)) /* after it, `before` stands until somebody asks again */
    return;
  load_counts(&s->before, &before);
  load_counts(&s->counts, out);
  out->lines -= before.lines;
  out->rows -= before.rows;
  out->samples -= before.samples;
  out->rejected -= before.rejected;
  out->numbers -= before.numbers;
  out->fast -= before.fast;
}

void stream_ask_clear(struct stream *s)
{
  generations_ask(&s->generations);
  raise_event(s->ask_fd);
}

uint32_t stream_generation(const struct stream *s)
{
  return generations_wanted(&s->generations);
}

bool stream_generation_began(const struct stream *s)
{
  return generations_current(&s->generations);
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

const struct stream_block *stream_peek(const struct stream *s)
{
  size_t head = atomic_load_explicit(&s->head, memory_order_relaxed); /* only this thread writes it */
  /* The reader writes, the consumer reads. Acquire: the blocks before the tail are there. */
  if (head == atomic_load_explicit(&s->tail, memory_order_acquire))
    return NULL;
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
  raise_event(s->space_fd);
}

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
  atomic_store_explicit(&s->wake_at, AWAKE, memory_order_relaxed);
  /*
   * Always, and not only after a wake: a reader that took the announcement may write to the descriptor later than this,
   * which cuts the next sleep short, but must not cut short all to come. An end that is cleared here was stored before
   * the descriptor was written to, and stream_prepare_wait sees it.
   */
  clear_event(s->data_fd);
}

void stream_wait(struct stream *s, int extra_fd, int timeout_ms)
{
  if (stream_prepare_wait(s, STREAM_WAKE_FIRST)) {
    struct pollfd wait[] = {{.fd = s->data_fd, .events = POLLIN}, {.fd = extra_fd, .events = POLLIN}};
    poll(wait, 2, timeout_ms);
  }
  stream_finish_wait(s);
}

void stream_ask_stop(struct stream *s)
{
  /* Any thread writes, the reader reads. Relaxed: it carries no data. */
  atomic_store_explicit(&s->stop, true, memory_order_relaxed);
  raise_event(s->stop_fd);
  raise_event(s->ask_fd);
}

bool stream_acknowledged(const struct stream *s)
{
  /* The reader writes, the consumer reads. Acquire: all that the reader did came before. */
  return atomic_load_explicit(&s->acknowledged, memory_order_acquire);
}

int stream_acknowledged_fd(const struct stream *s)
{
  return s->acknowledged_fd;
}
