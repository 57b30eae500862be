#include "common/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/printable.h"
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

/* The newline takes the place of the NUL behind all of it. */
static void add_text(struct line *line, const char *text)
{
  line->length += printable_copy(line->text + line->length, sizeof line->text - line->length, text, strlen(text));
}

__attribute__((format(printf, 2, 0))) static void add_line(struct line *line, const char *format, va_list arguments)
{
  char text[TEXT_MAX];

  vsnprintf(text, sizeof text, format, arguments);
  add_text(line, program);
  add_text(line, ": ");
  add_text(line, text);
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
