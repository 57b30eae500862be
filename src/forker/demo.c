#include "forker/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "forker/demo_fork.h"
#include "forker/demo_stage.h"
#include "forker/family.h"

enum { ZOMBIE_STATUS = 7, ORPHAN_STATUS = 0, PATIENCE_MS = 5000, TEXT_MAX = 1024 };

/* Shows what /proc says, and checks it: state 0 stands for any but Z, parent 0 for any. */
static void show(struct stage *stage, pid_t pid, char state_claimed, pid_t parent_claimed)
{
  char state = '?';
  pid_t parent = 0;
  char text[TEXT_MAX];
  const int64_t deadline_ns = clock_now_ns() + clock_from_ms(PATIENCE_MS);
  bool as_claimed = false;

  while (!stage->over && family_can_read()) { /* an exit takes its time */
    const bool there = family_stat(pid, &state, &parent);
    as_claimed = there && (state_claimed ? state == state_claimed : state != 'Z') &&
                 (parent_claimed == 0 || parent == parent_claimed);
    if (as_claimed || clock_now_ns() > deadline_ns)
      break;
    stage_wait_until(stage, clock_now_ns() + CLOCK_MS_NS);
  }
  if (stage->over)
    return;
  snprintf(text, sizeof text, "   /proc/%ld/stat: state %c, parent %ld\n", (long)pid, state, (long)parent);
  stage_print(stage, text);
  if (!as_claimed) {
    message("/proc/%ld/stat: expected state %c and parent %ld", (long)pid, state_claimed ? state_claimed : 'S',
            (long)parent_claimed);
    stage->wrong = true;
  }
}

static void show_gone(struct stage *stage, pid_t pid)
{
  char state;
  pid_t parent;
  if (stage->over)
    return;
  if (!family_can_read()) {
    message("/proc cannot be read: that process %ld is gone cannot be shown", (long)pid);
    stage->wrong = true;
    return;
  }
  if (family_stat(pid, &state, &parent)) {
    message("/proc/%ld is still there: state %c", (long)pid, state);
    stage->wrong = true;
    return;
  }
  stage_explain(stage, "/proc/%ld is gone: nothing of it is left, and its number may be given to another process.",
                (long)pid);
}

static void say_fork_failed(struct stage *stage)
{
  message("fork: %s", strerror(errno));
  stage->wrong = true;
}

/* Waits for a child that is about to end, whatever came between. */
static void reap(pid_t pid)
{
  const int64_t deadline_ns = clock_now_ns() + clock_from_ms(PATIENCE_MS);
  while (waitpid(pid, NULL, WNOHANG) == 0) {
    if (clock_now_ns() > deadline_ns)
      kill(pid, SIGKILL); /* somebody has stopped it */
    clock_wait_until_ns(clock_now_ns() + CLOCK_MS_NS);
  }
}

/* Both stories end so. parent: who waits, in words. */
static void show_reaping(struct stage *stage, pid_t pid, const char *parent, int status_claimed)
{
  if (stage->over) {
    reap(pid);
    return;
  }
  const struct family_end end = family_reap(pid);
  stage_explain(stage, "%s has waited for it: wait4 tells of %ld, and of its status %d.", parent, (long)end.pid,
                end.code);
  if (end.signalled || end.code != status_claimed)
    stage->wrong = true;
  show_gone(stage, pid);
}

static void play_zombie(struct stage *stage)
{
  stage_explain(stage, "This is process %ld. It forks a child that ends at once, with status %d.", (long)getpid(),
                ZOMBIE_STATUS);
  const pid_t child = fork();
  if (child == 0)
    _exit(ZOMBIE_STATUS);
  if (child < 0) {
    say_fork_failed(stage);
    return;
  }
  stage_explain(
      stage,
      "Child %ld has ended, and nobody has waited for it: it is a zombie. Its memory and its descriptors are\n"
      "   freed; what the kernel keeps is its number and its status, for its parent to fetch.",
      (long)child);
  show(stage, child, 'Z', getpid());
  stage_hold(stage);
  if (stage->over) {
    reap(child);
    return;
  }
  kill(child, SIGKILL);
  stage_explain(stage, "SIGKILL was sent to it. That changes nothing: what is dead already cannot be killed.");
  show(stage, child, 'Z', getpid());
  stage_hold(stage);
  show_reaping(stage, child, "Its parent", ZOMBIE_STATUS);
}

