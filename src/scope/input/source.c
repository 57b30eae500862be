#include "scope/input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"
#include "scope/input/source_fifo.h"
#include "scope/input/source_terminal.h"

enum { PIPE_BYTES = 1 << 20 /* a larger pipe buffer means fewer switches between writer and us */ };

int source_open(struct source *source, const char *file, bool wait_for_writers)
{
  bool by_name = file && strcmp(file, "-") != 0;
  *source = (struct source){.fd = STDIN_FILENO, .keeper = -1, .name = by_name ? file : "standard input"};
  if (by_name) {
    source->fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (source->fd < 0)
      return errno;
  }
  struct stat st;
  int error = fstat(source->fd, &st) != 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
  if (error) {
    if (by_name)
      close(source->fd);
    source->fd = -1;
    return error;
  }
  if (S_ISREG(st.st_mode)) {
    source->kind = SOURCE_REGULAR;
  } else if (S_ISFIFO(st.st_mode)) {
    source->kind = by_name && wait_for_writers ? SOURCE_FIFO : SOURCE_STREAM;
    /* Refused to the unprivileged beyond their limit: then it stays as it is. */
    fcntl(source->fd, F_SETPIPE_SZ, PIPE_BYTES);
    if (by_name)
      source_fifo_keep(&source->keeper, source->fd); /* the one who writes comes after us */
  } else {
    source->tty = isatty(source->fd) != 0;
    if (source->tty && !by_name)
      source->kind = SOURCE_TERMINAL;
  }
  return 0;
}

const char *source_news(struct source *source)
{
  static _Thread_local char text[SERIAL_TEXT_MAX];
  char *news = source->kind == SOURCE_SERIAL   ? source->serial->news
               : source->kind == SOURCE_FOLLOW ? source->follow->news
                                               : NULL;
  if (!news || !news[0])
    return NULL;
  snprintf(text, sizeof text, "%s", news);
  news[0] = '\0';
  return text;
}

const char *source_open_serial(struct source *source, const char *file, uint32_t baud, bool returns)
{
  *source = (struct source){.fd = -1, .keeper = -1, .kind = SOURCE_SERIAL, .name = file};
  source->serial = calloc(1, sizeof *source->serial);
  if (!source->serial)
    return strerror(ENOMEM);
  if (!serial_open(source->serial, file, baud, returns)) {
    const char *why = source_news(source);
    free(source->serial);
    source->serial = NULL;
    return why;
  }
  source->fd = source->serial->fd;
  return NULL;
}

int source_open_follow(struct source *source, const char *file, int64_t tail)
{
  *source = (struct source){.fd = -1, .keeper = -1, .kind = SOURCE_FOLLOW, .name = file};
  source->follow = calloc(1, sizeof *source->follow);
  const int error = source->follow ? follow_open(source->follow, file, tail) : ENOMEM;
  if (error) {
    free(source->follow);
    source->follow = NULL;
  } else if (source->follow->files > 0)
    source->fd = source->follow->file[0].fd;
  return error;
}

/*
 * What a wait depends on: the descriptor that tells of something (-1: none does), when to look anyway, and whether there is
 * something without waiting.
 */
struct sight {
  int fd;
  int64_t look_ns; /* INT64_MAX: never */
  bool ready;
};

static struct sight look(struct source *source, int64_t now_ns)
{
  const struct serial *serial = source->serial;
  switch (source->kind) {
  case SOURCE_SERIAL: /* the read looks for a device that is gone */
    return (struct sight){.fd = serial->fd,
                          .look_ns = serial->fd < 0 ? serial->look_ns : INT64_MAX,
                          .ready = serial->fd < 0 && now_ns >= serial->look_ns};
  case SOURCE_FOLLOW:
    return (struct sight){.fd = source->follow->notify_fd,
                          .look_ns = now_ns + clock_from_ms(FOLLOW_LOOK_MS),
                          .ready = follow_look(source->follow)};
  case SOURCE_STREAM:
  case SOURCE_FIFO:
  case SOURCE_REGULAR:
  case SOURCE_TERMINAL:
    break;
  }
  const bool background = source->tty && source_terminal_in_background(source->fd);
  return (struct sight){.fd = background ? -1 : source->fd,
                        .look_ns = background ? now_ns + clock_from_ms(SOURCE_TERMINAL_LOOK_MS) : INT64_MAX};
}

enum source_wait source_wait(struct source *source, int ask_fd, int out_fd, int timeout_ms)
{
  const int64_t until_ns = timeout_ms < 0 ? INT64_MAX : clock_now_ns() + clock_from_ms(timeout_ms);
  for (;;) {
    const int64_t now_ns = clock_now_ns();
    const struct sight sight = look(source, now_ns);
    struct pollfd wait[] = {
        {.fd = ask_fd, .events = POLLIN}, {.fd = out_fd, .events = POLLOUT}, {.fd = sight.fd, .events = POLLIN}};
    const int64_t deadline_ns = sight.ready ? now_ns : sight.look_ns < until_ns ? sight.look_ns : until_ns;
    const int n = poll(wait, sizeof wait / sizeof *wait, clock_timeout_ms(deadline_ns, now_ns));
    if (n > 0 && wait[0].revents)
      return SOURCE_ASKED;
    if (sight.ready || (n > 0 && wait[2].revents && source->kind != SOURCE_FOLLOW))
      return SOURCE_READY; /* what tells of a followed file tells to look again */
    if (n > 0 && wait[1].revents)
      return SOURCE_WRITABLE;
    if (n == 0 && clock_now_ns() >= until_ns)
      return SOURCE_LATE;
  }
}

ssize_t source_read(struct source *source, void *buffer, size_t size)
{
  if (source->kind == SOURCE_SERIAL)
    return serial_read(source->serial, buffer, size);
  if (source->kind == SOURCE_FOLLOW)
    return follow_read(source->follow, buffer, size);
  ssize_t n = read(source->fd, buffer, size);
  if (n > 0)
    source_fifo_let_go(&source->keeper);
  if (n > 0 || (n == 0 && source->kind != SOURCE_FIFO))
    return n;
  if (n == 0) /* without our own end the next wait would end at once, over and over */
    return source_fifo_keep(&source->keeper, source->fd) ? SOURCE_WRITER_LEFT : SOURCE_END;
  if (errno == EINTR || errno == EAGAIN)
    return SOURCE_AGAIN;
  if (errno == EIO && source->tty)
    return source_terminal_in_background(source->fd) ? SOURCE_AGAIN : SOURCE_END;
  return SOURCE_FAILED;
}
