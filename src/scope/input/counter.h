/*
 * --counter: values of ever-growing counters become their rate of change, a second (a sample, where the sample number is
 * the time). It stands between the reader and the ring; a recording gets the values as they came.
 *
 * The rate at a sample is that since the sample before. The first one has none, and one that went back was set to zero
 * meanwhile: both are gaps. Samples that share a time with the one before have no rate of their own; what they add is in
 * the next.
 */
#ifndef SCOPE_COUNTER_H
#define SCOPE_COUNTER_H

#include "scope/input/sink.h"
#include "scope/stream/time_base.h"

struct counter {
  struct sink sink; /* first */
  struct sink *next;
  const char *names; /* see name_list.h; "" for all channels */
  double unit;       /* ticks in a second, or in a sample */
  bool seconds;      /* it is a second */
  size_t found;      /* channels that are counters */
  struct counter_channel {
    bool counts, begun;
    int64_t time;
    double value;
  } channel[CHANNELS_MAX];
};

/* All is borrowed. */
void counter_init(struct counter *counter, const char *names, const struct time_base *base, struct sink *next);

#endif
