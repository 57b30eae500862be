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

/* What posix_spawn is told of every child. */
static int make_attributes(struct spawner *spawner)
{
  const int error = posix_spawnattr_init(&spawner->attributes);
  if (error)
    return error;
  spawner->attributes_made = true;
  posix_spawnattr_setflags(&spawner->attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&spawner->attributes, 0);
  posix_spawnattr_setsigdefault(&spawner->attributes, &spawner->nondefault);
  posix_spawnattr_setsigmask(&spawner->attributes, &spawner->mask);
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
  const int error = make_attributes(spawner);
  if (error)
    return error;
  if (syscall(SYS_close_range, STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC) == 0)
    return 0;
  return mark_each();
}

static void forget_actions(struct spawner *spawner)
{
  if (spawner->actions_made)
    posix_spawn_file_actions_destroy(&spawner->actions);
  spawner->actions_made = false;
}

static void close_exec_pipe(struct spawner *spawner)
{
  if (spawner->exec_open) {
    close(spawner->exec_ends[0]);
    close(spawner->exec_ends[1]);
  }
  spawner->exec_open = false;
}

void spawner_destroy(struct spawner *spawner)
{
  forget_actions(spawner);
  close_exec_pipe(spawner);
  if (spawner->attributes_made)
    posix_spawnattr_destroy(&spawner->attributes);
  spawner->attributes_made = false;
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

static struct spawned start_by_fork(const struct spawner *spawner, const struct command *command,
                                    struct spawn_outputs outputs, bool announce)
{
  struct spawned spawned = {.pid = -1, .exec_fd = -1, .start_ns = clock_now_ns(), .call = "pipe"};
  int ends[2];

  /* Close-on-exec: a successful exec closes the child's end, and the parent reads the end of the pipe. */
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    spawned.error = errno;
    return spawned;
  }
  spawned.call = "fork";
  spawned.pid = fork();
  if (spawned.pid == 0)
    be_child(spawner, command, outputs, announce, ends[1]);
  if (spawned.pid < 0)
    spawned.error = errno;
  close(ends[1]); /* or the end would never come */
  if (spawned.pid < 0) {
    close(ends[0]);
    return spawned;
  }
  setpgid(spawned.pid, spawned.pid); /* EACCES: it has come as far as exec, and has done it itself */
  spawned.exec_fd = ends[0];
  return spawned;
}

static pid_t vfork_child(struct spawner *spawner, const struct command *command, struct spawn_outputs outputs)
{
  spawner->in_our_memory = false;
  /* The child leaves this frame by exec or _exit only. Of the parent's memory it writes to its own stack below, to
     errno, and the mark that says that it does. */
  const pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork,clang-analyzer-unix.Vfork) */
  if (pid == 0) {
    spawner->in_our_memory = true;                                     /* NOLINT(clang-analyzer-unix.Vfork) */
    be_child(spawner, command, outputs, false, spawner->exec_ends[1]); /* NOLINT(clang-analyzer-unix.Vfork) */
  }
  return pid;
}

/*
 * When vfork returns, exec has come to pass or has failed: an empty pipe says that all is well, with no need to see its
 * end, and so one pipe does for all runs. But ThreadSanitizer, valgrind and qemu-user make a fork of vfork, which does
 * not wait; a child that did not run in our memory shows that. Then its pipe goes with it, as by fork.
 */
static struct spawned start_by_vfork(struct spawner *spawner, const struct command *command,
                                     struct spawn_outputs outputs)
{
  struct spawned spawned = {.pid = -1, .exec_fd = -1, .start_ns = clock_now_ns(), .call = "pipe"};

  if (!spawner->exec_open && pipe2(spawner->exec_ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    spawned.error = errno;
    return spawned;
  }
  spawner->exec_open = true;
  spawned.call = "vfork";
  spawned.pid = vfork_child(spawner, command, outputs);
  if (spawned.pid < 0) {
    spawned.error = errno;
    return spawned;
  }
  if (spawner->in_our_memory) {
    if (!spawn_exec_result(spawner->exec_ends[0], &spawned.exec_error))
      spawned.exec_error = 0;
    if (spawned.exec_error == 0)
      spawned.exec_ns = clock_now_ns();
    return spawned;
  }
  close(spawner->exec_ends[1]);
  spawned.exec_fd = spawner->exec_ends[0];
  spawner->exec_open = false;
  setpgid(spawned.pid, spawned.pid);
  return spawned;
}

/* The actions depend on descriptors alone, whose numbers are those of the run before, as a rule. 0, or an errno value. */
static int make_actions(struct spawner *spawner, struct spawn_outputs outputs)
{
  if (spawner->actions_made && spawner->actions_outputs.out_fd == outputs.out_fd &&
      spawner->actions_outputs.err_fd == outputs.err_fd)
    return 0;
  forget_actions(spawner);
  int error = posix_spawn_file_actions_init(&spawner->actions);
  if (error)
    return error;
  spawner->actions_made = true;
  spawner->actions_outputs = outputs;
  error = posix_spawn_file_actions_adddup2(&spawner->actions, spawner->null_fd, STDIN_FILENO);
  if (error == 0 && outputs.out_fd >= 0)
    error = posix_spawn_file_actions_adddup2(&spawner->actions, outputs.out_fd, STDOUT_FILENO);
  if (error == 0 && outputs.err_fd >= 0)
    error = posix_spawn_file_actions_adddup2(&spawner->actions, outputs.err_fd, STDERR_FILENO);
  if (error)
    forget_actions(spawner);
  return error;
}

static struct spawned start_by_library(struct spawner *spawner, const struct command *command,
                                       struct spawn_outputs outputs)
{
  struct spawned spawned = {.pid = -1, .exec_fd = -1, .start_ns = clock_now_ns(), .call = "posix_spawn"};

  spawned.error = make_actions(spawner, outputs);
  if (spawned.error)
    return spawned;
  /* There is no action for a limit: the child has ours of the moment. No descriptor is opened here. */
  struct rlimit ours;
  if (spawner->raised && getrlimit(RLIMIT_NOFILE, &ours) == 0)
    setrlimit(RLIMIT_NOFILE, &spawner->limit);
  /* posix_spawnp searches PATH in the child, as command_exec does; a script without an interpreter it leaves to us. */
  int error = posix_spawnp(&spawned.pid, command->file, &spawner->actions, &spawner->attributes, command->argv,
                           command->environment);
  char **script = error == ENOEXEC ? command_script(command) : NULL;
  if (script)
    error = posix_spawn(&spawned.pid, script[0], &spawner->actions, &spawner->attributes, script, command->environment);
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
  return spawned;
}

static struct spawned start(struct spawner *spawner, const struct command *command, struct spawn_outputs outputs,
                            bool announce)
{
  switch (spawner->method) {
  case SPAWN_VFORK:
    return start_by_vfork(spawner, command, outputs);
  case SPAWN_POSIX_SPAWN:
    return start_by_library(spawner, command, outputs);
  case SPAWN_FORK:
  default:
    return start_by_fork(spawner, command, outputs, announce);
  }
}

struct spawned spawn_start(struct spawner *spawner, const struct command *command, struct spawn_outputs outputs,
                           bool announce)
{
  sigset_t all;
  sigset_t before;

  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const struct spawned spawned = start(spawner, command, outputs, announce);
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
