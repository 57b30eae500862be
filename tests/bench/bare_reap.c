/*
 * The least that forks on a schedule and reaps at once: one sigwaitinfo loop for SIGCHLD and for a timer's signal. It
 * prints, at its end, a line for each child: its process id, and CLOCK_MONOTONIC in nanoseconds when it was reaped.
 *
 *   bare_reap SECONDS COUNT JOBS COMMAND [ARG...]
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct end {
  pid_t pid;
  int64_t ns;
};

static int64_t now_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void start(char **command, const sigset_t *mask)
{
  const pid_t pid = fork();
  if (pid < 0) {
    perror("bare_reap: fork");
    exit(1);
  }
  if (pid > 0)
    return;
  sigprocmask(SIG_SETMASK, mask, NULL);
  execv(command[0], command);
  _exit(127);
}

int main(int argc, char **argv)
{
  const double seconds = argc > 4 ? strtod(argv[1], NULL) : 0;
  const long count = argc > 4 ? strtol(argv[2], NULL, 10) : 0;
  const long jobs = argc > 4 ? strtol(argv[3], NULL, 10) : 0;
  struct end *ends = count > 0 ? calloc((size_t)count, sizeof *ends) : NULL;
  if (!(seconds > 0) || jobs < 1 || !ends) {
    fputs("usage: bare_reap SECONDS COUNT JOBS COMMAND [ARG...]\n", stderr);
    free(ends);
    return 2;
  }
  sigset_t set;
  sigset_t before;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGRTMIN);
  sigprocmask(SIG_BLOCK, &set, &before);

  const long period_ns = (long)(seconds * 1e9);
  const struct timespec period = {.tv_sec = period_ns / 1000000000, .tv_nsec = period_ns % 1000000000};
  const struct itimerspec grid = {.it_value = period, .it_interval = period};
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 || timer_settime(timer, 0, &grid, NULL) != 0) {
    perror("bare_reap: timer");
    free(ends);
    return 1;
  }
  long started = 0;
  long reaped = 0;
  while (reaped < count) {
    siginfo_t info;
    const int got = sigwaitinfo(&set, &info);
    if (got == SIGCHLD) {
      for (pid_t pid; reaped < started && (pid = waitpid(-1, NULL, WNOHANG)) > 0;)
        ends[reaped++] = (struct end){.pid = pid, .ns = now_ns()};
    } else if (got == SIGRTMIN && started < count && started - reaped < jobs) {
      started++;
      start(argv + 4, &before);
    }
  }
  for (long i = 0; i < count; i++)
    printf("%ld %" PRId64 "\n", (long)ends[i].pid, ends[i].ns);
  free(ends);
  return 0;
}
