/* Three built-in signals for `scope --demo`: something to look at without any input. Pure functions of the time. */
#ifndef SCOPE_DEMO_H
#define SCOPE_DEMO_H

#include <stdint.h>

enum { DEMO_CHANNELS = 3, DEMO_RATE_HZ = 1000 };

extern const char *const demo_name[DEMO_CHANNELS];

/* Value of a signal at sample n, DEMO_RATE_HZ samples a second; within -10..10. */
double demo_value(int channel, uint64_t n);

#endif
