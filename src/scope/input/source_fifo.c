#include "scope/input/source_fifo.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

bool source_fifo_keep(struct source *source)
{
  char path[sizeof "/proc/self/fd/-2147483648"];
  if (source->keeper < 0) {
    snprintf(path, sizeof path, "/proc/self/fd/%d", source->fd);
    source->keeper = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  }
  return source->keeper >= 0;
}

void source_fifo_let_go(struct source *source)
{
  if (source->keeper < 0)
    return;
  close(source->keeper);
  source->keeper = -1;
}
