#include "common/write.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

int write_all(int fd, const void *data, size_t length)
{
  return write_patiently(fd, data, length, -1, -1);
}

int write_patiently(int fd, const void *data, size_t length, int timeout_ms, int cancel_fd)
{
  const char *next = data;

  while (length > 0) {
    struct pollfd wait[] = {{.fd = fd, .events = POLLOUT}, {.fd = cancel_fd, .events = POLLIN}};
    const int ready = poll(wait, 2, timeout_ms);
    if (ready == 0)
      return ETIMEDOUT;
    if (ready < 0 && errno != EINTR)
      return errno;
    if (ready < 0)
      continue;
    if (!wait[0].revents)
      return ECANCELED;
    /* A pipe that polls writable takes PIPE_BUF bytes at once; more of them could wait for its reader. */
    const ssize_t written = write(fd, next, length < PIPE_BUF ? length : PIPE_BUF);
    if (written >= 0) {
      next += written;
      length -= (size_t)written;
    } else if (errno != EAGAIN && errno != EINTR) {
      return errno;
    }
  }
  return 0;
}
