/*
 * How a child begins: the three ways that Unix has, each with the same promises.
 *
 * The child gets a process group of its own, default dispositions of all signals, the signal mask that forker was
 * started with, /dev/null as standard input, and no descriptor beyond 2. A command that cannot be executed is reported
 * home with its errno: through a close-on-exec pipe by fork and vfork, as the result of posix_spawn.
 *
 * From before the fork until after it all signals are blocked, so that none finds the child half-way between forker's
 * dispositions and its own. Nothing waits in a buffer of stdio, which a fork would double: forker writes with write(2)
 * only. Main thread.
 */
#ifndef FORKER_SPAWN_H
#define FORKER_SPAWN_H

#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "forker/command.h"

enum spawn_method {
  SPAWN_FORK,        /* copies the page tables: simple, and the cost grows with the parent's memory */
  SPAWN_VFORK,       /* borrows the parent's memory while the parent waits for the exec */
  SPAWN_POSIX_SPAWN, /* the library's way: what the child does is a list of actions */
};

/* Standard output and error of a child; -1: forker's own. */
struct spawn_outputs {
  int out_fd, err_fd;
};

/* What all children of one forker have in common, and what is kept from one to the next. */
struct spawner {
  enum spawn_method method;
  sigset_t mask;       /* the children's: that of forker at its start */
  sigset_t nondefault; /* signals that are ignored here and have to be reset there */
  int null_fd;         /* /dev/null, for reading and writing */
  bool raised;         /* our soft limit of descriptors is above that of the children */
  struct rlimit limit; /* theirs */
  /* By vfork. */
  int exec_ends[2];            /* the pipe by which a child says why it could not exec, if it is open */
  bool exec_open;              /* it is, and empty */
  volatile bool in_our_memory; /* set by the child: it is a real vfork, and has waited */
  /* By posix_spawn. */
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  struct spawn_outputs actions_outputs; /* what they are for */
  bool attributes_made, actions_made;
};

/* What spawn_start found out. */
struct spawned {
  pid_t pid;        /* -1: there is no child */
  int exec_fd;      /* the caller's; readable, or at its end, when exec has failed or come to pass; -1: that is known */
  int error;        /* why there is no child, or 0 */
  const char *call; /* what said so */
  int exec_error;   /* why exec failed, where that is known already, or 0; by posix_spawn there is no child left then */
  int64_t start_ns; /* when the call began */
  int64_t exec_ns;  /* when exec was known to have succeeded; 0 while it is not */
};

/*
 * Remembers mask, marks all descriptors beyond 2 close-on-exec (those that were handed to forker stay open here: they
 * may hold a lock), and finds out which dispositions children do not have. 0, or an errno value.
 */
int spawner_init(struct spawner *spawner, enum spawn_method method, const sigset_t *mask);
void spawner_destroy(struct spawner *spawner);

/* Raises our soft limit of descriptors to this, as far as the hard one goes; children have the one that was. */
void spawner_need_descriptors(struct spawner *spawner, size_t count);

/*
 * Starts command, in its environment. announce: the child says on its standard output
 * what it is about to execute. With SPAWN_FORK only: posix_spawn has nobody who could, and after vfork a write that
 * waits would wait with the parent stopped.
 */
struct spawned spawn_start(struct spawner *spawner, const struct command *command, struct spawn_outputs outputs,
                           bool announce);

/*
 * What the exec pipe says: true when it is decided, and then *error is 0 or why exec failed. The descriptor is the
 * caller's to close. Never waits.
 */
bool spawn_exec_result(int exec_fd, int *error);

#endif
