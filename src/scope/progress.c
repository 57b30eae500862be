#include "scope/progress.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/printable.h"

static const int64_t FIRST_NS = CLOCK_SECOND_NS; /* who has read by then needs no progress */
static const int64_t PERIOD_NS = INT64_C(250) * CLOCK_MS_NS;

void progress_init(struct progress *progress, int fd, const char *name, int64_t start_ns)
{
  *progress = (struct progress){.fd = fd, .name = name, .due_ns = start_ns + FIRST_NS};
}

int progress_percent(const struct progress *progress)
{
  struct stat st;
  if (progress->fd < 0 || fstat(progress->fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
    return -1;
  const off_t place = lseek(progress->fd, 0, SEEK_CUR);
  if (place < 0)
    return -1;
  return place >= st.st_size ? 100 : (int)((double)place * 100 / (double)st.st_size);
}

/* To the terminal, unless it takes nothing. */
static bool show(const char *text)
{
  struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};
  return isatty(STDERR_FILENO) && poll(&ready, 1, 0) > 0 && (ready.revents & POLLOUT) &&
         write(STDERR_FILENO, text, strlen(text)) > 0;
}

void progress_end(struct progress *progress)
{
  if (progress->said)
    show("\r\033[K");
  progress->said = false;
}

void progress_say(struct progress *progress, int64_t now_ns)
{
  char name[200];
  char text[260];
  if (progress->fd < 0 || now_ns < progress->due_ns)
    return;
  progress->due_ns = now_ns + PERIOD_NS;
  const int percent = progress_percent(progress);
  if (percent < 0 || percent == 100) {
    progress_end(progress);
    return;
  }
  printable_copy(name, sizeof name, progress->name, strlen(progress->name));
  snprintf(text, sizeof text, "\r\033[Kscope: %s: %d %%", name, percent);
  progress->said |= show(text);
}
