/*
 * The picture in a terminal, in the way that it can show one: pixels by kitty's protocol or as sixels, or cells. Of
 * pixels only the tiles that changed are sent, each a few cells large. Main thread.
 */
#ifndef SCOPE_TERMINAL_PICTURE_H
#define SCOPE_TERMINAL_PICTURE_H

#include <stdbool.h>

#include "scope/paint/canvas.h"
#include "scope/paint/cells.h"
#include "scope/paint/damage.h"
#include "scope/paint/theme.h"
#include "scope/show/blocks.h"
#include "scope/show/bytes.h"
#include "scope/show/kitty.h"
#include "scope/show/sixel.h"
#include "scope/show/talents.h"

/* Zeroed at first. */
struct terminal_picture {
  enum terminal_kind kind;
  int columns, rows;           /* cells */
  int cell_width, cell_height; /* pixels */
  struct canvas canvas;        /* of pixels; its memory is ours */
  struct cells cells;          /* of cells */
  struct kitty kitty;
  struct sixel sixel;
  struct blocks blocks;
  bool *stale;      /* for each tile: the terminal shows another one */
  int across, down; /* tiles */
  int tile;         /* cells from one to the next */
  bool fresh;       /* nothing has been painted on it */
};

/* The kind, and what the terminal said of it. */
void terminal_picture_init(struct terminal_picture *p, const struct talents *talents, enum terminal_kind kind,
                           const struct theme *theme);
void terminal_picture_destroy(struct terminal_picture *p);

/* Sets the size. True when that changed something. On failure there is no memory, and the canvas has no pixels. */
bool terminal_picture_resize(struct terminal_picture *p, int columns, int rows, int cell_width, int cell_height);

/* The terminal shows nothing of it any more. */
void terminal_picture_forget(struct terminal_picture *p);

/* What changed since the last time, of it the damaged parts of the canvas. False: no memory. */
bool terminal_picture_send(struct terminal_picture *p, struct bytes *out, const struct damage *damage);

/* All of it, to be left behind where the cursor is, on lines of its own. */
void terminal_picture_print(struct terminal_picture *p, struct bytes *out);

#endif
