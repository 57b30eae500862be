/*
 * One pane: its frame, the value axis with ticks and labels, the grid, the traces. A screen has one or more of them
 * under each other, which share the time axis. Main thread.
 */
#ifndef SCOPE_PANE_H
#define SCOPE_PANE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/damage.h"
#include "scope/paint/look.h"
#include "scope/paint/plot.h"
#include "scope/paint/time_strip.h"
#include "scope/view/scene.h"
#include "scope/view/ticks.h"

struct pane {
  struct plot plot;
  struct value_axis axis; /* as laid out: its rows are those of the plot */
  struct value_ticks ticks;

  /* What the plot shows. */
  uint64_t channels, shown; /* bit per channel: of the pane, of those those that are switched on */
  bool grid, dots;
};

void pane_init(struct pane *p);
void pane_destroy(struct pane *p);

/* What stands at the axis besides the figures. Never NULL. */
struct pane_texts {
  const char *unit;
  const char *title;     /* instead of the figures, where there is no room for these; "" for none */
  uint32_t title_colour; /* of that */
  int above_below;       /* pixels that labels at the ends may reach beyond the plot */
};

/* How many labels a value axis of so many rows has room for, at least VALUE_TICKS_LEAST. */
int pane_most_ticks(const struct look *look, int rows);

/* The ticks of an axis with as many labels as its rows have room for. */
void pane_choose_ticks(const struct look *look, const struct value_axis *axis, struct value_ticks *ticks);

/*
 * The unit that stands at the highest label of the axis; "" where that has none, or one too long for it, which then
 * belongs to the title.
 */
const char *pane_unit(const struct look *look, const struct scene *scene, int index);

/* A pane so low that its axis has no figures. */
bool pane_is_low(const struct look *look, int rows);

/* What a pane shows: its channels' names, as many as fit into `size` bytes. Their colour where it is one channel. */
void pane_write_title(const struct scene *scene, int index, char *text, size_t size);
uint32_t pane_title_colour(const struct look *look, const struct scene *scene, int index);

/* Room for the widest label, in steps: a label that grows by a digit does not shift the plot each time. */
int pane_label_width(const struct look *look, const struct value_ticks *ticks, const char *unit);

/* Puts the plot to a place of the canvas. False: no memory. */
bool pane_place(struct pane *p, struct rect place, const struct value_axis *axis, const struct value_ticks *ticks);

/* Frame, labels and grid rows, on an empty background. All of the plot is to be painted then. */
void pane_draw_axis(struct pane *p, const struct look *look, struct canvas *c, const struct pane_texts *texts,
                    bool grid);

/* Sets traces and grid columns from the scene's pane number `index`. False: no memory. */
bool pane_set_traces(struct pane *p, const struct look *look, const struct scene *scene, int index,
                     const struct time_strip_ticks *ticks);

#endif
