#include "common/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/write.h"

enum { FIRST_SIZE = 4096, RELAY_MS = 100 };
static const int64_t RETRY_NS = CLOCK_SECOND_NS;

struct relay {
  int from, to;
};

static void *copy(void *argument)
{
  const struct relay relay = *(struct relay *)argument;
  char piece[PIPE_BUF];
  ssize_t got;

  free(argument);
  while ((got = read(relay.from, piece, sizeof piece)) > 0 && write_all(relay.to, piece, (size_t)got) == 0)
    ;
  close(relay.from); /* a writer learns of a terminal that has gone by EPIPE */
  return NULL;
}

/*
 * For a terminal that cannot be opened again, as after su or sudo: one that polls writable may still have room for less
 * than a line, and only a thread can wait for more.
 */
static bool start_relay(struct outlet *outlet, int fd)
{
  struct relay *relay = malloc(sizeof *relay);
  int ends[2];

  if (!relay || pipe2(ends, O_CLOEXEC) != 0) {
    free(relay);
    return false;
  }
  *relay = (struct relay){.from = ends[0], .to = fd};
  outlet->relayed = fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0 && pthread_create(&outlet->relay, NULL, copy, relay) == 0;
  if (!outlet->relayed) {
    close(ends[0]);
    close(ends[1]);
    free(relay);
    return false;
  }
  outlet->fd = outlet->own_fd = ends[1];
  return true;
}

void outlet_open(struct outlet *outlet, int fd)
{
  struct stat about;
  char path[32];

  *outlet = (struct outlet){.fd = fd, .own_fd = -1, .retry_ns = INT64_MAX};
  if (fstat(fd, &about) != 0 || S_ISREG(about.st_mode)) /* a disk takes what it is given */
    return;
  if (S_ISSOCK(about.st_mode)) {
    outlet->socket = true;
    return;
  }
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  outlet->own_fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (outlet->own_fd >= 0)
    outlet->fd = outlet->own_fd;
  else if (!isatty(fd) || !start_relay(outlet, fd))
    outlet->polled = true; /* of another user, or no /proc: a pipe that polls writable takes PIPE_BUF bytes */
}

/* Or the thread ends with the process. */
static void join_soon(pthread_t thread)
{
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_nsec += RELAY_MS * 1000000L;
  limit.tv_sec += limit.tv_nsec / 1000000000;
  limit.tv_nsec %= 1000000000;
  pthread_timedjoin_np(thread, NULL, &limit);
}

void outlet_destroy(struct outlet *outlet)
{
  if (outlet->buffer) {
    outlet_flush(outlet);
    free(outlet->buffer);
  }
  if (outlet->own_fd > 0)
    close(outlet->own_fd);
  if (outlet->relayed)
    join_soon(outlet->relay);
  *outlet = (struct outlet){.fd = -1, .own_fd = -1, .error = EBADF, .retry_ns = INT64_MAX};
}

size_t outlet_waiting(const struct outlet *outlet)
{
  return outlet->end - outlet->start;
}

/* Room for length more bytes after the end. */
static bool make_room(struct outlet *outlet, size_t length)
{
  const size_t waiting = outlet_waiting(outlet);

  if (outlet->size - outlet->end >= length)
    return true;
  if (outlet->start > 0) {
    memmove(outlet->buffer, outlet->buffer + outlet->start, waiting);
    outlet->start = 0;
    outlet->end = waiting;
  }
  if (outlet->size - waiting >= length)
    return true;
  size_t size = outlet->size ? outlet->size : FIRST_SIZE;
  while (size - waiting < length)
    size *= 2;
  char *bigger = realloc(outlet->buffer, size);
  if (!bigger)
    return false;
  outlet->buffer = bigger;
  outlet->size = size;
  return true;
}

