#include "forker/event_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/utf8.h"

/* Only files are looked at: to open a device or a FIFO for reading may have effects. */
static bool ends_within_a_line(int fd, const char *name)
{
  struct stat about;
  char last = '\n';
  if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0)
    return false;
  const int reading = open(name, O_RDONLY | O_CLOEXEC);
  if (reading < 0)
    return false;
  if (pread(reading, &last, 1, about.st_size - 1) != 1)
    last = '\n';
  close(reading);
  return last != '\n';
}

int event_log_open(struct event_log *log, const char *name, int64_t start_ns)
{
  *log = (struct event_log){.start_ns = start_ns};
  tzset(); /* or gmtime_r would read its file in the middle of the loop */
  /* O_NONBLOCK: a FIFO without a reader is an error, not a wait; files do not care. */
  log->fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
  if (log->fd < 0)
    return errno;
  outlet_open(&log->outlet, log->fd);
  if (ends_within_a_line(log->fd, name))
    outlet_add(&log->outlet, "\n", 1, EVENT_LOG_WAITING_MAX);
  return 0;
}

void event_log_close(struct event_log *log)
{
  if (log->fd >= 0) {
    outlet_destroy(&log->outlet);
    close(log->fd);
  }
  log->fd = -1;
}

bool event_log_add(struct event_log *log, const char *event, const char *format, va_list arguments)
{
  char members[EVENT_LOG_MEMBERS_MAX];
  char line[EVENT_LOG_MEMBERS_MAX + 128];
  char date[32];
  struct timespec now;
  struct tm parts;

  vsnprintf(members, sizeof members, format, arguments);
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &parts);
  strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
  const int length =
      snprintf(line, sizeof line, "{\"t\":%.6f,\"time\":\"%s.%06ldZ\",\"event\":\"%s\",%s}\n",
               (double)(clock_now_ns() - log->start_ns) / CLOCK_SECOND_NS, date, now.tv_nsec / 1000, event, members);
  if (outlet_add(&log->outlet, line, (size_t)length, EVENT_LOG_WAITING_MAX))
    return true;
  const bool full = log->outlet.full != 0;
  log->lost_to_disk += full;
  return full;
}

void event_log_quote(const char *text, char *quoted, size_t size)
{
  size_t used = 0;
  for (const char *at = text; *at != '\0';) {
    const size_t length = utf8_length(at, strlen(at));
    const bool escaped = *at == '"' || *at == '\\';
    if (used + escaped + length >= size)
      break;
    if (escaped)
      quoted[used++] = '\\';
    memcpy(quoted + used, at, length);
    used += length;
    at += length;
  }
  quoted[used] = '\0';
}
