/* How a child begins, in each of the three ways: group, dispositions, mask, descriptors, and the reason when it does not. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "capture.h"
#include "common/clock.h"
#include "forker/spawn.h"

enum { WAIT_MS = 10000, OUTPUT_MAX = 8192, METHODS = SPAWN_POSIX_SPAWN + 1 };

#if defined(__SANITIZE_THREAD__)
enum { THREAD_SANITIZER = 1 };
#else
enum { THREAD_SANITIZER = 0 };
#endif

static sigset_t no_signals;

/* What has become of exec is known when the call returns. ThreadSanitizer makes a fork of vfork. */
static bool known_at_once(int method)
{
  return method == SPAWN_POSIX_SPAWN || (method == SPAWN_VFORK && !THREAD_SANITIZER);
}

/* One child and all that came of it. */
struct child {
  struct spawned spawned;
  int exec_error;
  int status; /* -1 when there was none to wait for */
  char output[OUTPUT_MAX];
};

static void wait_readable(int fd)
{
  assert_int_equal(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, WAIT_MS), 1);
}

static void wait_for_exec(struct child *child)
{
  child->exec_error = child->spawned.exec_error;
  if (child->spawned.exec_fd < 0)
    return;
  wait_readable(child->spawned.exec_fd);
  assert_true(spawn_exec_result(child->spawned.exec_fd, &child->exec_error));
  close(child->spawned.exec_fd);
}

/* Runs argv to its end with a pipe as its output. */
static void run(struct child *child, struct spawner *spawner, char **argv, bool announce)
{
  struct command command;
  int ends[2];
  size_t length = 0;
  assert_true(command_init(&command, argv));
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  *child = (struct child){.spawned = spawn_start(spawner, &command, (struct spawn_outputs){ends[1], -1}, announce),
                          .status = -1};
  if (child->spawned.pid > 0) { /* at once, whoever was first; where SIGCHLD is ignored it may be gone already */
    const pid_t group = getpgid(child->spawned.pid);
    assert_true(group == child->spawned.pid || (group < 0 && errno == ESRCH));
  }
  close(ends[1]);
  wait_for_exec(child);
  for (;;) {
    wait_readable(ends[0]);
    const ssize_t got = read(ends[0], child->output + length, OUTPUT_MAX - 1 - length);
    assert_true(got >= 0);
    if (got == 0)
      break;
    length += (size_t)got;
  }
  close(ends[0]);
  if (child->spawned.pid > 0 && waitpid(child->spawned.pid, &child->status, 0) < 0)
    child->status = -1;
  command_destroy(&command);
}

static void run_shell(struct child *child, struct spawner *spawner, const char *script, bool announce)
{
  char text[256];
  char shell[] = "/bin/sh";
  char option[] = "-c";
  char *argv[] = {shell, option, text, NULL};
  snprintf(text, sizeof text, "%s", script);
  run(child, spawner, argv, announce);
}

static void begin(struct spawner *spawner, int method, const sigset_t *mask)
{
  assert_int_equal(spawner_init(spawner, (enum spawn_method)method, mask), 0);
}

/* The set that a line of /proc/PID/status shows. */
static unsigned long long signals_of(const char *status, const char *name)
{
  static const unsigned long long library = 3ULL
                                            << (32 - 1); /* 32 and 33 are the C library's own: it lets nobody at them */
  const char *line = strstr(status, name);
  assert_non_null(line);
  return strtoull(line + strlen(name), NULL, 16) & ~library;
}

static void runs_and_ends(void **state)
{
  (void)state;
  for (int method = 0; method < METHODS; method++) {
    struct spawner spawner;
    struct child child;
    begin(&spawner, method, &no_signals);
    const int64_t before_ns = clock_now_ns();
    run_shell(&child, &spawner, "echo hello; exit 3", false);
    assert_string_equal(child.output, "hello\n");
    assert_true(WIFEXITED(child.status) && WEXITSTATUS(child.status) == 3);
    assert_int_equal(child.spawned.error, 0);
    assert_int_equal(child.exec_error, 0);
    assert_true(child.spawned.start_ns >= before_ns && child.spawned.start_ns <= clock_now_ns());
    if (!known_at_once(method))
      assert_int_equal(child.spawned.exec_ns, 0);
    else
      assert_true(child.spawned.exec_ns > child.spawned.start_ns && child.spawned.exec_ns <= clock_now_ns());
    assert_true((child.spawned.exec_fd < 0) == known_at_once(method));
    spawner_destroy(&spawner);
    spawner_destroy(&spawner);
  }
}

