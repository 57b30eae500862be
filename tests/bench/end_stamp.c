/*
 * A child that says when it ends: appends a line of its process id and CLOCK_MONOTONIC in nanoseconds to FILE as its last
 * act before _exit. With MS it sleeps as long first; with `together` until the next moment that is a multiple of MS, so
 * that all that were started since end at once. Linked statically: what is measured is no dynamic linker.
 *
 *   end_stamp FILE [MS [together]]
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv)
{
  if (argc < 2)
    return 2;
  const int fd = open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return 1;
  const long long life_ns = argc > 2 ? strtoll(argv[2], NULL, 10) * 1000000 : 0;
  if (life_ns > 0) {
    const long long began_ns = now_ns();
    const long long end_ns = argc > 3 ? (began_ns / life_ns + 1) * life_ns : began_ns + life_ns;
    const struct timespec end = {.tv_sec = end_ns / 1000000000, .tv_nsec = end_ns % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL);
  }
  char line[64];
  const int length = snprintf(line, sizeof line, "%ld %lld\n", (long)getpid(), now_ns());
  _exit(write(fd, line, (size_t)length) == length ? 0 : 1);
}
