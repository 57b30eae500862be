#include "common/write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int write_all(int fd, const void *data, size_t length)
{
  return write_patiently(fd, data, length, -1, -1);
}

static int write_on(int fd, const char *next, size_t length, int timeout_ms, int cancel_fd)
{
  int refused_ms = 0; /* by a terminal that said it was ready, and has no room for the two bytes that a newline makes */
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
      refused_ms = 0;
    } else if (errno == EAGAIN) {
      if (timeout_ms >= 0 && ++refused_ms > timeout_ms)
        return ETIMEDOUT;
      poll(wait + 1, 1, 1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

/*
 * The terminal behind fd, opened anew without blocking, as the flags of fd are shared with others; -1 where it is none. One
 * that polls writable may have room for a few bytes only, and would wait for ever with more.
 */
static int open_terminal(int fd)
{
  char path[sizeof "/proc/self/fd/-2147483648"];
  if (!isatty(fd))
    return -1;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

int write_patiently(int fd, const void *data, size_t length, int timeout_ms, int cancel_fd)
{
  const int saved_errno = errno;
  const int own_fd = timeout_ms >= 0 || cancel_fd >= 0 ? open_terminal(fd) : -1;
  errno = saved_errno;
  const int error = write_on(own_fd >= 0 ? own_fd : fd, data, length, timeout_ms, cancel_fd);
  if (own_fd >= 0)
    close(own_fd);
  return error;
}
