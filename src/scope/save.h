/* What keys write into the current directory, under names of the moment: the picture, and the samples in view. Main
 * thread. */
#ifndef SCOPE_SAVE_H
#define SCOPE_SAVE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/new_file.h"
#include "scope/frame.h"
#include "scope/paint/canvas.h"
#include "scope/store/intake.h"
#include "scope/view/view.h"

/* All of these put what became of it into text, for the plot to say; a failure goes to standard error too. */

/* Key `s`: the canvas as it is. */
void save_picture(const struct canvas *canvas, char *text, size_t size);

/* Key `S`: the same as vectors. The window is painted anew at the next frame. */
void save_vectors(struct frame *frame, int width, int height, int64_t now_ns, char *text, size_t size);

/* Key `e`. Zeroed at first. */
struct save_export {
  struct export *export; /* that is being written, or NULL */
  char name[NEW_FILE_NAME_MAX];
};

/* Begins with what is in view, unless one is still being written. */
void save_export_begin(struct save_export *s, const struct intake *intake, const struct view *view, char *text,
                       size_t size);

/* Writes on until a moment of the monotonic clock. False while there is more, and when there is nothing to write. */
bool save_export_ends(struct save_export *s, int64_t deadline_ns, char *text, size_t size);

/* What is not whole goes away. */
void save_export_drop(struct save_export *s);

#endif
