#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "common/clock.h"
#include "scope/stream/stream_state.h"

struct stream *stream_new(size_t blocks)
{
  struct stream *s = aligned_alloc(STREAM_CACHE_LINE, sizeof *s);
  if (!s)
    return NULL;
  memset(s, 0, sizeof *s);
  int *const fds[] = {&s->data_fd, &s->space_fd, &s->stop_fd, &s->ask_fd, &s->acknowledged_fd};
  const size_t n = sizeof fds / sizeof *fds;
  for (size_t i = 0; i < n; i++)
    *fds[i] = -1;
  s->mask = blocks - 1;
  atomic_init(&s->not_before, INT64_MIN);
  atomic_init(&s->wake_at, STREAM_AWAKE);
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

/* The reader writes read-outs, the consumer reads them. Relaxed: each stands for itself and carries nothing else. */
static void store_counts(struct stream_read_outs *to, const struct stream_counts *counts)
{
  atomic_store_explicit(&to->lines, counts->lines, memory_order_relaxed);
  atomic_store_explicit(&to->rows, counts->rows, memory_order_relaxed);
  atomic_store_explicit(&to->samples, counts->samples, memory_order_relaxed);
  atomic_store_explicit(&to->rejected, counts->rejected, memory_order_relaxed);
  atomic_store_explicit(&to->numbers, counts->numbers, memory_order_relaxed);
  atomic_store_explicit(&to->fast, counts->fast, memory_order_relaxed);
}

static void load_counts(const struct stream_read_outs *from, struct stream_counts *out)
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
  stream_publish_blocks(s);
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
  stream_publish_blocks(s); /* or what comes would be added to a block of the old generation */
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
  stream_state_next(s, STREAM_NOTHING_COMING);
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
  stream_raise(s->data_fd);
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
  stream_lower(s->ask_fd);
}

bool stream_stop_asked(const struct stream *s)
{
  /* Any thread writes, the reader reads. Relaxed: it carries no data. */
  return atomic_load_explicit(&s->stop_ns, memory_order_relaxed) != 0;
}

int64_t stream_stop_asked_ns(const struct stream *s)
{
  const int64_t asked_ns = atomic_load_explicit(&s->stop_ns, memory_order_relaxed); /* as in stream_stop_asked */
  return asked_ns != 0 ? asked_ns : INT64_MAX;
}

void stream_acknowledge(struct stream *s)
{
  /* The reader writes, the consumer reads. Release: whatever the reader did came before. */
  atomic_store_explicit(&s->acknowledged, true, memory_order_release);
  stream_raise(s->acknowledged_fd);
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
  stream_raise(s->ask_fd);
}

uint32_t stream_generation(const struct stream *s)
{
  return generations_wanted(&s->generations);
}

bool stream_generation_began(const struct stream *s)
{
  return generations_current(&s->generations);
}

void stream_ask_stop(struct stream *s)
{
  int64_t never = 0;
  /* Any thread writes, the first one counts, all read. Relaxed: it carries no data. */
  atomic_compare_exchange_strong_explicit(&s->stop_ns, &never, clock_now_ns(), memory_order_relaxed,
                                          memory_order_relaxed);
  stream_raise(s->stop_fd);
  stream_raise(s->ask_fd);
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

/* ---- The clock ---- */

void stream_set_clock(struct stream *s, enum clock_kind kind, int64_t zero_ns)
{
  atomic_store_explicit(&s->clock_zero_ns, zero_ns, memory_order_relaxed);
  atomic_store_explicit(&s->clock, kind, memory_order_release); /* who sees the kind sees the zero */
}

enum clock_kind stream_clock(const struct stream *s, int64_t *zero_ns)
{
  const enum clock_kind kind = (enum clock_kind)atomic_load_explicit(&s->clock, memory_order_acquire);
  *zero_ns = atomic_load_explicit(&s->clock_zero_ns, memory_order_relaxed);
  return kind;
}