static void group_of_its_own(void **state)
{
  (void)state;
  for (int method = 0; method < METHODS; method++) {
    struct spawner spawner;
    struct child child;
    begin(&spawner, method, &no_signals);
    run_shell(&child, &spawner, "exec cat /proc/self/stat", false);
    const char *rest = strrchr(child.output, ')');
    assert_non_null(rest);
    char *end;
    assert_int_equal(strtol(rest + 3, &end, 10), getpid());     /* parent */
    assert_int_equal(strtol(end, &end, 10), child.spawned.pid); /* group */
    assert_int_equal(strtol(end, &end, 10), getsid(0));         /* session */
    assert_int_equal(strtol(child.output, NULL, 10), child.spawned.pid);
    spawner_destroy(&spawner);
  }
}

static void on_signal(int number)
{
  (void)number;
}

/* Whatever is ignored or caught here, the command finds the defaults, and the mask that was asked for. */
static void clean_signals(void **state)
{
  (void)state;
  struct sigaction before[NSIG];
  sigset_t blocked;
  sigset_t mask;
  sigset_t old;
  for (int number = 1; number < NSIG; number++)
    if (sigaction(number, NULL, &before[number]) == 0 && number != SIGKILL && number != SIGSTOP)
      signal(number, SIG_IGN);
  signal(SIGUSR1, on_signal);
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR2);
  sigaddset(&mask, SIGRTMIN + 3);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_SETMASK, &blocked, &old);

  for (int method = 0; method < METHODS; method++) {
    struct spawner spawner;
    struct child child;
    sigset_t after;
    begin(&spawner, method, &mask);
    char cat[] = "cat";
    char file[] = "/proc/self/status";
    char *argv[] = {cat, file, NULL};
    run(&child, &spawner, argv, false);
    assert_int_equal(signals_of(child.output, "SigIgn:"), 0);
    assert_int_equal(signals_of(child.output, "SigCgt:"), 0);
    assert_int_equal(signals_of(child.output, "SigBlk:"), 1ULL << (SIGUSR2 - 1) | 1ULL << (SIGRTMIN + 3 - 1));

    /* Here all is as it was. */
    sigprocmask(SIG_SETMASK, NULL, &after);
    for (int number = 1; number < NSIG; number++)
      assert_int_equal(sigismember(&after, number), sigismember(&blocked, number));
    struct sigaction now;
    assert_true(sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_IGN);
    assert_true(sigaction(SIGUSR1, NULL, &now) == 0 && now.sa_handler == on_signal);
    spawner_destroy(&spawner);
  }
  for (int number = 1; number < NSIG; number++)
    if (number != SIGKILL && number != SIGSTOP)
      sigaction(number, &before[number], NULL);
  sigprocmask(SIG_SETMASK, &old, NULL);
}

/* 0 to 2 and no more, though others were left open here without care; the first is /dev/null. */
static void no_other_descriptors(void **state)
{
  (void)state;
  int ends[2];
  const int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO); /* from which nothing comes, and no end */
  for (int method = 0; method < METHODS; method++) {
    struct spawner spawner;
    struct child child;
    int loose[3];
    for (int i = 0; i < 3; i++)
      loose[i] = fcntl(STDOUT_FILENO, F_DUPFD, i * 100);
    begin(&spawner, method, &no_signals);
    /* The shell had one open to list them, which is gone by then. */
    run_shell(&child, &spawner, "for f in /proc/$$/fd/*; do [ -e $f ] && echo ${f##*/}; done; readlink /proc/$$/fd/0",
              false);
    assert_string_equal(child.output, "0\n1\n2\n/dev/null\n");
    for (int i = 0; i < 3; i++) {
      assert_true(fcntl(loose[i], F_GETFD) >= 0); /* here they stay open */
      close(loose[i]);
    }
    run_shell(&child, &spawner, "cat; echo end", false); /* nothing to read, and no wait for it */
    assert_string_equal(child.output, "end\n");
    spawner_destroy(&spawner);
  }
  dup2(input, STDIN_FILENO);
  close(input);
  close(ends[0]);
  close(ends[1]);
}

