#include "scope/input/array_lines.h"

#include <stdio.h>
#include <string.h>

#include "scope/input/byte.h"

static bool is_apart(char c)
{
  return byte_is_blank(c) || c == '\n' || c == ',';
}

/* Where the numbers begin behind the brackets; NULL where the text is no array, or ends in its first line. */
static const char *find_first(const char *text, const char *end)
{
  const char *at = bytes_skip_blanks(text, end);
  if (at == end || *at != '[')
    return NULL;
  const char *line = memchr(at, '\n', (size_t)(end - at));
  if (memchr(at, ']', (size_t)((line ? line : end) - at)))
    return NULL;
  while (at < end && (*at == '[' || byte_is_blank(*at)))
    at++;
  return at < end && *at != '\n' ? at : NULL;
}

/* Whether nothing but what closes the arrays around it stands behind an array. */
static bool is_closed(const char *at, const char *end)
{
  while (at < end && (*at == ']' || *at == ',' || byte_is_blank(*at)))
    at++;
  return at == end;
}

/* Adds the number [at, stop), the one at `place`; false when it is none. */
static bool add(struct named_list *list, const char *at, const char *stop, size_t place)
{
  enum { NAME_MAX = 24 };
  struct number_text number;
  const enum number_kind kind = number_text_read(at, (size_t)(stop - at), 0, &number);
  if (kind == NUMBER_NONE || number.unit_length > 0)
    return false;
  if (list->used + NAME_MAX > NAMED_BYTES) {
    list->full = true;
    return true;
  }
  char *name = list->bytes + list->used;
  const size_t size = (size_t)snprintf(name, NAME_MAX, "%zu", place);
  struct named *item = named_add(list, kind == NUMBER_VALUE ? NAMED_NUMBER : NAMED_GAP, name, size);
  if (!item)
    return true;
  list->used += size;
  item->column = true;
  item->part = (uint32_t)place;
  item->number = number;
  item->text = at;
  item->length = (size_t)(stop - at);
  return true;
}

enum json_result array_lines_read(const char *text, size_t length, struct named_list *list)
{
  const char *end = text + length;
  const char *at = find_first(text, end);
  size_t place = 0;
  bool comma = false; /* behind the last number */
  if (!at)
    return JSON_NONE;
  while (at < end) {
    for (; at < end && is_apart(*at); at++) {
      comma = comma || *at == ',';
      if (*at == '\n' && !comma && at + 1 < end && !byte_is_blank(at[1]))
        return JSON_NONE;
    }
    if (at == end)
      break;
    if (*at == ']')
      return is_closed(at, end) ? JSON_WHOLE : JSON_NONE;
    const char *stop = at;
    while (stop < end && !is_apart(*stop) && *stop != ']')
      stop++;
    if (!add(list, at, stop, ++place))
      return JSON_NONE;
    comma = false;
    at = stop;
  }
  return JSON_PART;
}
