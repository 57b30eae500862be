#include "scope/stream/generations.h"

#include <stdio.h>
#include <string.h>

enum { COUNT_BITS = 32 };

static uint32_t generation_of(uint64_t begun)
{
  return (uint32_t)(begun >> COUNT_BITS);
}

static size_t count_of(uint64_t begun)
{
  return (size_t)(begun & UINT32_MAX);
}

void generations_init(struct generations *g)
{
  memset(g, 0, sizeof *g);
}

/* ---- The reader's side ---- */

uint32_t generations_now(const struct generations *g)
{
  return generation_of(atomic_load_explicit(&g->begun, memory_order_relaxed)); /* only this thread writes it */
}

bool generations_asked(const struct generations *g)
{
  /* The consumer writes, the reader reads. Relaxed: it is only a hint, generations_begin looks again. */
  return atomic_load_explicit(&g->asked, memory_order_relaxed) != generations_now(g);
}

void generations_begin(struct generations *g)
{
  /*
   * The consumer writes, the reader reads. Acquire: the consumer's last looks at the names and units came before it
   * asked, so they may be written over from here on.
   */
  const uint64_t asked = atomic_load_explicit(&g->asked, memory_order_acquire);
  /* The reader writes, the consumer reads. Relaxed: the store of `begun` below carries them. */
  for (size_t c = 0; c < CHANNELS_MAX; c++)
    atomic_store_explicit(&g->has_unit[c], false, memory_order_relaxed);
  /*
   * The reader writes, the consumer reads. Release: who sees the generation sees what the reader stated and counted
   * when it began.
   */
  atomic_store_explicit(&g->begun, asked << COUNT_BITS, memory_order_release);
}

int generations_add(struct generations *g, const char *name)
{
  const uint64_t begun = atomic_load_explicit(&g->begun, memory_order_relaxed); /* only this thread writes it */
  const size_t n = count_of(begun);
  if (n == CHANNELS_MAX)
    return -1;
  snprintf(g->name[n], sizeof g->name[n], "%s", name);
  /* The reader writes, the consumer reads. Release: who sees the count sees the name written before it. */
  atomic_store_explicit(&g->begun, begun + 1, memory_order_release);
  return (int)n;
}

void generations_set_unit(struct generations *g, size_t channel, const char *unit)
{
  if (atomic_load_explicit(&g->has_unit[channel], memory_order_relaxed)) /* only this thread writes it */
    return;
  snprintf(g->unit[channel], sizeof g->unit[channel], "%s", unit);
  /* The reader writes, the consumer reads. Release: who sees it sees the unit written before it. */
  atomic_store_explicit(&g->has_unit[channel], true, memory_order_release);
}

/* ---- The consumer's side ---- */

void generations_ask(struct generations *g)
{
  /*
   * The consumer writes, the reader reads. Release: our looks at names and units of the generation that goes came
   * before. Only the consumer writes it, so that reading it first needs no order.
   */
  atomic_store_explicit(&g->asked, generations_wanted(g) + 1, memory_order_release);
}

uint32_t generations_wanted(const struct generations *g)
{
  return atomic_load_explicit(&g->asked, memory_order_relaxed); /* only this thread writes it */
}

bool generations_current(const struct generations *g)
{
  /* The reader writes, the consumer reads. Acquire: what the reader stated and counted at its beginning is there. */
  return generation_of(atomic_load_explicit(&g->begun, memory_order_acquire)) == generations_wanted(g);
}

size_t generations_channels(const struct generations *g)
{
  /* The reader writes, the consumer reads. Acquire: the names below the count are there. */
  const uint64_t begun = atomic_load_explicit(&g->begun, memory_order_acquire);
  return generation_of(begun) == generations_wanted(g) ? count_of(begun) : 0;
}

const char *generations_unit(const struct generations *g, size_t channel)
{
  if (channel >= generations_channels(g))
    return "";
  /* The reader writes, the consumer reads. Acquire: the unit is there. */
  return atomic_load_explicit(&g->has_unit[channel], memory_order_acquire) ? g->unit[channel] : "";
}
