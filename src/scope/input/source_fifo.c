#include "scope/input/source_fifo.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

bool source_fifo_keep(int *keeper, int fd)
{
  char path[sizeof "/proc/self/fd/-2147483648"];
  if (*keeper < 0) {
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    *keeper = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  }
  return *keeper >= 0;
}

void source_fifo_let_go(int *keeper)
{
  if (*keeper < 0)
    return;
  close(*keeper);
  *keeper = -1;
}
