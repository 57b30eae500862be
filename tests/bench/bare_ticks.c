/*
 * What the machine itself allows to a schedule: prints 1, 2, 3, ... at the moments of an absolute grid, and does no more.
 *
 *   bare_ticks SECONDS COUNT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
  const double seconds = argc == 3 ? strtod(argv[1], NULL) : 0;
  const long count = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
  if (!(seconds > 0) || count < 1) {
    fputs("usage: bare_ticks SECONDS COUNT\n", stderr);
    return 2;
  }
  const long long period_ns = (long long)(seconds * 1e9);
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  const long long start_ns = start.tv_sec * 1000000000LL + start.tv_nsec;
  for (long i = 0; i < count; i++) {
    const long long due_ns = start_ns + i * period_ns;
    const struct timespec due = {.tv_sec = due_ns / 1000000000, .tv_nsec = due_ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
      continue;
    char line[32];
    const int length = snprintf(line, sizeof line, "%ld\n", i + 1);
    if (write(STDOUT_FILENO, line, (size_t)length) < 0) {
      fprintf(stderr, "bare_ticks: %s\n", strerror(errno));
      return 1;
    }
  }
  return 0;
}
