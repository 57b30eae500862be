#include "common/signals.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static bool is_ignored(int number)
{
  struct sigaction now;
  return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

/* What is sent to end a program, or for another purpose and would end it all the same. */
static void add_all(sigset_t *set)
{
  static const int others[] = {SIGQUIT,   SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF,
                               SIGSTKFLT, SIGIO,   SIGXCPU, SIGPWR,  SIGCHLD};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    sigaddset(set, others[i]);
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
    sigaddset(set, number);
}

int signals_open(bool all)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  if (all)
    add_all(&set);
  for (int number = 1; number <= SIGRTMAX; number++)
    if (sigismember(&set, number) == 1 && number != SIGCHLD && (all || number == SIGHUP) && is_ignored(number))
      sigdelset(&set, number);
  sigprocmask(SIG_BLOCK, &set, NULL);
  signal(SIGTTIN, SIG_IGN);
  signal(SIGTTOU, SIG_IGN);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool signals_came(int fd)
{
  return signals_next(fd) != 0;
}

int signals_next(int fd)
{
  struct signalfd_siginfo info;
  return read(fd, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

size_t signals_take(int fd, int numbers[SIGNALS_BATCH])
{
  struct signalfd_siginfo infos[SIGNALS_BATCH];
  const ssize_t got = read(fd, infos, sizeof infos);
  const size_t count = got > 0 ? (size_t)got / sizeof infos[0] : 0;
  for (size_t i = 0; i < count; i++)
    numbers[i] = (int)infos[i].ssi_signo;
  return count;
}

void signals_name(int number, char name[SIGNALS_NAME])
{
  const char *short_name = sigabbrev_np(number);
  if (short_name)
    snprintf(name, SIGNALS_NAME, "SIG%s", short_name);
  else if (number >= SIGRTMIN && number <= SIGRTMAX)
    snprintf(name, SIGNALS_NAME, "SIGRTMIN+%d", number - SIGRTMIN);
  else
    snprintf(name, SIGNALS_NAME, "signal %d", number);
}
