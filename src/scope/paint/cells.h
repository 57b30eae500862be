/*
 * A picture of a terminal's cells, each a character in a colour on another one. What canvas.h is to pixels. Everything
 * is clipped to the grid. Main thread.
 */
#ifndef SCOPE_CELLS_H
#define SCOPE_CELLS_H

#include <stdbool.h>
#include <stdint.h>

struct cell {
  uint32_t character;   /* 0: the right half of the wide one before it */
  uint32_t ink, ground; /* 0xRRGGBB */
  bool bold;
};

/* Zeroed at first. */
struct cells {
  int columns, rows;
  struct cell *cell; /* row by row */
};

/* Makes it so large, its contents undefined. False: no memory; it then has no cells. */
bool cells_resize(struct cells *c, int columns, int rows);
void cells_destroy(struct cells *c);

/* Blanks of one colour over columns [x, x + width), rows [y, y + height). */
void cells_fill(struct cells *c, int x, int y, int width, int height, uint32_t ground);

/* One character; the ground stays as it is. */
void cells_put(struct cells *c, int x, int y, uint32_t character, uint32_t ink);

/*
 * A line of UTF-8 from column x on, as far as `width` columns reach; the ground stays as it is. Control characters come
 * out as U+FFFD, combining ones are left out. Returns the columns that it took.
 */
int cells_text(struct cells *c, int x, int y, int width, const char *line, uint32_t ink, bool bold);

/* How many columns a line takes. */
int cells_width(const char *line);

#endif
