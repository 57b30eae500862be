/*
 * The channels of a stream, and what becomes of them when it is cleared.
 *
 * A generation is all that came from one clearing to the next, the first one from the start. The consumer asks for the
 * next, and from that moment on everything older is nothing to it; the reader begins it as soon as it gets there. What
 * is on its way in between carries the number of its generation, by which it is told.
 *
 * There is one table of names for all generations. The consumer looks at it only while the generation that it asked for
 * last has begun, and the reader writes the names of a generation only after it was asked for; so a name never changes
 * under somebody's eyes. Whoever borrowed one lets go of it before asking.
 */
#ifndef SCOPE_GENERATIONS_H
#define SCOPE_GENERATIONS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/stream/limits.h"

struct generations {
  _Atomic uint32_t asked; /* the consumer's */
  _Atomic uint64_t begun; /* the reader's: generation in the upper half, its channels in the lower one */
  char name[CHANNELS_MAX][CHANNEL_NAME_MAX];
  char unit[CHANNELS_MAX][CHANNEL_UNIT_MAX];
  atomic_bool has_unit[CHANNELS_MAX]; /* the unit is there, and stays */
};

void generations_init(struct generations *g);

/* ---- The reader's side ---- */

/* The generation that it has begun; and whether another one was asked for. */
uint32_t generations_now(const struct generations *g);
bool generations_asked(const struct generations *g);

/* Begins the one asked for, without channels yet. */
void generations_begin(struct generations *g);

/* The next channel's number, or -1: all are taken. */
int generations_add(struct generations *g, const char *name);

/* The unit of a channel, once in its generation. */
void generations_set_unit(struct generations *g, size_t channel, const char *unit);

/* ---- The consumer's side ---- */

void generations_ask(struct generations *g);

/* The one asked for last, and whether it has begun. */
uint32_t generations_wanted(const struct generations *g);
bool generations_current(const struct generations *g);

/* Channels of the one asked for last. */
size_t generations_channels(const struct generations *g);
const char *generations_unit(const struct generations *g, size_t channel); /* "": none, or not known yet */

#endif
