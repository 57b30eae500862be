/*
 * single_lines RATE: a line of one number a write, RATE of them a second, until the reader goes: what an unbuffered
 * producer does to the other end of its pipe.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { SECOND_NS = 1000000000 };

static int64_t now_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

int main(int argc, char **argv)
{
  const double rate = argc == 2 ? strtod(argv[1], NULL) : 0;
  if (!(rate > 0)) {
    fprintf(stderr, "usage: single_lines RATE\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  const int64_t start = now_ns();
  for (uint64_t n = 0;; n++) {
    char line[32];
    const int length = snprintf(line, sizeof line, "%u\n", (unsigned)(n * 7919 % 20000));
    const int64_t due = start + (int64_t)((double)n / rate * SECOND_NS);
    while (now_ns() < due) /* a sleep is longer than what lies between two lines */
      continue;
    if (write(STDOUT_FILENO, line, (size_t)length) < 0 && errno != EINTR)
      return 0;
  }
}
