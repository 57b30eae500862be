/* A canvas as a PNG file, through libpng. Main thread. */
#ifndef SCOPE_PICTURE_H
#define SCOPE_PICTURE_H

#include <stdio.h>

#include "scope/paint/canvas.h"

/*
 * Opens a file for a picture, hours before there is one: an existing file keeps its content till picture_write, and one
 * that has content but is no PNG is refused (it was named by mistake), as is one that is the open input_fd (-1: none).
 * Never waits for the reader of a FIFO. NULL after a message.
 */
FILE *picture_open(const char *name, int input_fd);

/* Closes it unwritten; removes it if it is empty, as it then was made by picture_open. */
void picture_discard(FILE *file, const char *name);

/* Writes the canvas and closes the file in any case. 0, or an errno value. */
int picture_write(const struct canvas *c, FILE *file);

#endif
