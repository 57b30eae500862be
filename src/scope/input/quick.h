/*
 * The quick road: rows that are cut like the one before, read many at a time by a shape (shape.h).
 *
 * Which row may be followed so is decided in one place, quick_learn: only where nothing but the numbers can differ, and
 * no number can change what the reader knows, or has to be said. What a row does change (that a channel has plain numbers)
 * is seen to when rows are taken. In a stream whose rows are never cut alike it is tried ever more rarely: to try costs a
 * sixth of such a row.
 */
#ifndef SCOPE_QUICK_H
#define SCOPE_QUICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/lines.h"
#include "scope/input/reading.h"
#include "scope/input/shape.h"

enum {
  QUICK_ROWS = 256,     /* taken in one call at most */
  QUICK_PATIENCE = 8,   /* shapes in a row by which no row could be read, before there is a pause; it doubles ... */
  QUICK_PAUSE_BITS = 6, /* ... so often, to 63 rows of which no shape is made */
  QUICK_CONSTANT = -1,  /* in place of a value: the channel has the same one in all rows, written so */
};

struct quick {
  size_t channels; /* of the rows that may be read so; 0: none */
  size_t numbers;  /* of each row: the channels without those that have a gap */
  uint8_t channel[CHANNELS_MAX];
  int8_t value[CHANNELS_MAX]; /* which of the shape's values is the channel's, or QUICK_CONSTANT */
  double constant[CHANNELS_MAX];
  unsigned useless;  /* shapes in a row by which no row was read, as many as are counted */
  unsigned waiting;  /* rows of which no shape is made */
  uint64_t not_bare; /* a bit for each of `channel`: all its values were zero so far */
  struct shape shape;
  double left_out[QUICK_ROWS]; /* where values go that are not plotted */
};

/* After a row was accepted by the ordinary road: may the rows to come be read by this one while they are cut alike? */
void quick_learn(struct quick *q, const struct reading *r, const struct look *look, const char *text, size_t length,
                 const struct parser_event *event);
void quick_forget(struct quick *q);

/*
 * The rows that come next, whole before lines->complete and cut alike: value of channel[i] in row k to column[i][k].
 * How many, at most max and QUICK_ROWS.
 */
size_t quick_rows(struct quick *q, struct reading *r, struct lines *lines, double *const *column, size_t max);

#endif
