/*
 * What the state line says of the input: rows a second, measured over a second; at the end, how many rows there were.
 * Main thread; moments are arguments.
 */
#ifndef SCOPE_RATE_H
#define SCOPE_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/stream/stream.h"
#include "scope/view/scene.h"

struct rate {
  uint64_t rows; /* at since_ns */
  int64_t since_ns, start_ns;
  int percent;                   /* how much of a file that is; the caller's to set, -1 for nothing */
  char text[SCENE_TEXT_MAX];     /* "12.3k/s", "1.00M/s, 42 %", or at the end "95 rows" */
  char rejected[SCENE_TEXT_MAX]; /* "3 rejected", or "" */
};

/* The input begins at this moment. */
void rate_init(struct rate *r, int64_t now_ns);

/* Brings the texts up to date with what the reader has done so far. Per cent are shown once reading takes its time. */
void rate_update(struct rate *r, const struct stream_counts *counts, bool ended, int64_t now_ns);

#endif
