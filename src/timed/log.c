#include "timed/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

void log_open(struct log *log, int fd)
{
  struct stat about;
  char path[32];

  *log = (struct log){.fd = fd, .own_fd = -1};
  if (fstat(fd, &about) != 0 || S_ISREG(about.st_mode)) /* a disk takes what it is given */
    return;
  if (S_ISSOCK(about.st_mode)) {
    log->socket = true;
    return;
  }
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  log->own_fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (log->own_fd >= 0)
    log->fd = log->own_fd;
  else
    log->polled = true; /* a terminal of another user after su, or no /proc */
}

void log_close(struct log *log)
{
  log_flush(log);
  if (log->own_fd >= 0)
    close(log->own_fd);
  log->own_fd = -1;
  log->error = EBADF;
}

static bool add(struct log *log, const char *line, size_t length)
{
  if (length > sizeof log->buffer - log->length)
    return false;
  memcpy(log->buffer + log->length, line, length);
  log->length += length;
  return true;
}

void log_line(struct log *log, const char *format, ...)
{
  char line[LOG_LINE_MAX];
  va_list arguments;

  if (log->error)
    return;
  va_start(arguments, format);
  const int made = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (made < 0)
    return;
  const size_t length = (size_t)made < sizeof line ? (size_t)made : sizeof line - 1;
  line[length] = '\n';
  /* After a loss the count comes first, so that the gap is where it belongs. */
  if (log->lost > 0 || !add(log, line, length + 1))
    log->lost++;
}

/* Bytes of the lines at the start of the buffer that one write may carry; of a longer line, all that fits. */
static size_t whole_lines(const struct log *log)
{
  if (log->length <= PIPE_BUF)
    return log->length;
  const char *last = memrchr(log->buffer, '\n', PIPE_BUF);
  return last ? (size_t)(last - log->buffer) + 1 : PIPE_BUF;
}

static ssize_t write_now(const struct log *log, const char *data, size_t length)
{
  if (log->socket)
    return send(log->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (log->polled) {
    struct pollfd room = {.fd = log->fd, .events = POLLOUT};
    if (poll(&room, 1, 0) == 0) {
      errno = EAGAIN;
      return -1;
    }
  }
  return write(log->fd, data, length);
}

bool log_flush(struct log *log)
{
  while (!log->error) {
    if (log->lost > 0) {
      char line[80];
      const int length = snprintf(line, sizeof line, "(%" PRIu64 " line%s lost: nobody read %s)\n", log->lost,
                                  log->lost == 1 ? "" : "s", log->lost == 1 ? "it" : "them");
      if (add(log, line, (size_t)length))
        log->lost = 0;
    }
    if (log->length == 0)
      return false;
    const ssize_t written = write_now(log, log->buffer, whole_lines(log));
    if (written >= 0) {
      log->length -= (size_t)written;
      memmove(log->buffer, log->buffer + written, log->length);
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != EINTR) {
      log->error = errno;
      log->length = 0;
    }
  }
  return false;
}
