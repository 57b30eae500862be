/* What all parts of a screen are painted with: colours, fonts, and how large a pixel is meant to be. Main thread. */
#ifndef SCOPE_LOOK_H
#define SCOPE_LOOK_H

#include "scope/paint/text.h"
#include "scope/paint/theme.h"

/* Distances in pixels of a 96 dpi display: for look_pixels. */
enum {
  LOOK_STEP = 8, /* widths that follow a text grow in steps, lest they change with each digit */
};

struct look {
  const struct theme *theme;
  struct text *text;
  double scale; /* pixels to a pixel of a 96 dpi display */
  int pad;      /* pixels from the edge of the window; small windows have none to give away */
  int gap;      /* pixels between things that belong together */
};

/* Sets pad and gap for a window of this size. */
void look_fit(struct look *look, int width, int height);

int look_pixels(const struct look *look, double pixels);

/* Height of a line of ordinary text. */
int look_line(const struct look *look);

#endif
