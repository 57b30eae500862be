#include "common/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/write.h"

enum { TEXT_MAX = 1024, PATIENCE_MS = 100 };

/* A line being put together. What does not fit is cut; room for the newline is always kept. */
struct line {
  size_t length;
  char text[TEXT_MAX];
};

static const char *program = "";

void message_program(const char *name)
{
  program = name;
}

/* Bytes of the character at text: the first byte and what continues it in UTF-8. Never past the terminating NUL. */
static size_t character_length(const char *text)
{
  size_t length = 1;
  while (length < 4 && ((unsigned char)text[length] & 0xC0) == 0x80)
    length++;
  return length;
}

/* False when line is full: pieces are whole or absent, so neither an escape nor a character is cut in two. */
static bool add_piece(struct line *line, const char *piece, size_t length)
{
  if (length > sizeof line->text - 1 - line->length)
    return false;
  memcpy(line->text + line->length, piece, length);
  line->length += length;
  return true;
}

static void add_escaped(struct line *line, const char *text)
{
  static const char letters[] = "abtnvfr"; /* \a is 7, \r is 13 */

  while (*text != '\0') {
    const unsigned char byte = (unsigned char)*text;
    char escape[sizeof "\\xFF"];
    const char *piece = text;
    const bool control = byte < 0x20 || byte == 0x7F;
    const size_t taken = control ? 1 : character_length(text);
    size_t length = taken;

    if (control) {
      if (byte >= '\a' && byte <= '\r')
        snprintf(escape, sizeof escape, "\\%c", letters[byte - '\a']);
      else
        snprintf(escape, sizeof escape, "\\x%02X", byte);
      piece = escape;
      length = strlen(escape);
    }
    if (!add_piece(line, piece, length))
      return;
    text += taken;
  }
}

__attribute__((format(printf, 2, 0))) static void add_line(struct line *line, const char *format, va_list arguments)
{
  char text[TEXT_MAX];

  vsnprintf(text, sizeof text, format, arguments);
  add_escaped(line, program);
  add_piece(line, ": ", 2);
  add_escaped(line, text);
  line->text[line->length++] = '\n';
}

void message(const char *format, ...)
{
  const int saved_errno = errno;
  struct line line = {.length = 0};
  va_list arguments;

  va_start(arguments, format);
  add_line(&line, format, arguments);
  va_end(arguments);
  write_patiently(STDERR_FILENO, line.text, line.length, PATIENCE_MS, -1); /* nobody is left to tell if this fails */
  errno = saved_errno;
}

void message_usage(const char *format, ...)
{
  const int saved_errno = errno;
  struct line line = {.length = 0};
  char both[TEXT_MAX + 256];
  va_list arguments;

  va_start(arguments, format);
  add_line(&line, format, arguments);
  va_end(arguments);
  memcpy(both, line.text, line.length);
  const int hint =
      snprintf(both + line.length, sizeof both - line.length, "Try '%.200s --help' for more information.\n", program);
  write_patiently(STDERR_FILENO, both, line.length + (size_t)hint, PATIENCE_MS, -1);
  errno = saved_errno;
}