static void own_output_and_none(void **state)
{
  (void)state;
  for (int method = 0; method < METHODS; method++) {
    struct spawner spawner;
    struct command command;
    char echo[] = "echo";
    char word[] = "word";
    char *argv[] = {echo, word, NULL};
    assert_true(command_init(&command, argv));
    begin(&spawner, method, &no_signals);
    for (int none = 0; none < 2; none++) {
      struct capture capture = capture_start(STDOUT_FILENO);
      struct child child = {
          .spawned = spawn_start(&spawner, &command, (struct spawn_outputs){none ? spawner.null_fd : -1, -1}, false)};
      const pid_t waited = child.spawned.pid > 0 ? waitpid(child.spawned.pid, &child.status, 0) : -1;
      capture_end(&capture);
      wait_for_exec(&child);
      assert_int_equal(waited, child.spawned.pid);
      assert_int_equal(child.status, 0);
      assert_string_equal(capture.text, none ? "" : "word\n");
    }
    spawner_destroy(&spawner);
    command_destroy(&command);
  }
}

/* The child of fork says so itself, before all that the command prints. */
static void announcement(void **state)
{
  (void)state;
  for (int method = 0; method < METHODS; method++) {
    struct spawner spawner;
    struct child child;
    begin(&spawner, method, &no_signals);
    run_shell(&child, &spawner, "echo it", true);
    assert_string_equal(child.output,
                        method != SPAWN_FORK ? "it\n" : "Child process: About to execute /bin/sh -c echo it\nit\n");
    spawner_destroy(&spawner);
  }
}

static void reasons(void **state)
{
  (void)state;
  char directory[64];
  char denied[96];
  char raw[96];
  char missing[96];
  char beneath[96];
  snprintf(directory, sizeof directory, "%s/forker_spawn.XXXXXX", P_tmpdir);
  assert_non_null(mkdtemp(directory));
  snprintf(denied, sizeof denied, "%s/denied", directory);
  snprintf(raw, sizeof raw, "%s/raw", directory);
  snprintf(missing, sizeof missing, "%s/missing", directory);
  snprintf(beneath, sizeof beneath, "%s/raw/beneath", directory);
  close(open(denied, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  const int fd = open(raw, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  static const char script[] = "echo \"$1\"\nexit 3\n";
  assert_int_equal(write(fd, script, sizeof script - 1), sizeof script - 1);
  close(fd);
  const struct {
    char *file;
    int error;
  } cases[] = {{missing, ENOENT}, {denied, EACCES}, {directory, EACCES}, {beneath, ENOTDIR}};

  for (int method = 0; method < METHODS; method++)
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
      struct spawner spawner;
      struct child child;
      char *argv[] = {cases[i].file, NULL};
      begin(&spawner, method, &no_signals);
      run(&child, &spawner, argv, false);
      if (child.exec_error != cases[i].error)
        fail_msg("method %d, case %zu: %s", method, i, strerror(child.exec_error));
      assert_int_equal(child.spawned.error, 0);
      assert_string_equal(child.output, "");
      if (method == SPAWN_POSIX_SPAWN) {
        assert_true(child.spawned.pid == -1 && child.spawned.exec_fd == -1);
      } else {
        assert_true(WIFEXITED(child.status));
        assert_int_equal(WEXITSTATUS(child.status), cases[i].error == ENOENT ? 127 : 126);
      }
      assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
      assert_int_equal(errno, ECHILD);
      spawner_destroy(&spawner);
    }
  for (int method = 0; method < METHODS; method++) { /* without a first line: what execvp does */
    struct spawner spawner;
    struct child child;
    char word[] = "a word";
    char *argv[] = {raw, word, NULL};
    begin(&spawner, method, &no_signals);
    run(&child, &spawner, argv, false);
    assert_int_equal(child.exec_error, 0);
    assert_string_equal(child.output, "a word\n");
    assert_int_equal(child.status, 3 << 8);
    spawner_destroy(&spawner);
  }
  unlink(denied);
  unlink(raw);
  rmdir(directory);
}

/* Out of descriptors there is no child; that is an error of ours, not of the command. */
static void no_pipe(void **state)
{
  (void)state;
  for (int method = SPAWN_FORK; method <= SPAWN_VFORK; method++) {
    struct spawner spawner;
    struct command command;
    struct rlimit limit;
    begin(&spawner, method, &no_signals);
    assert_true(command_init(&command, NULL));
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){.rlim_max = limit.rlim_max}), 0);
    const struct spawned spawned = spawn_start(&spawner, &command, (struct spawn_outputs){-1, -1}, false);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(spawned.error, EMFILE);
    assert_int_equal(spawned.exec_error, 0);
    command_destroy(&command);
    spawner_destroy(&spawner);
  }
}

