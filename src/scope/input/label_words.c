#include <string.h>

#include "scope/input/label_walk.h"

bool label_is_address(const char *at, const char *stop)
{
  if (stop - at < 8 || (stop - at) % 3 != 2)
    return false;
  for (const char *byte = at; byte < stop; byte++) {
    const bool between = (byte - at) % 3 == 2;
    const bool hex = byte_is_digit(*byte) || ((*byte | 0x20) >= 'a' && (*byte | 0x20) <= 'f');
    if (between ? *byte != ':' : !hex)
      return false;
  }
  return true;
}

static bool ends_with(const char *at, const char *end, const char *suffix)
{
  const size_t length = strlen(suffix);
  return (size_t)(end - at) > length && memcmp(end - length, suffix, length) == 0;
}

bool label_is_place_in_source(const struct walk *w, const char *at, const char *sign)
{
  const char *end = w->end;
  static const char *const suffixes[] = {".cc", ".cpp",  ".cxx", ".cu", ".hpp", ".py", ".go",    ".rs", ".js",
                                         ".ts", ".java", ".kt",  ".rb", ".lua", ".cs", ".swift", ".php"};
  static const char *const letters[] = {".c", ".h", ".m"};
  const char *digit = sign + 1;
  while (digit < end && byte_is_digit(*digit))
    digit++;
  if (*sign != ':' || digit == sign + 1 ||
      (digit < end && (*digit == '.' || *digit == ',' || ((*digit | 0x20) >= 'a' && (*digit | 0x20) <= 'z'))))
    return false;
  const bool more = digit < end ? byte_closes(*digit) || *digit == ':' : w->inside;
  for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
    if (ends_with(at, sign, suffixes[i]))
      return true;
  for (size_t i = 0; more && i < sizeof letters / sizeof letters[0]; i++)
    if (ends_with(at, sign, letters[i]))
      return true;
  return false;
}
