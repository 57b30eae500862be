#include <string.h>

#include "scope/input/names.h"

/* The length of the UTF-8 sequence at text, 0 when it is none or a control character (C0, DEL, C1). */
static size_t character_length(const unsigned char *text, size_t length)
{
  unsigned char c = text[0];
  if (c < 0x80)
    return c >= 0x20 && c != 0x7F;
  size_t wanted = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  if (c < 0xC2 || c > 0xF4 || wanted > length)
    return 0;
  for (size_t i = 1; i < wanted; i++)
    if ((text[i] & 0xC0) != 0x80)
      return 0;
  /* Overlong forms, surrogates, beyond U+10FFFF, and the C1 controls. */
  if ((c == 0xE0 && text[1] < 0xA0) || (c == 0xED && text[1] > 0x9F) || (c == 0xF0 && text[1] < 0x90) ||
      (c == 0xF4 && text[1] > 0x8F) || (c == 0xC2 && text[1] < 0xA0))
    return 0;
  return wanted;
}

void text_escape(char *out, size_t size, const char *text, size_t length)
{
  static const char digit[] = "0123456789ABCDEF";
  const unsigned char *at = (const unsigned char *)text;
  size_t used = 0;
  for (size_t i = 0; i < length;) {
    size_t taken = character_length(at + i, length - i);
    size_t needed = taken > 0 ? taken : 4;
    if (used + needed >= size)
      break;
    if (taken > 0) {
      memcpy(out + used, at + i, taken);
    } else {
      out[used] = '\\';
      out[used + 1] = 'x';
      out[used + 2] = digit[at[i] >> 4];
      out[used + 3] = digit[at[i] & 15];
    }
    used += needed;
    i += taken > 0 ? taken : 1;
  }
  out[used] = '\0';
}

bool text_is_text(const char *text, size_t length)
{
  const unsigned char *at = (const unsigned char *)text;
  size_t letters = 0;
  size_t strange = 0;
  for (size_t i = 0; i < length;) {
    size_t taken = character_length(at + i, length - i);
    if (taken == 0) {
      if (at[i] < 0xA0 && at[i] != '\t')
        return false;
      strange++;
    } else {
      letters++;
    }
    i += taken > 0 ? taken : 1;
  }
  return strange <= letters;
}

uint64_t text_hash(uint64_t hash, const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
  return hash;
}
