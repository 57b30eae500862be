#include "scope/input/demo_play.h"

#include "common/clock.h"
#include "scope/input/demo.h"

static const int64_t PERIOD_NS = INT64_C(5) * CLOCK_MS_NS;

static void hand_over_row(struct handover *h, uint64_t row)
{
  uint8_t channel[DEMO_CHANNELS];
  double value[DEMO_CHANNELS];
  for (int c = 0; c < DEMO_CHANNELS; c++) {
    channel[c] = (uint8_t)c;
    value[c] = demo_value(c, row);
  }
  const struct sink_row values = {
      .time = handover_row_time(h, row), .count = DEMO_CHANNELS, .channel = channel, .value = value};
  handover_row(h, row, &values);
}

static void hand_over_channels(struct handover *h)
{
  for (int c = 0; c < DEMO_CHANNELS; c++)
    handover_channel(h, demo_name[c], NULL, NULL);
}

void demo_play(struct handover *h, uint64_t rows, int64_t start_ns)
{
  hand_over_channels(h);
  int64_t deadline_ns = start_ns;
  const uint64_t limit = rows ? rows : UINT64_MAX;
  while (h->next_row < limit && !stream_stop_asked(h->stream)) {
    uint64_t due = limit;
    if (stream_clear_asked(h->stream)) {
      handover_restart(h, false);
      hand_over_channels(h);
    }
    if (!rows)
      due = (uint64_t)((clock_now_ns() - start_ns) / (TIME_TICKS_PER_SECOND / DEMO_RATE_HZ) + 1);
    handover_begin_arrival(h);
    while (h->next_row < due)
      hand_over_row(h, h->next_row);
    handover_end_arrival(h);
    if (!rows) {
      deadline_ns += PERIOD_NS;
      clock_wait_until_ns(deadline_ns);
    }
  }
}
