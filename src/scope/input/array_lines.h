/*
 * An array of numbers that is printed over several lines, as numpy does where it is wider than the terminal:
 *
 *     [0.1 0.2 0.3
 *      0.4]
 *
 * One that ends in its first line is a row of cells, and none of these. Pure; names are put together in the list's bytes.
 */
#ifndef SCOPE_ARRAY_LINES_H
#define SCOPE_ARRAY_LINES_H

#include <stddef.h>

#include "scope/input/json.h"

/*
 * Reads the array at text, where lines end with LF: its first line has no `]`, a further one begins with a blank or stands
 * behind a comma. Its numbers are added to the list under the names `1`, `2`, ..., those of columns. Never JSON_DEEP.
 */
enum json_result array_lines_read(const char *text, size_t length, struct named_list *list);

#endif
