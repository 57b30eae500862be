#include "timed/log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/printable.h"

void log_open(struct log *log, int fd, bool silent)
{
  outlet_open(&log->outlet, fd);
  log->silent = silent;
  log->stamped = false;
  log->stamp[0] = '\0';
  log->lost = log->lost_to_disk = 0;
  log->lost_to = 0;
}

uint64_t log_close(struct log *log)
{
  log_flush(log);
  log->lost_to_disk += outlet_give_up(&log->outlet);
  outlet_destroy(&log->outlet);
  return log->lost_to_disk;
}

/* ISO 8601 to the millisecond, local time: into text, its length. The parts of a second are made once in it. */
static size_t put_stamp(struct log *log, char *text, size_t size)
{
  struct timespec now;
  if (!log->stamped)
    return 0;
  clock_gettime(CLOCK_REALTIME, &now);
  if (log->stamp[0] == '\0' || now.tv_sec != log->stamp_second) {
    struct tm parts;
    char zone[8];
    localtime_r(&now.tv_sec, &parts);
    strftime(log->stamp, sizeof log->stamp, "%Y-%m-%dT%H:%M:%S", &parts);
    strftime(zone, sizeof zone, "%z", &parts); /* +hhmm */
    snprintf(log->stamp_zone, sizeof log->stamp_zone, "%.3s:%.2s", zone, strlen(zone) >= 5 ? zone + 3 : "00");
    log->stamp_second = now.tv_sec;
  }
  return (size_t)snprintf(text, size, "%s.%03ld%s ", log->stamp, now.tv_nsec / 1000000, log->stamp_zone);
}

void log_line(struct log *log, const char *format, ...)
{
  char text[LOG_LINE_MAX];
  char line[LOG_LINE_MAX];
  va_list arguments;

  va_start(arguments, format);
  const size_t stamped = put_stamp(log, text, sizeof text);
  const int made = vsnprintf(text + stamped, sizeof text - stamped, format, arguments);
  va_end(arguments);
  if (made < 0)
    return;
  const size_t length = printable_copy(line, sizeof line, text, strlen(text));
  line[length] = '\n';
  /* After a loss the count comes first, so that it stands where the lines are missing. */
  if (log->lost == 0 && outlet_add(&log->outlet, line, length + 1, LOG_BUFFER))
    return;
  log_flush(log); /* it may only have been long since the last time */
  if (log->lost == 0 && outlet_add(&log->outlet, line, length + 1, LOG_BUFFER))
    return;
  log->lost++;
  log->lost_to = log->outlet.full;
  log->lost_to_disk += log->outlet.full != 0;
}

bool log_flush(struct log *log)
{
  const bool left = outlet_flush(&log->outlet);
  char line[160];

  if (log->lost == 0 || log->outlet.full)
    return left;
  if (log->silent) {
    log->lost = 0;
    return left;
  }
  const char *nobody = log->lost == 1 ? "nobody read it" : "nobody read them";
  const size_t stamped = put_stamp(log, line, sizeof line);
  const int made = snprintf(line + stamped, sizeof line - stamped, "(%" PRIu64 " line%s lost: %s)\n", log->lost,
                            log->lost == 1 ? "" : "s", log->lost_to ? strerror(log->lost_to) : nobody);
  if (outlet_add(&log->outlet, line, stamped + (size_t)made, LOG_BUFFER))
    log->lost = 0;
  return outlet_flush(&log->outlet);
}
