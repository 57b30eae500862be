/*
 * A file under a name of the moment that nothing had before, in the current directory. Any thread.
 */
#ifndef COMMON_NEW_FILE_H
#define COMMON_NEW_FILE_H

#include <time.h>

enum { NEW_FILE_NAME_MAX = 64 };

/*
 * Opens "STEM-20261125-101500.ENDING" for writing, or where that exists "STEM-20261125-101500-2.ENDING" and so on: local
 * time. Nothing is ever overwritten, nor written through a link. The descriptor, or -1 with errno; `name` is the one
 * tried last in any case.
 */
int new_file_open(const char *stem, const char *ending, time_t moment, char name[NEW_FILE_NAME_MAX]);

#endif
