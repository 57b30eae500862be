/* Children that end, in every way and however many together, and orphans, wherever they have gone. */
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

#include <cmocka.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forker/family.h"

enum {
  WAIT_MS = 10000,
  STATUSES = 256,
};

static int begin(void **state)
{
  (void)state;
  return family_init();
}

/* Waits until a process, child or not, has ended; it is a zombie then, or gone. */
static void wait_for_end(pid_t pid)
{
  const int fd = (int)syscall(SYS_pidfd_open, pid, 0U);
  if (fd < 0) {
    assert_int_equal(errno, ESRCH);
    return;
  }
  assert_int_equal(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, WAIT_MS), 1);
  close(fd);
}

/* Waits for the end of a child, the only one that ends now, and reaps it. */
static struct family_end next_end(pid_t child)
{
  pid_t pid = 0;
  wait_for_end(child);
  assert_int_equal(family_look(&pid), FAMILY_ENDED);
  assert_int_equal(pid, child);
  return family_reap(pid);
}

static struct family_list list;

static void expect_none(void)
{
  pid_t pid;
  assert_int_equal(family_look(&pid), FAMILY_NONE);
  family_children(&list);
  assert_int_equal(list.count, 0);
}

/* A child that lives until the descriptor that is returned in *hold is closed, and ends with 0 then. */
static pid_t fork_held(int *hold)
{
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  const pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    char byte;
    close(ends[1]);
    _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
  }
  close(ends[0]);
  *hold = ends[1];
  return pid;
}

static void one_life(void **state)
{
  (void)state;
  pid_t pid = 0;
  int hold;
  expect_none();
  const pid_t child = fork_held(&hold);
  assert_int_equal(family_look(&pid), FAMILY_ALIVE);
  family_children(&list);
  assert_int_equal(list.count, 1);
  assert_int_equal(list.pids[0], child);
  close(hold);
  wait_for_end(child);
  for (int i = 0; i < 3; i++) { /* it stays until it is reaped */
    pid = 0;
    assert_int_equal(family_look(&pid), FAMILY_ENDED);
    assert_int_equal(pid, child);
    assert_int_equal(kill(child, 0), 0);
  }
  const struct family_end end = family_reap(pid);
  assert_int_equal(end.pid, child);
  assert_false(end.signalled);
  assert_int_equal(end.code, 0);
  assert_int_equal(kill(child, 0), -1);
  expect_none();
}

/* All statuses, all ended before the first is looked for: as many zombies, and each is told of once. */
static void every_status_together(void **state)
{
  (void)state;
  static pid_t pids[STATUSES];
  bool seen[STATUSES] = {false};
  int hold;
  const pid_t held = fork_held(&hold); /* one that lives on among them */
  for (int i = 0; i < STATUSES; i++) {
    pids[i] = fork();
    assert_true(pids[i] >= 0);
    if (pids[i] == 0)
      _exit(i);
  }
  for (int i = 0; i < STATUSES; i++)
    wait_for_end(pids[i]);
  for (int i = 0; i < STATUSES; i++) {
    pid_t pid = 0;
    assert_int_equal(family_look(&pid), FAMILY_ENDED);
    const struct family_end end = family_reap(pid);
    assert_int_equal(end.pid, pid);
    assert_false(end.signalled || end.core_dumped);
    assert_in_range(end.code, 0, 255);
    assert_int_equal(pids[end.code], pid);
    assert_false(seen[end.code]);
    seen[end.code] = true;
  }
  pid_t pid = 0;
  assert_int_equal(family_look(&pid), FAMILY_ALIVE);
  close(hold);
  assert_int_equal(next_end(held).pid, held);
  expect_none();
}

static void every_signal(void **state)
{
  (void)state;
  int ended = 0;
  for (int number = 1; number <= SIGRTMAX; number++) {
    static const int harmless[] = {SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH};
    bool ends = number <= SIGSYS || number >= SIGRTMIN;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
      ends = ends && number != harmless[i];
    if (!ends)
      continue;
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
      prctl(PR_SET_DUMPABLE, 0L); /* no core, whatever this machine does with one */
      if (number != SIGKILL)
        signal(number, SIG_DFL);
      kill(getpid(), number);
      _exit(1);
    }
    const struct family_end end = next_end(pid);
    assert_int_equal(end.pid, pid);
    assert_true(end.signalled);
    assert_int_equal(end.code, number);
    assert_false(end.core_dumped);
    ended++;
  }
  assert_true(ended > 50);
}

/* The pattern names a plain file in the directory of the process, and cores are allowed. */
static bool cores_are_files(void)
{
  char pattern[128] = "";
  struct rlimit limit;
  const int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY | O_CLOEXEC);
  const ssize_t length = fd >= 0 ? read(fd, pattern, sizeof pattern - 1) : 0;
  if (fd >= 0)
    close(fd);
  return length > 0 && strncmp(pattern, "core", 4) == 0 && !strchr(pattern, '/') &&
         getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == RLIM_INFINITY;
}

