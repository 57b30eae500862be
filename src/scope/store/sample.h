/* A sample as the history gives it out: plain data. */
#ifndef SCOPE_SAMPLE_H
#define SCOPE_SAMPLE_H

#include <stdint.h>

struct history_sample {
  int64_t time;
  double value; /* NaN is a gap */
};

#endif
