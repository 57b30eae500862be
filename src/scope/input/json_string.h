/*
 * A string as JSON or Python writes it, in double or single quotes: found in a text, and written out without escapes.
 *
 * Strings are borrowed from the text and stand there as they were written. What every key of an object goes through is
 * inline. Pure.
 */
#ifndef SCOPE_JSON_STRING_H
#define SCOPE_JSON_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct json_string {
  const char *text; /* between the quotes */
  size_t length;
  bool escaped; /* has a backslash */
};

/* Reads the string at *at, a quote, and moves *at behind its end; false when the text ends before the string does. */
static inline bool json_string_read(const char **at, const char *end, struct json_string *string)
{
  const char *byte = *at;
  const char quote = *byte++;
  string->text = byte;
  string->escaped = false;
  for (; byte < end; byte++) {
    if (*byte == quote) {
      string->length = (size_t)(byte - string->text);
      *at = byte + 1;
      return true;
    }
    if (*byte == '\\') {
      string->escaped = true;
      if (++byte == end)
        break;
    }
  }
  return false;
}

/* Whether it is the word, as written: no escapes are looked at. */
static inline bool json_string_is(const struct json_string *string, const char *word)
{
  return string->length == strlen(word) && memcmp(string->text, word, string->length) == 0;
}

/*
 * Writes it to out as UTF-8, escapes taken out, and returns how many bytes that made; there is no NUL behind them. What
 * comes when fewer than five bytes are left of size is let go.
 */
size_t json_string_write(const struct json_string *string, char *out, size_t size);

#endif
