#include "scope/show/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

enum { CAPACITY = 4096, FORMAT_MAX = 256 };

void bytes_destroy(struct bytes *b)
{
  free(b->data);
  *b = (struct bytes){0};
}

char *bytes_reserve(struct bytes *b, size_t more)
{
  if (b->failed)
    return NULL;
  if (b->capacity - b->length < more) {
    size_t capacity = b->capacity ? b->capacity : CAPACITY;
    while (capacity - b->length < more)
      capacity *= 2;
    char *data = realloc(b->data, capacity);
    b->failed = !data;
    if (!data)
      return NULL;
    b->data = data;
    b->capacity = capacity;
  }
  return b->data + b->length;
}

void bytes_add(struct bytes *b, const void *data, size_t length)
{
  char *to = bytes_reserve(b, length);
  if (!to)
    return;
  memcpy(to, data, length);
  b->length += length;
}

void bytes_text(struct bytes *b, const char *text)
{
  bytes_add(b, text, strlen(text));
}

void bytes_format(struct bytes *b, const char *format, ...)
{
  char text[FORMAT_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  bytes_text(b, text);
}

void bytes_character(struct bytes *b, uint32_t c)
{
  char text[UTF8_LENGTH_MAX] = {0};
  const size_t length = utf8_encode(c, text);
  bytes_add(b, text, length);
}

void bytes_base64(struct bytes *b, const void *data, size_t length)
{
  static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const unsigned char *from = data;
  char *to = bytes_reserve(b, (length + 2) / 3 * 4);
  if (!to)
    return;
  for (size_t i = 0; i < length; i += 3) {
    const size_t left = length - i;
    const uint32_t three =
        (uint32_t)from[i] << 16 | (left > 1 ? (uint32_t)from[i + 1] << 8 : 0) | (left > 2 ? (uint32_t)from[i + 2] : 0);
    *to++ = digit[three >> 18];
    *to++ = digit[three >> 12 & 0x3F];
    *to++ = left > 1 ? digit[three >> 6 & 0x3F] : '=';
    *to++ = left > 2 ? digit[three & 0x3F] : '=';
    b->length += 4;
  }
}
