/* Key `s`: the picture as it is, in the current directory, under a name of the moment. Main thread. */
#ifndef SCOPE_SAVE_H
#define SCOPE_SAVE_H

#include <stddef.h>

#include "scope/paint/canvas.h"

/* Writes the canvas, and what became of it into text, for the plot to say; a failure goes to standard error too. */
void save_picture(const struct canvas *canvas, char *text, size_t size);

#endif
