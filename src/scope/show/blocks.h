/*
 * Cells as text with colours, of 24 bits or from the usual 256; only those that differ from what the terminal shows.
 * Appends to bytes that are sent later. Main thread.
 */
#ifndef SCOPE_BLOCKS_H
#define SCOPE_BLOCKS_H

#include <stdbool.h>

#include "scope/paint/cells.h"
#include "scope/show/bytes.h"

/* Zeroed at first. */
struct blocks {
  bool deep;          /* colours of 24 bits */
  struct cells shown; /* what the terminal has; without cells: nothing is known */
};

void blocks_destroy(struct blocks *b);

/* The terminal shows something else: all is to be sent. */
void blocks_forget(struct blocks *b);

/* Brings the terminal from what it shows to these cells, from row `top` of it on. False: no memory. */
bool blocks_show(struct blocks *b, struct bytes *out, const struct cells *c, int top);

/* The cells as lines of text, one after the other from where the cursor is. */
void blocks_print(const struct blocks *b, struct bytes *out, const struct cells *c);

#endif
