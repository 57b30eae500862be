/* What all parts of a screen are painted with: colours, fonts, and how large a pixel is meant to be. Main thread. */
#ifndef SCOPE_LOOK_H
#define SCOPE_LOOK_H

#include "scope/paint/text.h"
#include "scope/paint/theme.h"

/* Distances in pixels of a 96 dpi display: for look_pixels. */
enum {
  LOOK_PAD = 12, /* from the edge of the window */
  LOOK_GAP = 6,  /* between things that belong together */
  LOOK_STEP = 8, /* widths that follow a text grow in steps, lest they change with each digit */
};

struct look {
  const struct theme *theme;
  struct text *text;
  double scale; /* pixels to a pixel of a 96 dpi display */
};

int look_pixels(const struct look *look, double pixels);

/* Height of a line of ordinary text. */
int look_line(const struct look *look);

#endif
