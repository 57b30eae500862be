#include "scope/input/name_list.h"

#include <stddef.h>
#include <string.h>

static bool names(const char *entry, size_t length, const char *name)
{
  const size_t whole = strlen(name);
  if (length == 0 || length > whole || memcmp(name + whole - length, entry, length) != 0)
    return false;
  return length == whole || strchr(" ./", name[whole - length - 1]) != NULL;
}

bool name_list_has(const char *list, const char *name)
{
  for (;;) {
    const size_t length = strcspn(list, ",");
    if (names(list, length, name))
      return true;
    if (list[length] == '\0')
      return false;
    list += length + 1;
  }
}
