/*
 * When frames are due: at the moments start + k * period of the monotonic clock. A frame that comes too late is counted
 * and skipped, never caught up in a burst. Pure; the moment is an argument.
 */
#ifndef SCOPE_PACE_H
#define SCOPE_PACE_H

#include <stdint.h>

struct pace {
  int64_t start_ns, period_ns;
  int64_t due_ns; /* the next frame's moment on the grid */
};

void pace_init(struct pace *p, int64_t start_ns, int64_t period_ns);

/* Frames come at another pace from now on. */
void pace_change(struct pace *p, int64_t now_ns, int64_t period_ns);

/* Nothing was to be drawn for a while: the next frame is due at the first moment of the grid that is not past. */
void pace_resume(struct pace *p, int64_t now_ns);

/* A frame was drawn, and it is now_ns: the next one is due. Returns how many moments of the grid have passed meanwhile. */
uint64_t pace_advance(struct pace *p, int64_t now_ns);

#endif
