/*
 * All descendants of this process, and how to end them without ever hitting a stranger. Main thread.
 *
 * A pid may be given to a new process as soon as its old bearer was waited for, and not before. So a signal is sent
 * only to a child that was not waited for yet, or to the group of one. To have all descendants as children in the end,
 * the process is a subreaper (prctl(2)): an orphan becomes the child of its nearest such ancestor, also one that has
 * left its group and session with setsid.
 */
#ifndef FORKER_FAMILY_H
#define FORKER_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

/* Makes this process the one that orphans go to, and SIGCHLD what it is by default. 0, or an errno value. */
int family_init(void);

/* How a child ended. */
struct family_end {
  pid_t pid;
  bool signalled;
  int code; /* exit status, or number of the signal */
  bool core_dumped;
  struct rusage usage; /* of the child, and of those that it waited for */
};

enum family_state {
  FAMILY_NONE,  /* no children */
  FAMILY_ALIVE, /* and no news of them */
  FAMILY_ENDED,
  FAMILY_CHANGED, /* stopped, or continued */
};

/*
 * Tells of a child that has ended, which stays a zombie, its pid its own, until family_reap; or of one that was stopped or
 * continued, until family_take_change. Never waits.
 */
enum family_state family_look(pid_t *pid);

/* This child has ended, and was not waited for. */
bool family_has_ended(pid_t pid);

/*
 * Takes the news that a child was stopped (*signal_number says by what) or continued (0). False when there is none any
 * more, as it has ended since.
 */
bool family_take_change(pid_t pid, int *signal_number);

/* Waits for a child that family_look told of. */
struct family_end family_reap(pid_t pid);

/* /proc is there, and counts pids as we do; else nothing can be read there. */
bool family_can_read(void);

/*
 * From /proc/PID/stat: the letter of the state of a process, and its parent. False when there is no such process, or
 * when /proc cannot be read.
 */
bool family_stat(pid_t pid, char *state, pid_t *parent);

/* The children of this process, adopted ones too; none was waited for yet. Zeroed at first; freed with free(pids). */
struct family_list {
  pid_t *pids; /* owned; room for size */
  size_t count, size;
};

/* Lists them; none where /proc cannot be read, and not all when memory is short. */
void family_children(struct family_list *list);

/* Signals a child that was not waited for. After SIGTERM a SIGCONT follows, as a stopped process would not see it. */
void family_signal(pid_t pid, int signal_number);

/* The same to the group of a child that was not waited for, and to the child, should it have left that group. */
void family_signal_group(pid_t pid, int signal_number);

#endif
