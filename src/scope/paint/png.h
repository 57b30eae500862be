/* A canvas as a PNG file. The main thread, or whoever takes over from it. */
#ifndef SCOPE_PNG_H
#define SCOPE_PNG_H

#include <stdbool.h>
#include <time.h>

#include "scope/paint/canvas.h"
#include "scope/paint/picture_file.h"

/* picture_file_put with the canvas as PNG: frees the file in any case. False after a message. */
bool png_commit(struct picture_file *file, const struct canvas *c, int cancel_fd);

/* picture_file_save_new with the canvas as PNG. */
int png_save_new(const struct canvas *c, time_t moment, char name[NEW_FILE_NAME_MAX]);

#endif
