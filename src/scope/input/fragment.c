#include "scope/input/fragment.h"

#include <string.h>

size_t fragment_take(struct fragment *fragment, char *buffer)
{
  const size_t length = fragment->length;
  memcpy(buffer, fragment->bytes, length);
  fragment->length = 0;
  return length;
}

size_t fragment_keep(struct fragment *fragment, const char *buffer, size_t n)
{
  size_t whole = n;
  while (whole > 0 && n - whole <= FRAGMENT_MAX && buffer[whole - 1] != '\n' && buffer[whole - 1] != '\r')
    whole--;
  if (n - whole > FRAGMENT_MAX)
    return n;
  fragment->length = n - whole;
  memcpy(fragment->bytes, buffer + whole, fragment->length);
  return whole;
}
