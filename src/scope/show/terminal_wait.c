#include "scope/show/terminal_wait.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/clock.h"

static bool watch_fd(const struct terminal *t, int operation, int fd, uint32_t events)
{
  struct epoll_event event = {.events = events, .data = {.fd = fd}};
  return epoll_ctl(t->poll_fd, operation, fd, &event) == 0;
}

bool terminal_wait_open(struct terminal *t)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTSTP);
  sigaddset(&set, SIGCONT);
  sigaddset(&set, SIGWINCH);
  sigprocmask(SIG_BLOCK, &set, NULL);
  t->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  t->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  t->poll_fd = epoll_create1(EPOLL_CLOEXEC);
  return t->signal_fd >= 0 && t->timer_fd >= 0 && t->poll_fd >= 0 &&
         watch_fd(t, EPOLL_CTL_ADD, t->signal_fd, EPOLLIN) && watch_fd(t, EPOLL_CTL_ADD, t->timer_fd, EPOLLIN) &&
         watch_fd(t, EPOLL_CTL_ADD, t->tty.fd, 0);
}

void terminal_wait_close(struct terminal *t)
{
  const int fd[] = {t->poll_fd, t->signal_fd, t->timer_fd};
  for (size_t i = 0; i < sizeof fd / sizeof *fd; i++)
    if (fd[i] >= 0)
      close(fd[i]);
}

static void set_timer(struct terminal *t, int64_t at_ns)
{
  uint64_t unused;
  const bool rang = read(t->timer_fd, &unused, sizeof unused) > 0;
  if (at_ns == t->timer_ns && !rang)
    return;
  t->timer_ns = at_ns;
  struct itimerspec spec = {0};
  if (at_ns != INT64_MAX)
    spec.it_value =
        (struct timespec){.tv_sec = (time_t)(at_ns / CLOCK_SECOND_NS), .tv_nsec = (long)(at_ns % CLOCK_SECOND_NS)};
  timerfd_settime(t->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void set_watch(struct terminal *t)
{
  uint32_t events = t->shown ? (uint32_t)EPOLLIN : 0;
  if (t->shown && t->tty.queue.length > 0)
    events |= (uint32_t)EPOLLOUT;
  if (events != t->watched && watch_fd(t, EPOLL_CTL_MOD, t->tty.fd, events))
    t->watched = events;
}

void terminal_wait_for(struct terminal *t, int64_t at_ns)
{
  set_watch(t);
  set_timer(t, at_ns);
}

void terminal_wait_no_more(struct terminal *t)
{
  watch_fd(t, EPOLL_CTL_DEL, t->tty.fd, 0);
}
