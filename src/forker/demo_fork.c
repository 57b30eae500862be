#include "forker/demo_fork.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/percentiles.h"
#include "forker/spawn.h"

enum {
  ROUNDS = 15, /* of which the median is shown */
  WRITTEN_MIB = 10,
  MIB = 1 << 20,
  METHODS = SPAWN_POSIX_SPAWN + 1,
  SIZES = 3,
  SPARE_MIB = 200, /* of the machine's memory, which is left alone */
};

static const size_t sizes_mib[SIZES] = {0, 100, 1000};
static const char *const names[METHODS] = {"fork", "vfork", "posix_spawn"};

/* Medians in ms. */
struct cost {
  double call; /* until the call returns: so long the parent stands still */
  double exec; /* until the child executes the command */
};

struct ballast {
  char *memory;
  size_t size;
};

/* Every page is written to, and of 4 KiB, as those of an ordinary heap. */
static bool take_ballast(struct ballast *ballast, size_t size)
{
  *ballast = (struct ballast){.size = size};
  if (size == 0)
    return true;
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return false;
  madvise(memory, size, MADV_NOHUGEPAGE);
  memset(memory, 1, size);
  ballast->memory = memory;
  return true;
}

static void drop_ballast(struct ballast *ballast)
{
  if (ballast->memory)
    munmap(ballast->memory, ballast->size);
  ballast->memory = NULL;
}

/* The number behind "<name>:" in a file of /proc, in MiB; -1 where there is none. */
static double read_mib(const char *path, const char *name)
{
  char line[128];
  double mib = -1;
  FILE *file = fopen(path, "re");
  if (!file)
    return -1;
  while (mib < 0 && fgets(line, sizeof line, file))
    if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
      mib = strtod(line + strlen(name) + 1, NULL) / 1024;
  fclose(file);
  return mib;
}

/* A child of this kind, from the call to its end. 0, or an errno value. */
static int start_one(struct spawner *spawner, const struct command *command, double *call_ms, double *exec_ms)
{
  const struct spawned spawned = spawn_start(spawner, command, (struct spawn_outputs){-1, -1}, false);
  const int64_t returned_ns = clock_now_ns();
  int error = spawned.error ? spawned.error : spawned.exec_error;
  int64_t exec_ns = spawned.exec_ns;
  if (spawned.exec_fd >= 0) {
    struct pollfd wait = {.fd = spawned.exec_fd, .events = POLLIN};
    while (poll(&wait, 1, -1) < 0 && errno == EINTR)
      ;
    if (exec_ns == 0)
      exec_ns = clock_now_ns();
    spawn_exec_result(spawned.exec_fd, &error);
    close(spawned.exec_fd);
  }
  while (spawned.pid > 0 && waitpid(spawned.pid, NULL, 0) < 0 && errno == EINTR)
    ;
  *call_ms = clock_to_ms(returned_ns - spawned.start_ns);
  *exec_ms = clock_to_ms(exec_ns - spawned.start_ns);
  return error;
}

static bool measure(struct stage *stage, enum spawn_method method, struct cost *cost)
{
  static char name[] = "/bin/true";
  static char *argv[] = {name, NULL};
  struct command command;
  struct spawner spawner;
  struct percentiles calls;
  struct percentiles execs;
  sigset_t none;
  sigemptyset(&none);
  int error = spawner_init(&spawner, method, &none);
  if (error == 0 && !command_init(&command, argv))
    error = ENOMEM;
  percentiles_init(&calls, ROUNDS);
  percentiles_init(&execs, ROUNDS);
  for (int i = 0; error == 0 && i < ROUNDS && !stage->over; i++) {
    double call_ms;
    double exec_ms;
    error = start_one(&spawner, &command, &call_ms, &exec_ms);
    percentiles_add(&calls, call_ms);
    percentiles_add(&execs, exec_ms);
    stage_look(stage);
  }
  *cost = (struct cost){.call = percentiles_at(&calls, 50), .exec = percentiles_at(&execs, 50)};
  percentiles_destroy(&calls);
  percentiles_destroy(&execs);
  command_destroy(&command);
  spawner_destroy(&spawner);
  if (error) {
    message("%s: %s", names[method], strerror(error));
    stage->wrong = true;
  }
  return error == 0 && !stage->over;
}

/* All three ways with ballast of this size; false when it is over, or there is not enough memory, which is said. */
static bool measure_size(struct stage *stage, size_t mib, struct cost costs[METHODS])
{
  struct ballast ballast;
  char line[160];
  const double free_mib = read_mib("/proc/meminfo", "MemAvailable");
  if (free_mib >= 0 && free_mib < (double)(mib + SPARE_MIB)) {
    snprintf(line, sizeof line, "   %4zu MiB: left out, %.0f MiB are free\n", mib, free_mib);
    stage_print(stage, line);
    return false;
  }
  if (!take_ballast(&ballast, mib * MIB)) {
    snprintf(line, sizeof line, "   %4zu MiB: left out: %s\n", mib, strerror(errno));
    stage_print(stage, line);
    return false;
  }
  bool ok = true;
  for (int method = 0; ok && method < METHODS; method++)
    ok = measure(stage, (enum spawn_method)method, &costs[method]);
  drop_ballast(&ballast);
  if (!ok)
    return false;
  snprintf(line, sizeof line, "   %4zu MiB: fork %8.3f %8.3f   vfork %8.3f %8.3f   posix_spawn %8.3f %8.3f\n", mib,
           costs[SPAWN_FORK].call, costs[SPAWN_FORK].exec, costs[SPAWN_VFORK].call, costs[SPAWN_VFORK].exec,
           costs[SPAWN_POSIX_SPAWN].call, costs[SPAWN_POSIX_SPAWN].exec);
  stage_print(stage, line);
  return true;
}

