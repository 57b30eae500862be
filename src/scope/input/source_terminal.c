#include "scope/input/source_terminal.h"

#include <unistd.h>

bool source_terminal_in_background(int fd)
{
  pid_t owner = tcgetpgrp(fd);
  return owner >= 0 && owner != getpgrp();
}
