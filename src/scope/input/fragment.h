/*
 * The bytes behind the last line end, for a source that may break off in the middle of a line: they wait here for their
 * end, and are dropped where it will not come. What is read then ends with a line, always. Reader thread.
 */
#ifndef SCOPE_FRAGMENT_H
#define SCOPE_FRAGMENT_H

#include <stddef.h>

enum { FRAGMENT_MAX = 64 * 1024 }; /* a longer line goes its way in parts: it is rejected whole by the parser */

struct fragment {
  size_t length;
  char bytes[FRAGMENT_MAX];
};

/* Puts what waits at the start of the buffer, which has room for it; how long it is. */
size_t fragment_take(struct fragment *fragment, char *buffer);

/* Keeps what stands behind the last line end of these n bytes; how many are left. */
size_t fragment_keep(struct fragment *fragment, const char *buffer, size_t n);

#endif