/* The child of the second part: it waits for a byte, writes to a part of the memory, tells of it, and waits for the end. */
static _Noreturn void share(const struct ballast *ballast, int from_parent, int to_parent)
{
  char byte;
  for (int part = 0; part < 2; part++) {
    if (read(from_parent, &byte, 1) != 1)
      _exit(0); /* the parent is gone, or needs us no more */
    memset(ballast->memory, 2, (size_t)WRITTEN_MIB * MIB);
    if (write(to_parent, "", 1) != 1)
      _exit(0);
  }
  _exit(0);
}

static void say_shares(struct stage *stage, pid_t child, double *private_mib)
{
  char path[64];
  char line[200];
  snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", (long)child);
  const double whole = read_mib(path, "Rss");
  *private_mib = read_mib(path, "Private_Dirty");
  if (whole < 0 || *private_mib < 0)
    snprintf(line, sizeof line, "   %s cannot be read here\n", path);
  else
    snprintf(line, sizeof line, "   %s: %.1f MiB in memory, %.1f MiB of that its own\n", path, whole, *private_mib);
  stage_print(stage, line);
}

/* Lets the child go on, and waits for its answer, or a signal. False when it is over. */
static bool prompt(struct stage *stage, int to_child, int from_child)
{
  char byte = 0;
  if (write(to_child, &byte, 1) != 1)
    return false;
  while (!stage->over) {
    struct pollfd wait[] = {{.fd = from_child, .events = POLLIN}, {.fd = stage->signal_fd, .events = POLLIN}};
    if (poll(wait, 2, -1) < 0)
      continue;
    if (wait[1].revents)
      stage_look(stage);
    if (wait[0].revents)
      return read(from_child, &byte, 1) == 1;
  }
  return false;
}

static void tell_sharing(struct stage *stage, pid_t child, int to_child, int from_child)
{
  double before_mib;
  double after_mib;
  stage_explain(
      stage,
      "The parent has %zu MiB and forks child %ld, which just waits. The two share all pages, marked read-only:\n"
      "   copied were the tables that say where the pages are, 2 MiB for each 1000 MiB.",
      sizes_mib[1], (long)child);
  say_shares(stage, child, &before_mib);
  stage_hold(stage);
  if (stage->over || !prompt(stage, to_child, from_child))
    return;
  stage_explain(
      stage,
      "The child has written to %d MiB of it. At the first write to each page the kernel made a copy for the\n"
      "   writer: that is copy-on-write. The parent still reads what was there.",
      WRITTEN_MIB);
  say_shares(stage, child, &after_mib);
  if (before_mib >= 0 && after_mib >= 0 && after_mib - before_mib < WRITTEN_MIB - 1) {
    message("the child's own memory has grown by %.1f MiB only", after_mib - before_mib);
    stage->wrong = true;
  }
  stage_hold(stage);
}

static void play_sharing(struct stage *stage)
{
  struct ballast ballast;
  int down[2] = {-1, -1};
  int up[2] = {-1, -1};
  if (stage->over || !take_ballast(&ballast, sizes_mib[1] * MIB))
    return;
  if (pipe2(down, O_CLOEXEC) == 0 && pipe2(up, O_CLOEXEC) == 0) {
    const pid_t child = fork();
    if (child == 0) {
      close(down[1]);
      close(up[0]);
      share(&ballast, down[0], up[1]);
    }
    if (child > 0) {
      tell_sharing(stage, child, down[1], up[0]);
      close(down[1]); /* its end */
      down[1] = -1;
      while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    } else {
      message("fork: %s", strerror(errno));
      stage->wrong = true;
    }
  }
  const int ends[] = {down[0], down[1], up[0], up[1]};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
    if (ends[i] >= 0)
      close(ends[i]);
  drop_ballast(&ballast);
}

void demo_fork_play(struct stage *stage)
{
  struct cost costs[SIZES][METHODS] = {{{0}}};
  int measured = 0;
  stage_explain(
      stage,
      "This is process %ld. With ballast in its memory it starts /bin/true %d times in each of three ways. The\n"
      "   medians in ms: until the call returns, and until the child executes the command.",
      (long)getpid(), ROUNDS);
  while (measured < SIZES && !stage->over && measure_size(stage, sizes_mib[measured], costs[measured]))
    measured++;
  if (stage->over)
    return;
  stage_explain(stage,
                "fork copies the page tables of the parent, and that takes longer the larger it is, though the child\n"
                "   executes another program at once and needs none of it.");
  if (measured == SIZES && costs[SIZES - 1][SPAWN_FORK].call <= costs[0][SPAWN_FORK].call) {
    message("here fork took no longer with %zu MiB", sizes_mib[SIZES - 1]);
    stage->wrong = true;
  }
  stage_hold(stage);
  stage_explain(stage,
                "vfork copies nothing: the child runs in the parent's memory, while the parent stands still until the\n"
                "   exec. So it costs the same at any size. posix_spawn does the same within the library.");
  stage_hold(stage);
  play_sharing(stage);
  stage_explain(stage, "What was forked is reaped, and the memory given back. Which way forker takes, --spawn says.");
}
