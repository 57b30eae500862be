#include <string.h>

#include "scope/input/brackets.h"
#include "scope/input/byte.h"
#include "scope/input/cells.h"

/* Whether a number stands behind the brackets at text. */
static bool opens_numbers(const char *text, const char *end)
{
  while (text < end && (*text == '[' || byte_is_blank(*text)))
    text++;
  return text < end && number_text_begins(text, (size_t)(end - text));
}

/*
 * Brackets of a matrix printed row by row have their partners in other rows: [[1. 2.], then [3. 4.]]. They are taken off
 * as those of a row are, or the number beside them would be a word and vanish.
 */
static void unframe_matrix(const char **at, const char **end)
{
  int depth = 0;
  const char *first = *at;
  const char *last = *end;
  if (last - first > 1 && last[-1] == ',' && last[-2] == ']' && *first == '[')
    last--;
  if ((*first != '[' && last[-1] != ']') || memchr(first, '"', (size_t)(last - first)))
    return;
  for (const char *c = first; c < last; c++)
    depth += (*c == '[') - (*c == ']');
  while (depth > 0 && opens_numbers(first, last) && *first == '[') {
    first = bytes_skip_blanks(first + 1, last);
    depth--;
  }
  if (depth < 0 && *first != '[' && !memchr(first, ',', (size_t)(last - first)))
    return; /* what is left of a row that numpy prints over several lines: ` 1.4]]` */
  while (depth < 0 && last - first > 1 && last[-1] == ']' && (byte_is_digit(last[-2]) || strchr("]. ", last[-2]))) {
    last--;
    depth++;
    while (last > first && byte_is_blank(last[-1]))
      last--;
  }
  if (depth != 0)
    return;
  *at = first;
  *end = last;
}

bool cells_is_marked(const char *at, const char *end)
{
  const size_t size = (size_t)(end - at);
  return size > 2 && *at == '<' && end[-1] == '>' && !memchr(at + 1, '<', size - 2) && !memchr(at + 1, '>', size - 2);
}

bool cells_end_quote(const char *text, size_t length)
{
  size_t quotes = 0;
  if (length < 2 || text[length - 1] != '"' || byte_is_digit(text[length - 2]))
    return false;
  for (size_t i = 0; i < length; i++)
    quotes += text[i] == '"';
  return quotes % 2 == 1;
}

const char *cells_group_end(const char *at, const char *end)
{
  while (at < end && *at != '|' && !(*at == ':' && at + 1 < end && byte_is_blank(at[1])))
    at++;
  return at;
}

void cells_unframe(char separator, const char **line, size_t *length)
{
  const char *at = bytes_skip_blanks(*line, *line + *length);
  const char *end = *line + *length;
  while (end > at && byte_is_blank(end[-1]))
    end--;
  size_t size = (size_t)(end - at);
  const char *row = at;
  const char *row_end = end;
  if (size > 1)
    unframe_matrix(&row, &row_end);
  if (row > at || row_end < end) {
    at = row;
    end = row_end;
    size = (size_t)(end - at);
    if (size >= 2 && *at == '[' && brackets_end(at, end) == end) {
      at++;
      end--;
    }
  } else if (separator == '|' && size >= 2 && *at == '|' && end[-1] == '|') {
    at++;
    end--;
  } else if (size >= 4 && memcmp(at, "/*", 2) == 0 && memcmp(end - 2, "*/", 2) == 0) {
    at += 2;
    end -= 2;
  } else if ((size >= 2 && *at == '$' && end[-1] == ';') || cells_is_marked(at, end)) {
    at++;
    end--;
  } else if (size >= 2 && (*at == '(' || *at == '[' || *at == '{') && brackets_end(at, end) == end) {
    at++;
    end--;
  } else {
    return; /* a tab at an end may stand behind an empty cell */
  }
  *line = at;
  *length = (size_t)(end - at);
}
