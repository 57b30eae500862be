/*
 * The table of what is read out at the cursors and between them, under the plots: a line with both times, then a row a
 * channel where all numbers fit beside each other; else a row a number, in as many blocks as there is room for; else the
 * rows and the numbers that matter most. Channels that are switched off are left out. Main thread.
 */
#ifndef SCOPE_CURSOR_TABLE_H
#define SCOPE_CURSOR_TABLE_H

#include <stdbool.h>

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/legend.h"
#include "scope/paint/look.h"
#include "scope/view/read_outs.h"
#include "scope/view/scene.h"

enum { CURSOR_TIMES_MAX = 4 * FIGURE_TEXT_MAX };

/* A channel's numbers as text; written anew only when one changes, as that takes longer than all the rest. */
struct cursor_row {
  bool written;
  uint64_t version; /* of what was written, and how */
  struct figure_format format;
  int width[READ_OUTS]; /* pixels */
  char text[READ_OUTS][FIGURE_TEXT_MAX];
};

/* What else there is to be seen. Zeroed at first; compared as bytes. */
struct cursor_texts {
  uint64_t version;                /* of the rows: it grows with each that is written */
  int channels;                    /* that are switched on */
  int channel[CHANNELS_MAX];       /* their numbers */
  int active;                      /* cursor */
  char times[4][CURSOR_TIMES_MAX]; /* of the first, of the second, from one to the other, one by that */
};

/* Where everything stands, in pixels. */
struct cursor_plan {
  int lines; /* 0: there is no table */
  int line;
  bool upright;            /* a row a number */
  int rows;                /* of channels, or of numbers in a block */
  int blocks, block_width; /* upright */
  int name_width;          /* upright: of the numbers' names */
  int number_width;        /* upright */
  int columns;             /* numbers that are shown */
  enum read_out column[READ_OUTS];
};

struct cursor_table {
  struct cursor_row row[CHANNELS_MAX]; /* by channel */
  struct cursor_texts now, before;     /* what is to be on the canvas, and what is */
  int width[READ_OUTS];                /* of the widest text of each, pixels */
  struct cursor_plan plan;
  bool painted;
};

/* Writes the texts and plans the table of a scene, if it has one, for a width and at most a height. */
void cursor_table_plan(struct cursor_table *t, const struct look *look, const struct legend_numbers *numbers,
                       const struct scene *scene, int width, int height);

bool cursor_plan_equal(const struct cursor_plan *a, const struct cursor_plan *b);

/* Height of it; 0: there is none. */
int cursor_table_pixels(const struct cursor_table *t, const struct look *look);

/* The canvas lost it. */
void cursor_table_forget(struct cursor_table *t);

/* Paints it at a place of that height, if anything changed. */
void cursor_table_draw(struct cursor_table *t, const struct look *look, const struct scene *scene, struct canvas *c,
                       struct rect place, struct damage *damage);

#endif