/*
 * The pipes by which the actors of the orphan's story hold each other. Those that hold go when this process goes, so
 * that none of them outlives it.
 */
struct strings {
  int child[2];  /* the child ends when its reading end finds the end */
  int orphan[2]; /* the grandchild likewise */
  int word[2];   /* the child says the number of the grandchild */
};

static void wait_for_end(int fd)
{
  char byte;
  while (read(fd, &byte, 1) < 0 && errno == EINTR)
    ;
}

static _Noreturn void be_orphan(const struct strings *strings)
{
  close(strings->child[1]);
  close(strings->orphan[1]);
  wait_for_end(strings->orphan[0]);
  _exit(ORPHAN_STATUS);
}

static _Noreturn void be_its_parent(const struct strings *strings)
{
  const pid_t grandchild = fork();
  if (grandchild == 0)
    be_orphan(strings);
  close(strings->child[1]);
  close(strings->orphan[1]);
  if (write(strings->word[1], &grandchild, sizeof grandchild) != (ssize_t)sizeof grandchild)
    _exit(1);
  wait_for_end(strings->child[0]);
  _exit(0);
}

static void close_end(int *fd)
{
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

static void tell_orphan(struct stage *stage, struct strings *strings, pid_t child)
{
  pid_t grandchild = -1;
  if (read(strings->word[0], &grandchild, sizeof grandchild) != (ssize_t)sizeof grandchild || grandchild < 0) {
    message("fork: the child could not fork in its turn");
    stage->wrong = true;
    close_end(&strings->child[1]);
    reap(child);
    return;
  }
  stage_explain(stage, "Child %ld has forked a child of its own, %ld, that waits. Its parent is %ld.", (long)child,
                (long)grandchild, (long)child);
  show(stage, grandchild, 0, child);
  stage_hold(stage);
  close_end(&strings->child[1]);
  reap(child);
  stage_explain(stage,
                "Child %ld has ended, and was reaped. %ld is an orphan: the kernel gives it a new parent, the nearest\n"
                "   ancestor that has asked for orphans (PR_SET_CHILD_SUBREAPER, as this process did), else process 1.",
                (long)child, (long)grandchild);
  show(stage, grandchild, 0, getpid());
  stage_hold(stage);
  close_end(&strings->orphan[1]);
  stage_explain(stage,
                "The orphan has ended. It would stay a zombie if its new parent did not wait for it as for its own.");
  show(stage, grandchild, 'Z', getpid());
  stage_hold(stage);
  show_reaping(stage, grandchild, "Its new parent", ORPHAN_STATUS);
}

static void play_orphan(struct stage *stage)
{
  struct strings strings = {{-1, -1}, {-1, -1}, {-1, -1}};
  stage_explain(stage, "This is process %ld. It forks a child.", (long)getpid());
  if (pipe2(strings.child, O_CLOEXEC) == 0 && pipe2(strings.orphan, O_CLOEXEC) == 0 &&
      pipe2(strings.word, O_CLOEXEC) == 0) {
    const pid_t child = fork();
    if (child == 0)
      be_its_parent(&strings);
    close_end(&strings.word[1]);
    if (child > 0)
      tell_orphan(stage, &strings, child);
    else
      say_fork_failed(stage);
  } else {
    stage->wrong = true;
  }
  int *const ends[] = {&strings.child[0],  &strings.child[1], &strings.orphan[0],
                       &strings.orphan[1], &strings.word[0],  &strings.word[1]};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
    close_end(ends[i]);
}

int demo_play(enum demo demo, int64_t step_ns, int signal_fd)
{
  struct stage stage = {.step_ns = step_ns, .signal_fd = signal_fd};
  const int error = family_init();
  if (error) {
    message("cannot start: %s", strerror(error));
    return EXIT_FAILURE;
  }
  if (demo == DEMO_ZOMBIE)
    play_zombie(&stage);
  else if (demo == DEMO_ORPHAN)
    play_orphan(&stage);
  else
    demo_fork_play(&stage);
  return stage.wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
