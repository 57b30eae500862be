#include "forker/family.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* /proc counts pids as we do: not so in a pid namespace that still has the /proc of another. */
static bool proc_is_ours;

int family_init(void)
{
  /* Who starts us may ignore SIGCHLD: then children would vanish by themselves, and wait4 would find none. */
  if (signal(SIGCHLD, SIG_DFL) == SIG_ERR)
    return errno;
  char self[16] = "";
  if (readlink("/proc/self", self, sizeof self - 1) > 0)
    proc_is_ours = strtol(self, NULL, 10) == (long)getpid();
  return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == 0 ? 0 : errno;
}

enum family_state family_look(pid_t *pid)
{
  siginfo_t info = {.si_pid = 0};
  /* __WALL: children made by clone without SIGCHLD, which may be among the orphans. */
  if (waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT | __WALL) != 0)
    return errno == ECHILD ? FAMILY_NONE : FAMILY_ALIVE;
  *pid = info.si_pid;
  if (info.si_pid == 0)
    return FAMILY_ALIVE;
  const bool ended = info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED;
  return ended ? FAMILY_ENDED : FAMILY_CHANGED;
}

bool family_has_ended(pid_t pid)
{
  siginfo_t info = {.si_pid = 0};
  return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 && info.si_pid == pid;
}

bool family_take_change(pid_t pid, int *signal_number)
{
  siginfo_t info = {.si_pid = 0};
  if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WCONTINUED | WNOHANG | __WALL) != 0 || info.si_pid == 0)
    return false;
  *signal_number = info.si_code == CLD_STOPPED ? info.si_status : 0;
  return true;
}

struct family_end family_reap(pid_t pid)
{
  struct family_end end = {.pid = pid};
  int status = 0;
  while (wait4(pid, &status, __WALL, &end.usage) < 0 && errno == EINTR)
    ;
  end.signalled = WIFSIGNALED(status);
  end.code = end.signalled ? WTERMSIG(status) : WEXITSTATUS(status);
  end.core_dumped = end.signalled && WCOREDUMP(status);
  return end;
}

void family_signal(pid_t pid, int signal_number)
{
  kill(pid, signal_number);
  if (signal_number == SIGTERM)
    kill(pid, SIGCONT);
}

void family_signal_group(pid_t pid, int signal_number)
{
  kill(-pid, signal_number);
  if (signal_number == SIGTERM)
    kill(-pid, SIGCONT);
  if (getpgid(pid) != pid) /* it has left its group */
    family_signal(pid, signal_number);
}

bool family_can_read(void)
{
  return proc_is_ours && access("/proc/self/stat", R_OK) == 0;
}

bool family_stat(pid_t pid, char *state, pid_t *parent)
{
  char path[64];
  char text[512];
  if (!proc_is_ours)
    return false;
  snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  const ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0)
    return false;
  text[length] = '\0';
  const char *end = strrchr(text, ')'); /* the name before it may hold anything */
  if (!end || strlen(end) < 5)
    return false;
  *state = end[2];
  *parent = (pid_t)strtol(end + 4, NULL, 10);
  return true;
}

static bool add(struct family_list *list, pid_t pid)
{
  if (list->count == list->size) {
    const size_t size = list->size ? 2 * list->size : 64;
    pid_t *bigger = realloc(list->pids, size * sizeof *bigger);
    if (!bigger)
      return false;
    list->pids = bigger;
    list->size = size;
  }
  list->pids[list->count++] = pid;
  return true;
}

/* The slow way, for kernels without the list of children. */
static void search_children(struct family_list *list)
{
  DIR *directory = opendir("/proc");
  if (!directory)
    return;
  bool ok = true;
  for (const struct dirent *entry; ok && (entry = readdir(directory)) != NULL;) {
    const pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
    char state;
    pid_t parent;
    if (pid > 0 && family_stat(pid, &state, &parent) && parent == getpid())
      ok = add(list, pid);
  }
  closedir(directory);
}

void family_children(struct family_list *list)
{
  char path[64];
  char *word = NULL;
  size_t size = 0;

  list->count = 0;
  if (!proc_is_ours)
    return;
  snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
  FILE *file = fopen(path, "re");
  if (!file) {
    search_children(list);
    return;
  }
  bool ok = true;
  while (ok && getdelim(&word, &size, ' ', file) > 0) { /* "4711 4712 " */
    const long pid = strtol(word, NULL, 10);
    if (pid > 0)
      ok = add(list, (pid_t)pid);
  }
  free(word);
  fclose(file);
}
