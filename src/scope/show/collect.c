#include "scope/show/collect.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/write.h"

enum { PATIENCE_MS = 100, PIECE = 4096 };

bool collect_begin(struct collect *c)
{
  *c = (struct collect){.memory = memfd_create("messages", MFD_CLOEXEC), .saved = -1};
  if (c->memory >= 0)
    c->saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (c->saved >= 0 && fcntl(c->memory, F_SETFL, O_APPEND) == 0 && dup2(c->memory, STDERR_FILENO) >= 0)
    return true;
  if (c->memory >= 0)
    close(c->memory);
  if (c->saved >= 0)
    close(c->saved);
  *c = (struct collect){.memory = -1, .saved = -1};
  return false;
}

const char *collect_news(struct collect *c)
{
  char text[COLLECT_LINE_MAX];
  const off_t size = c->memory >= 0 ? lseek(c->memory, 0, SEEK_END) : 0;
  if (size <= c->seen)
    return NULL;
  c->seen = size;
  const off_t from = size > (off_t)sizeof text ? size - (off_t)sizeof text : 0;
  const ssize_t n = pread(c->memory, text, sizeof text, from);
  size_t end = n > 0 ? (size_t)n : 0;
  while (end > 0 && text[end - 1] == '\n')
    end--;
  size_t begin = end;
  while (begin > 0 && text[begin - 1] != '\n')
    begin--;
  memcpy(c->line, text + begin, end - begin);
  c->line[end - begin < sizeof c->line ? end - begin : sizeof c->line - 1] = '\0';
  return c->line;
}

static bool begins(const char *line, size_t length, const char *with)
{
  return length >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

/* A line of a library's, not of ours. */
static bool is_foreign(const char *line, size_t length)
{
  return !begins(line, length, "scope: ") && !begins(line, length, "Input must be a number.");
}

static void pass_on(const struct collect *c, bool all)
{
  char text[PIECE];
  off_t at = 0;
  ssize_t n;
  while ((n = pread(c->memory, text, sizeof text, at)) > 0) {
    const char *newline = memchr(text, '\n', (size_t)n);
    const size_t line = newline ? (size_t)(newline - text) + 1 : (size_t)n;
    if ((all || !is_foreign(text, line)) && write_patiently(c->saved, text, line, PATIENCE_MS, -1) != 0)
      return;
    at += (off_t)line;
  }
}

void collect_end(struct collect *c, bool all)
{
  if (c->memory < 0)
    return;
  dup2(c->saved, STDERR_FILENO);
  pass_on(c, all);
  close(c->memory);
  close(c->saved);
  *c = (struct collect){.memory = -1, .saved = -1};
}
