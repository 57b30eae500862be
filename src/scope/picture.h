/* A canvas as a PNG file, through libpng. Main thread. */
#ifndef SCOPE_PICTURE_H
#define SCOPE_PICTURE_H

#include <stdio.h>

#include "scope/canvas.h"

/* Writes the canvas and closes the file in any case. 0, or an errno value. */
int picture_write(const struct canvas *c, FILE *file);

#endif