/* The pipe by hand: empty, with an errno in it, or closed. Each answer comes at once. */
static void exec_result_never_waits(void **state)
{
  (void)state;
  int ends[2];
  int error = -1;
  const int reason = EACCES;
  assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  assert_false(spawn_exec_result(ends[0], &error));
  assert_int_equal(write(ends[1], &reason, sizeof reason), sizeof reason);
  assert_true(spawn_exec_result(ends[0], &error));
  assert_int_equal(error, EACCES);
  close(ends[1]);
  assert_true(spawn_exec_result(ends[0], &error));
  assert_int_equal(error, 0);
  close(ends[0]);

  /* That of spawn_start is of this kind. */
  for (int method = SPAWN_FORK; !known_at_once(method); method++) {
    struct spawner spawner;
    struct command command;
    int status;
    char name[] = "/nonexistent/command";
    char *argv[] = {name, NULL};
    assert_true(command_init(&command, argv));
    begin(&spawner, method, &no_signals);
    const struct spawned spawned = spawn_start(&spawner, &command, (struct spawn_outputs){-1, -1}, false);
    assert_true(fcntl(spawned.exec_fd, F_GETFL) & O_NONBLOCK);
    assert_int_equal(fcntl(spawned.exec_fd, F_GETFD), FD_CLOEXEC);
    wait_readable(spawned.exec_fd);
    error = -1;
    assert_true(spawn_exec_result(spawned.exec_fd, &error));
    assert_int_equal(error, ENOENT);
    close(spawned.exec_fd);
    assert_int_equal(waitpid(spawned.pid, &status, 0), spawned.pid);
    spawner_destroy(&spawner);
    command_destroy(&command);
  }
}

static int count_descriptors(void)
{
  int count = 0;
  for (int fd = 0; fd < 1024; fd++)
    count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

/* What one run leaves in the spawner does nothing to the next, whatever became of it and wherever its output goes. */
static void one_after_the_other(void **state)
{
  (void)state;
  char missing[] = "/nonexistent/command";
  char denied[] = "/etc";
  const struct {
    char *file; /* NULL: a shell that prints */
    int error;
  } cases[] = {{NULL, 0}, {missing, ENOENT}, {NULL, 0}, {denied, EACCES}, {missing, ENOENT}, {NULL, 0}};
  const int before = count_descriptors();
  for (int method = 0; method < METHODS; method++) {
    struct spawner spawner;
    int fillers[sizeof cases / sizeof *cases];
    begin(&spawner, method, &no_signals);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
      struct child child;
      char *argv[] = {cases[i].file, NULL};
      fillers[i] = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3); /* each pipe has other numbers than the one before */
      if (cases[i].file)
        run(&child, &spawner, argv, false);
      else
        run_shell(&child, &spawner, "echo here", false);
      assert_int_equal(child.exec_error, cases[i].error);
      assert_int_equal(child.spawned.error, 0);
      assert_string_equal(child.output, cases[i].file ? "" : "here\n");
      if (known_at_once(method))
        assert_true((child.spawned.exec_ns == 0) == (cases[i].error != 0));
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
      close(fillers[i]);
    spawner_destroy(&spawner);
    assert_int_equal(count_descriptors(), before);
  }
}

int main(void)
{
  sigemptyset(&no_signals);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(runs_and_ends),
      cmocka_unit_test(group_of_its_own),
      cmocka_unit_test(clean_signals),
      cmocka_unit_test(no_other_descriptors),
      cmocka_unit_test(own_output_and_none),
      cmocka_unit_test(announcement),
      cmocka_unit_test(reasons),
      cmocka_unit_test(no_pipe),
      cmocka_unit_test(exec_result_never_waits),
      cmocka_unit_test(one_after_the_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
