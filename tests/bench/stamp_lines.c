/*
 * When the lines of standard input came: at its end a line for each, the nanoseconds of CLOCK_MONOTONIC when it could be
 * read, then the line itself. Nothing is written before, so that nobody is woken beside the one who is measured.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINES_MAX = 1 << 20, TEXT_MAX = 1 << 24 };

struct line {
  int64_t ns;
  size_t end; /* in the text, behind its newline */
};

static char text[TEXT_MAX];
static struct line lines[LINES_MAX];

int main(void)
{
  size_t length = 0;
  size_t count = 0;
  for (ssize_t got; length < TEXT_MAX && (got = read(STDIN_FILENO, text + length, TEXT_MAX - length)) != 0;) {
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      fprintf(stderr, "stamp_lines: %s\n", strerror(errno));
      return 1;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const size_t end = length + (size_t)got;
    for (const char *at; count < LINES_MAX && (at = memchr(text + length, '\n', end - length)) != NULL;) {
      length = (size_t)(at - text) + 1;
      lines[count++] = (struct line){.ns = now.tv_sec * 1000000000LL + now.tv_nsec, .end = length};
    }
    length = end;
  }
  for (size_t i = 0, start = 0; i < count; start = lines[i++].end)
    printf("%" PRId64 " %.*s", lines[i].ns, (int)(lines[i].end - start), text + start);
  return 0;
}
