/*
 * How far a long file has been read: from the place that its descriptor has reached, which the kernel keeps for both
 * threads. Main thread.
 */
#ifndef SCOPE_PROGRESS_H
#define SCOPE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
  int fd; /* of a regular file, or -1: then there is none */
  const char *name;
  int64_t due_ns; /* when it is to be said next */
  bool said;      /* it stands on the terminal */
};

/* For a reading that began at start_ns of the monotonic clock. name is borrowed. */
void progress_init(struct progress *progress, int fd, const char *name, int64_t start_ns);

/* Per cent of the file, 0 to 100; -1 where that means nothing. */
int progress_percent(const struct progress *progress);

/*
 * Says it on standard error where that is a terminal and takes it: four times a second, after the first second. Then it
 * is taken away again, at the end of the file by itself.
 */
void progress_say(struct progress *progress, int64_t now_ns);
void progress_end(struct progress *progress);

#endif
