/*
 * The table under the plot: for each channel its line, name, last, min, max and mean, in as many blocks side by side as
 * fit. Where there are many channels, names are cut and numbers left out before channels are; what has no place even then
 * is there to be scrolled to. Main thread.
 *
 * Three things that have different lives: the numbers as text (they depend on the scene alone), the plan (where
 * everything stands; a pure function of the scene and the room), and the labels (what is on the canvas, kept for the
 * sake of damage alone).
 */
#ifndef SCOPE_LEGEND_H
#define SCOPE_LEGEND_H

#include <stdbool.h>

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/label.h"
#include "scope/paint/look.h"
#include "scope/view/scene.h"
#include "scope/view/unit_text.h"

enum { LEGEND_NUMBERS = 4 };

/* A channel's numbers as text; written anew only when a number changes, as that takes longer than all the rest. */
struct legend_numbers {
  double value[LEGEND_NUMBERS];
  char text[LEGEND_NUMBERS][FIGURE_TEXT_MAX]; /* empty: not written yet */
  char unit[UNIT_TEXT_MAX];                   /* with the prefix that the texts then lack; "" for none */
  char given[UNIT_TEXT_MAX];                  /* that unit, for which they were written */
  int width;                                  /* of the widest of them, pixels */
  int exponent;                               /* of the axis, for which they were written */
  struct figure_form form;                    /* of the samples, likewise */
  struct figure_format format;
};

/* Brings numbers[0 .. scene->channels) up to the scene. They are zeroed at first, and belong to one look. */
void legend_write_numbers(struct legend_numbers *numbers, const struct look *look, const struct scene *scene);

/* Where everything stands, in pixels. */
struct legend_plan {
  int channels; /* of the scene */
  int blocks;   /* side by side */
  int all_rows; /* in a block, seen or not */
  int rows;     /* seen, without the head line; 0: there is no table */
  int first;    /* the first row that is seen */
  bool more;    /* there is a line that says how many are out of sight */
  int cursor;   /* the channel that is marked; -1: none */
  int numbers;  /* columns of numbers in a block, 0..4 */
  int block_width, name_width, number_width, line;
};

/* Plans the table of a scene's channels, if it has one, for a width and lines of at most a height, in pixels. Pure. */
void legend_plan(struct legend_plan *plan, const struct look *look, const struct legend_numbers *numbers,
                 const struct scene *scene, int width, int height);

/* The plan of no table. */
void legend_plan_nothing(struct legend_plan *plan);

bool legend_plan_equal(const struct legend_plan *a, const struct legend_plan *b);

/* Height of the table; 0 when there is none. */
int legend_pixels(const struct legend_plan *plan, const struct look *look);

/* Channels that are out of sight. */
int legend_left_out(const struct legend_plan *plan);

/* The channel at a place relative to the table's top left corner, or -1. */
int legend_pick(const struct legend_plan *plan, int x, int y);

/* What is on the canvas. Zeroed at first. */
struct legend {
  struct label head[CHANNELS_MAX][LEGEND_NUMBERS]; /* per block */
  struct label name[CHANNELS_MAX];
  struct label number[CHANNELS_MAX][LEGEND_NUMBERS];
  struct label more;
};

/* The canvas lost it, or the plan is another one. */
void legend_forget(struct legend *l);

/* Paints what changed, with the top left corner at x, y. */
void legend_draw(struct legend *l, const struct legend_plan *plan, const struct look *look,
                 const struct legend_numbers *numbers, const struct scene *scene, struct canvas *c, int x, int y,
                 struct damage *damage);

#endif
