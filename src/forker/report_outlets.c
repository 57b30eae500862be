#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/message.h"
#include "forker/report.h"

/* EIO is what a terminal says that has gone. */
static bool nobody_reads(int error)
{
  return error == EPIPE || error == EIO;
}

int report_error(const struct report *report)
{
  if (report->out.error && !nobody_reads(report->out.error))
    return report->out.error;
  return report->log.fd >= 0 ? report->log.outlet.error : 0;
}

static void say_failure(struct report *report, const char *name, int error, bool *said)
{
  if (error && !*said)
    report_complain(report, "forker: %s: %s", name, strerror(error));
  *said = *said || error;
}

static int failure_of(const struct outlet *outlet)
{
  return outlet->error ? outlet->error : outlet->full;
}

bool report_flush(struct report *report)
{
  bool left = outlet_flush(&report->out);
  if (!nobody_reads(report->out.error))
    say_failure(report, "standard output", failure_of(&report->out), &report->out_failure_said);
  if (report->log.fd >= 0) {
    left |= outlet_flush(&report->log.outlet);
    say_failure(report, report->log_name, failure_of(&report->log.outlet), &report->log_failure_said);
  }
  left |= outlet_flush(&report->err);
  return left;
}

int64_t report_retry_ns(const struct report *report)
{
  const struct outlet *const outlets[] = {&report->out, &report->err, &report->log.outlet};
  int64_t first_ns = INT64_MAX;
  for (size_t i = 0; i < sizeof outlets / sizeof outlets[0]; i++)
    if (outlets[i]->full && outlets[i]->retry_ns < first_ns)
      first_ns = outlets[i]->retry_ns;
  return first_ns;
}

bool report_waits_for_reader(const struct report *report)
{
  const struct outlet *const outlets[] = {&report->out, &report->err, &report->log.outlet};
  bool waits = false;
  for (size_t i = 0; i < sizeof outlets / sizeof outlets[0]; i++)
    waits = waits || (outlet_waiting(outlets[i]) > 0 && !outlets[i]->full);
  return waits;
}

static bool give_up(struct outlet *outlet, const char *name, uint64_t lost)
{
  const int full = outlet->full ? outlet->full : ENOSPC;
  lost += outlet_give_up(outlet);
  if (lost > 0)
    message("%s: %" PRIu64 " line%s lost: %s", name, lost, lost == 1 ? "" : "s", strerror(full));
  return lost > 0;
}

bool report_give_up(struct report *report)
{
  outlet_flush(&report->err);
  outlet_give_up(&report->err);
  const bool out = give_up(&report->out, "standard output", report->out_lost_to_disk);
  return (report->log.fd >= 0 && give_up(&report->log.outlet, report->log_name, report->log.lost_to_disk)) || out;
}

bool report_finish(struct report *report)
{
  const bool out = outlet_finish(&report->out);
  return outlet_finish(&report->err) && out;
}
