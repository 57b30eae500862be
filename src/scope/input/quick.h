/*
 * Rows of plain numbers that look like the one before, read where they lie: as fast as digits can be summed up.
 *
 * Which row may be followed so is decided in one place, quick_learn; a matcher of compiled templates belongs there too.
 */
#ifndef SCOPE_QUICK_H
#define SCOPE_QUICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/lines.h"
#include "scope/input/reading.h"

enum {
  QUICK_SLOTS = 32,
  QUICK_LITERAL = 2048, /* bytes of a labelled row beside its numbers */
};

struct quick {
  size_t slots; /* numbers of a row of labels or an object that may be followed by rows of its shape; 0: none */
  uint16_t literal_start[QUICK_SLOTS + 2]; /* what stands before each number, and behind the last */
  uint8_t slot_channel[QUICK_SLOTS];
  char literal[QUICK_LITERAL];
  size_t cells; /* of the rows that may be read so; 0: none */
  char separator;
  bool groups_said; /* a row of groups of three need not be told apart any more */
  bool headed;
  int8_t channel[CHANNELS_MAX]; /* of each cell; -1: not plotted */
};

/*
 * After a row was accepted by the ordinary road: may the rows to come be read by this one while they have its shape?
 * Only where nothing of a row like it can change what the reader knows: plain numbers, each in the column of a channel
 * that has begun and has no unit, or in one that is left out; no key, no time column, no `word:` in front.
 */
void quick_learn(struct quick *q, const struct reading *r, const struct look *look);

/*
 * The same for a row whose values bring their names: every byte beside its plain numbers must come again. Units are among
 * those bytes, so only rows qualify whose units need no scaling.
 */
void quick_learn_named(struct quick *q, const struct reading *r, const struct look *look, const char *text,
                       size_t length, const struct parser_event *event);
void quick_forget(struct quick *q);

/* The next row, whole before lines->complete, into the event; false when the ordinary road has to look at it. */
bool quick_row(const struct quick *q, struct lines *lines, struct parser_event *event, uint32_t *slow);

/* Rows of one number each: how many were taken, at most max. */
size_t quick_column(const struct quick *q, struct lines *lines, double *values, size_t max, uint64_t *slow);

#endif