static void core_flag(void **state)
{
  (void)state;
  if (!cores_are_files())
    skip();
  char directory[64];
  snprintf(directory, sizeof directory, "%s/forker_family.XXXXXX", P_tmpdir);
  assert_non_null(mkdtemp(directory));
  for (int dump = 0; dump < 2; dump++) {
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
      signal(SIGQUIT, SIG_DFL); /* who starts the tests in the background has it ignored */
      const struct rlimit limit = {.rlim_cur = dump ? RLIM_INFINITY : 0, .rlim_max = RLIM_INFINITY};
      if (chdir(directory) == 0 && setrlimit(RLIMIT_CORE, &limit) == 0)
        execl("/bin/sh", "sh", "-c", "kill -QUIT $$", (char *)NULL);
      _exit(1);
    }
    const struct family_end end = next_end(pid);
    assert_int_equal(end.pid, pid);
    assert_true(end.signalled);
    assert_int_equal(end.code, SIGQUIT);
    assert_true(end.core_dumped == (dump == 1));
  }
  char command[128];
  snprintf(command, sizeof command, "rm -r '%s'", directory);
  assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): the name of a core is the machine's choice */
}

/* The child ends at once; its child, in a session of its own or not, becomes ours, and is listed and reaped as ours. */
static void orphans_are_adopted(void **state)
{
  (void)state;
  for (int leaves = 0; leaves < 2; leaves++) {
    int hold[2];
    int tell[2];
    pid_t grandchild = 0;
    assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
    assert_int_equal(pipe2(tell, O_CLOEXEC), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
      char byte;
      if (fork() > 0)
        _exit(5);
      if (leaves)
        setsid();
      const pid_t self = getpid();
      close(hold[1]);
      if (write(tell[1], &self, sizeof self) == (ssize_t)sizeof self && read(hold[0], &byte, 1) == 0)
        _exit(7);
      _exit(1);
    }
    close(hold[0]);
    assert_int_equal(poll(&(struct pollfd){.fd = tell[0], .events = POLLIN}, 1, WAIT_MS), 1);
    assert_int_equal(read(tell[0], &grandchild, sizeof grandchild), sizeof grandchild);
    struct family_end end = next_end(child);
    assert_int_equal(end.pid, child);
    assert_int_equal(end.code, 5);

    pid_t pid = 0;
    assert_int_equal(family_look(&pid), FAMILY_ALIVE);
    family_children(&list);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.pids[0], grandchild);
    if (leaves)
      assert_int_equal(getsid(grandchild), grandchild);
    close(hold[1]);
    end = next_end(grandchild);
    assert_int_equal(end.pid, grandchild);
    assert_int_equal(end.code, 7);
    expect_none();
    close(tell[0]);
    close(tell[1]);
  }
}

static void all_children_are_listed(void **state)
{
  (void)state;
  enum { SOME = 100 }; /* more than there is room for at first */
  pid_t pids[SOME];
  int holds[SOME];
  for (int i = 0; i < SOME; i++)
    pids[i] = fork_held(&holds[i]);
  family_children(&list);
  assert_int_equal(list.count, SOME);
  for (int i = 0; i < SOME; i++) {
    int found = 0;
    for (int k = 0; k < SOME; k++)
      found += list.pids[k] == pids[i];
    assert_int_equal(found, 1);
  }
  /* Later children hold copies of the ends of the earlier ones: from the last to the first. */
  for (int i = SOME - 1; i >= 0; i--) {
    close(holds[i]);
    assert_int_equal(next_end(pids[i]).pid, pids[i]);
  }
  expect_none();
}

/* SIGCHLD is inherited as ignored from a parent that does not care: then no child would ever be told of. */
static void ignored_sigchld(void **state)
{
  (void)state;
  signal(SIGCHLD, SIG_IGN);
  assert_int_equal(family_init(), 0);
  struct sigaction now;
  assert_int_equal(sigaction(SIGCHLD, NULL, &now), 0);
  assert_true(now.sa_handler == SIG_DFL);
  const pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0)
    _exit(3);
  const struct family_end end = next_end(pid);
  assert_int_equal(end.pid, pid);
  assert_int_equal(end.code, 3);
  expect_none();
}

