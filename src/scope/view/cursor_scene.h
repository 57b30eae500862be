/* The two cursors as they are to be seen, with all that is read out at them and between. Main thread. */
#ifndef SCOPE_CURSOR_SCENE_H
#define SCOPE_CURSOR_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/stream/limits.h"
#include "scope/view/columns.h"
#include "scope/view/measure.h"

enum { CURSOR_TYPED_MAX = 24 };

struct cursors_scene {
  bool on; /* else the rest means nothing */
  int active;
  int64_t time[2];              /* ticks; of the first and the second, whichever is the earlier */
  int column[2];                /* from the left edge of the plot; -1 left of it, or its columns: right of it */
  char typed[CURSOR_TYPED_MAX]; /* of the distance that is being typed; the window's part */
  bool typing;                  /* likewise */
  bool dragged;                 /* likewise: what takes long waits until it is let go */
  struct cursor_channel {
    double value[2];        /* of the trace at each; NaN: none */
    struct measure between; /* that of the two, both ends included */
    bool measured;          /* else none of it holds */
    uint64_t version;       /* another one whenever any of it is */
    bool final;             /* nothing that comes will change it */
    uint64_t items;         /* of the channel when it was measured */
    int64_t time[2];        /* of the cursors then */
  } channel[CHANNELS_MAX];
};

struct view;

/* Where they are. */
void cursor_scene_outline(struct cursors_scene *cursors, const struct view *view);

/* What is measured. */
struct cursor_source {
  const struct history *history;
  const struct view *view;
  enum column_style style;
  int64_t unit; /* ticks in what the time axis counts */
  int channels; /* the first ones */
};

/*
 * Measures what changed: the cursors, or what lies between them and may still grow; the latter only with `numbers`. What
 * was measured stays as exact as it was when its samples are made coarser. For cursors with an outline.
 */
void cursor_scene_measure(struct cursors_scene *cursors, const struct cursor_source *from, bool numbers);

#endif
