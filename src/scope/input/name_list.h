/* "A,B,...": names of channels as an option lists them. Pure. */
#ifndef SCOPE_NAME_LIST_H
#define SCOPE_NAME_LIST_H

#include <stdbool.h>

/* Whether one of the names is this channel's, or its last part behind a blank, a point or a slash. */
bool name_list_has(const char *list, const char *name);

#endif
