#include "scope/summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/write.h"
#include "scope/view/figures.h"

int summary_write(struct intake *intake, int fd, int cancel_fd, bool full)
{
  enum { NUMBERS = 4, ALL = 9 };
  const char *head = full ? "channel\tcount\tmin\tmax\tmean\tlast\trms\tsd\tp50\tp95\tp99\n"
                          : "channel\tcount\tmin\tmax\tmean\tlast\n";
  int error = write_patiently(fd, head, strlen(head), -1, cancel_fd);
  for (size_t i = 0; i < intake_channels(intake) && !error; i++) {
    struct history_summary sum;
    history_total(intake_history(intake), i, &sum);
    if (sum.items == 0)
      continue;
    const double sd = sum.count ? sqrt(sum.m2 / (double)sum.count) : (double)NAN;
    double value[ALL] = {sum.min, sum.max, sum.mean, sum.last, hypot(sum.mean, sd), sd};
    for (int k = 0; k < 3 && full; k++)
      value[ALL - 3 + k] = intake_percentile(intake, i, (const double[]){50, 95, 99}[k]);
    char line[CHANNEL_NAME_MAX + (ALL + 1) * (FIGURE_TEXT_MAX + 1)];
    int length = snprintf(line, sizeof line, "%s\t%" PRIu64, intake_channel_name(intake, i), sum.count);
    for (size_t k = 0; k < (full ? ALL : NUMBERS); k++) {
      char text[FIGURE_TEXT_MAX];
      figure_exact(value[k], text);
      length += snprintf(line + length, sizeof line - (size_t)length, "\t%s", text);
    }
    length += snprintf(line + length, sizeof line - (size_t)length, "\n");
    error = write_patiently(fd, line, (size_t)length, -1, cancel_fd);
  }
  return error;
}
