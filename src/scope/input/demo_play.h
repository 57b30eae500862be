/* The signals of --demo as an input: rows handed over as time goes by. Reader thread. */
#ifndef SCOPE_DEMO_PLAY_H
#define SCOPE_DEMO_PLAY_H

#include <stdint.h>

#include "scope/input/handover.h"

/*
 * rows 0: in real time from start_ns of the monotonic clock on, until a stop; else that many at once. The base must be
 * TIME_RATE at DEMO_RATE_HZ.
 */
void demo_play(struct handover *handover, uint64_t rows, int64_t start_ns);

#endif
