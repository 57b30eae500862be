#include "scope/input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum source_wait source_wait(struct source *source, int stop_fd, int out_fd)
{
  for (;;) {
    bool background = source->tty && source_terminal_in_background(source->fd);
    struct pollfd wait[] = {{.fd = stop_fd, .events = POLLIN},
                            {.fd = out_fd, .events = POLLOUT},
                            {.fd = background ? -1 : source->fd, .events = POLLIN}};
    int n = poll(wait, sizeof wait / sizeof *wait, background ? SOURCE_TERMINAL_LOOK_MS : -1);
    if (n <= 0)
      continue; /* a signal, or time to look for the terminal again */
    if (wait[0].revents)
      return SOURCE_STOP;
    return wait[2].revents ? SOURCE_READY : SOURCE_WRITABLE;
  }
}

ssize_t source_read(struct source *source, void *buffer, size_t size)
{
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
