/*
 * What is held back, and how it is settled: separator, headers, preamble (doc/reading.md).
 */
#ifndef SCOPE_DECIDE_H
#define SCOPE_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/held.h"
#include "scope/input/reading.h"

/* What a plan came to. */
struct plan {
  bool any;     /* there is a row of data */
  bool settled; /* more lines would change nothing */
};

/* A first row of nothing but plain numbers settles the separator at once. False when the row is none. */
bool decide_at_once(struct reading *r, const char *text, size_t length);

/* Settles what is held at the start of a stream. last: nothing more is to come for now. */
struct plan decide_opening(struct reading *r, struct held *h, bool last);

/* Settles rows held back later on: the last one is a row of data, those before may be its header. */
struct plan decide_running(struct reading *r, struct held *h);

/* The separator that would make a row of the stream out of one that is none now; false when there is none. */
bool decide_other_separator(struct reading *r, const char *text, size_t length, char *separator, uint32_t *cells);

#endif
