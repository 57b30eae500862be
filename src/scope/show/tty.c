#include "scope/show/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"

enum { GUARD_MS = 100 /* how long a sudden end waits for a terminal that takes nothing */ };

int tty_open(struct tty *t, int behind)
{
  char path[sizeof "/proc/self/fd/-2147483648"];
  *t = (struct tty){.fd = -1};
  if (!isatty(behind))
    return ENOTTY;
  snprintf(path, sizeof path, "/proc/self/fd/%d", behind);
  t->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (t->fd < 0 || tcgetattr(t->fd, &t->before) != 0) {
    const int error = errno;
    tty_close(t);
    return error;
  }
  return 0;
}

void tty_close(struct tty *t)
{
  tty_make_cooked(t);
  if (t->fd >= 0)
    close(t->fd);
  bytes_destroy(&t->queue);
  *t = (struct tty){.fd = -1};
}

bool tty_is(const struct tty *t, int fd)
{
  struct stat ours;
  struct stat theirs;
  return isatty(fd) && fstat(t->fd, &ours) == 0 && fstat(fd, &theirs) == 0 && ours.st_rdev == theirs.st_rdev;
}

bool tty_is_ours(const struct tty *t)
{
  const pid_t owner = tcgetpgrp(t->fd);
  return owner < 0 || owner == getpgrp();
}

bool tty_make_raw(struct tty *t)
{
  if (tcgetattr(t->fd, &t->before) != 0) /* they may have been changed while we were away */
    return false;
  struct termios raw = t->before;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
  raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | ISTRIP | PARMRK);
  raw.c_oflag &= ~(tcflag_t)OPOST;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  t->raw = tcsetattr(t->fd, TCSANOW, &raw) == 0;
  return t->raw;
}

void tty_make_cooked(struct tty *t)
{
  if (!t->raw)
    return;
  tcsetattr(t->fd, TCSANOW, &t->before); /* without waiting for what is to be sent: it may never be */
  t->raw = false;
}

void tty_size(const struct tty *t, struct tty_size *size)
{
  struct winsize w = {0};
  ioctl(t->fd, TIOCGWINSZ, &w);
  *size = (struct tty_size){.columns = w.ws_col ? w.ws_col : 80,
                            .rows = w.ws_row ? w.ws_row : 24,
                            .width = w.ws_xpixel,
                            .height = w.ws_ypixel};
}

bool tty_send(struct tty *t)
{
  while (t->sent < t->queue.length) {
    const ssize_t n = write(t->fd, t->queue.data + t->sent, t->queue.length - t->sent);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno == EAGAIN;
    t->sent += (size_t)n;
  }
  t->sent = t->queue.length = 0;
  return true;
}

bool tty_send_patiently(struct tty *t, int64_t patience_ns, int64_t until_ns)
{
  int64_t taken_ns = clock_now_ns(); /* when something was taken last */
  size_t sent = t->sent;
  while (tty_send(t)) {
    if (t->queue.length == 0)
      return true;
    const int64_t now_ns = clock_now_ns();
    if (t->sent != sent)
      taken_ns = now_ns;
    sent = t->sent;
    const int64_t end_ns = taken_ns + patience_ns < until_ns ? taken_ns + patience_ns : until_ns;
    struct pollfd wait = {.fd = t->fd, .events = POLLOUT};
    if (now_ns >= end_ns || (poll(&wait, 1, clock_timeout_ms(end_ns, now_ns)) > 0 && wait.revents & POLLHUP))
      return false;
  }
  return false;
}

bool tty_is_idle(const struct tty *t)
{
  int waiting = 0;
  return t->queue.length == 0 && (ioctl(t->fd, TIOCOUTQ, &waiting) != 0 || waiting == 0);
}

void tty_release(int fd)
{
  /* Linux undoes by TCOON what TCOOFF did, and that alone: so it is stopped once more first. */
  tcflow(fd, TCOOFF);
  tcflow(fd, TCOON);
}

bool tty_drop(struct tty *t)
{
  const bool cut = t->sent > 0;
  t->sent = t->queue.length = 0;
  t->queue.failed = false;
  return cut;
}

/* ---- A sudden end ---- */

static struct {
  volatile sig_atomic_t on;
  int fd;
  struct termios modes;
  const char *restore;
  size_t length;
} guard;

static const int sudden[] = {SIGQUIT, SIGILL,  SIGABRT, SIGBUS,    SIGFPE,  SIGSEGV, SIGTRAP, SIGUSR1,
                             SIGUSR2, SIGALRM, SIGXCPU, SIGVTALRM, SIGPROF, SIGSYS,  SIGPOLL};

/* The handler is gone when it runs (SA_RESETHAND), so what is raised again ends the process. */
static void restore_and_end(int number)
{
  if (guard.on) {
    guard.on = 0;
    tty_release(guard.fd);
    tcsetattr(guard.fd, TCSANOW, &guard.modes);
    struct pollfd wait = {.fd = guard.fd, .events = POLLOUT};
    size_t written = 0;
    while (written < guard.length && poll(&wait, 1, GUARD_MS) > 0 && (wait.revents & POLLOUT)) {
      const ssize_t n = write(guard.fd, guard.restore + written, guard.length - written);
      if (n < 0 && errno != EAGAIN && errno != EINTR)
        break; /* who could be told? */
      written += n > 0 ? (size_t)n : 0;
    }
  }
  raise(number);
}

void tty_guard(const struct tty *t, const char *restore)
{
  guard.on = 0;
  if (!restore)
    return;
  guard.fd = t->fd;
  guard.modes = t->before;
  guard.restore = restore;
  guard.length = strlen(restore);
  guard.on = 1;
  for (size_t i = 0; i < sizeof sudden / sizeof *sudden; i++) {
    struct sigaction action;
    /* One that is ignored, or has a handler of a sanitizer's, stays as it is. */
    if (sigaction(sudden[i], NULL, &action) != 0 || action.sa_handler != SIG_DFL)
      continue;
    action = (struct sigaction){.sa_handler = restore_and_end, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
    sigaction(sudden[i], &action, NULL);
  }
}
