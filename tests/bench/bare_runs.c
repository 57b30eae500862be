/*
 * The least that keeps forker's promises about a run, one beside the other on an absolute grid: a child in a group of its
 * own with default signals, nothing but its standard descriptors, and /dev/null to read; whether its exec failed, and
 * why; its output and its errors in whole lines; its end known and reaped at once, and whether it was stopped; the
 * numbers of the tick and of the run in its environment. It prints the four lines that forker prints of a tick and its
 * run, in as many writes, and keeps their user and system time and peak memory, but sums up nothing.
 *
 *   bare_runs SECONDS COUNT METHOD COMMAND [ARG...]      METHOD: fork, vfork, posix_spawn
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { JOBS = 64, EXEC = 0, OUT, ERR, PIPES, LINE = 4096 };

struct run {
  pid_t pid; /* 0: none, reaped or never started */
  int fds[PIPES];
  int64_t start_ns;
  size_t length[PIPES];
  char line[PIPES][LINE];
};

struct figures {
  double wall, user, sys, maxrss;
};

static struct run runs[JOBS];
static size_t runs_end; /* from here on none is in use */
static char **command;
static char announcement[LINE];
static char tick_text[64], run_text[64];
static char **environment;
static const char *method;
static sigset_t mask;
static int null_fd;
static posix_spawnattr_t attributes;

static _Noreturn void fail(const char *what)
{
  fprintf(stderr, "bare_runs: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static _Noreturn void be_child(const int *ends)
{
  setpgid(0, 0);
  dup2(null_fd, STDIN_FILENO);
  dup2(ends[OUT], STDOUT_FILENO);
  dup2(ends[ERR], STDERR_FILENO);
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &mask, NULL);
  execve(command[0], command, environment);
  const int error = errno;
  (void)!write(ends[EXEC], &error, sizeof error);
  _exit(127);
}

static pid_t by_library(const int *ends)
{
  pid_t pid;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, null_fd, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[OUT], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[ERR], STDERR_FILENO);
  errno = posix_spawn(&pid, command[0], &actions, &attributes, command, environment);
  if (errno)
    fail("posix_spawn");
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

static pid_t by_call(const int *ends)
{
  pid_t pid;
  if (method[0] == 'f') {
    pid = fork();
    if (pid == 0)
      be_child(ends);
  } else {
    pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork,clang-analyzer-unix.Vfork) */
    if (pid == 0)
      be_child(ends); /* NOLINT(clang-analyzer-unix.Vfork) */
  }
  if (pid < 0)
    fail(method);
  setpgid(pid, pid);
  return pid;
}

static void start(struct run *run)
{
  sigset_t all;
  sigset_t before;
  int ends[PIPES];
  const bool library = method[0] == 'p';

  run->start_ns = now_ns();
  for (int i = library ? OUT : EXEC; i < PIPES; i++) {
    int both[2];
    if (pipe2(both, O_CLOEXEC) != 0 || fcntl(both[0], F_SETFL, O_NONBLOCK) != 0)
      fail("pipe");
    run->fds[i] = both[0];
    ends[i] = both[1];
    run->length[i] = 0;
  }
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  run->pid = library ? by_library(ends) : by_call(ends);
  sigprocmask(SIG_SETMASK, &before, NULL);
  for (int i = library ? OUT : EXEC; i < PIPES; i++)
    close(ends[i]);
}

/* What a run printed, in whole lines; true at its end. */
static bool forward(struct run *run, int which)
{
  char *line = run->line[which];
  for (;;) {
    const ssize_t got = read(run->fds[which], line + run->length[which], LINE - run->length[which]);
    if (got <= 0)
      return got == 0;
    run->length[which] += (size_t)got;
    const char *last = memrchr(line, '\n', run->length[which]);
    const size_t whole = last ? (size_t)(last - line) + 1 : run->length[which] == LINE ? LINE : 0;
    (void)!write(which == OUT ? STDOUT_FILENO : STDERR_FILENO, line, whole);
    memmove(line, line + whole, run->length[which] - whole);
    run->length[which] -= whole;
  }
}

static void look_at(struct run *run, int which)
{
  int error = 0;
  if (which == EXEC && read(run->fds[EXEC], &error, sizeof error) > 0) {
    errno = error;
    fail(command[0]);
  }
  if (which != EXEC && !forward(run, which))
    return;
  close(run->fds[which]);
  run->fds[which] = -1;
}

static bool is_free(const struct run *run)
{
  return run->pid == 0 && run->fds[EXEC] < 0 && run->fds[OUT] < 0 && run->fds[ERR] < 0;
}

static struct run *free_run(void)
{
  size_t i = 0;
  while (i < JOBS && !is_free(&runs[i]))
    i++;
  if (i == JOBS)
    return NULL;
  if (runs_end <= i)
    runs_end = i + 1;
  return &runs[i];
}

