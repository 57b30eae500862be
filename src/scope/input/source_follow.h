/*
 * A file that grows, and that is rotated now and then: every line once, in order, as `tail -F` tries to. Known are
 *   rename and create, delete and create: the old file is read to its end, until there is something in the new one;
 *   copy and truncate: what was not read when it was cut is read from the copy, where there is one beside it.
 * A line that breaks off where a file ends for good is none: half a number would be a false one.
 *
 * Who waits polls notify_fd, and looks every FOLLOW_LOOK_MS besides: not every file system tells of changes. Reader
 * thread, and the main thread before it runs.
 */
#ifndef SCOPE_SOURCE_FOLLOW_H
#define SCOPE_SOURCE_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "scope/input/fragment.h"

enum {
  FOLLOW_LOOK_MS = 100,
  FOLLOW_GONE_MS = 1000, /* a file that is missing for so long is said to be */
  FOLLOW_FILES = 32,     /* rotated files whose lines were not read yet */
  FOLLOW_SEEN = 256,     /* bytes before the place reached, to know a file by */
  FOLLOW_TEXT_MAX = 256,
};

/* All of this is the module's own. */
struct follow {
  const char *path; /* borrowed */
  int notify_fd;    /* or -1 */
  struct follow_file {
    int fd;
    off_t offset;
  } file[FOLLOW_FILES]; /* the one that is read, and those that came after it, the newest last */
  size_t files;
  char seen[FOLLOW_SEEN]; /* the last bytes that were read of file[0] */
  size_t seen_length;
  int64_t gone_ns; /* since when the path names nothing; 0: it does */
  bool said_gone;
  char news[FOLLOW_TEXT_MAX]; /* what there is to say; "" for nothing */
  struct fragment fragment;
};

/*
 * From the beginning of the file, or from its last `tail` lines (>= 0). One that is not there yet is waited for, which is
 * news. 0, or an errno value.
 */
int follow_open(struct follow *follow, const char *path, int64_t tail);
void follow_close(struct follow *follow);

/* Looks what became of the path; true when a read would bring something, or goes on to another file. */
bool follow_look(struct follow *follow);

/* As source_read; never the end. */
ssize_t follow_read(struct follow *follow, char *buffer, size_t size);

#endif
