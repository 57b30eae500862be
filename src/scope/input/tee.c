#include "scope/input/tee.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"
#include "scope/stream/ending.h"

enum { FILE_PIECE = 64 * 1024 };

void tee_init(struct tee *tee, int fd)
{
  struct stat st;
  char path[sizeof "/proc/self/fd/-2147483648"];
  *tee = (struct tee){.given = fd, .fd = fd, .own_fd = -1, .piece = PIPE_BUF};
  if (fstat(fd, &st) != 0)
    return;
  if (S_ISREG(st.st_mode))
    tee->piece = FILE_PIECE;
  if (!S_ISFIFO(st.st_mode) &&
      !isatty(fd)) /* a terminal that is ready may have less room than a piece: it would hang */
    return;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  tee->own_fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (tee->own_fd >= 0) {
    tee->fd = tee->own_fd;
    tee->piece = SIZE_MAX;
  }
}

bool tee_pass(struct tee *tee, const char *bytes, size_t n, const struct stream *stream)
{
  int64_t deadline_ns = INT64_MAX;
  while (n > 0 && !tee->error) {
    const bool stopped = deadline_ns != INT64_MAX;
    struct pollfd wait[] = {{.fd = tee->fd, .events = POLLOUT}, {.fd = stream_stop_fd(stream), .events = POLLIN}};
    const int ready = poll(wait, stopped ? 1 : 2, clock_timeout_ms(deadline_ns, clock_now_ns()));
    if (ready == 0)
      tee->error = ETIMEDOUT;
    if (ready <= 0)
      continue;
    if (!stopped && wait[1].revents)
      deadline_ns = clock_after_ns(stream_stop_asked_ns(stream), clock_from_ms(ENDING_TEE_MS));
    if (!wait[0].revents)
      continue;
    const ssize_t k = write(tee->fd, bytes, n < tee->piece ? n : tee->piece);
    if (k >= 0) {
      bytes += k;
      n -= (size_t)k;
    } else if (errno == EAGAIN && clock_now_ns() >= deadline_ns) {
      tee->error = ETIMEDOUT; /* it said that it was ready */
    } else if (errno != EAGAIN && errno != EINTR) {
      tee->error = errno;
    }
  }
  return tee->error == 0;
}

void tee_end(struct tee *tee)
{
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (tee->own_fd >= 0)
    close(tee->own_fd);
  tee->own_fd = -1;
  tee->fd = tee->given;
  if (!tee->error)
    tee->error = EPIPE;
  if (nowhere < 0)
    return;
  dup2(nowhere, tee->given);
  close(nowhere);
}
