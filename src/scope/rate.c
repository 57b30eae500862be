#include "scope/rate.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/clock.h"
#include "scope/view/figures.h"

static const double LEAST = 0.05; /* rows a second: less than that reads 0 */

void rate_init(struct rate *r, int64_t now_ns)
{
  *r = (struct rate){.since_ns = now_ns, .start_ns = now_ns, .percent = -1};
}

static void measure(struct rate *r, uint64_t rows, int percent, int64_t passed_ns)
{
  char text[FIGURE_TEXT_MAX];
  const double seconds = (double)passed_ns / CLOCK_SECOND_NS;
  const double rate = passed_ns > 0 ? (double)(rows - r->rows) / seconds : 0;
  figure_number(rate < LEAST ? 0 : rate, 3, text);
  if (percent >= 0)
    snprintf(r->text, sizeof r->text, "%s/s, %d %%", text, percent);
  else
    snprintf(r->text, sizeof r->text, "%s/s", text);
}

void rate_update(struct rate *r, const struct stream_counts *counts, bool ended, int64_t now_ns)
{
  const int64_t passed_ns = now_ns - r->since_ns;
  if (ended) {
    char text[FIGURE_TEXT_MAX];
    figure_count(counts->rows, text);
    snprintf(r->text, sizeof r->text, "%s row%s", text, counts->rows == 1 ? "" : "s");
  } else if (passed_ns >= CLOCK_SECOND_NS || r->text[0] == '\0') {
    measure(r, counts->rows, now_ns - r->start_ns >= CLOCK_SECOND_NS ? r->percent : -1, passed_ns);
    if (passed_ns >= CLOCK_SECOND_NS) {
      r->rows = counts->rows;
      r->since_ns = now_ns;
    }
  }
  r->rejected[0] = '\0';
  if (counts->rejected)
    snprintf(r->rejected, sizeof r->rejected, "%" PRIu64 " rejected", counts->rejected);
}