bool outlet_add(struct outlet *outlet, const char *data, size_t length, size_t limit)
{
  if (outlet->error || length == 0)
    return true;
  const size_t waiting = outlet_waiting(outlet);
  if (waiting > limit || length > limit - waiting || !make_room(outlet, length))
    return false;
  memcpy(outlet->buffer + outlet->end, data, length);
  outlet->end += length;
  return true;
}

/* Bytes of the lines at the start that one write may carry; of a longer line, all that fits. */
static size_t whole_lines(const struct outlet *outlet)
{
  const size_t waiting = outlet_waiting(outlet);
  if (waiting <= PIPE_BUF)
    return waiting;
  const char *first = outlet->buffer + outlet->start;
  const char *last = memrchr(first, '\n', PIPE_BUF);
  return last ? (size_t)(last - first) + 1 : PIPE_BUF;
}

static ssize_t write_now(const struct outlet *outlet, const char *data, size_t length)
{
  if (outlet->socket)
    return send(outlet->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (outlet->polled) {
    struct pollfd room = {.fd = outlet->fd, .events = POLLOUT};
    if (poll(&room, 1, 0) == 0) {
      errno = EAGAIN;
      return -1;
    }
  }
  return write(outlet->fd, data, length);
}

/* Bytes of data behind its last line end, those before that were written of the same line included. */
static size_t open_line(const char *data, size_t length, size_t before)
{
  const char *last = memrchr(data, '\n', length);
  return last ? (size_t)(data + length - 1 - last) : before + length;
}

/*
 * The beginning of a line is at the end of the file, and there was no room for the rest: it is cut off again, unless
 * others have written behind it. Its bytes are in the buffer still.
 */
static void take_back(struct outlet *outlet, size_t length)
{
  struct stat about;
  if (length == 0 || length > outlet->start || fstat(outlet->fd, &about) != 0 || !S_ISREG(about.st_mode))
    return;
  const off_t end = lseek(outlet->fd, 0, SEEK_CUR);
  if (end != about.st_size || ftruncate(outlet->fd, end - (off_t)length) != 0)
    return;
  lseek(outlet->fd, -(off_t)length, SEEK_CUR); /* for a file that is not open for appending */
  outlet->start -= length;
}

bool outlet_flush(struct outlet *outlet)
{
  size_t open = 0; /* bytes written of a line whose end was not */

  if (outlet->full && clock_now_ns() < outlet->retry_ns)
    return true;
  while (outlet_waiting(outlet) > 0) {
    const char *data = outlet->buffer + outlet->start;
    const ssize_t written = write_now(outlet, data, whole_lines(outlet));
    if (written >= 0) {
      open = open_line(data, (size_t)written, open);
      outlet->start += (size_t)written;
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
      outlet->full = errno;
      outlet->retry_ns = clock_after_ns(clock_now_ns(), RETRY_NS);
      take_back(outlet, open);
      return true;
    } else if (errno != EINTR) {
      outlet->error = errno;
      outlet->start = outlet->end;
    }
  }
  outlet->start = outlet->end = 0;
  outlet->full = 0;
  outlet->retry_ns = INT64_MAX;
  return false;
}

size_t outlet_give_up(struct outlet *outlet)
{
  outlet->retry_ns = 0;
  if (!outlet->full || !outlet_flush(outlet) || !outlet->full)
    return 0;
  size_t lines = 0;
  for (size_t i = outlet->start; i < outlet->end; i++)
    lines += outlet->buffer[i] == '\n';
  outlet->start = outlet->end = 0;
  return lines;
}

bool outlet_finish(struct outlet *outlet)
{
  if (outlet_waiting(outlet) > 0)
    return false;
  if (!outlet->relayed)
    return true;
  if (outlet->own_fd > 0) { /* for the thread this is the end */
    close(outlet->own_fd);
    outlet->own_fd = outlet->fd = -1;
    outlet->error = EPIPE;
  }
  outlet->relayed = pthread_tryjoin_np(outlet->relay, NULL) != 0;
  return !outlet->relayed;
}