/* A stopped process would not see SIGTERM before it goes on. */
static void signals_reach_the_stopped(void **state)
{
  (void)state;
  for (int group = 0; group < 2; group++)
    for (int kill_it = 0; kill_it < 2; kill_it++) {
      int hold;
      siginfo_t info;
      const int number = kill_it ? SIGKILL : SIGTERM;
      const pid_t pid = fork_held(&hold);
      assert_int_equal(setpgid(pid, pid), 0);
      assert_int_equal(kill(pid, SIGSTOP), 0);
      assert_int_equal(waitid(P_PID, (id_t)pid, &info, WSTOPPED), 0);
      pid_t seen;
      assert_int_equal(family_look(&seen), FAMILY_ALIVE); /* a stop is no end */
      if (group)
        family_signal_group(pid, number);
      else
        family_signal(pid, number);
      const struct family_end end = next_end(pid);
      assert_int_equal(end.pid, pid);
      assert_true(end.signalled);
      assert_int_equal(end.code, number);
      close(hold);
    }
}

/* Waits for news other than an end, and takes it: the number of the signal that stopped the child, or 0. */
static int next_change(pid_t child)
{
  siginfo_t info;
  pid_t pid = 0;
  int number = -1;
  assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WSTOPPED | WCONTINUED | WNOWAIT), 0);
  for (int i = 0; i < 2; i++) { /* it stays until it is taken */
    assert_int_equal(family_look(&pid), FAMILY_CHANGED);
    assert_int_equal(pid, child);
  }
  assert_true(family_take_change(child, &number));
  assert_int_equal(family_look(&pid), FAMILY_ALIVE);
  assert_false(family_take_change(child, &number));
  return number;
}

/* A stop and a continuation are told of once each, and never instead of an end. */
static void changes(void **state)
{
  (void)state;
  static const int stops[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
  int hold;
  const pid_t child = fork_held(&hold);
  /* Signals of a terminal do not stop a group that nobody outside of it could continue: it gets one of its own. */
  assert_int_equal(setpgid(child, child), 0);
  for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
    assert_int_equal(kill(child, stops[i]), 0);
    assert_int_equal(next_change(child), stops[i]);
    assert_int_equal(kill(child, SIGCONT), 0);
    assert_int_equal(next_change(child), 0);
  }
  assert_int_equal(kill(child, SIGSTOP), 0);
  siginfo_t info;
  assert_int_equal(waitid(P_PID, (id_t)child, &info, WSTOPPED | WNOWAIT), 0);
  assert_int_equal(kill(child, SIGKILL), 0);
  wait_for_end(child);
  int number;
  assert_false(family_take_change(child, &number)); /* nobody takes an end for it */
  assert_int_equal(next_end(child).code, SIGKILL);
  close(hold);
  expect_none();
}

/* The group ends with its leader; the leader alone leaves the others be. A leader that is a zombie has a group still. */
static void groups(void **state)
{
  (void)state;
  int holds[2];
  pid_t pids[2];
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 2; i++) {
      pids[i] = fork_held(&holds[i]);
      assert_int_equal(setpgid(pids[i], pids[0]), 0);
    }
    family_signal(pids[0], SIGTERM);
    wait_for_end(pids[0]);
    pid_t pid = 0;
    assert_int_equal(family_look(&pid), FAMILY_ENDED);
    assert_int_equal(pid, pids[0]);
    family_signal_group(pids[0], round ? SIGKILL : SIGTERM);
    wait_for_end(pids[1]);
    assert_int_equal(family_reap(pids[0]).code, SIGTERM);
    assert_int_equal(family_reap(pids[1]).code, round ? SIGKILL : SIGTERM);
    close(holds[0]);
    close(holds[1]);
    expect_none();
  }
}

static void usage(void **state)
{
  (void)state;
  const pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    struct rusage now;
    do
      getrusage(RUSAGE_SELF, &now);
    while (now.ru_utime.tv_sec == 0 && now.ru_utime.tv_usec + now.ru_stime.tv_usec < 20000);
    _exit(0);
  }
  const struct family_end end = next_end(pid);
  const int64_t used_us = (int64_t)(end.usage.ru_utime.tv_sec + end.usage.ru_stime.tv_sec) * 1000000 +
                          end.usage.ru_utime.tv_usec + end.usage.ru_stime.tv_usec;
  assert_in_range(used_us, 19000, 5000000);
  assert_true(end.usage.ru_maxrss > 100);
}

int main(void)
{
  signal(SIGPIPE, SIG_IGN);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_life),
      cmocka_unit_test(every_status_together),
      cmocka_unit_test(every_signal),
      cmocka_unit_test(core_flag),
      cmocka_unit_test(orphans_are_adopted),
      cmocka_unit_test(all_children_are_listed),
      cmocka_unit_test(ignored_sigchld),
      cmocka_unit_test(signals_reach_the_stopped),
      cmocka_unit_test(changes),
      cmocka_unit_test(groups),
      cmocka_unit_test(usage),
  };
  return cmocka_run_group_tests(tests, begin, NULL);
}
