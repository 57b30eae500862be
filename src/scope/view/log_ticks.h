/*
 * The ticks of a logarithmic axis: every so many decades, or where there are few of these, some of 1 to 9 times each;
 * on a symmetric one the same on both sides of a tick at 0, and none where it is linear. Pure; any thread.
 */
#ifndef SCOPE_LOG_TICKS_H
#define SCOPE_LOG_TICKS_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/view/figures.h"
#include "scope/view/value_axis.h"

enum { LOG_TICKS_MAX = 64, LOG_MINOR_MAX = 256 };

/* From the lowest up. */
struct log_ticks {
  int count;
  struct decade_tick {
    int8_t digit; /* 0, or 1 to 9 with its sign: the tick is digit * 10^power */
    int16_t power;
  } tick[LOG_TICKS_MAX];
};

/*
 * At most `most` (2..LOG_TICKS_MAX) of them. False where the range has not three of them: then it has the ticks of a
 * linear axis, at the rows that these have there.
 */
bool log_ticks_choose(const struct value_axis *axis, int most, struct log_ticks *out);

double log_ticks_value(struct decade_tick tick);

/* Each with a prefix of its own: "1m", "−200", "5k", "0". */
void log_ticks_label(struct decade_tick tick, char text[FIGURE_TEXT_MAX]);

/*
 * The values of minor ticks, which have no label: 2 to 9 times each decade where the axis has at least `least_rows`
 * rows for one, else each decade that has no tick, at as many rows; their number, at most LOG_MINOR_MAX.
 */
int log_ticks_minor(const struct value_axis *axis, const struct log_ticks *ticks, double least_rows,
                    double minor[LOG_MINOR_MAX]);

/*
 * The round magnitude at or below, and at or above one > 0: 1, 2 or 5 times a power of ten, or the power of ten alone;
 * as near to it as doubles go.
 */
double log_round_below(double magnitude, bool decades);
double log_round_above(double magnitude, bool decades);

#endif
