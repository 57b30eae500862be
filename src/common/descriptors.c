#include "common/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int descriptors_ensure_standard(void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) >= 0)
      continue;
    /* The lowest free number is fd itself, as all below it are open by now. Not close-on-exec: children need it too. */
    if (open("/dev/null", O_RDWR) < 0)
      return errno;
  }
  return 0;
}
