/* --png: no window and no display; reads to the end of input (or a signal), draws once, writes the picture. */
#ifndef SCOPE_BATCH_H
#define SCOPE_BATCH_H

#include <stdbool.h>

#include "scope/frame.h"
#include "scope/paint/png.h"
#include "scope/progress.h"
#include "scope/settings.h"

/*
 * Takes in to the end of input, or to a signal, which stops the reader; says how far that is, and lets the trigger look at
 * it. Main thread.
 */
void batch_read(struct frame *frame, struct stream *stream, int signal_fd);

/* Where the pictures go; NULL: there is none of that kind. Zeroed at first. */
struct batch_files {
  struct picture_file *png, *svg;
};

/* Opens what settings ask for; input_fd is not to be overwritten. False after a message: nothing is open then. */
bool batch_open(struct batch_files *files, const struct settings *settings, int input_fd);

/* There will be no pictures. */
void batch_discard(struct batch_files *files);

/* Closes the files in any case. False after a message. Main thread. */
bool batch_run(const struct settings *settings, struct frame *frame, struct stream *stream, int signal_fd,
               struct batch_files *files);

#endif
