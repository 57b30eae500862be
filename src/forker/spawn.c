#include "forker/spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/clock.h"

enum { STATUS_NOT_EXECUTABLE = 126, STATUS_NOT_FOUND = 127 }; /* as shells have it */

/* For kernels before 5.11, which have no CLOSE_RANGE_CLOEXEC. */
static int mark_each(void)
{
  DIR *directory = opendir("/proc/self/fd");
  if (!directory)
    return errno;
  for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    const long fd = strtol(entry->d_name, NULL, 10);
    if (fd > STDERR_FILENO)
      fcntl((int)fd, F_SETFD, FD_CLOEXEC);
  }
  closedir(directory);
  return 0;
}

int spawner_init(struct spawner *spawner, enum spawn_method method, const sigset_t *mask)
{
  *spawner = (struct spawner){.method = method, .mask = *mask, .null_fd = open("/dev/null", O_RDWR | O_CLOEXEC)};
  if (spawner->null_fd < 0)
    return errno;
  sigemptyset(&spawner->nondefault);
  for (int signal_number = 1; signal_number < NSIG; signal_number++) {
    struct sigaction now;
    if (sigaction(signal_number, NULL, &now) == 0 && now.sa_handler != SIG_DFL)
      sigaddset(&spawner->nondefault, signal_number);
  }
  if (syscall(SYS_close_range, STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC) == 0)
    return 0;
  return mark_each();
}

void spawner_destroy(struct spawner *spawner)
{
  if (spawner->null_fd > 0)
    close(spawner->null_fd);
  spawner->null_fd = -1;
}

void spawner_need_descriptors(struct spawner *spawner, size_t count)
{
  if (getrlimit(RLIMIT_NOFILE, &spawner->limit) != 0 || spawner->limit.rlim_cur >= count)
    return;
  struct rlimit raised = spawner->limit;
  raised.rlim_cur = raised.rlim_max < count ? raised.rlim_max : (rlim_t)count;
  spawner->raised = setrlimit(RLIMIT_NOFILE, &raised) == 0;
}

/*
 * The child from fork to exec: only calls that are async-signal-safe (signal-safety(7)), as after vfork it runs in the
 * parent's memory. Nothing here allocates, and nothing returns.
 */
static _Noreturn void be_child(const struct spawner *spawner, const struct command *command,
                               struct spawn_outputs outputs, bool announce, int exec_fd)
{
  /* A group of its own, so that a signal to it reaches all that the command starts, and Ctrl-C of the terminal reaches
     forker alone. The parent does the same: whoever comes first, neither goes on without it. */
  setpgid(0, 0);
  int error = 0;
  if (dup2(spawner->null_fd, STDIN_FILENO) < 0 || (outputs.out_fd >= 0 && dup2(outputs.out_fd, STDOUT_FILENO) < 0) ||
      (outputs.err_fd >= 0 && dup2(outputs.err_fd, STDERR_FILENO) < 0))
    error = errno;
  /* An ignored signal stays ignored through exec, a mask stays as it is: neither is the command's own. Dispositions
     first, so that a signal that waits finds the default. */
  for (int signal_number = 1; signal_number < NSIG; signal_number++)
    if (sigismember(&spawner->nondefault, signal_number) == 1)
      signal(signal_number, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &spawner->mask, NULL);
  if (spawner->raised)
    setrlimit(RLIMIT_NOFILE, &spawner->limit);
  if (error == 0 && announce) {
    const ssize_t written = write(STDOUT_FILENO, command->announcement, command->announcement_length);
    (void)written; /* what cannot be said is no reason not to do it */
  }
  if (error == 0)
    error = command_exec(command);
  const ssize_t sent = write(exec_fd, &error, sizeof error); /* an int goes into an empty pipe whole */
  (void)sent;
  _exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

static pid_t fork_child(const struct spawner *spawner, const struct command *command, struct spawn_outputs outputs,
                        bool announce, int exec_fd)
{
  const pid_t pid = fork();
  if (pid == 0)
    be_child(spawner, command, outputs, announce, exec_fd);
  return pid;
}

static pid_t vfork_child(const struct spawner *spawner, const struct command *command, struct spawn_outputs outputs,
                         int exec_fd)
{
  /* The child leaves this frame by exec or _exit only. Of the parent's memory it writes to its own stack below, and to
     errno. */
  const pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork,clang-analyzer-unix.Vfork) */
  if (pid == 0)
    be_child(spawner, command, outputs, false, exec_fd); /* NOLINT(clang-analyzer-unix.Vfork) */
  return pid;
}

