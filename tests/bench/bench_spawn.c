/*
 * What a spawn costs: forker's own code beside the least that makes the same calls, in one process, in turns.
 *
 *   bench_spawn [ROUNDS [PAIRS [PAUSE_MS]]]
 *
 * Of each round the medians, and for each of the three methods the median of the ratios within a round. A spawn is timed
 * from the call to the known success of exec, a life to the end of the child's reaping. CPU is that of both processes.
 * With a pause before each spawn both find the machine as it is on a schedule: asleep, and with cold caches.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/signals.h"
#include "forker/command.h"
#include "forker/family.h"
#include "forker/spawn.h"

static char true_path[] = "/bin/true";
static char *true_argv[] = {true_path, NULL};

static const char *const method_names[] = {
    [SPAWN_FORK] = "fork", [SPAWN_VFORK] = "vfork", [SPAWN_POSIX_SPAWN] = "posix_spawn"};

enum figure { SPAWN_US, LIFE_US, CPU_US, FIGURES };

static const char *const figure_names[FIGURES] = {"spawn", "life", "cpu"};

struct cost {
  double of[FIGURES];
};

struct bench {
  struct spawner spawner;
  struct command command;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  int signal_fd;
};

static _Noreturn void fail(const char *what, int error)
{
  fprintf(stderr, "bench_spawn: %s: %s\n", what, strerror(error));
  exit(EXIT_FAILURE);
}

static double cpu_us(void)
{
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

static double usage_us(const struct rusage *usage)
{
  return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e6 +
         (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

static void wait_readable(int fd)
{
  struct pollfd polled = {.fd = fd, .events = POLLIN};
  while (poll(&polled, 1, -1) < 0 && errno == EINTR)
    ;
}

/* As forker.c has it, without the loop around. */
static struct cost by_forker(struct bench *bench)
{
  const double cpu = cpu_us();
  const struct spawned spawned = spawn_start(&bench->spawner, &bench->command, (struct spawn_outputs){-1, -1}, false);
  int error = spawned.error ? spawned.error : spawned.exec_error;
  if (error == 0 && spawned.exec_fd >= 0) {
    while (!spawn_exec_result(spawned.exec_fd, &error))
      wait_readable(spawned.exec_fd);
    close(spawned.exec_fd);
  }
  if (error)
    fail("spawn_start", error);
  const int64_t exec_ns = clock_now_ns();
  struct family_end end = {.pid = -1};
  while (end.pid < 0) {
    pid_t pid;
    wait_readable(bench->signal_fd);
    struct signalfd_siginfo info;
    (void)!read(bench->signal_fd, &info, sizeof info);
    while (family_look(&pid) == FAMILY_ENDED)
      end = family_reap(pid);
  }
  return (struct cost){{(double)(exec_ns - spawned.start_ns) / 1e3, (double)(clock_now_ns() - spawned.start_ns) / 1e3,
                        cpu_us() - cpu + usage_us(&end.usage)}};
}

/* What is promised of a child, and no more: these three are ignored here (signals.h, main.c). */
static _Noreturn void be_child(const struct bench *bench, int exec_fd)
{
  setpgid(0, 0);
  dup2(bench->spawner.null_fd, STDIN_FILENO);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGTTIN, SIG_DFL);
  signal(SIGTTOU, SIG_DFL);
  sigprocmask(SIG_SETMASK, &bench->spawner.mask, NULL);
  execve(true_path, true_argv, environ);
  const int error = errno;
  (void)!write(exec_fd, &error, sizeof error);
  _exit(127);
}

static pid_t bare_start(struct bench *bench, enum spawn_method method, int *exec_fd)
{
  int ends[2];
  pid_t pid;

  *exec_fd = -1;
  if (method == SPAWN_POSIX_SPAWN) {
    const int error = posix_spawn(&pid, true_path, &bench->actions, &bench->attributes, true_argv, environ);
    if (error)
      fail("posix_spawn", error);
    return pid;
  }
  if (pipe2(ends, O_CLOEXEC) != 0)
    fail("pipe", errno);
  if (method == SPAWN_FORK) {
    pid = fork();
    if (pid == 0)
      be_child(bench, ends[1]);
  } else {
    pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork,clang-analyzer-unix.Vfork) */
    if (pid == 0)
      be_child(bench, ends[1]); /* NOLINT(clang-analyzer-unix.Vfork) */
  }
  if (pid < 0)
    fail("fork", errno);
  close(ends[1]);
  setpgid(pid, pid);
  *exec_fd = ends[0];
  return pid;
}

static struct cost by_bare_calls(struct bench *bench)
{
  sigset_t all;
  sigset_t before;
  int error = 0;
  int exec_fd;
  int status;
  struct rusage usage;

  const double cpu = cpu_us();
  const int64_t start_ns = clock_now_ns();
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  const pid_t pid = bare_start(bench, bench->spawner.method, &exec_fd);
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (exec_fd >= 0) {
    if (read(exec_fd, &error, sizeof error) != 0)
      fail("exec", error);
    close(exec_fd);
  }
  const int64_t exec_ns = clock_now_ns();
  if (wait4(pid, &status, 0, &usage) != pid || status != 0)
    fail("wait4", errno);
  return (struct cost){{(double)(exec_ns - start_ns) / 1e3, (double)(clock_now_ns() - start_ns) / 1e3,
                        cpu_us() - cpu + usage_us(&usage)}};
}

