#include "scope/input/header.h"

#include <stdio.h>
#include <string.h>

/* A carriage return is a blank, so it is no field that a line could have. */
#define TIME_MARK "\r"

void header_init(struct header *h)
{
  h->count = 0;
  h->chosen = -1;
  h->timed = false;
  h->draft_fields = 0;
  h->draft_length = 0;
}

void header_draft(struct header *h, const char *line, size_t length)
{
  struct field_reader reader;
  struct field field;
  field_start(&reader, line, length);
  h->draft_fields = 0;
  h->draft_length = 0;
  while (field_next(&reader, &field)) {
    const char *text = field.kind == FIELD_TIME ? TIME_MARK : field.datum;
    size_t size = field.kind == FIELD_TIME ? 1 : field.datum_length;
    if (h->draft_length + size + 1 > sizeof h->draft)
      break;
    if (h->draft_fields > 0)
      h->draft[h->draft_length++] = '\n';
    memcpy(h->draft + h->draft_length, text, size);
    h->draft_length += size;
    h->draft_fields++;
  }
}

bool header_has_draft(const struct header *h)
{
  for (size_t i = 0; i < h->count; i++) {
    const struct header_row *row = &h->rows[i];
    if (row->fields == h->draft_fields && row->length == h->draft_length &&
        memcmp(h->bytes + row->start, h->draft, row->length) == 0)
      return true;
  }
  return false;
}

bool header_keep_draft(struct header *h, uint64_t line, const char *text)
{
  size_t start = h->count > 0 ? h->rows[h->count - 1].start + h->rows[h->count - 1].length : 0;
  if (h->count == HEADER_ROWS || start + h->draft_length > sizeof h->bytes)
    return false;
  memcpy(h->bytes + start, h->draft, h->draft_length);
  struct header_row *row = &h->rows[h->count++];
  *row = (struct header_row){.line = line, .fields = h->draft_fields, .start = start, .length = h->draft_length};
  snprintf(row->text, sizeof row->text, "%s", text);
  return true;
}

void header_drop(struct header *h)
{
  if (h->count == 0)
    return;
  size_t gone = h->rows[0].length;
  const struct header_row *last = &h->rows[h->count - 1];
  memmove(h->bytes, h->bytes + gone, last->start + last->length - gone);
  h->count--;
  memmove(h->rows, h->rows + 1, h->count * sizeof h->rows[0]);
  for (size_t i = 0; i < h->count; i++)
    h->rows[i].start -= gone;
}

/* The column-th field of a remembered row, NULL when it has not so many. */
static const char *find_field(const struct header *h, size_t row, size_t column, size_t *length)
{
  const char *at = h->bytes + h->rows[row].start;
  const char *end = at + h->rows[row].length;
  if (column >= h->rows[row].fields)
    return NULL;
  for (;; column--) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop)
      stop = end;
    if (column == 0) {
      *length = (size_t)(stop - at);
      return at;
    }
    if (stop == end)
      return NULL;
    at = stop + 1;
  }
}

static bool is_time(const char *text, size_t length)
{
  return length == 1 && *text == *TIME_MARK;
}

bool header_choose(struct header *h, size_t fields)
{
  for (size_t i = h->count; i-- > 0;) {
    if (h->rows[i].fields != fields)
      continue;
    h->chosen = (int)i;
    size_t length;
    const char *first = find_field(h, i, 0, &length);
    h->timed = first && is_time(first, length);
    return true;
  }
  return false;
}

const char *header_heading(const struct header *h, size_t column, size_t *length)
{
  if (h->chosen < 0)
    return NULL;
  const char *text = find_field(h, (size_t)h->chosen, column, length);
  return text && *length > 0 && !is_time(text, *length) ? text : NULL;
}
