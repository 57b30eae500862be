/*
 * An object as JSON or Python writes it, and the numbers in it by their paths: data.temp, rows[0].x, A.T.
 *
 * Booleans are 1 and 0, null and None are gaps, numbers in strings count. A key name, key or topic with a value beside it
 * names that value. Pure; paths are put together in the list's own bytes.
 */
#ifndef SCOPE_JSON_H
#define SCOPE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "scope/input/named.h"

enum json_result {
  JSON_NONE,  /* no object starts here */
  JSON_WHOLE, /* read to its end */
  JSON_PART,  /* so far it is one, but the text ends before it does */
  JSON_DEEP,  /* nested deeper than JSON_DEPTH_MAX */
};

enum { JSON_DEPTH_MAX = 64 };

/*
 * Reads the object at text, which starts with `{`, and adds its numbers to the list; prefix is the first part of all
 * paths (length 0: none). *used is how many bytes it takes when the result is JSON_WHOLE.
 */
enum json_result json_read(const char *text, size_t length, const char *prefix, size_t prefix_length, int comma_flags,
                           struct named_list *list, size_t *used);

#endif
