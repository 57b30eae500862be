/* --png: no window and no display; reads to the end of input (or a signal), draws once, writes the picture. */
#ifndef SCOPE_BATCH_H
#define SCOPE_BATCH_H

#include <stdbool.h>

#include "scope/frame.h"
#include "scope/paint/png.h"
#include "scope/settings.h"

/* Takes in to the end of input, or to a signal, which stops the reader. Main thread. */
void batch_read(struct intake *intake, struct stream *stream, int signal_fd);

/* Closes the file in any case. False after a message. Main thread. */
bool batch_run(const struct settings *settings, struct frame *frame, struct stream *stream, int signal_fd,
               struct png_file *file);

#endif
