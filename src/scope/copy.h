/* What key y copies: all that is read out, as tables of tab-separated text. Main thread. */
#ifndef SCOPE_COPY_H
#define SCOPE_COPY_H

#include "scope/view/scene.h"

/*
 * With cursors: their times and what lies between, an empty line, and a line a channel with all read-outs under a header.
 * Without them: last, min, max and mean of each channel in view. Times are those of the time axis since the start, numbers
 * read back exactly; what there is nothing to say of is empty. Channels that are switched off are left out. For the caller
 * to free; NULL: no memory.
 */
char *copy_text(const struct scene *scene);

#endif
