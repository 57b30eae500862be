#include "common/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/utf8.h"

static bool is_control(uint32_t character)
{
  return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

/* The escape of one byte; how long it is. */
static size_t escape(unsigned char byte, char piece[PRINTABLE_GROWTH])
{
  static const char letters[] = "abtnvfr"; /* \a is 7, \r is 13 */
  static const char digits[] = "0123456789ABCDEF";

  piece[0] = '\\';
  if (byte >= '\a' && byte <= '\r') {
    piece[1] = letters[byte - '\a'];
    return 2;
  }
  piece[1] = 'x';
  piece[2] = digits[byte >> 4];
  piece[3] = digits[byte & 0xF];
  return PRINTABLE_GROWTH;
}

/* What a character comes out as; how long that is. */
static size_t show(const char *character, size_t length, bool as_it_is, char piece[UTF8_LENGTH_MAX * PRINTABLE_GROWTH])
{
  size_t used = 0;
  if (as_it_is) {
    memcpy(piece, character, length);
    return length;
  }
  for (size_t i = 0; i < length; i++)
    used += escape((unsigned char)character[i], piece + used);
  return used;
}

/* How many of the bytes at the start are plain ASCII, which most texts are throughout. */
static size_t plain(const char *text, size_t length)
{
  size_t count = 0;
  while (count < length && text[count] >= ' ' && text[count] <= '~')
    count++;
  return count;
}

size_t printable_copy(char *out, size_t size, const char *text, size_t length)
{
  size_t used = 0;

  for (size_t at = 0; at < length;) {
    char piece[UTF8_LENGTH_MAX * PRINTABLE_GROWTH];
    const size_t room = size - 1 - used;
    const size_t run = plain(text + at, length - at);
    size_t taken = run < room ? run : room; /* what does not fit is refused below */
    memcpy(out + used, text + at, taken);
    used += taken;
    at += taken;
    if (at == length)
      break;
    const uint32_t character = utf8_decode(text + at, length - at, &taken);
    const bool bad_byte = character == UTF8_BAD && taken == 1;
    const size_t needed = show(text + at, taken, !bad_byte && !is_control(character), piece);
    if (needed >= size - used)
      break;
    memcpy(out + used, piece, needed);
    used += needed;
    at += taken;
  }
  out[used] = '\0';
  return used;
}
