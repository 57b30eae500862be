#include "scope/input/source_terminal.h"

#include <unistd.h>

bool source_terminal_in_background(const struct source *source)
{
  pid_t owner = tcgetpgrp(source->fd);
  return owner >= 0 && owner != getpgrp();
}
