#include "scope/input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  PIPE_BYTES = 1 << 20,     /* a larger pipe buffer means fewer switches between writer and us */
  BACKGROUND_LOOK_MS = 200, /* how often a background process looks whether it has the terminal again */
};

int input_open(struct input *in, const char *file, bool wait_for_writers)
{
  bool by_name = file && strcmp(file, "-") != 0;
  *in = (struct input){
      .fd = STDIN_FILENO, .keeper = -1, .name = by_name ? file : "standard input", .path = by_name ? file : NULL};
  if (by_name) {
    in->fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (in->fd < 0)
      return errno;
  }
  struct stat st;
  if (fstat(in->fd, &st) != 0)
    return errno;
  if (S_ISDIR(st.st_mode))
    return EISDIR;
  if (S_ISREG(st.st_mode)) {
    in->kind = INPUT_REGULAR;
  } else if (S_ISFIFO(st.st_mode)) {
    in->kind = by_name && wait_for_writers ? INPUT_FIFO : INPUT_STREAM;
    fcntl(in->fd, F_SETPIPE_SZ,
          PIPE_BYTES); /* refused to the unprivileged beyond their limit: then it stays as it is */
  } else {
    in->tty = isatty(in->fd) != 0;
    if (in->tty && !by_name)
      in->kind = INPUT_TERMINAL;
  }
  /* Without a writer a FIFO would be at its end at once: the one who writes comes after us. */
  if (by_name && S_ISFIFO(st.st_mode))
    in->keeper = open(file, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  return 0;
}

enum input_wait input_wait(struct input *in, int stop_fd)
{
  for (;;) {
    bool background = in->tty && tcgetpgrp(in->fd) != getpgrp() && tcgetpgrp(in->fd) >= 0;
    struct pollfd wait[] = {{.fd = stop_fd, .events = POLLIN}, {.fd = in->fd, .events = POLLIN}};
    int n = poll(wait, background ? 1 : 2, background ? BACKGROUND_LOOK_MS : -1);
    if (wait[0].revents)
      return INPUT_STOP;
    if (n > 0 && !background)
      return INPUT_READY;
  }
}

ssize_t input_read(struct input *in, void *buffer, size_t size)
{
  ssize_t n = read(in->fd, buffer, size);
  if (n > 0) {
    /* A writer is there: without our own end its leaving will show. */
    if (in->keeper >= 0) {
      close(in->keeper);
      in->keeper = -1;
    }
    return n;
  }
  if (n == 0 && in->kind == INPUT_FIFO) {
    in->keeper = open(in->path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    return in->keeper >= 0 ? INPUT_WRITER_LEFT : INPUT_END;
  }
  if (n == 0)
    return INPUT_END;
  if (errno == EINTR || errno == EAGAIN)
    return INPUT_AGAIN;
  if (errno == EIO && in->tty) {
    /* EIO comes to a background process that has SIGTTIN blocked, and when the terminal is gone. */
    pid_t owner = tcgetpgrp(in->fd);
    return owner >= 0 && owner != getpgrp() ? INPUT_AGAIN : INPUT_END;
  }
  return INPUT_FAILED;
}
