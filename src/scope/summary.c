#include "scope/summary.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/write.h"
#include "scope/view/figures.h"

int summary_write(const struct intake *intake, int fd, int cancel_fd)
{
  const char head[] = "channel\tcount\tmin\tmax\tmean\tlast\n";
  int error = write_patiently(fd, head, sizeof head - 1, -1, cancel_fd);
  for (size_t i = 0; i < intake_channels(intake) && !error; i++) {
    struct history_summary sum;
    history_total(intake_history(intake), i, &sum);
    if (sum.items == 0)
      continue;
    const double value[] = {sum.min, sum.max, sum.mean, sum.last};
    char line[CHANNEL_NAME_MAX + 200];
    int length = snprintf(line, sizeof line, "%s\t%" PRIu64, intake_channel_name(intake, i), sum.count);
    for (size_t k = 0; k < sizeof value / sizeof *value; k++) {
      char text[FIGURE_TEXT_MAX];
      figure_exact(value[k], text);
      length += snprintf(line + length, sizeof line - (size_t)length, "\t%s", text);
    }
    length += snprintf(line + length, sizeof line - (size_t)length, "\n");
    error = write_patiently(fd, line, (size_t)length, -1, cancel_fd);
  }
  return error;
}
