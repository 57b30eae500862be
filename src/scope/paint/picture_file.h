/*
 * Where a picture is written, a PNG or an SVG one. A file that is there is replaced by a whole picture or not at all: the new one is written
 * beside it under another name, and renamed when it is complete. Until then nothing of it is to be seen, and nothing
 * stays when there is no picture in the end.
 *
 * The main thread, or whoever takes over from it; a picture_file is nobody's but its owner's. The program must ignore
 * SIGXFSZ: only then does a limit on file sizes come as an error that leaves the file that is there as it is.
 */
#ifndef SCOPE_PICTURE_FILE_H
#define SCOPE_PICTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "common/new_file.h"

enum picture_kind { PICTURE_PNG, PICTURE_SVG };

struct picture_file;

/*
 * Prepares for a picture, hours before there is one, and finds out now what would be in its way then. `name` is "-" for
 * standard output. A symbolic link stays: what it points to is replaced. FIFOs and devices are opened now and written
 * as they are; a FIFO that nobody reads is an error rather than a reason to wait.
 *
 * A file that has content but is no picture of this kind is refused (it was named by mistake), and so is one that is the
 * open input_fd (-1: none). NULL after a message.
 */
struct picture_file *picture_file_open(const char *name, int input_fd, enum picture_kind kind);

/*
 * Writes the bytes of a picture, and frees the file in any case. error: why there are none, an errno value, or 0. A pipe
 * that nobody empties is waited for until cancel_fd (-1: none) is readable. False after a message: then the file that
 * was there is still there as it was.
 */
bool picture_file_put(struct picture_file *file, const void *data, size_t length, int error, int cancel_fd);

/* There will be no picture. NULL is fine. */
void picture_file_discard(struct picture_file *file);

/*
 * Writes the bytes to a new file in the working directory: scope-YYYYMMDD-HHMMSS.ENDING by the local time of `moment`, or
 * where that is taken scope-YYYYMMDD-HHMMSS-2.ENDING, -3 and so on. 0, or an errno value; name is the file's in both
 * cases.
 */
int picture_file_save_new(const char *ending, const void *data, size_t length, time_t moment,
                          char name[NEW_FILE_NAME_MAX]);

#endif