static int ascending(const void *a, const void *b)
{
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
  qsort(values, count, sizeof *values, ascending);
  return values[count / 2];
}

static double median_of(const struct cost *costs, size_t count, enum figure figure, double *scratch)
{
  for (size_t i = 0; i < count; i++)
    scratch[i] = costs[i].of[figure];
  return median(scratch, count);
}

static struct cost after_pause(struct bench *bench, bool forker, int64_t pause_ns)
{
  if (pause_ns > 0)
    clock_wait_until_ns(clock_now_ns() + pause_ns);
  return forker ? by_forker(bench) : by_bare_calls(bench);
}

static void measure(struct bench *bench, enum spawn_method method, size_t rounds, size_t pairs, int64_t pause_ns)
{
  struct cost *ours = calloc(pairs, sizeof *ours);
  struct cost *bare = calloc(pairs, sizeof *bare);
  double *scratch = calloc(pairs > rounds ? pairs : rounds, sizeof *scratch);
  double(*of_round)[3 * FIGURES] = calloc(rounds, sizeof *of_round); /* forker's, bare, ratio */
  if (!ours || !bare || !scratch || !of_round)
    fail("bench_spawn", ENOMEM);

  bench->spawner.method = method;
  for (size_t round = 0; round < rounds; round++) {
    for (size_t i = 0; i < pairs; i++) {
      if (i % 2)
        bare[i] = after_pause(bench, false, pause_ns);
      ours[i] = after_pause(bench, true, pause_ns);
      if (i % 2 == 0)
        bare[i] = after_pause(bench, false, pause_ns);
    }
    for (int figure = 0; figure < FIGURES; figure++) {
      double *const row = of_round[round] + (ptrdiff_t)3 * figure;
      row[0] = median_of(ours, pairs, (enum figure)figure, scratch);
      row[1] = median_of(bare, pairs, (enum figure)figure, scratch);
      row[2] = row[0] / row[1];
    }
  }
  for (int figure = 0; figure < FIGURES; figure++) {
    static const char *const columns[] = {"forker", "bare", "ratio"};
    for (int column = 0; column < 3; column++) {
      printf("%s %s %s", method_names[method], figure_names[figure], columns[column]);
      for (size_t round = 0; round < rounds; round++) {
        scratch[round] = of_round[round][3 * figure + column];
        printf(column < 2 ? " %.1f" : " %.3f", scratch[round]);
      }
      printf(column < 2 ? " median %.1f\n" : " median %.3f\n", median(scratch, rounds));
    }
  }
  free(of_round);
  free(scratch);
  free(bare);
  free(ours);
}

static void init(struct bench *bench)
{
  sigset_t mask;
  sigset_t ignored;

  sigprocmask(SIG_SETMASK, NULL, &mask);
  signal(SIGPIPE, SIG_IGN);
  bench->signal_fd = signals_open(true);
  if (bench->signal_fd < 0)
    fail("signals", errno);
  int error = family_init();
  if (error == 0)
    error = spawner_init(&bench->spawner, SPAWN_FORK, &mask);
  if (error == 0 && !command_init(&bench->command, true_argv))
    error = ENOMEM;
  if (error == 0)
    error = posix_spawnattr_init(&bench->attributes);
  if (error == 0)
    error = posix_spawn_file_actions_init(&bench->actions);
  if (error == 0)
    error = posix_spawn_file_actions_adddup2(&bench->actions, bench->spawner.null_fd, STDIN_FILENO);
  if (error)
    fail("cannot start", error);
  sigemptyset(&ignored);
  sigaddset(&ignored, SIGPIPE);
  sigaddset(&ignored, SIGTTIN);
  sigaddset(&ignored, SIGTTOU);
  posix_spawnattr_setflags(&bench->attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&bench->attributes, 0);
  posix_spawnattr_setsigdefault(&bench->attributes, &ignored);
  posix_spawnattr_setsigmask(&bench->attributes, &mask);
}

int main(int argc, char **argv)
{
  const long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 15;
  const long pairs = argc > 2 ? strtol(argv[2], NULL, 10) : 100;
  const int64_t pause_ns = argc > 3 ? strtol(argv[3], NULL, 10) * CLOCK_MS_NS : 0;
  struct bench bench;

  if (argc > 4 || rounds < 1 || pairs < 1) {
    fputs("usage: bench_spawn [ROUNDS [PAIRS [PAUSE_MS]]]\n", stderr);
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0); /* nothing in a buffer that a fork would double */
  init(&bench);
  for (int method = SPAWN_FORK; method <= SPAWN_POSIX_SPAWN; method++)
    measure(&bench, (enum spawn_method)method, (size_t)rounds, (size_t)pairs, pause_ns);
  posix_spawn_file_actions_destroy(&bench.actions);
  posix_spawnattr_destroy(&bench.attributes);
  command_destroy(&bench.command);
  spawner_destroy(&bench.spawner);
  close(bench.signal_fd);
  return 0;
}