static struct spawned start_with_pipe(const struct spawner *spawner, const struct command *command,
                                      struct spawn_outputs outputs, bool announce)
{
  struct spawned spawned = {.pid = -1, .exec_fd = -1, .start_ns = clock_now_ns()};
  int ends[2];

  /* Close-on-exec: a successful exec closes the child's end, and the parent reads the end of the pipe. */
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    spawned.error = errno;
    spawned.call = "pipe";
    return spawned;
  }
  spawned.call = spawner->method == SPAWN_FORK ? "fork" : "vfork";
  spawned.pid = spawner->method == SPAWN_FORK ? fork_child(spawner, command, outputs, announce, ends[1])
                                              : vfork_child(spawner, command, outputs, ends[1]);
  if (spawned.pid < 0)
    spawned.error = errno;
  close(ends[1]); /* or the end would never come */
  if (spawned.pid < 0) {
    close(ends[0]);
    return spawned;
  }
  if (spawner->method == SPAWN_VFORK)
    spawned.exec_ns = clock_now_ns(); /* vfork returns after the exec, or its failure */
  setpgid(spawned.pid, spawned.pid);  /* EACCES: it has come as far as exec, and has done it itself */
  spawned.exec_fd = ends[0];
  return spawned;
}

static struct spawned start_by_library(const struct spawner *spawner, const struct command *command,
                                       struct spawn_outputs outputs)
{
  struct spawned spawned = {.pid = -1, .exec_fd = -1, .start_ns = clock_now_ns(), .call = "posix_spawn"};
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;

  spawned.error = posix_spawnattr_init(&attributes);
  if (spawned.error)
    return spawned;
  spawned.error = posix_spawn_file_actions_init(&actions);
  if (spawned.error) {
    posix_spawnattr_destroy(&attributes);
    return spawned;
  }
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigdefault(&attributes, &spawner->nondefault);
  posix_spawnattr_setsigmask(&attributes, &spawner->mask);
  spawned.error = posix_spawn_file_actions_adddup2(&actions, spawner->null_fd, STDIN_FILENO);
  if (spawned.error == 0 && outputs.out_fd >= 0)
    spawned.error = posix_spawn_file_actions_adddup2(&actions, outputs.out_fd, STDOUT_FILENO);
  if (spawned.error == 0 && outputs.err_fd >= 0)
    spawned.error = posix_spawn_file_actions_adddup2(&actions, outputs.err_fd, STDERR_FILENO);
  if (spawned.error == 0) {
    /* There is no action for a limit: the child has ours of the moment. No descriptor is opened here. */
    struct rlimit ours;
    if (spawner->raised && getrlimit(RLIMIT_NOFILE, &ours) == 0)
      setrlimit(RLIMIT_NOFILE, &spawner->limit);
    /* posix_spawnp searches PATH in the child, as command_exec does; a script without an interpreter it leaves to us. */
    int error = posix_spawnp(&spawned.pid, command->file, &actions, &attributes, command->argv, command->environment);
    char **script = error == ENOEXEC ? command_script(command) : NULL;
    if (script)
      error = posix_spawn(&spawned.pid, script[0], &actions, &attributes, script, command->environment);
    if (spawner->raised)
      setrlimit(RLIMIT_NOFILE, &ours);
    if (error == EAGAIN || error == ENOMEM) /* from the fork in it */
      spawned.error = error;
    else
      spawned.exec_error = error;
    if (error)
      spawned.pid = -1;
    else
      spawned.exec_ns = clock_now_ns(); /* posix_spawn returns after the exec */
  }
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return spawned;
}

struct spawned spawn_start(const struct spawner *spawner, const struct command *command, struct spawn_outputs outputs,
                           bool announce)
{
  sigset_t all;
  sigset_t before;

  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const struct spawned spawned = spawner->method == SPAWN_POSIX_SPAWN
                                     ? start_by_library(spawner, command, outputs)
                                     : start_with_pipe(spawner, command, outputs, announce);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return spawned;
}

bool spawn_exec_result(int exec_fd, int *error)
{
  ssize_t got;
  do
    got = read(exec_fd, error, sizeof *error);
  while (got < 0 && errno == EINTR);
  if (got < 0 && errno == EAGAIN)
    return false;
  if (got != (ssize_t)sizeof *error)
    *error = 0;
  return true;
}
