/*
 * The table under the plot: for each channel its colour, name, last, min, max and mean, in as many blocks side by side
 * as fit. Main thread.
 */
#ifndef SCOPE_LEGEND_H
#define SCOPE_LEGEND_H

#include "scope/paint/canvas.h"
#include "scope/paint/label.h"
#include "scope/paint/text.h"
#include "scope/paint/theme.h"

struct scene;

enum { LEGEND_CHANNELS = 64, LEGEND_NUMBERS = 4 };

struct legend {
  double scale;
  int channels; /* shown */
  int left_out; /* for want of room */
  int blocks;   /* side by side */
  int rows;     /* without the head line */
  int numbers;  /* columns of numbers in a block, 1..4 */
  int block_width, name_width, number_width, line;
  int widest_number; /* drawn so far; 0 at first */
  struct label head[LEGEND_CHANNELS][LEGEND_NUMBERS];
  struct label name[LEGEND_CHANNELS];
  struct label number[LEGEND_CHANNELS][LEGEND_NUMBERS];
  struct label more;
};

/* Plans the table of a scene's channels, if it has one, for a width and at most a height in pixels. */
void legend_plan(struct legend *l, struct text *t, const struct scene *scene, int width, int height, double scale);

/* Height of the planned table; 0 when there is none. */
int legend_pixels(const struct legend *l);

void legend_forget(struct legend *l);

/* Paints what changed, with the top left corner at x, y. */
void legend_draw(struct legend *l, struct text *t, struct canvas *c, int x, int y, const struct scene *scene,
                 const struct theme *theme, struct damage *damage);

#endif
