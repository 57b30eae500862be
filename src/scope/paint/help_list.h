/*
 * The list of keys as pixels: a table in one or more columns, or running text where a table has no room. Main thread.
 */
#ifndef SCOPE_HELP_LIST_H
#define SCOPE_HELP_LIST_H

#include <stdbool.h>

#include "scope/paint/canvas.h"
#include "scope/paint/look.h"
#include "scope/view/scene.h"

enum { HELP_LIST_SIZES = 4 };

/* Letters in sizes from large to small, of which the largest is taken that fits. Zeroed at first. */
struct help_letters {
  struct text *text[HELP_LIST_SIZES]; /* owned; NULL until they are needed */
};

void help_letters_destroy(struct help_letters *l);

/* How the list is laid out on a canvas. */
struct help_list {
  const struct scene_help *help;
  struct text *text; /* NULL: there were no fonts, nothing is drawn */
  int count;         /* entries that are shown */
  bool whole;        /* these are all; otherwise running text says where the others are */
  int columns, rows; /* of a table; columns 0: running text, in so many lines */
  int keys, whats;   /* pixels: the widest of each */
  int line, pad;     /* pixels: from line to line; around and between */
  int width, height; /* pixels, with the pad around */
};

/* Lays out a list, not larger than the canvas. Where a table is too large, all can still be read as running text. */
void help_list_plan(struct help_list *p, struct help_letters *letters, const struct look *look, const struct canvas *c,
                    const struct scene_help *help);

/* Draws it into a rectangle of its size. */
void help_list_draw(const struct help_list *p, const struct look *look, struct canvas *c, struct rect r);

#endif
