/*
 * Which stretch of time and which range of values is shown: pure functions of the state, the data's extent and the
 * moment. No SDL, no clock.
 *
 * Times are in ticks of the time base, moments (for the calm of autoscale) in monotonic nanoseconds. Main thread.
 */
#ifndef SCOPE_VIEW_H
#define SCOPE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

/* Widest range of values: beyond it the width of the range would overflow. */
#define VIEW_VALUE_MAX 8e307

struct view {
  /* Set at the start. */
  int64_t window; /* ticks on the time axis; 0: everything */
  int64_t least;  /* ticks that everything is wide at least */
  bool autoscale;

  /* State. */
  bool paused;
  bool fitted;          /* autoscale has seen data */
  bool settled;         /* input has ended: "everything" fits exactly, autoscale has no need to be calm */
  int64_t begin;        /* time of the first thing to show where the window is everything */
  int64_t edge;         /* right end of time, frozen while paused */
  int64_t shrink_since; /* moment since when autoscale finds the range too wide; 0: it is not */

  /* What to draw: columns [first, first + columns), each column_width ticks wide, values low..high. */
  int columns;
  int64_t column_width;
  int64_t first;
  double low, high;
};

/* window in ticks, 0: everything, which is at least `least` ticks wide. */
void view_init(struct view *v, int64_t window, int64_t least, double low, double high, bool autoscale);

/* Width of the plot in pixel columns, >= 1. */
void view_resize(struct view *v, int columns);

/* The past is known up to `edge`, and begins at `begin`. Moves the window unless the view is paused. */
void view_advance(struct view *v, int64_t begin, int64_t edge);

/* Freezes the view, or lets it go on from the newest edge at the next view_advance. */
void view_pause(struct view *v, bool paused);

/*
 * Tells the extent of what is in view (low > high: nothing is); changes low and high if autoscale is on. It grows at
 * once; it shrinks when less than half of the range has been used for three seconds; limits are round numbers. True
 * when the range changed.
 */
bool view_autoscale(struct view *v, double low, double high, int64_t moment_ns);

#endif
