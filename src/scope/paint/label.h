/*
 * Text that stands somewhere on the canvas and is painted anew only when it changes. Main thread.
 */
#ifndef SCOPE_LABEL_H
#define SCOPE_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/text.h"
#include "scope/view/ticks.h"

enum { LABEL_TEXT_MAX = 96 };

/* One line. Zeroed at first. `clip` may be set to keep it within a place; empty means the whole canvas. */
struct label {
  char text[LABEL_TEXT_MAX];
  uint32_t colour;
  int x, y;
  struct rect clip;
  struct rect painted; /* what it covers on the canvas; empty: nothing */
};

/* The canvas lost it: the next label_draw paints it, and has nothing to wipe out. */
void label_forget(struct label *l);

/* Wipes out the old text and paints the new one if anything differs; the background is one colour. */
void label_draw(struct label *l, struct text *t, struct canvas *c, enum text_font font, int x, int y,
                enum text_align align, const char *text, uint32_t colour, uint32_t background, struct damage *damage);

/*
 * The labels of a time axis, which wander together. Each has a number (of its tick) by which it is known from frame to
 * frame, so that the damage is the little way it went.
 */
struct label_row {
  int count, old_count; /* of this frame, and of the one before */
  struct label_row_item {
    int64_t number;
    int x;
    char text[FIGURE_TEXT_MAX];
    struct rect painted;
  } item[TICKS_MAX], old[TICKS_MAX];
};

/* The canvas lost them. */
void label_row_forget(struct label_row *row);

/* A frame is: label_row_begin, label_row_add for each label, label_row_draw. Beyond TICKS_MAX labels are left out. */
void label_row_begin(struct label_row *row);
void label_row_add(struct label_row *row, int64_t number, int x, const char *text);

/* Paints the labels centred at their x, within clip, if any changed. */
void label_row_draw(struct label_row *row, struct text *t, struct canvas *c, int y, struct rect clip, uint32_t colour,
                    uint32_t background, struct damage *damage);

#endif
