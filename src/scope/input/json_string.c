#include "scope/input/json_string.h"

#include <stdint.h>

#include "common/utf8.h"

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \uXXXX at text: its length, 0 when there is none. */
static size_t read_unicode(const char *text, size_t length, uint32_t *code)
{
  if (length < 6 || text[0] != '\\' || text[1] != 'u')
    return 0;
  *code = 0;
  for (int i = 2; i < 6; i++) {
    int digit = hex_digit(text[i]);
    if (digit < 0)
      return 0;
    *code = *code << 4 | (uint32_t)digit;
  }
  return 6;
}

size_t json_string_write(const struct json_string *string, char *out, size_t size)
{
  const char *text = string->text;
  const size_t length = string->length;
  size_t used = 0;
  for (size_t i = 0; i < length && used + 4 < size;) {
    char c = text[i];
    uint32_t code;
    uint32_t low;
    size_t taken = c == '\\' ? read_unicode(text + i, length - i, &code) : 0;
    if (taken > 0) {
      /* What lies beyond U+FFFF is written as two halves. */
      if (code >= 0xD800 && code < 0xDC00 && read_unicode(text + i + 6, length - i - 6, &low) > 0 && low >= 0xDC00 &&
          low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        taken += 6;
      }
      used += utf8_encode(code, out + used);
      i += taken;
      continue;
    }
    if (c == '\\' && i + 1 < length) {
      i++;
      c = text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    }
    out[used++] = c;
    i++;
  }
  return used;
}
