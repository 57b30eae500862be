/* What the layout of the picture tells the view: how many pixels there are for it. Plain data. */
#ifndef SCOPE_SCENE_SIZE_H
#define SCOPE_SCENE_SIZE_H

#include "scope/stream/limits.h"

enum { SCENE_PANES_MAX = CHANNELS_MAX };

/* How many pixels the layout leaves for the plot. */
struct scene_size {
  int columns;
  int rows[SCENE_PANES_MAX];
  int ticks[SCENE_PANES_MAX]; /* that a value axis has at most, of VALUE_TICKS_LEAST and more; 0: that many */
};

#endif
