#include "common/utf8.h"

#include <stdbool.h>

static bool continues(unsigned char byte)
{
  return (byte & 0xC0) == 0x80;
}

/* How long a sequence is that begins with this byte; 0: none does. */
static size_t length_by_first(unsigned char byte)
{
  if (byte < 0x80)
    return 1;
  if (byte < 0xC0 || byte > 0xF7)
    return 0;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

uint32_t utf8_decode(const char *text, size_t size, size_t *length)
{
  static const uint32_t first_of_length[] = {0, 0, 0x80, 0x800, 0x10000}; /* anything below is an overlong form */
  const unsigned char *bytes = (const unsigned char *)text;
  const size_t wanted = length_by_first(bytes[0]);

  *length = 1;
  if (wanted == 1)
    return bytes[0];
  if (wanted == 0 || wanted > size)
    return UTF8_BAD;
  uint32_t character = bytes[0] & (0xFFU >> (wanted + 1));
  for (size_t i = 1; i < wanted; i++) {
    if (!continues(bytes[i]))
      return UTF8_BAD;
    character = character << 6 | (bytes[i] & 0x3FU);
  }
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < first_of_length[wanted] || surrogate || character > 0x10FFFF)
    return UTF8_BAD;
  *length = wanted;
  return character;
}

size_t utf8_length(const char *text, size_t size)
{
  size_t length = 0;
  if (size > 0)
    utf8_decode(text, size, &length);
  return length;
}

size_t utf8_start(const char *text, size_t size, size_t place)
{
  for (size_t back = 1; back < UTF8_LENGTH_MAX && back <= place && place < size; back++)
    if (utf8_length(text + place - back, size - (place - back)) > back)
      return place - back;
  return place;
}

size_t utf8_count(const char *text, size_t size)
{
  size_t count = 0;
  for (size_t at = 0; at < size; at += utf8_length(text + at, size - at))
    count++;
  return count;
}

size_t utf8_encode(uint32_t character, char text[static UTF8_LENGTH_MAX])
{
  static const unsigned char marks[] = {0, 0x00, 0xC0, 0xE0, 0xF0}; /* of the first byte, by length: RFC 3629, 3 */
  const size_t length = 1 + (size_t)(character >= 0x80) + (size_t)(character >= 0x800) + (size_t)(character >= 0x10000);
  for (size_t i = length; i-- > 1; character >>= 6)
    text[i] = (char)(0x80 | (character & 0x3F));
  text[0] = (char)(marks[length] | character);
  return length;
}