static double ms(struct timeval time)
{
  return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static long reap(struct figures *kept, long count)
{
  struct rusage usage;
  int status;
  long reaped = 0;
  for (pid_t pid; (pid = wait4(-1, &status, WNOHANG | WUNTRACED | WCONTINUED, &usage)) > 0;) {
    if (WIFSTOPPED(status) || WIFCONTINUED(status))
      continue;
    const int64_t end_ns = now_ns();
    for (size_t i = 0; i < runs_end; i++)
      if (runs[i].pid == pid) {
        const double wall = (double)(end_ns - runs[i].start_ns) / 1e6;
        char line[96];
        const int length = snprintf(line, sizeof line, "Child %ld exited with status %d after %.1f ms\n", (long)pid,
                                    WEXITSTATUS(status), wall);
        (void)!write(STDOUT_FILENO, line, (size_t)length);
        kept[count + reaped++] =
            (struct figures){wall, ms(usage.ru_utime), ms(usage.ru_stime), (double)usage.ru_maxrss / 1024};
        runs[i].pid = 0;
      }
  }
  return reaped;
}

static void announce(long tick)
{
  char lines[LINE + 64];
  const int length = snprintf(lines, sizeof lines, "%ld\nAbout to fork...\n%s", tick, announcement);
  (void)!write(STDOUT_FILENO, lines, (size_t)length);
}

static void loop(int timer_fd, int signal_fd, long count)
{
  struct figures *kept = calloc((size_t)count, sizeof *kept);
  struct pollfd polled[2 + PIPES * JOBS] = {{.fd = timer_fd, .events = POLLIN}, {.fd = signal_fd, .events = POLLIN}};
  long ticks = 0;
  long started = 0;
  if (!kept)
    fail("calloc");
  for (long reaped = 0; ticks < count || reaped < started || runs_end > 0;) {
    nfds_t used = 2;
    for (size_t i = 0; i < PIPES * runs_end; i++)
      if (runs[i / PIPES].fds[i % PIPES] >= 0)
        polled[used++] = (struct pollfd){.fd = runs[i / PIPES].fds[i % PIPES], .events = POLLIN};
    if (poll(polled, used, -1) < 0)
      fail("poll");
    struct signalfd_siginfo info;
    if (polled[1].revents && read(signal_fd, &info, sizeof info) > 0)
      reaped += reap(kept, reaped);
    used = 2;
    for (size_t i = 0; i < PIPES * runs_end; i++)
      if (runs[i / PIPES].fds[i % PIPES] >= 0 && polled[used++].revents)
        look_at(&runs[i / PIPES], (int)(i % PIPES));
    while (runs_end > 0 && is_free(&runs[runs_end - 1]))
      runs_end--;
    uint64_t expired;
    if (ticks < count && polled[0].revents && read(timer_fd, &expired, sizeof expired) == (ssize_t)sizeof expired) {
      ticks += (long)expired;
      struct run *run = free_run();
      if (run) {
        announce(ticks);
        snprintf(tick_text, sizeof tick_text, "FORKER_TICK=%ld", ticks);
        snprintf(run_text, sizeof run_text, "FORKER_RUN=%ld", ++started);
        start(run);
      }
      if (ticks >= count)
        polled[0].fd = -1;
    }
  }
  fprintf(stderr, "%ld\n", started);
  free(kept);
}

static void prepare_texts(void)
{
  size_t count = 0;
  size_t length = (size_t)snprintf(announcement, sizeof announcement, "Child process: About to execute");
  for (char **word = command; *word && length + strlen(*word) + 3 < sizeof announcement; word++)
    length += (size_t)sprintf(announcement + length, " %s", *word);
  announcement[length] = '\n';
  while (environ[count])
    count++;
  environment = calloc(count + 3, sizeof *environment);
  if (!environment)
    fail("calloc");
  environment[0] = tick_text;
  environment[1] = run_text;
  memcpy(environment + 2, environ, count * sizeof *environment);
}

int main(int argc, char **argv)
{
  const double seconds = argc > 4 ? strtod(argv[1], NULL) : 0;
  const long count = argc > 4 ? strtol(argv[2], NULL, 10) : 0;
  if (!(seconds > 0) || count < 1 || !strchr("fvp", argv[3][0])) {
    fputs("usage: bare_runs SECONDS COUNT METHOD COMMAND [ARG...]\n", stderr);
    return 2;
  }
  method = argv[3];
  command = argv + 4;
  prepare_texts();
  for (size_t i = 0; i < JOBS; i++)
    runs[i] = (struct run){.fds = {-1, -1, -1}};
  sigset_t ours;
  sigset_t ignored;
  sigemptyset(&ours);
  sigaddset(&ours, SIGCHLD);
  sigprocmask(SIG_BLOCK, &ours, &mask);
  signal(SIGPIPE, SIG_IGN);
  null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  const int signal_fd = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
  const int timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  sigemptyset(&ignored);
  sigaddset(&ignored, SIGPIPE);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigdefault(&attributes, &ignored);
  posix_spawnattr_setsigmask(&attributes, &mask);
  const long period_ns = (long)(seconds * 1e9);
  const struct timespec period = {.tv_sec = period_ns / 1000000000, .tv_nsec = period_ns % 1000000000};
  if (null_fd < 0 || signal_fd < 0 || timer_fd < 0 ||
      timerfd_settime(timer_fd, 0, &(struct itimerspec){.it_interval = period, .it_value = period}, NULL) != 0)
    fail("cannot start");
  loop(timer_fd, signal_fd, count);
  posix_spawnattr_destroy(&attributes);
  free(environment);
  return 0;
}
